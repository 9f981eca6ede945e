# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the library touches a machine: everything that runs a program goes through here.

Below this protocol stands :class:`LocalHost`, or a fake in the tests. No shell is involved, ever:
a program gets a list of arguments, its input from a file and its output into a file or memory. None
goes on when this process has ended, however that ended.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from threading import Thread
from typing import BinaryIO, Protocol

from .errors import Trouble
from .programs import ClientSession, start_program


@dataclass(frozen=True)
class Finished:
    """What a program left behind: its exit status and what it said (text, undecodable kept)."""

    status: int
    output: str
    complaint: str

    @property
    def last_words(self) -> str:
        """The end of what it said, for a sentence about a failure."""
        said = self.complaint.strip() or self.output.strip()
        return " ".join(said.split())[-400:]


class Session(Protocol):
    """A database client kept open, so that several statements share one transaction."""

    def ask(self, statement: str) -> list[list[str]]:
        """Send one statement; return its rows of text fields.

        Raises:
            Trouble: the server refused the statement, or the client died.
        """
        ...

    def close(self) -> None:
        """End the client; an open transaction is given up."""
        ...


@dataclass(frozen=True)
class Call:
    """One program to run.

    Attributes:
        argv: the program and its arguments; never a secret.
        env: variables added to a minimal environment; the place for secrets.
        input_file: what the program reads on standard input; nothing by default.
        output_file: where its standard output goes; into memory by default.
        hopeless: judges each line of complaint; a true answer ends the program at once, for
            programs that would retry for a quarter of an hour what cannot succeed.
        each_line: takes standard output line by line as it comes, with the line's end, for output
            that is too long to keep; none of it is in what is left behind.
        open_input: its standard input stays open, and silent, until it has ended or this process
            has, so that a program out of reach learns that nobody waits for it any more.
    """

    argv: Sequence[str]
    env: Mapping[str, str] | None = None
    input_file: Path | None = None
    output_file: Path | None = None
    hopeless: Callable[[str], bool] | None = None
    each_line: Callable[[bytes], None] | None = None
    open_input: bool = False


class Running(Protocol):
    """A program that goes on beside us."""

    def ended(self) -> bool:
        """Tell whether it has ended."""
        ...

    def wait(self) -> Finished:
        """Wait for its end."""
        ...

    def kill(self) -> None:
        """End it now."""
        ...


class Host(Protocol):
    """A machine on which programs run."""

    def run(self, call: Call) -> Finished:
        """Run a program to its end.

        Raises:
            Trouble: the program is not installed.
        """
        ...

    def start(self, call: Call) -> Running:
        """Start a program and come back while it runs.

        Raises:
            Trouble: the program is not installed.
        """
        ...

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> Session:
        """Keep a database client open.

        Args:
            argv: the client; it must flush after every statement and end on the first error.
            mark: makes the statement that prints a given word as a row of its own, by which the
                end of an answer is known.

        Raises:
            Trouble: the client is not installed.
        """
        ...


PATIENCE_SECONDS = 2.0


class LocalHost:
    """The machine this very process runs on."""

    def run(self, call: Call) -> Finished:
        """See :meth:`Host.run`."""
        return self.start(call).wait()

    def start(self, call: Call) -> LocalProcess:
        """See :meth:`Host.start`."""
        return LocalProcess(call)

    def open_session(self, argv: Sequence[str], mark: Callable[[str], str]) -> ClientSession:
        """See :meth:`Host.open_session`."""
        return ClientSession(argv, mark)


class LocalProcess:
    """One program of this machine, started."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._input: BinaryIO | None = (
            None if call.input_file is None else call.input_file.open("rb")
        )
        self._output = None if call.output_file is None else call.output_file.open("wb")
        self._leash: BinaryIO | None = None
        if call.open_input:
            reading, writing = os.pipe()
            self._input, self._leash = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
        try:
            self._process = start_program(
                call.argv,
                env=call.env,
                stdin=self._input or subprocess.DEVNULL,
                stdout=self._output or subprocess.PIPE,
            )
        except Trouble:
            self._close_files()
            raise

    def ended(self) -> bool:
        """See :meth:`Running.ended`."""
        return self._process.poll() is not None

    def kill(self) -> None:
        """See :meth:`Running.kill`."""
        self._process.kill()
        self.wait()

    def wait(self) -> Finished:
        """See :meth:`Running.wait`."""
        try:
            if self._call.hopeless:
                return self._watch(self._call.hopeless)
            if self._call.each_line:
                return self._hand_on(self._call.each_line)
            output, complaint = self._process.communicate()
            return Finished(self._process.returncode, output or "", complaint or "")
        except BaseException:  # an alarm or Ctrl-C: a program nobody waits for must not go on
            self._end()
            raise
        finally:
            self._close_files()

    def _end(self) -> None:
        """Ask it to end, so that it can take back its locks, and then insist.

        Its pipes stay as they are: a grandchild may keep them open, and closing would wait for it.
        """
        self._process.terminate()
        try:
            self._process.wait(timeout=PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _watch(self, hopeless: Callable[[str], bool]) -> Finished:
        """Read complaints as they come and end a program whose complaint is hopeless.

        What it prints is read meanwhile: a full pipe would let it wait for us, and us for it.
        """
        printed: list[str] = []
        reader = Thread(target=printed.extend, args=(self._process.stdout or (),), daemon=True)
        reader.start()
        said: list[str] = []
        for line in self._process.stderr or ():
            said.append(line)
            if hopeless(line):
                self._end()
        reader.join()
        return Finished(self._process.wait(), "".join(printed), "".join(said))

    def _hand_on(self, each_line: Callable[[bytes], None]) -> Finished:
        """Hand on what it prints as it comes, and keep what it complains about."""
        said: list[str] = []
        reader = Thread(target=said.extend, args=(self._process.stderr or (),), daemon=True)
        reader.start()
        if isinstance(self._process.stdout, TextIOWrapper):
            for line in self._process.stdout.buffer:
                each_line(line)
        reader.join()
        return Finished(self._process.wait(), "", "".join(said))

    def _close_files(self) -> None:
        for file in (self._input, self._output, self._leash):
            if file is not None:
                file.close()
