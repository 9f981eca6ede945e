"""The databases' own command line clients, fed while the rows are still being invented.

A client reads its standard input as it comes, so the server loads one table while Python writes
the next. No statement and no password ever stands in an argument vector.
"""

from __future__ import annotations

import contextlib
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, ClassVar, Self

from .errors import FillError
from .tables import Table, lines


class Client:
    """One run of a client, open for statements inside a ``with`` block.

    Raises:
        FillError: the client ended with an error; the message holds what it said.
    """

    program: ClassVar[str]
    objection: ClassVar[re.Pattern[str]]
    """What a line looks like by which the client objects, even where it ends well."""

    def __init__(self, argv: Sequence[str]) -> None:
        self._argv = list(argv)
        self.said = ""
        """What the client printed, once it has ended."""
        self._output = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115 _end closes it

    def __enter__(self) -> Self:
        try:
            self._process = subprocess.Popen(
                self._argv, stdin=subprocess.PIPE, stdout=self._output, stderr=subprocess.STDOUT,
                encoding="utf-8",
            )  # fmt: skip
        except FileNotFoundError as error:
            raise FillError(
                f"{self.program} is not installed here. Run playbooks/site.yml first."
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self._end()
        elif self._process.poll() is None:
            self._process.kill()
            self._process.wait()

    @property
    def _input(self) -> IO[str]:
        assert self._process.stdin is not None  # noqa: S101 it was opened as a pipe
        return self._process.stdin

    def say(self, text: str) -> None:
        """Hand over ``text``; the client may carry it out at once."""
        try:
            self._input.write(text)
            self._input.flush()
        except BrokenPipeError:
            self._end()

    def _end(self) -> None:
        with contextlib.suppress(BrokenPipeError):  # it has ended already, and said why
            self._input.close()
        status = self._process.wait()
        self._output.seek(0)
        self.said = self._output.read().strip()
        self._output.close()
        objections = [line for line in self.said.splitlines() if self.objection.search(line)]
        if status or objections:
            told = "; ".join(objections[:5]) or self.said[-1500:]
            raise FillError(f"{self.program} stopped (exit status {status}): {told}")


class MariaDB(Client):
    """MariaDB's client, as root over the server's socket.

    Warnings count as objections: LOAD DATA LOCAL only warns about a row that it bends or drops.
    """

    program = "mariadb"
    objection = re.compile(r"^(ERROR|Warning \(Code) ")

    def __init__(self, database: str, socket: str, folder: Path) -> None:
        """Connect to ``database``; rows pass through files in ``folder``."""
        self._folder = folder
        super().__init__(
            ["mariadb", "--no-defaults", f"--socket={socket}", "--user=root", "--local-infile",
             "--default-character-set=utf8mb4", "--batch", "--show-warnings", database]
        )  # fmt: skip

    def load(self, table: Table) -> int:
        """Load all rows of ``table`` and return how many there were."""
        file = self._folder / f"{table.name}.tsv"
        count = 0
        with file.open("w", encoding="utf-8") as written:
            for count, line in enumerate(lines(table.rows), start=1):  # noqa: B007 it is the answer
                written.write(line)
        self.say(
            f"LOAD DATA LOCAL INFILE '{file}' INTO TABLE {table.name} CHARACTER SET utf8mb4 "
            f"({', '.join(table.columns)});\n"
        )
        return count

    def insist_on(self, rows: Mapping[str, int]) -> None:
        """Have the server refuse to go on unless every table holds as many rows as were sent."""
        checks = "".join(
            f"  IF (SELECT COUNT(*) FROM {name}) <> {count} THEN SIGNAL SQLSTATE '45000'\n"
            f"    SET MESSAGE_TEXT = '{name} does not hold the {count} rows sent'; END IF;\n"
            for name, count in rows.items()
        )
        self.say(f"DELIMITER //\nBEGIN NOT ATOMIC\n{checks}END //\nDELIMITER ;\n")


class PostgreSQL(Client):
    """psql, as the superuser over the cluster's socket, all in one transaction."""

    program = "psql"
    objection = re.compile(r"(ERROR|FATAL): ")

    def __init__(self, database: str, port: int) -> None:
        super().__init__(
            ["runuser", "-u", "postgres", "--", "psql", "--no-psqlrc", "--quiet",
             "--single-transaction", "--set=ON_ERROR_STOP=1", f"--port={port}", database]
        )  # fmt: skip

    def load(self, table: Table) -> int:
        """Load all rows of ``table`` and return how many there were."""
        rows = list(lines(table.rows))
        columns = ", ".join(f'"{column}"' for column in table.columns)
        self.say(f"COPY {table.name} ({columns}) FROM STDIN;\n{''.join(rows)}\\.\n")
        return len(rows)
