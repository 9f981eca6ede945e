"""A lab's name is judged before it names anything."""

from __future__ import annotations

import pytest

from lab.errors import LabError
from lab.places import Places
from lab.progress import AnsibleProgress


def test_the_default_lab_has_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PROBEALARM_LAB", raising=False)
    assert Places.of_this_checkout().lab == "probealarm"


@pytest.mark.parametrize("name", ["Two Words", "../x", "-a", "a" * 41, "umläut"])
def test_a_name_that_cannot_name_containers_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("PROBEALARM_LAB", name)
    with pytest.raises(LabError, match="cannot name containers"):
        Places.of_this_checkout()


def test_progress_names_the_task_a_playbook_is_at() -> None:
    progress = AnsibleProgress()
    assert progress("PLAY [Drill every service] ****") == "Drill every service"
    assert progress("ok: [nick]") is None
    assert progress("TASK [probealarm.recovery.store : Serve] ***") == (
        "task 1: probealarm.recovery.store : Serve"
    )
