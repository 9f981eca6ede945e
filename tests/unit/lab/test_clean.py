"""make clean removes what carries this checkout's labels, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.clean import clean
from lab.places import Places
from lab.progress import Progress

FAKE_PODMAN = """#!/bin/sh
echo "$*" >> {log}
case "$*" in
  "ps --all --format"*"{own}"*) echo probealarm-test ;;
  "ps --all --quiet"*) {others} ;;
  "ps --all"*"lab=probealarm --format"*) echo probealarm-nick probealarm-judy other-nick ;;
  "ps --all"*"lab=probealarm-test --format"*) echo probealarm-test-nick ;;
  "ps --all"*"{own} --format"*) echo probealarm-nick probealarm-judy probealarm-test-nick ;;
  "volume ls"*"lab=probealarm --format"*) echo probealarm-nick-srv ;;
  "volume ls"*"{own} --format"*) echo probealarm-nick-srv another-labs-srv ;;
  "network ls"*"lab=probealarm --format"*) echo probealarm ;;
  "network ls"*"{own} --format"*) echo probealarm ;;
  images*) echo localhost/probealarm-lab:0123 ;;
esac
"""


@pytest.fixture(autouse=True)
def machine_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the tests off what the real labs of this machine share."""
    folder = tmp_path / "run"
    monkeypatch.setattr(Places, "machine_state", folder)
    return folder


@pytest.fixture
def places(tmp_path: Path) -> Places:
    root = tmp_path / "checkout"
    (root / ".lab" / "bin").mkdir(parents=True)
    (root / ".ansible").mkdir()
    (root / "README.md").touch()
    return Places(root, "probealarm")


def removed(places: Places, *, others: str = ":") -> list[str]:
    """Clean, and give the calls of podman that remove something."""
    log = places.root.parent / "calls"
    podman = places.binaries / "podman"
    own = f"label=probealarm.checkout={places.root}"
    script = FAKE_PODMAN.format(log=log, own=own, others=others)
    podman.write_text(script, encoding="utf-8")
    podman.chmod(0o755)
    clean(places, Progress(places.root.parent / "logs"))
    calls = log.read_text(encoding="utf-8").splitlines()
    return [call for call in calls if " rm" in f" {call}"]


def test_every_lab_of_this_checkout_goes_and_no_other(places: Places) -> None:
    assert removed(places) == [
        "rm --force --time 3 --volumes probealarm-nick",
        "rm --force --time 3 --volumes probealarm-judy",
        "volume rm --force probealarm-nick-srv",
        "network rm probealarm",
        "rm --force --time 3 --volumes probealarm-test-nick",
        "rmi --force localhost/probealarm-lab:0123",
    ]


def test_the_image_stays_while_another_checkout_runs_a_lab(places: Places) -> None:
    assert not [call for call in removed(places, others="echo 4711") if call.startswith("rmi")]


@pytest.mark.parametrize(("others", "stays"), [("echo 4711", True), (":", False)])
def test_what_the_labs_of_the_machine_share_goes_with_the_last(
    places: Places, machine_state: Path, others: str, stays: bool
) -> None:
    (machine_state / "connections" / "of-another-lab").mkdir(parents=True)
    (machine_state / "containers.conf").touch()
    removed(places, others=others)
    assert (machine_state / "containers.conf").exists() is stays


def test_of_the_checkout_only_the_made_folders_go(places: Places) -> None:
    removed(places)
    assert sorted(path.name for path in places.root.iterdir()) == ["README.md"]


def test_a_checkout_that_made_nothing_is_clean(tmp_path: Path) -> None:
    (tmp_path / "README.md").touch()
    clean(Places(tmp_path, "probealarm"), Progress(tmp_path / "logs"))
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
