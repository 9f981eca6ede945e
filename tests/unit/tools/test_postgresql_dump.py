"""A dump that pg_restore cannot read to its end, or that lacks a table, is not whole."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest

from plugins.module_utils.host import Call, Finished
from plugins.module_utils.tools.postgresql_dump import (
    begins_as_one,
    fault_of_dump,
    roles_are_whole,
    without_grantors,
)
from tests.unit.fakes import FakeHost

LISTED = """;
217; 1259 16389 TABLE public votes forum
218; 1259 16390 TABLE public two words forum
3012; 0 16389 TABLE DATA public votes forum
"""
WHOLE = Finished(0, "", "")


@dataclass
class Restoring(FakeHost):
    """A pg_restore that lists and reads through as it is told."""

    listing: Finished = field(default_factory=lambda: Finished(0, LISTED, ""))
    through: Finished = WHOLE

    def run(self, call: Call) -> Finished:
        return self.listing if "--list" in call.argv else self.through


@pytest.mark.parametrize(
    ("tables", "through", "said"),
    [
        (["public.votes", "public.two words"], WHOLE, ""),
        (["public.vote"], WHOLE, "table public.vote is not in it"),
        (["public.a", "other.votes", "public.votes"], WHOLE, "table other.votes is not in it, nor"),
        (
            ["public.votes"],
            Finished(1, "", "could not read: end of file"),
            "it ends too early (cou",
        ),
    ],
)
def test_what_is_wrong_is_said(
    tmp_path: Path, tables: list[str], through: Finished, said: str
) -> None:
    fault = fault_of_dump(Restoring(through=through), tmp_path / "dump", tables)
    assert fault.startswith(said)
    assert bool(fault) == bool(said)


def test_an_empty_dump_is_said_to_be_unreadable(tmp_path: Path) -> None:
    host = Restoring(listing=Finished(1, "", "pg_restore: error: input file is too short"))
    assert "input file is too short" in fault_of_dump(host, tmp_path / "dump", [])


@pytest.mark.parametrize(
    ("text", "is_whole"),
    [
        ("", False),
        ("--\n-- PostgreSQL database cluster dump\n--\nCREATE ROLE forum;\n", False),
        (f"{'x' * 9999}\n--\n-- PostgreSQL database cluster dump complete\n--\n\n", True),
    ],
)
def test_roles_without_their_end_are_not_whole(tmp_path: Path, text: str, is_whole: bool) -> None:
    file = tmp_path / "roles.sql"
    file.write_text(text, encoding="utf-8")
    assert roles_are_whole(file) is is_whole


@pytest.mark.parametrize(
    ("line", "loaded"),
    [
        (
            "GRANT reader TO kim WITH INHERIT TRUE GRANTED BY postgres;",
            "GRANT reader TO kim WITH INHERIT TRUE;",
        ),
        (
            'GRANT "a b" TO kim WITH ADMIN OPTION, INHERIT FALSE GRANTED BY "the ""first"" one";',
            'GRANT "a b" TO kim WITH ADMIN OPTION, INHERIT FALSE;',
        ),
        ("GRANT reader TO kim;", "GRANT reader TO kim;"),
        ("CREATE ROLE kim;", "CREATE ROLE kim;"),
        (
            "ALTER ROLE kim WITH LOGIN PASSWORD 'GRANTED BY x';",
            "ALTER ROLE kim WITH LOGIN PASSWORD 'GRANTED BY x';",
        ),
    ],
)
def test_memberships_are_granted_by_whoever_loads_them(line: str, loaded: str) -> None:
    before, after = (f"--\n{text}\n--\n".encode() for text in (line, loaded))
    assert without_grantors(before) == after


@pytest.mark.parametrize(
    ("content", "is_one"), [(b"", False), (b"PGD", False), (b"PGDMP\x01", True)]
)
def test_an_empty_file_is_no_dump(tmp_path: Path, content: bytes, is_one: bool) -> None:
    file = tmp_path / "dump"
    file.write_bytes(content)
    assert begins_as_one(file) is is_one
