"""A service on the bench: put into its good state, damaged, judged by its rules, put back."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from plugins.module_utils.checks.evidence import Answer, Check, Evidence, Finding, Json, Question
from plugins.module_utils.checks.kinds import checks_of
from plugins.module_utils.errors import Trouble
from plugins.module_utils.stores import DatabaseStore
from tests.catalogue.copies import copies_of
from tests.catalogue.fixture import Damage, Engine, Fixture, text_for
from tests.catalogue.profiles import Contract, Trial
from tests.catalogue.servers import Servers
from tests.catalogue.store_copy import Copy
from tests.catalogue.trees import Tree

Findings = Mapping[str, Finding]
Answers = dict[Question, Answer | str]
"""What a store said; a text where it refused."""

CLIENTS = 4


class Bench:
    """One trial with everything it needs.

    Attributes:
        facts: what the rules found in the good state: the last proven snapshot of the others.
    """

    def __init__(self, trial: Trial, servers: Servers, folder: Path) -> None:
        self.fixture: Fixture = trial.fixture()
        self.contract: Contract = trial.contract()
        folder.mkdir(exist_ok=True)
        self.tree = Tree(folder / "tree")
        self.facts: dict[str, Json] = {}
        self._engine: Engine = trial.engine
        self._checks: tuple[Check, ...] = checks_of(self.contract)
        self._copies: dict[str, Copy] = {
            str(copy.store["name"]): copy
            for copy in copies_of(self.contract, servers, self.tree, folder)
        }
        self._known: dict[str, Answers] = {}
        self._good: dict[str, Answers] = {}

    @property
    def rules(self) -> tuple[str, ...]:
        """Name every check, and every secret as ``secret <name>``."""
        return tuple(check.name for check in self._checks)

    @property
    def copies(self) -> Mapping[str, Copy]:
        """Every store that is no file tree, by name."""
        return self._copies

    @contextmanager
    def set_up(self) -> Iterator[Bench]:
        """Bring the good state about, and leave nothing behind.

        Raises:
            AssertionError: the fixture's stores are not the contract's, or a statement is refused.
        """
        unlike = set(self.fixture.stores) ^ set(self._copies)
        assert not unlike, (
            f"stores: of the fixture and of the profile differ in {', '.join(sorted(unlike))}"
        )
        try:
            self.tree.fill(self.fixture.files)
            for name in self._copies:
                self._fill(name)
            self._good = self._as_a_drill_asks()
            first = self.judge()
            assert _without_words(self._known) == _without_words(self._good), (
                "a question was answered in one way by a client of its own, and in another by one "
                "that stays open"
            )
            facts = {name: found.fact for name, found in first.items() if found.fact is not None}
            self.facts = json.loads(json.dumps(facts))  # as the ledger keeps them
            yield self
        finally:
            for copy in self._copies.values():
                copy.remove()

    def judge(self) -> Findings:
        """Let every rule judge the state as it is."""
        answers: dict[Question, Answer] = {}
        refusals: dict[Question, str] = {}
        for question in [question for check in self._checks for question in check.questions()]:
            said = self._answer(question)
            if isinstance(said, str):
                refusals[question] = said
            else:
                answers[question] = said
        evidence = Evidence(
            answers=answers,
            refusals=refusals,
            files=self.tree.as_checks_see_it(),
            taken_at=self.fixture.taken_at,
            before=self.facts,
        )
        return {check.name: check.judge(evidence) for check in self._checks}

    def objections(self) -> list[str]:
        """Return the objections of every rule to the state as it is."""
        return [
            f"{name}: {reason}"
            for name, found in self.judge().items()
            for reason in found.objections
        ]

    @contextmanager
    def damaged(self, damage: Damage) -> Iterator[None]:
        """Damage the good state and put it back afterwards.

        Raises:
            AssertionError: the damage cannot be done.
        """
        touched = []
        try:
            for store, texts in damage.statements.items():
                text = text_for(texts, self._engine)
                assert store in self._copies, f"the damage names store {store}, which is not there"
                if text is not None:
                    touched.append(store)
                    self.do(store, text)
            if damage.files:
                self._change_files(damage)
            yield
        finally:
            self._put_back(touched, files=bool(damage.files))

    @contextmanager
    def changing(self, store: str) -> Iterator[Copy]:
        """Let a test change one store, and put it back afterwards."""
        try:
            yield self._copies[store]
        finally:
            self._put_back([store], files=False)

    def faults_of(self, rule: str, damage: Damage) -> list[str]:
        """Return what is wrong with a damage: it must be caught by its rule and by no other."""
        with self.damaged(damage):
            found = self.judge()
        objecting = {name for name, finding in found.items() if finding.objections}
        faults = []
        if rule not in found:
            return [f"there is no rule {rule}; there are {', '.join(found)}"]
        if rule not in objecting:
            faults.append(f"{rule} does not object when {damage.sentence}")
        for name in sorted(objecting - {rule, *damage.also}):
            said = "; ".join(found[name].objections)
            faults.append(f"{name} objects as well when {damage.sentence}: {said}")
        faults += [
            f"{name} is named in also: and does not object when {damage.sentence}"
            for name in damage.also
            if name not in objecting
        ]
        return faults

    def do(self, store: str, statements: str) -> None:
        """Run statements of the fixture on a store.

        Raises:
            AssertionError: the server refuses one.
        """
        self._known.pop(store, None)
        try:
            self._copies[store].do(statements)
        except Trouble as trouble:
            raise AssertionError(f"store {store} refuses a statement: {trouble}") from None

    def judged_stores(self) -> Iterator[tuple[DatabaseStore, Copy]]:
        """Yield each database store as the judgement sees it, with its copy."""
        for copy in self._copies.values():
            store = copy.store
            yield (
                DatabaseStore(
                    name=store["name"],
                    engine=store["kind"],
                    database=str(store.get("database", store["name"])),
                    socket="",
                    port=0,
                    irreplaceable=tuple(store["irreplaceable"]),
                    largest_loss_percent=float(store["largest_loss_percent"]),
                ),
                copy,
            )

    def _as_a_drill_asks(self) -> dict[str, Answers]:
        questions = {question for check in self._checks for question in check.questions()}

        def answer(question: Question) -> Answer | str:
            try:
                return self._copies[question.store].ask(question.query)
            except Trouble as refusal:
                return str(refusal)

        found: dict[str, Answers] = {}
        with ThreadPoolExecutor(CLIENTS) as several:
            for question, said in zip(questions, several.map(answer, questions), strict=True):
                found.setdefault(question.store, {})[question] = said
        return found

    def _answer(self, question: Question) -> Answer | str:
        """Ask the server, once for each state of its store."""
        known = self._known.setdefault(question.store, {})
        if question not in known:
            try:
                known[question] = self._copies[question.store].ask_quickly(question.query)
            except Trouble as refusal:
                known[question] = str(refusal)
        return known[question]

    def _fill(self, name: str) -> None:
        text = text_for(self.fixture.stores[name], self._engine)
        assert text is not None, f"stores.{name} says nothing for engine {self._engine}"
        self._known.pop(name, None)
        try:
            self._copies[name].fill(text)
        except Trouble as trouble:
            raise AssertionError(f"store {name} refuses the good state: {trouble}") from None

    def _change_files(self, damage: Damage) -> None:
        for name in self._stores_in_files():
            self._known.pop(name, None)
        try:
            self.tree.change(damage.files)
        except Trouble as trouble:
            raise AssertionError(str(trouble)) from None

    def _stores_in_files(self) -> list[str]:
        return [name for name, copy in self._copies.items() if copy.store["kind"] == "sqlite"]

    def _put_back(self, stores: list[str], *, files: bool) -> None:
        if files:
            self.tree.fill(self.fixture.files)
        for name in {*stores, *(self._stores_in_files() if files else [])}:
            self._fill(name)
            self._known[name] = dict(self._good.get(name, {}))


def _without_words(said: Mapping[str, Answers]) -> dict[str, Answers]:
    """Make refusals alike, which differ in their words."""
    return {
        store: {q: "refused" if isinstance(a, str) else a for q, a in answers.items()}
        for store, answers in said.items()
    }
