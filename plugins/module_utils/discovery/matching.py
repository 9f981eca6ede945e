# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which databases and which trees are an application together.

A database and a tree belong to one service each. A configuration that names the database settles
it; where nothing is read, the two are put together only if nothing else could take their places.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from .facts import DatabaseFact, Facts, TreeSeen
from .signatures import Signature
from .tables import TableMatch, table_matches

TABLE_SHARE = 0.6
"""How much the tables count, where an application has a database and files."""

GUESSED = 0.85
"""What is left of the score where nothing says that a database and a tree belong together."""

REFUSED_SCORE = 0.4
"""What the name in a configuration is worth when the server does not let us look."""

LEAST_FILES_SCORE = 0.55
"""An application without a database has only its files to be known by."""


@dataclass(frozen=True)
class Pair:
    """An application as a whole: its tree and, unless it has none or cannot be seen, its database.

    Attributes:
        is_named: whether a configuration says that they belong together.
        refused: the database, or its server, that does not let us look.
    """

    signature: Signature
    match: TableMatch | None
    tree: TreeSeen
    score: float
    is_named: bool
    refused: DatabaseFact | None = None

    @property
    def rank(self) -> tuple[bool, float, float, int]:
        """What is surer comes first, and of the equally sure that of which there is more."""
        weight = self.match.weight if self.match else 0.0
        return self.is_named, self.score, weight, len(self.tree.marks)


@dataclass
class Taken:
    """What belongs to a service already: databases by their place in the list, and paths."""

    databases: set[int] = field(default_factory=set)
    paths: list[str] = field(default_factory=list)
    sqlite: set[str] = field(default_factory=set)

    def holds(self, path: str) -> bool:
        """Tell whether a path, or a part of it, is taken."""
        return any(overlap(path, taken) for taken in self.paths)

    def leaves(self, pair: Pair) -> bool:
        """Tell whether nothing of a pair is taken."""
        if pair.match is not None and pair.match.number in self.databases:
            return False
        is_reference = pair.signature.for_reference
        return is_reference or not any(self.holds(path) for path in pair.tree.paths)

    def take(self, pair: Pair) -> None:
        """Give it to a service."""
        if pair.match is not None:
            self.databases.add(pair.match.number)
        self.sqlite.update(pair.tree.sqlite)
        if not pair.signature.for_reference:
            self.paths += pair.tree.paths


def overlap(one: str, other: str) -> bool:
    """Tell whether one path is the other or lies in it."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def recognised(facts: Facts, signatures: Sequence[Signature]) -> tuple[list[Pair], Taken]:
    """Return what was recognised as a whole, surest first, and what belongs to it."""
    matches = table_matches(facts.databases, signatures)
    possible = [pair for signature in signatures for pair in _pairs(signature, matches, facts)]
    taken = Taken()
    chosen: list[Pair] = []
    for pair in sorted(possible, key=lambda each: each.rank, reverse=True):
        rivals = (other for other in possible if taken.leaves(other))
        if taken.leaves(pair) and (pair.is_named or not any(_is_rival(pair, o) for o in rivals)):
            chosen.append(pair)
            taken.take(pair)
    return chosen, taken


def _is_rival(pair: Pair, other: Pair) -> bool:
    """Tell whether another pair of the same application would take one half of this one away."""
    if other.signature.profile != pair.signature.profile or not (pair.match and other.match):
        return False
    same_database = other.match.number == pair.match.number
    same_tree = any(overlap(one, two) for one in other.tree.paths for two in pair.tree.paths)
    return same_database != same_tree


def _pairs(signature: Signature, matches: Sequence[TableMatch], facts: Facts) -> Iterator[Pair]:
    """Yield every way in which the facts could be this application as a whole."""
    key = (signature.profile, signature.engine)
    trees = [tree for tree in facts.trees if (tree.profile, tree.engine) == key]
    own = [match for match in matches if match.signature == signature]
    for tree in trees:
        if not signature.databases:
            if tree.score >= LEAST_FILES_SCORE:
                yield Pair(signature, None, tree, tree.score, is_named=True)
        elif tree.read.get("database.engine", signature.engine) == signature.engine:
            for match in own:
                yield from _together(match, tree, facts.databases[match.number])
            yield from _refused(signature, tree, facts)


def _together(match: TableMatch, tree: TreeSeen, database: DatabaseFact) -> Iterator[Pair]:
    """Put a database and a tree together, unless the tree's configuration names another one."""
    named = tree.read.get("database.name")
    prefix = tree.read.get("database.prefix", match.prefix)
    if named in (None, database.name) and prefix == match.prefix:
        score = TABLE_SHARE * match.score + (1 - TABLE_SHARE) * tree.score
        score *= GUESSED if named is None else 1
        yield Pair(match.signature, match, tree, round(score, 2), is_named=named is not None)


def _refused(signature: Signature, tree: TreeSeen, facts: Facts) -> Iterator[Pair]:
    """Yield a tree whose configuration names a database that a server does not let us see."""
    engines = {sign.engine for sign in signature.databases}
    named = tree.read.get("database.name")
    closed = [each for each in facts.databases if each.refused and each.engine in engines]
    mine = [each for each in closed if each.name in ("", named)]
    if named is not None and mine:
        score = TABLE_SHARE * REFUSED_SCORE + (1 - TABLE_SHARE) * tree.score
        yield Pair(signature, None, tree, round(score, 2), is_named=True, refused=mine[0])
