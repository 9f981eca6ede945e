# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A container as a host: programs run in there, by ``podman exec`` or ``docker exec``.

Three things are different inside, and a few lines of shell in the container see to them:

- A password stands in the container's own environment, or in a file that a variable names. It is
  given to the client there, so that it is never on the host and never in an argument.
- A program in there does not end with the ``exec`` that started it. So the ``exec`` holds its
  standard input open, and the program is killed when that ends: by ``kill``, or with this process.
- What a program wrote may not arrive whole although it ended well. So a mark follows its last byte.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ..errors import Trouble
from ..host import Call, Finished, Host, Running, Session
from ..stores import Container
from .containers import Found, find

PASSWORD_FOR = {"mariadb": "MYSQL_PWD", "postgresql": "PGPASSWORD", "redis": "REDISCLI_AUTH"}
"""The variable from which the clients of each engine take a password."""
PROGRAMS = {
    "mariadb": (("mariadb", "mysql"), ("mariadb-dump", "mysqldump")),
    "postgresql": (("psql",), ("pg_dump",), ("pg_dumpall",)),
    "redis": (("redis-cli", "valkey-cli"), ("redis-server", "valkey-server")),
}
"""What must be in there; the first name is the one that the library uses."""
DENIALS = ("Access denied", "authentication failed", "no password supplied", "WRONGPASS", "NOAUTH")
"""What servers say to a client that does not get in."""

SAME_INSIDE = ("LC_ALL", "TZ")
UNSET, UNREADABLE = 97, 98
"""Exit statuses of our own; no shell and no client uses them."""
FILE_SUFFIX = "_FILE"
MARK = b"\n-- probealarm: nothing is missing\n"
LOOK = 'for name; do command -v "$name" >/dev/null && echo "$name"; done; exit 0'
BECOME = 'exec "$@"'
LEASHED = """exec 3<&0
"$@" </dev/null 3<&- &
program=$!
{ while read -r _; do :; done; kill -KILL $program; } <&3 3<&- >/dev/null 2>&1 &
leash=$!
exec 3<&-
wait $program
status=$?
{ kill $leash; wait $leash; } 2>/dev/null
[ $status -eq 0 ] && printf '%s' "$PROBEALARM_MARK"
exit $status"""
"""Whoever is started here is waited for here. What is left over falls to the first process of the
container; where that is PostgreSQL, it takes a child that a signal ended for one of its own, and
restarts with everybody's connections broken (tried on 17)."""


