"""What a package brought is known, and what somebody changed of it is found."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from plugins.module_utils.audit import packages as packages_module
from plugins.module_utils.audit.checked import Checked
from plugins.module_utils.audit.facts import Entry
from plugins.module_utils.audit.packages import (
    Packages,
    alternatives_in,
    conffiles_in,
    diversions,
    read_packages,
)
from plugins.module_utils.audit.walk import look

LONG_AGO, INSTALLED, LATER = 10**18, 2 * 10**18, 3 * 10**18

STATUS = """\
Package: editor
Status: install ok installed
Conffiles:
 /etc/editor/rc 0123456789abcdef0123456789abcdef
 /etc/editor/old name 1123456789abcdef0123456789abcdef obsolete
 /etc/editor/gone 2123456789abcdef0123456789abcdef remove-on-upgrade
Description: edits
 with a line that looks like no file

Package: other
Conffiles:
 /etc/editor/old name 3123456789abcdef0123456789abcdef
"""


def md5(content: bytes) -> str:
    return hashlib.md5(content, usedforsecurity=False).hexdigest()


class Machine:
    """A folder with a database of dpkg; paths of packages lie below it."""

    def __init__(self, top: Path) -> None:
        self.top = top
        self.database = top / "var/lib/dpkg"
        (self.database / "info").mkdir(parents=True)

    def write(self, path: str, content: bytes = b"as packaged") -> str:
        file = self.top / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        return str(file)

    def install(self, package: str, *paths: str, sums: dict[str, bytes] | None = None) -> None:
        info = self.database / "info"
        lines = [f"{path}\n" for path in ("/.", *paths)]
        (info / f"{package}.list").write_text("".join(lines), "utf-8", "surrogateescape")
        os.utime(info / f"{package}.list", ns=(INSTALLED, INSTALLED))
        rows = [f"{md5(content)}  {path[1:]}\n" for path, content in (sums or {}).items()]
        (info / f"{package}.md5sums").write_text("".join(rows), "utf-8", "surrogateescape")

    def packages(self, checked: Checked | None = None) -> Packages:
        return read_packages(checked or Checked(), self.database)


@pytest.fixture(name="machine")
def _machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def at(path: str, changed_ns: int) -> Entry:
    found = look(path, pytest.fail)
    assert found is not None
    return found._replace(changed_ns=changed_ns)


def test_what_no_package_brought_has_no_owner(machine: Machine) -> None:
    packages = machine.packages()
    assert packages.owner("/srv/site") == ""
    assert packages.change(Entry("/srv/site", "file", 1, 1, LATER, 0)) == ""


def test_the_owner_is_named_without_its_architecture(machine: Machine) -> None:
    file = machine.write("usr/lib/library")
    machine.install("libc6:amd64", file)
    assert machine.packages().owner(file) == "libc6"


def test_a_path_through_an_old_link_is_known_by_its_real_name(machine: Machine) -> None:
    real = machine.write("usr/bin/tool")
    (machine.top / "bin").symlink_to("usr/bin")
    machine.install("tools", f"{machine.top}/bin/tool", sums={f"{machine.top}/bin/tool": b"other"})
    packages = machine.packages()
    assert packages.owner(real) == "tools"
    assert packages.change(at(real, LATER)) == "its content is not the one that its package brought"


def test_a_diverted_file_belongs_to_its_package_at_its_new_place(machine: Machine) -> None:
    old, new = machine.write("usr/bin/pg"), machine.write("usr/bin/pg.old")
    machine.install("first", old)
    machine.install("second", old)
    lines = f"{old}\n{new}\nsecond\n"
    (machine.database / "diversions").write_text(lines)
    packages = machine.packages()
    assert (packages.owner(old), packages.owner(new)) == ("second", "first")


def test_names_that_are_not_utf8_are_known(machine: Machine) -> None:
    file = machine.write(os.fsdecode(b"usr/share/caf\xe9"))
    machine.install("coffee", file)
    assert machine.packages().owner(file) == "coffee"


def test_what_was_not_touched_since_is_not_read(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = machine.write("usr/bin/tool", b"anything")
    machine.install("tools", file, sums={file: b"something else"})
    monkeypatch.setattr(packages_module, "md5", pytest.fail)
    assert machine.packages().change(at(file, INSTALLED)) == ""


def test_what_was_touched_and_is_the_same_is_unchanged(machine: Machine) -> None:
    file = machine.write("usr/bin/tool")
    machine.install("tools", file, sums={file: b"as packaged"})
    assert machine.packages().change(at(file, LATER)) == ""


def test_a_changed_file_is_found(machine: Machine) -> None:
    file = machine.write("usr/bin/tool", b"patched in a hurry")
    machine.install("tools", file, sums={file: b"as packaged"})
    assert "not the one" in machine.packages().change(at(file, LATER))


def test_a_file_without_a_checksum_cannot_be_trusted_once_touched(machine: Machine) -> None:
    file = machine.write("usr/bin/tool")
    machine.install("tools", file)
    assert "no checksum" in machine.packages().change(at(file, LATER))
    assert machine.packages().change(at(file, LONG_AGO)) == ""


def test_a_link_in_place_of_a_file_is_found(machine: Machine) -> None:
    file = f"{machine.top}/usr/bin/tool"
    (machine.top / "usr/bin").mkdir(parents=True)
    (machine.top / "usr/bin/tool").symlink_to("/opt/tool")
    machine.install("tools", file, sums={file: b"as packaged"})
    assert "a link stands" in machine.packages().change(at(file, LATER))


def test_a_configuration_file_is_read_however_old_it_is(machine: Machine) -> None:
    file = machine.write("etc/tool.conf", b"edited before the update")
    machine.install("tools", file)
    status = f"Package: tools\nConffiles:\n {file} {md5(b'as packaged')}\n"
    (machine.database / "status").write_text(status)
    assert "not the one" in machine.packages().change(at(file, LONG_AGO))
    machine.write("etc/tool.conf")
    assert machine.packages().change(at(file, LATER)) == ""


def test_what_ucf_put_there_has_an_owner(machine: Machine) -> None:
    same, edited = machine.write("etc/a.ini"), machine.write("etc/b.ini", b"edited")
    ucf = machine.database.parent / "ucf"
    ucf.mkdir()
    (ucf / "registry").write_text(f"php {same}\nphp {edited}\n")
    sums = [f"{md5(b'as packaged')}  {file}\n" for file in (same, edited)]
    (ucf / "hashfile").write_text("".join(sums))
    packages = machine.packages()
    assert (packages.owner(same), packages.change(at(same, LATER))) == ("php", "")
    assert "not the one" in packages.change(at(edited, LONG_AGO))


def test_a_file_that_cannot_be_read_is_told(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = machine.write("usr/bin/tool")
    machine.install("tools", file, sums={file: b"as packaged"})

    def refuse(path: str) -> str:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(packages_module, "md5", refuse)
    assert "(Input/output error)" in machine.packages().change(at(file, LATER))


def test_a_file_that_vanishes_is_no_change(machine: Machine) -> None:
    file = machine.write("usr/bin/tool")
    machine.install("tools", file, sums={file: b"as packaged"})
    entry = at(file, LATER)
    Path(file).unlink()
    assert machine.packages().change(entry) == ""


def test_what_was_read_once_is_not_read_again(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = machine.write("usr/bin/tool")
    machine.install("tools", file, sums={file: b"as packaged"})
    memory = machine.top / "checked"
    packages = machine.packages()
    assert packages.change(at(file, LATER)) == ""
    packages.checked.save(memory)
    with monkeypatch.context() as patched:
        patched.setattr(packages_module, "md5", pytest.fail)
        again = machine.packages(Checked.read(memory))
        assert again.change(at(file, LATER)) == ""
        again.checked.save(memory)
    machine.write("usr/bin/tool", b"patched in a hurry")
    assert "not the one" in machine.packages(Checked.read(memory)).change(at(file, LATER + 1))


def test_the_memory_forgets_what_is_not_asked_for(tmp_path: Path) -> None:
    checked = Checked()
    entries = [Entry(f"/usr/{name}", "file", 1, 2, 3, 0) for name in "abc"]
    for entry in entries:
        checked.remember(entry, "md5")
    checked.save(tmp_path / "checked")
    later = Checked.read(tmp_path / "checked")
    assert [later.knows(entry, "md5") for entry in entries[:2]] == [True, True]
    assert not later.knows(entries[0], "another md5")
    later.save(tmp_path / "checked")
    assert (tmp_path / "checked").stat().st_size == 2 * 8


@pytest.mark.parametrize("saved", [b"", b"1234567", b"123456781"])
def test_a_torn_memory_is_as_none(tmp_path: Path, saved: bytes) -> None:
    (tmp_path / "checked").write_bytes(saved)
    assert not Checked.read(tmp_path / "checked").knows(Entry("/a", "file", 1, 2, 3, 0), "md5")


def test_the_current_checksum_of_a_configuration_file_counts() -> None:
    found = dict(conffiles_in(STATUS.splitlines()))
    assert found == {
        "/etc/editor/rc": "0123456789abcdef0123456789abcdef",
        "/etc/editor/gone": "2123456789abcdef0123456789abcdef",
        "/etc/editor/old name": "3123456789abcdef0123456789abcdef",
    }


def test_links_of_alternatives_are_known_unless_a_person_chose() -> None:
    lines = [
        "auto",
        "/usr/bin/awk",
        "awk.1.gz",
        "/usr/share/man/man1/awk.1.gz",
        "",
        "/usr/bin/mawk",
    ]
    assert set(alternatives_in("awk", lines)) == {
        *("/usr/bin/awk", "/usr/share/man/man1/awk.1.gz"),
        *("/etc/alternatives/awk", "/etc/alternatives/awk.1.gz"),
    }
    assert list(alternatives_in("awk", ["manual", *lines[1:]])) == []


def test_a_file_in_place_of_an_alternative_is_found(machine: Machine) -> None:
    file = machine.write("usr/bin/awk", b"somebody's own")
    group = machine.database / "alternatives" / "awk"
    group.parent.mkdir()
    group.write_text(f"auto\n{file}\n\n/usr/bin/mawk\n5\n")
    packages = machine.packages()
    assert "keeps a link" in packages.change(at(file, LONG_AGO))
    assert packages.change(at(file, LONG_AGO)._replace(type="link")) == ""


def test_diversions_come_in_threes() -> None:
    assert diversions(["/a", "/b", "p", "/cut", "/off"]) == {"/a": ("/b", "p")}
