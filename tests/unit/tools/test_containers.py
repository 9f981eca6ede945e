"""The container that a store names is found, or a sentence says why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished
from plugins.module_utils.stores import Container
from plugins.module_utils.tools.containers import Found, Image, find
from tests.unit.fakes import FakeHost

BY_NAME = Container("podman", name="db")
BY_SERVICE = Container("docker", project="board", service="db")
DOCKER_COMPOSE = {"com.docker.compose.project": "board", "com.docker.compose.service": "db"}
PODMAN_COMPOSE = {"io.podman.compose.project": "board", "com.docker.compose.service": "db"}


def entry(name: str, status: str = "running", **labels: str) -> dict[str, Any]:
    """What both runtimes answer to ``inspect``, as far as it is read."""
    return {
        "Id": f"number-of-{name}",
        "Name": name,
        "State": {"Status": status},
        "Config": {"Labels": labels or None},
        "Image": "sha256:5e1",
    }


def runtime(*entries: dict[str, Any]) -> FakeHost:
    numbers = "".join(f"{one['Id']}\n" for one in entries)
    return FakeHost(
        {"ps": Finished(0, numbers, ""), "inspect": Finished(0, json.dumps(entries), "")}
    )


def refusal(host: FakeHost, wanted: Container = BY_NAME) -> str:
    with pytest.raises(Trouble) as refused:
        find(host, wanted)
    return str(refused.value)


def test_a_container_is_found_by_its_whole_name() -> None:
    host = runtime(entry("db"), entry("db-old"), entry("my-db"))
    assert find(host, BY_NAME) == Found("podman", "number-of-db", "db", "sha256:5e1")
    asked = [call.argv for call in host.calls]
    assert asked[0] == [*("podman", "ps", "--all", "--quiet", "--no-trunc"), "--filter", "name=db"]


def test_docker_writes_a_slash_before_a_name() -> None:
    assert find(runtime(entry("/db")), Container("docker", name="db")).name == "db"


@pytest.mark.parametrize("labels", [DOCKER_COMPOSE, PODMAN_COMPOSE])
def test_a_compose_service_is_found_by_the_labels_of_either_compose(labels: dict[str, str]) -> None:
    other = {**labels, "com.docker.compose.service": "web"}
    host = runtime(entry("board-web-1", **other), entry("board-db-1", **labels))
    assert find(host, BY_SERVICE).name == "board-db-1"
    filters = [call.argv[-1] for call in host.calls if "ps" in call.argv]
    assert filters == [
        "label=com.docker.compose.project=board",
        "label=io.podman.compose.project=board",
    ]


def test_what_was_started_once_beside_a_service_is_not_its_server() -> None:
    once = entry("board-db-run-7", **DOCKER_COMPOSE, **{"com.docker.compose.oneoff": "True"})
    assert find(runtime(once, entry("board-db-1", **DOCKER_COMPOSE)), BY_SERVICE).name[-1] == "1"


def test_a_stopped_predecessor_does_not_stand_in_the_way() -> None:
    before = entry("board-db-1", "exited", **DOCKER_COMPOSE)
    assert find(runtime(before, entry("db-new", **DOCKER_COMPOSE)), BY_SERVICE).name == "db-new"


@pytest.mark.parametrize("status", ["exited", "paused", "created", "restarting"])
def test_a_container_that_does_not_run_is_named_with_its_state(status: str) -> None:
    said = refusal(runtime(entry("db", status)))
    assert said.startswith(f"container db of podman does not run (db is {status})")
    assert "Start it, and back up again" in said


def test_a_container_that_is_not_there_is_said_so() -> None:
    said = refusal(runtime(entry("db-old")))
    assert said.startswith(
        "podman on this host has no container db. Compare with what podman ps --all"
    )
    assert "runs without root" in said
    assert "no service db in a compose project board" in refusal(runtime(), BY_SERVICE)


def test_two_servers_of_one_service_are_too_many() -> None:
    host = runtime(entry("board-db-1", **DOCKER_COMPOSE), entry("board-db-2", **DOCKER_COMPOSE))
    said = refusal(host, BY_SERVICE)
    assert "docker runs 2 containers for service db in a compose project board" in said
    assert "(board-db-1 is running, board-db-2 is running)" in said


def test_a_runtime_that_does_not_answer_is_said_so() -> None:
    daemon = Finished(1, "", "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.")
    said = refusal(FakeHost({"ps": daemon}), BY_SERVICE)
    assert "docker does not answer (docker ps said: Cannot connect to the Docker daemon" in said


class WithoutRuntime(FakeHost):
    def run(self, call: Call) -> Finished:
        raise Trouble(f"{call.argv[0]} is not installed on this host; playbooks/site.yml does it.")


def test_a_runtime_that_is_not_there_is_not_what_site_yml_brings() -> None:
    said = refusal(WithoutRuntime())
    assert said.startswith("podman is not installed on this host. Correct container.runtime")
    assert "site.yml" not in said


@pytest.mark.parametrize("answer", ["", "{}", '[{"Id": 1}]', '[{"State": {}}]', '["db"]'])
def test_an_answer_of_another_kind_is_a_sentence(answer: str) -> None:
    host = FakeHost({"ps": Finished(0, "1\n", ""), "inspect": Finished(0, answer, "")})
    if answer == "{}":
        assert "podman on this host has no container db" in refusal(host)
    else:
        assert "podman inspect did not answer as podman and docker do" in refusal(host)


def test_a_second_container_of_an_image_is_cut_off_and_pulls_nothing() -> None:
    image = Image("docker", "sha256:5e1", "valkey-server")
    command = image.command("throw-away", 65534, Path("/staging/redis"), "/mnt")
    assert command[:2] == ["docker", "run"]
    for wanted in ("--rm", "--pull=never", "--network=none", "--read-only", "--user=65534:65534"):
        assert wanted in command
    assert command[-2:] == ["--entrypoint=valkey-server", "sha256:5e1"]
    assert image.removal("throw-away") == ["docker", "rm", "--force", "--volumes", "throw-away"]