@dataclass(frozen=True)
class InContainer:
    """A container in which programs run; see :class:`Host`.

    Attributes:
        outside: the host that the container runs on.
        password_for: the variable from which the client takes the password.
        password_variable: the container's own variable that holds it, or where it ends with
            ``_FILE``, the path of a file with it; empty where none is asked for.
        programs: what a program is called in there, by the name that the library uses.
    """

    outside: Host
    found: Found
    password_for: str
    password_variable: str = ""
    programs: Mapping[str, str] = field(default_factory=dict)

    def run(self, call: Call) -> Finished:
        """See :meth:`Host.run`."""
        return _delivered(self.outside.run(self._inside(call)), call)

    def start(self, call: Call) -> Running:
        """See :meth:`Host.start`."""
        return Delivery(self.outside.start(self._inside(call)), call)

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> Session:
        """See :meth:`Host.open_session`. A client ends with its standard input by itself."""
        return self.outside.open_session(self._argv(BECOME, argv, SAME_INSIDE), mark)

    def _inside(self, call: Call) -> Call:
        """Let a call happen in there; values of variables stand in the runtime's environment."""
        env = dict(call.env or {})
        if call.output_file is not None:
            env["PROBEALARM_MARK"] = MARK.decode()
        script = BECOME if call.input_file else LEASHED
        return replace(
            call,
            argv=self._argv(script, call.argv, (*SAME_INSIDE, *env)),
            env=env,
            open_input=call.input_file is None,
        )

    def _argv(self, script: str, argv: Sequence[str], variables: Sequence[str]) -> list[str]:
        program = self.programs.get(argv[0], argv[0])
        return [
            *(self.found.runtime, "exec", "--interactive"),
            *(word for name in variables for word in ("--env", name)),
            *(self.found.number, "sh", "-c", self._password() + script, "sh"),
            *(program, *argv[1:]),
        ]

    def _password(self) -> str:
        """The lines of shell that hand the password on; names of variables are plain words."""
        if not self.password_variable:
            return ""
        value = f"${{{self.password_variable}-}}"
        given = f'{self.password_for}="{value}"\n'
        if self.password_variable.endswith(FILE_SUFFIX):
            given = f'{self.password_for}=$(cat "{value}") || exit {UNREADABLE}\n'
        return f'[ -n "{value}" ] || exit {UNSET}\n{given}export {self.password_for}\n'

    def look(self, names: Sequence[str]) -> frozenset[str]:
        """Tell which of some programs are in there, and that the password can be had.

        Raises:
            Trouble: nothing can be run in there, or there is no password.
        """
        argv = self._argv(LOOK, names, SAME_INSIDE)
        done = self.outside.run(Call(argv=argv))
        if done.status == UNSET:
            raise Trouble(
                f"its own environment has no variable {self.password_variable}, or an empty one, "
                "and password_variable names it. Correct the name in services.probealarm.yml; "
                f"{self.found.runtime} inspect {self.found.name} shows what is there. Where the "
                "server asks for no password, leave password_variable out."
            )
        if done.status == UNREADABLE:
            raise Trouble(
                f"the file that its variable {self.password_variable} names cannot be read in "
                f"there: {done.last_words}. Where the variable holds the password itself, its name "
                f"must not end with {FILE_SUFFIX}."
            )
        if done.status != 0:
            raise Trouble(
                f"no program can be run in there ({self.found.runtime} exec said: "
                f"{done.last_words}). The image needs a shell, sh; save the service by other means "
                "where it has none."
            )
        return frozenset(done.output.split())

    def explained(self, trouble: Trouble) -> Trouble:
        """Say in which container something went wrong, and about a password where it is from."""
        said = f"in container {self.found.name}: {trouble}"
        if not any(words in said for words in DENIALS):
            return Trouble(said)
        source = (
            f"The password was taken from its variable {self.password_variable}. The server knows "
            "the one that its data were first made with, so see whether that is another"
            if self.password_variable
            else "No password was given: password_variable in services.probealarm.yml names the "
            "variable of the container that holds it"
        )
        return Trouble(f"{said.rstrip('.')}. {source}.")


@dataclass(frozen=True)
class Delivery:
    """A program in a container that goes on beside us; see :class:`Running`."""

    running: Running
    call: Call

    def ended(self) -> bool:
        """See :meth:`Running.ended`."""
        return self.running.ended()

    def wait(self) -> Finished:
        """See :meth:`Running.wait`."""
        return _delivered(self.running.wait(), self.call)

    def kill(self) -> None:
        """See :meth:`Running.kill`."""
        self.running.kill()


def enter(host: Host, wanted: Container, engine: str, password_variable: str) -> InContainer:
    """Find a container, and the clients of an engine in it.

    Args:
        host: where it runs.
        wanted: which one.
        engine: a key of ``PROGRAMS``.
        password_variable: see :class:`InContainer`.

    Raises:
        Trouble: it cannot be found, does not run, or lacks a client or the password.
    """
    found = find(host, wanted)
    inside = InContainer(host, found, PASSWORD_FOR[engine], password_variable)
    names = [name for alike in PROGRAMS[engine] for name in alike]
    try:
        there = inside.look(names)
        return replace(inside, programs=dict(_chosen(engine, there)))
    except Trouble as trouble:
        raise Trouble(f"container {found.name}: {trouble}") from None


def _chosen(engine: str, there: frozenset[str]) -> list[tuple[str, str]]:
    chosen: list[tuple[str, str]] = []
    for alike in PROGRAMS[engine]:
        name = next((name for name in alike if name in there), "")
        if not name:
            raise Trouble(
                f"it has no {' or '.join(alike)}. Name the container of the database server itself "
                "in services.probealarm.yml; its image has the clients as a rule."
            )
        chosen.append((alike[0], name))
    return chosen


def _delivered(done: Finished, call: Call) -> Finished:
    """Cut the mark off what has arrived; without it, the end of it is missing."""
    if call.output_file is None or call.input_file is not None or done.status != 0:
        return done
    if _cut(call.output_file):
        return done
    return Finished(
        1, done.output, f"the end of what it wrote got lost on the way. {done.complaint}"
    )


def _cut(file: Path) -> bool:
    with file.open("r+b") as written:
        length = written.seek(0, os.SEEK_END) - len(MARK)
        written.seek(max(length, 0))
        if length < 0 or written.read() != MARK:
            return False
        written.truncate(length)
        return True
