"""What the tests do with one store of a service, whatever its kind."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from plugins.module_utils.checks.evidence import Answer
from plugins.module_utils.errors import Trouble
from plugins.module_utils.manifest import Measure

Columns = dict[str, list[str]]


class Copy(ABC):
    """One store on a real server.

    Attributes:
        store: as it stands in the contract.
    """

    def __init__(self, store: dict[str, Any]) -> None:
        self.store = store

    @abstractmethod
    def fill(self, statements: str) -> None:
        """Put the store into a state, whatever was in it.

        Raises:
            Trouble: the server refuses a statement.
        """

    @abstractmethod
    def do(self, statements: str) -> None:
        """Run statements on what is there.

        Raises:
            Trouble: the server refuses one.
        """

    @abstractmethod
    def ask(self, query: str) -> Answer:
        """Answer a question of a check as a drill does it.

        Raises:
            Trouble: the server refuses it.
        """

    def ask_quickly(self, query: str) -> Answer:
        """Answer the same without a new client for each question, for the many damaged states.

        Raises:
            Trouble: the server refuses it.
        """
        return self.ask(query)

    @abstractmethod
    def measure(self) -> Measure:
        """Measure as a drill does, for the judgement of the contract."""

    @abstractmethod
    def drop(self, name: str) -> None:
        """Take one table (one key) away."""

    def columns(self) -> Columns:
        """Return every table with its columns; nothing where a store has no such thing."""
        return {}

    def export(self, query: str) -> tuple[list[str], Answer]:
        """Run a query whose columns matter; return their names and the rows.

        Raises:
            Trouble: the server refuses it.
        """
        raise Trouble(f"a store of kind {self.store['kind']} has no export")

    @abstractmethod
    def remove(self) -> None:
        """Leave nothing behind."""
