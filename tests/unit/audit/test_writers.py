"""A finding says whom to ask: who holds it open, whose mount, package or user it is."""

from __future__ import annotations

import pytest

from plugins.module_utils.audit.facts import ContainerMount, ContainerSeen, OpenFile
from plugins.module_utils.audit.writers import Writers

FORUM = ContainerSeen(
    "podman",
    "f" * 64,
    "forum",
    "forum:1",
    is_running=False,
    mounts=(
        ContainerMount("bind", "", "/srv/forum/public/", "/public", is_writable=True),
        ContainerMount("bind", "", "/srv/shared", "/shared", is_writable=False),
    ),
)
OPEN = (
    OpenFile("/var/lib/mysql/ibdata1", "mariadbd", "mariadb.service"),
    OpenFile("/srv/app/log/a", "app", "app.service"),
    OpenFile("/srv/app/log/b", "app", "app.service"),
    OpenFile("/srv/app/log/c", "logger", "logger.service"),
    OpenFile("/srv/chat/db", "postgres", "docker.service", "chat-db-1"),
    OpenFile("/home/ada/notes", "vim", ""),
)


@pytest.mark.parametrize(
    ("path", "writer"),
    [
        ("/var/lib/mysql/ibdata1", "unit mariadb.service"),
        ("/var/lib/mysql", "unit mariadb.service"),
        ("/srv/app", "unit app.service"),
        ("/srv/chat/db", "container chat-db-1"),
        ("/srv/forum/public", "container forum"),
        ("/srv/forum/public/a/b.png", "container forum"),
        ("/srv/forum/publicity", "user ada"),
        ("/srv/shared/x", "user ada"),
        ("/etc/cups/printers.conf", "package cups-daemon"),
        ("/home/ada/notes", "user ada"),
        ("/x", "user ada"),
        ("/", "user ada"),
    ],
)
def test_who_writes_a_path_is_told(path: str, writer: str) -> None:
    writers = Writers(
        OPEN,
        [FORUM],
        lambda folder: {"/etc/cups": "cups-daemon"}.get(folder, ""),
        lambda uid: {1000: "ada"}[uid],
    )
    assert writers.writer_of(path, 1000) == writer
