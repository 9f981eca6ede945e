"""Playbooks are one screen each and leave the work to roles and modules."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, document, documents, files, plant, tasks

SCREEN = 60


def long_playbooks(root: Path) -> Iterator[str]:
    for path in files(root, "playbooks/*.yml"):
        if (size := len(path.read_text(encoding="utf-8").splitlines())) > SCREEN:
            yield f"{path.relative_to(root)} has {size} lines, a screen has {SCREEN}"


def unnamed_steps(root: Path) -> Iterator[str]:
    for path in files(root, "playbooks/*.yml", "roles/*/tasks/*.yml", "roles/*/handlers/*.yml"):
        for task in tasks(documents(path)):
            if "name" not in task:
                yield f"{path.relative_to(root)} has a step without a name: {list(task)}"


def borrowed_names(root: Path) -> Iterator[str]:
    """Yield roles that are not called by the collection's name."""
    for path in files(root, "playbooks/*.yml", "molecule/*.yml"):
        for task in tasks(documents(path)):
            called = [role if isinstance(role, str) else role.get("role") for role in _roles(task)]
            for name in called:
                if not str(name).startswith("probealarm.recovery."):
                    yield f"{path.relative_to(root)} calls {name}"


def _roles(task: dict[str, object]) -> list[str | dict[str, object]]:
    listed = task.get("roles", [])
    assert isinstance(listed, list)
    included = [
        {"role": about.get("name")}
        for verb in ("import_role", "include_role")
        if isinstance(about := task.get(f"ansible.builtin.{verb}"), dict)
    ]
    return [*listed, *included]


def test_every_playbook_fits_on_a_screen(tmp_path: Path) -> None:
    assert list(long_playbooks(ROOT)) == []
    plant(tmp_path, "playbooks/site.yml", "#\n" * (SCREEN + 1))
    assert len(list(long_playbooks(tmp_path))) == 1


def test_every_step_has_a_name(tmp_path: Path) -> None:
    assert list(unnamed_steps(ROOT)) == []
    plant(
        tmp_path,
        "playbooks/site.yml",
        "- hosts: a\n  name: x\n  tasks: [{ansible.builtin.meta: noop}]",
    )
    assert len(list(unnamed_steps(tmp_path))) == 1


def test_roles_are_called_by_the_name_of_the_collection(tmp_path: Path) -> None:
    assert list(borrowed_names(ROOT)) == []
    plant(
        tmp_path,
        "playbooks/site.yml",
        "- hosts: a\n  roles: [store, {role: probealarm.recovery.a}]",
    )
    plant(
        tmp_path,
        "molecule/a/converge.yml",
        "- hosts: a\n  tasks: [{ansible.builtin.include_role: {name: mail}}]",
    )
    assert len(list(borrowed_names(tmp_path))) == 2


def test_the_steps_of_the_main_job_exist() -> None:
    present = {path.stem for path in files(ROOT, "playbooks/*.yml")}
    assert {"site", "back_up", "drill", "report"} <= present


def test_scenarios_share_one_base(tmp_path: Path) -> None:
    assert list(scenarios_of_their_own(ROOT)) == []
    plant(tmp_path, "molecule/a/molecule.yml", "driver: {name: podman}\n")
    plant(tmp_path, "molecule/a/destroy.yml", "[]\n")
    assert list(scenarios_of_their_own(tmp_path)) == [
        "molecule/a/destroy.yml repeats what molecule/shared holds",
        "molecule/a/molecule.yml sets driver, which belongs to .config/molecule/config.yml",
    ]


def scenarios_of_their_own(root: Path) -> Iterator[str]:
    """Yield scenarios that do for themselves what all share."""
    for path in files(root, "molecule/*/create.yml", "molecule/*/destroy.yml"):
        if path.parent.name != "shared":
            yield f"{path.relative_to(root)} repeats what molecule/shared holds"
    for path in files(root, "molecule/*/molecule.yml"):
        own = document(path)
        assert isinstance(own, dict)
        for key in sorted({"driver", "dependency", "platforms", "prerun"} & set(own)):
            yield (
                f"{path.relative_to(root)} sets {key}, which belongs to .config/molecule/config.yml"
            )


def test_every_role_is_tried_fresh_and_twice() -> None:
    base = document(ROOT / ".config" / "molecule" / "config.yml")
    assert isinstance(base, dict)
    sequence = base["scenario"]["test_sequence"]
    steps = ["create", "check", "converge", "idempotence", "verify", "destroy"]
    assert [step for step in sequence if step in steps] == steps
    assert base["prerun"] is False
    roles = {path.relative_to(ROOT).parts[1] for path in files(ROOT, "roles/*")}
    for path in files(ROOT, "molecule/*/molecule.yml"):
        own = document(path)
        assert isinstance(own, dict)
        if path.parent.name in {"default", *roles}:
            assert "test_sequence" not in own.get("scenario", {}), f"{path} skips a step"
