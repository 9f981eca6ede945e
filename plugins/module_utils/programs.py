# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of this very machine: each is started here, and none goes on without us."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import IO

from .errors import Trouble

DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM", "--")
"""After ``kill -9`` of this process the kernel ends what it started (man 2const PR_SET_PDEATHSIG).

It is about the thread that starts a program: that thread has to wait for it, too. A program that
goes over to another account afterwards has to ask for this again; ``runuser`` stays behind as root
and hands the end on.
"""

RULE = "--------------"

MINIMAL_ENVIRONMENT = {
    "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}


def start_program(
    argv: Sequence[str],
    *,
    env: Mapping[str, str] | None = None,
    stdin: IO[bytes] | int = subprocess.DEVNULL,
    stdout: IO[bytes] | int = subprocess.PIPE,
) -> subprocess.Popen[str]:
    """Start a program with a minimal environment and some variables.

    Raises:
        Trouble: it is not installed.
    """
    if shutil.which(argv[0], path=MINIMAL_ENVIRONMENT["PATH"]) is None:
        raise Trouble(not_installed(argv[0]))
    return subprocess.Popen(
        [*DIES_WITH_US, *argv],
        env={**MINIMAL_ENVIRONMENT, **(env or {})},
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        text=True,
        errors="surrogateescape",
    )


class ClientSession:
    """A database client on two pipes; see :class:`.host.Session`."""

    def __init__(self, argv: Sequence[str], mark: Callable[[str], str]) -> None:
        self._mark = mark
        self._count = 0
        self._process = start_program(argv, stdin=subprocess.PIPE)

    def ask(self, statement: str) -> list[list[str]]:
        """See :meth:`.host.Session.ask`."""
        self._count += 1
        word = f"probealarm-answer-{os.getpid()}-{self._count}"
        pipe_in, pipe_out = self._process.stdin, self._process.stdout
        if pipe_in is None or pipe_out is None:
            raise Trouble("the database client has no pipes")
        try:
            pipe_in.write(f"{statement};\n{self._mark(word)};\n")
            pipe_in.flush()
        except BrokenPipeError:
            raise Trouble(self._last_words()) from None
        rows: list[list[str]] = []
        for line in pipe_out:
            if line.rstrip("\n") == word:
                return rows
            rows.append(line.rstrip("\n").split("\t"))
        raise Trouble(self._last_words())

    def close(self) -> None:
        """See :meth:`.host.Session.close`."""
        self._process.kill()
        self._process.communicate()

    def _last_words(self) -> str:
        """Give the end of its complaint; mariadb repeats the statement first, between two rules."""
        _, complaint = self._process.communicate()
        said = complaint.rpartition(RULE)[2]
        return " ".join(said.split())[-400:] or "the database client ended without a word"


def not_installed(program: str) -> str:
    """Say that a program is missing."""
    return f"{program} is not installed on this host; playbooks/site.yml installs it."
