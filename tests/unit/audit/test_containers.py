"""Containers and volumes are told as podman and Docker tell them; one that hangs is a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.audit.containers import Containers, ask_runtimes
from plugins.module_utils.audit.facts import ContainerMount, ContainerSeen, VolumeSeen
from plugins.module_utils.audit.running import strangers
from plugins.module_utils.host import Call, Finished, Running, Session

ID = "e" * 64
MISSING = Finished(127, "", "timeout: failed to run command")
INSPECTED: dict[str, Any] = {
    "Id": ID,
    "Name": "/forum-db-1",
    "State": {"Running": True, "Status": "running"},
    "Config": {
        "Image": "postgres:16",
        "Labels": {
            "com.docker.compose.project": "forum",
            "com.docker.compose.service": "db",
        },
        "Env": ["PATH=/bin", "POSTGRES_USER=forum", "POSTGRES_PASSWORD=geheim=1", "EMPTY="],
    },
    "Mounts": [
        {
            "Type": "volume",
            "Name": "forum_db",
            "Source": "/var/lib/docker/volumes/forum_db/_data",
            "Destination": "/var/lib/postgresql/data",
            "RW": True,
        },
        {"Type": "bind", "Source": "/etc/localtime", "Destination": "/etc/localtime", "RW": False},
        {"Type": "tmpfs", "Source": "", "Destination": "/run", "RW": True},
    ],
}


@dataclass
class Runtimes:
    """Answers by runtime and the words after it, up to the first name."""

    script: dict[str, Finished] = field(default_factory=dict)
    calls: list[Sequence[str]] = field(default_factory=list)

    def run(self, call: Call) -> Finished:
        self.calls.append(call.argv)
        assert call.argv[0] == "timeout", "every question has a limit"
        words = " ".join(call.argv[3:])
        for beginning, answer in self.script.items():
            if words.startswith(beginning):
                return answer
        return MISSING

    def start(self, call: Call) -> Running:
        raise AssertionError(call)

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> Session:
        raise AssertionError(argv)


def said(value: object) -> Finished:
    return Finished(0, json.dumps(value), "")


def docker(**changed: Finished) -> Runtimes:
    script = {
        "docker --version": Finished(0, "Docker version 27.5.1, build 9f9e405\n", ""),
        "docker ps": Finished(0, f"{ID}\n", ""),
        "docker container inspect": said([INSPECTED]),
        "docker volume ls": Finished(0, "forum_db\nold\nelsewhere\n", ""),
        "docker volume inspect": said(
            [
                {"Name": "forum_db", "Mountpoint": "/v/forum_db/_data", "Labels": None},
                {
                    "Name": "old",
                    "Mountpoint": "/v/old/_data",
                    "Labels": {"com.docker.compose.project": "wiki"},
                    "Options": None,
                },
                {
                    "Name": "elsewhere",
                    "Mountpoint": "/v/elsewhere/_data",
                    "Options": {"type": "none", "o": "bind,ro", "device": "/srv/elsewhere"},
                },
            ]
        ),
    }
    return Runtimes(script | {f"docker {words}": answer for words, answer in changed.items()})


def nothing(_: str) -> bool:
    return False


def everything(_: str) -> bool:
    return True


def test_a_container_is_told_with_its_compose_service_and_mounts_and_no_secret() -> None:
    found = ask_runtimes(docker(), nothing)
    assert found.alarms == ()
    (one,) = found.seen
    assert one == ContainerSeen(
        runtime="docker",
        id=ID,
        name="forum-db-1",
        image="postgres:16",
        is_running=True,
        project="forum",
        service="db",
        mounts=(
            ContainerMount(
                "volume",
                "forum_db",
                "/var/lib/docker/volumes/forum_db/_data",
                "/var/lib/postgresql/data",
                is_writable=True,
            ),
            ContainerMount("bind", "", "/etc/localtime", "/etc/localtime", is_writable=False),
        ),
        variables=("PATH", "POSTGRES_PASSWORD", "POSTGRES_USER"),
        account="forum",
    )
    assert "geheim" not in repr(found)


def test_volumes_that_no_container_uses_are_told_with_where_they_lie() -> None:
    assert ask_runtimes(docker(), nothing).unused == (
        VolumeSeen("docker", "old", "/v/old/_data", "wiki"),
        VolumeSeen("docker", "elsewhere", "/srv/elsewhere"),
    )


def test_podman_labels_of_compose_and_stopped_containers_are_told() -> None:
    stopped = {
        "Id": ID,
        "Name": "wiki_db",
        "ImageName": "docker.io/library/mariadb:11",
        "State": {"Running": False},
        "Config": {
            "Labels": {
                "io.podman.compose.project": "wiki",
                "io.podman.compose.service": "db",
            },
            "Env": None,
        },
        "Mounts": None,
    }
    host = Runtimes(
        {
            "podman --version": Finished(0, "podman version 5.4.2\n", ""),
            "podman ps": Finished(0, f"{ID}\n", ""),
            "podman container inspect": said([stopped]),
            "podman volume ls": Finished(0, "", ""),
        }
    )
    (one,) = ask_runtimes(host, nothing).seen
    assert (one.runtime, one.is_running, one.project, one.service) == (
        "podman",
        False,
        "wiki",
        "db",
    )
    assert one.image == "docker.io/library/mariadb:11"


def test_a_host_without_any_runtime_has_no_containers_and_no_alarm() -> None:
    assert ask_runtimes(Runtimes(), nothing) == Containers()


PODMAN = {
    "podman --version": Finished(0, "podman version 5.4.2\n", ""),
    "podman ps": Finished(0, f"{ID}\n", ""),
    "podman container inspect": said([INSPECTED]),
    "podman volume ls": Finished(0, "", ""),
    "podman info": Finished(0, "/srv/containers\n", ""),
}


@pytest.mark.parametrize(
    "version",
    [
        Finished(0, "podman version 5.4.2\n", "Emulate Docker CLI using podman."),
        Finished(0, "docker version 5.4.2\n", ""),
    ],
)
def test_a_docker_that_is_podman_is_asked_once_and_answers_to_both(version: Finished) -> None:
    host = docker(**{"--version": version})
    host.script |= PODMAN
    found = ask_runtimes(host, nothing)
    assert [(one.runtime, one.answers_to_docker) for one in found.seen] == [("podman", True)]
    assert (found.podman, found.docker) == ((Path("/srv/containers"),), ())


def test_podman_and_docker_side_by_side_answer_each_to_its_own_name() -> None:
    host = docker()
    host.script |= PODMAN
    found = ask_runtimes(host, nothing)
    assert [(one.runtime, one.answers_to_docker) for one in found.seen] == [
        ("podman", False),
        ("docker", False),
    ]


@pytest.mark.parametrize(
    ("answer", "storage"),
    [
        (Finished(0, "/srv/docker\n", ""), "/srv/docker"),
        (Finished(0, "<no value>\n", ""), "/var/lib/docker"),
        (Finished(124, "", ""), "/var/lib/docker"),
    ],
)
def test_where_docker_keeps_its_images_is_asked(answer: Finished, storage: str) -> None:
    assert ask_runtimes(docker(info=answer), nothing).docker == (Path(storage),)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"ps": Finished(124, "", "")}, "docker did not answer within 30 s"),
        ({"container inspect": Finished(137, "", "")}, "docker did not answer within 30 s"),
        ({"ps": Finished(1, "", "Cannot connect to the Docker daemon")}, "Cannot connect"),
        ({"container inspect": Finished(0, "{", "")}, "did not answer in JSON"),
        ({"--version": MISSING}, "docker is not installed"),
    ],
)
def test_a_runtime_that_does_not_answer_is_a_sentence(
    changed: dict[str, Finished], words: str
) -> None:
    found = ask_runtimes(docker(**changed), everything)
    (alarm,) = found.alarms
    assert (found.seen, alarm.kind, alarm.subject) == ((), "unreadable", "docker")
    assert words in alarm.sentence


@pytest.mark.parametrize("question", ["--version", "ps"])
def test_a_docker_that_hangs_is_an_alarm_also_where_it_kept_nothing_so_far(question: str) -> None:
    (alarm,) = ask_runtimes(docker(**{question: Finished(124, "", "")}), nothing).alarms
    assert "docker did not answer within 30 s" in alarm.sentence


def test_a_container_that_nobody_knows_is_an_alarm_and_one_in_a_known_one_is_not() -> None:
    known = ContainerSeen("docker", ID, "ci", "ci:1", is_running=True)
    inhabited = [(ID,), (ID, "b" * 64), ("a" * 64,)]
    (alarm,) = strangers(inhabited, [known])
    assert alarm.subject == "container aaaaaaaaaaaa"
    assert "systemd-cgls" in alarm.sentence


def test_a_client_of_docker_whose_daemon_never_ran_is_no_alarm() -> None:
    host = docker(ps=Finished(1, "", "Cannot connect to the Docker daemon"))
    assert ask_runtimes(host, nothing) == Containers()


def test_a_container_that_vanishes_between_two_questions_is_left_out() -> None:
    host = docker(**{"container inspect": Finished(1, "[]", "no such container")})
    found = ask_runtimes(host, nothing)
    assert (found.seen, found.alarms) == ((), ())


@pytest.mark.parametrize(
    "odd", [{}, {"Config": 3}, {"State": None, "Mounts": [None, 3]}, {"Config": {"Labels": []}}]
)
def test_an_answer_of_another_form_is_no_error(odd: dict[str, Any]) -> None:
    found = ask_runtimes(docker(**{"container inspect": said([odd, "text"])}), nothing)
    assert len(found.seen) == 1
