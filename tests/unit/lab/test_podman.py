"""The machine's kind is found out, and only what it needs is done differently."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.podman import Machine, containers_conf

UNIFIED = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n"
HYBRID = "tmpfs /sys/fs/cgroup tmpfs rw 0 0\ncgroup2 /sys/fs/cgroup/unified cgroup2 rw 0 0\n"
ALL = "CapEff:\t000001ffffffffff\n"
WITHOUT_RESOURCE = "CapEff:\t000001fffeffffff\n"


@pytest.mark.parametrize(
    ("mounts", "status", "ordinary"),
    [
        (UNIFIED, ALL, True),
        (HYBRID, ALL, False),
        (UNIFIED, WITHOUT_RESOURCE, False),
        ("proc /proc proc rw 0 0\n", ALL, False),
    ],
)
def test_an_ordinary_machine_is_told_from_others(
    tmp_path: Path, mounts: str, status: str, ordinary: bool
) -> None:
    (tmp_path / "self").mkdir()
    (tmp_path / "self" / "mounts").write_text(mounts, encoding="utf-8")
    (tmp_path / "self" / "status").write_text(f"Name:\tx\n{status}", encoding="utf-8")
    assert Machine.look(tmp_path).ordinary is ordinary


def test_limits_never_exceed_what_the_machine_allows() -> None:
    written = containers_conf(open_files=20_000, processes=96_365)
    assert '"nofile=20000:20000"' in written
    assert '"nproc=32768:32768"' in written
    assert '"nproc=500:500"' in containers_conf(open_files=1, processes=500)
