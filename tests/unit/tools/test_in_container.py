"""Programs in a container: no password outside, nothing that goes on, nothing lost on the way.

The runtime is a small script that runs here what podman or docker would run in the container, so
that the lines of shell are tried as they are.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, Finished, LocalHost
from plugins.module_utils.stores import Container
from plugins.module_utils.tools.containers import Found
from plugins.module_utils.tools.in_container import MARK, InContainer, enter
from tests.unit.fakes import FakeHost

RUNTIME = """#!/bin/sh
export DB_PASSWORD="it's \\$a \\"secret\\"" DB_PASSWORD_FILE={secret} EMPTY= LOST_FILE=/no/such/file
shift 2
while [ "$1" = --env ]; do shift 2; done
shift
exec "$@"
"""
PASSWORD = 'it\'s $a "secret"'
INSPECTED = '[{"Id": "5e1", "Name": "db", "State": {"Status": "running"}, "Config": {}}]'


@pytest.fixture
def found(tmp_path: Path) -> Found:
    (tmp_path / "secret").write_text("from a file\n", encoding="utf-8")
    script = tmp_path / "podman"
    script.write_text(RUNTIME.format(secret=tmp_path / "secret"), encoding="utf-8")
    script.chmod(0o755)
    return Found(str(script), "5e1", "db", "")


def inside(found: Found, variable: str = "", **programs: str) -> InContainer:
    return InContainer(LocalHost(), found, "PGPASSWORD", variable, programs)


def asking(variable: str) -> InContainer:
    return InContainer(FakeHost(), Found("podman", "5e1", "db", ""), "MYSQL_PWD", variable)


def test_variables_travel_beside_the_command_and_passwords_not_at_all() -> None:
    there = asking("MYSQL_ROOT_PASSWORD")
    there.run(Call(["mariadb", "--user=root"], env={"SECRET": "said to nobody"}))
    assert isinstance(there.outside, FakeHost)
    (call,) = there.outside.calls
    assert call.argv[:5] == ["podman", "exec", "--interactive", "--env", "LC_ALL"]
    assert call.argv[5:10] == ["--env", "TZ", "--env", "SECRET", "5e1"]
    assert list(call.argv[-3:]) == ["sh", "mariadb", "--user=root"]
    assert "said to nobody" not in "".join(call.argv)
    assert call.env == {"SECRET": "said to nobody"}
    assert call.open_input


@pytest.mark.parametrize(
    ("variable", "password"),
    [("DB_PASSWORD", PASSWORD), ("DB_PASSWORD_FILE", "from a file"), ("", "")],
)
def test_a_password_is_handed_on_inside(found: Found, variable: str, password: str) -> None:
    shown = Call(["sh", "-c", 'printf %s "$PGPASSWORD"'])
    assert inside(found, variable).run(shown).output == password
    session = inside(found, variable).open_session(
        ["sh", "-c", 'while read -r line; do eval "echo ${line%;}"; done'], lambda word: word
    )
    assert session.ask("$PGPASSWORD") == [[password]]
    session.close()


def test_a_program_is_called_what_it_is_called_in_there(found: Found) -> None:
    there = inside(found, **{"mariadb-dump": "echo"})
    assert there.run(Call(["mariadb-dump", "mautic"])).output == "mautic\n"


def test_what_a_program_wrote_arrives_whole_and_bare(found: Found, tmp_path: Path) -> None:
    file = tmp_path / "dump"
    done = inside(found).run(Call(["head", "-c", "3000000", "/dev/zero"], output_file=file))
    assert (done.status, file.read_bytes()) == (0, bytes(3_000_000))
    assert inside(found).run(Call(["true"], output_file=file)).status == 0
    assert file.read_bytes() == b""


class Losing(FakeHost):
    """A runtime that loses the end of what came, and says that all is well."""

    def run(self, call: Call) -> Finished:
        assert call.output_file is not None
        call.output_file.write_bytes(b"PGDMP" + MARK[:-1])
        return Finished(0, "", "")


def test_an_end_that_got_lost_on_the_way_is_a_failure(tmp_path: Path) -> None:
    there = InContainer(Losing(), Found("podman", "5e1", "db", ""), "PGPASSWORD")
    done = there.run(Call(["pg_dump"], output_file=tmp_path / "dump"))
    assert (done.status, done.complaint[:43]) == (1, "the end of what it wrote got lost on the wa")


def test_how_a_program_ended_is_known(found: Found, tmp_path: Path) -> None:
    script = ["sh", "-c", "echo so far; echo no room >&2; exit 7"]
    done = inside(found).run(Call(script, output_file=tmp_path / "dump"))
    assert (done.status, done.complaint) == (7, "no room\n")
    assert (tmp_path / "dump").read_text() == "so far\n"


def test_input_comes_from_a_file(found: Found, tmp_path: Path) -> None:
    (tmp_path / "in").write_text("SELECT 1", encoding="utf-8")
    call = Call(["cat"], input_file=tmp_path / "in", output_file=tmp_path / "out")
    assert inside(found).run(call).status == 0
    assert (tmp_path / "out").read_text() == "SELECT 1"


def test_a_program_ends_with_the_command_that_started_it(found: Found, tmp_path: Path) -> None:
    """The runtime ends here and hands nothing on, as ``podman exec`` does."""
    late = tmp_path / "late"
    script = Path(found.runtime)
    handed_on = 'exec 3<&0; { cat | "$@"; } <&3 >/dev/null 2>&1 & wait'
    script.write_text(script.read_text().replace('exec "$@"', handed_on), encoding="utf-8")
    running = inside(found).start(Call(["sh", "-c", f"sleep 1; touch {late}"]))
    time.sleep(0.3)
    assert not running.ended()
    running.kill()
    time.sleep(1.2)
    assert not late.exists()


def test_the_clients_that_are_there_are_chosen() -> None:
    host = FakeHost(
        {
            "ps": Finished(0, "5e1\n", ""),
            "inspect": Finished(0, INSPECTED, ""),
            "exec": Finished(0, "mysql\nmysqldump\n", ""),
        }
    )
    there = enter(host, Container("podman", name="db"), "mariadb", "")
    assert there.programs == {"mariadb": "mysql", "mariadb-dump": "mysqldump"}


@pytest.mark.parametrize(
    ("answer", "engine", "said"),
    [
        (Finished(0, "psql\n", ""), "postgresql", "container db: it has no pg_dump. Name the"),
        (Finished(0, "", ""), "redis", "container db: it has no redis-cli or valkey-cli."),
        (
            Finished(127, "", "Error: executable file `sh` not found in $PATH"),
            "redis",
            "container db: no program can be run in there (podman exec said: Error: executable",
        ),
    ],
)
def test_a_container_without_clients_is_a_sentence(
    answer: Finished, engine: str, said: str
) -> None:
    host = FakeHost(
        {"ps": Finished(0, "5e1\n", ""), "inspect": Finished(0, INSPECTED, ""), "exec": answer}
    )
    with pytest.raises(Trouble) as refused:
        enter(host, Container("podman", name="db"), engine, "")
    assert str(refused.value).startswith(said)


@pytest.mark.parametrize(
    ("variable", "said"),
    [
        ("NO_SUCH", "its own environment has no variable NO_SUCH, or an empty one"),
        ("EMPTY", "no variable EMPTY, or an empty one"),
        ("NO_SUCH_FILE", "no variable NO_SUCH_FILE"),
        ("LOST_FILE", "the file that its variable LOST_FILE names cannot be read in there: cat:"),
    ],
)
def test_a_password_that_is_not_there_is_a_sentence(found: Found, variable: str, said: str) -> None:
    with pytest.raises(Trouble) as refused:
        inside(found, variable).look(["sh"])
    assert said in str(refused.value)


def test_a_look_tells_what_is_there(found: Found) -> None:
    assert inside(found, "DB_PASSWORD").look(["sh", "no-such-client"]) == {"sh"}


@pytest.mark.parametrize(
    ("variable", "source"),
    [
        ("DB_PASSWORD", "The password was taken from its variable DB_PASSWORD. The server knows"),
        ("", "No password was given: password_variable in services.probealarm.yml names"),
    ],
)
def test_who_is_not_let_in_is_told_where_the_password_is_from(variable: str, source: str) -> None:
    denied = Trouble("nobody is let in: ERROR 1045 (28000): Access denied for user 'root'.")
    said = str(asking(variable).explained(denied))
    assert said.startswith("in container db: nobody is let in: ERROR 1045")
    assert source in said
    assert "password" not in str(asking(variable).explained(Trouble("the disk is full")))
