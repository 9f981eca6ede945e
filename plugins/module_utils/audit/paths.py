# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Judge every path of the walk: saved, exempt, of a package, or claimed by nobody.

Saved is what the newest snapshot holds **and** the declaration still names: what it names no longer
is gone from the next snapshot, and that is the day to say so. What a folder decides for all below
it is decided once, so that a million files cost little.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple, TypeVar

from .claims import Exemption, PathClaim, Patterns
from .facts import Entry
from .grouping import Grouping, Sums
from .path_rules import FREE, SERVER, Context, Judged, Packages, Rules, Waiting
from .saved import Paths

MOST_CHANGED = 500


Key = TypeVar("Key", PathClaim, Exemption)


class _Level(NamedTuple):
    path: str
    prefix: str
    context: Context


class PathJudge:
    """Takes the entries of the walk, in its order, and remembers what became of them."""

    def __init__(
        self,
        rules: Rules,
        snapshots: Mapping[str, Paths],
        packages: Packages,
        *,
        boundaries: Collection[str],
        notice: Callable[[Entry], None],
    ) -> None:
        """Start at the root.

        Args:
            rules: what is declared.
            snapshots: what the newest snapshot of each service holds.
            packages: who owns what.
            boundaries: see :class:`.grouping.Grouping`.
            notice: is shown every file that nobody claims, and the folders between, to recognise
                what they are.
        """
        claims = rules.claims
        self._rules = rules
        self.judged = Judged()
        self._snapshots = snapshots
        self._packages = packages
        self._notice = notice
        self._claims: dict[str, tuple[PathClaim, ...]] = {}
        for claim in claims.paths:
            self._claims[claim.path] = (*self._claims.get(claim.path, ()), claim)
        self._regenerable: dict[str, list[Exemption]] = {}
        for one in claims.regenerable:
            self._regenerable.setdefault(one.pattern, []).append(one)
        self._declared = Patterns(claims.exemptions)
        data = [Exemption(path, why, SERVER) for path, why in rules.data_directories.items()]
        self._shipped = Patterns([*data, *claims.shipped])
        self._sqlite = rules.sqlite
        self._taken_ns = rules.taken_ns()
        self._exact = frozenset((*self._claims, *self._regenerable, *self._sqlite))
        self._last: tuple[PathClaim | None, Sums] = None, Sums()
        self._grouping = Grouping(boundaries)
        self._stack = [_Level("", "/", self._at("", Context()))]
        self._context = self._stack[0].context
        self._directory = ""

    def is_settled(self, folder: str) -> bool:
        """Tell whether nothing below a folder can matter, so that the walk may leave it out."""
        context = self._at(folder, self._context_of(folder.rpartition("/")[0]))
        exemption = context.exemption
        return (
            exemption is not None
            and not exemption.origin
            and not context.claims
            and not (self._has_claims_below(folder))
        )

    def is_exempt(self, path: str) -> bool:
        """Tell whether nobody misses a path; for one that could not be looked at."""
        return self._at(path, self._context_of(path.rpartition("/")[0])).exemption is not None

    def take(self, entry: Entry) -> None:
        """Judge one entry; folders, links and the rest hold nothing by themselves."""
        path = entry.path
        if entry.type != "file":
            if entry.type == "folder":
                self._enter(path)
                if self._context == FREE:
                    self._notice(entry)
            return
        directory = path.rpartition("/")[0]
        if directory != self._directory:
            self._enter(directory)
        context = self._context
        if path in self._exact:
            context = self._at(path, context)
            if path in self._sqlite:
                self._take_sqlite(entry)
                return
        if context.claims:
            self._take_claimed(entry, context)
        else:
            self._take_free(entry, context.exemption)

    def finish(self) -> Judged:
        """Give what became of all."""
        self.judged.groups = self._grouping.finish()
        return self.judged

    def _take_sqlite(self, entry: Entry) -> None:
        claim, is_saved = self._sqlite[entry.path]
        self._grouping.other()
        if is_saved:
            _sums(self.judged.saved, claim).take(entry)
            self._note_change(claim.service, entry)
        else:
            self._wait(claim.service, entry)

    def _take_claimed(self, entry: Entry, context: Context) -> None:
        judged, path = self.judged, entry.path
        self._grouping.other()
        for claim in reversed(context.claims):
            paths = self._snapshots.get(claim.service)
            if paths is not None and paths.hold(path):
                if self._last[0] is not claim:
                    self._last = claim, _sums(judged.saved, claim)
                self._last[1].take(entry)
                self._note_change(claim.service, entry)
                return
        nearest = context.claims[-1]
        taken_ns = self._taken_ns.get(nearest.service)
        is_young = taken_ns is None or entry.changed_ns > taken_ns
        if is_young and not self._rules.is_overdue(nearest.service, path):
            self._wait(nearest.service, entry)
        elif (
            exemption := self._rules.of_it(context.exemption, entry)
            or self._declared.matching(path)
            or self._rules.of_it(self._of_server(path), entry)
        ):
            _sums(judged.exempt, exemption).take(entry)
        else:
            judged.lacking.setdefault(nearest, Waiting()).take(entry)

    def _take_free(self, entry: Entry, exemption: Exemption | None) -> None:
        judged, path = self.judged, entry.path
        exemption = self._rules.of_it(exemption, entry)
        if exemption is None:
            exemption = self._declared.matching(path)
        if exemption is None:
            package = self._packages.owner(path)
            change = self._packages.change(entry) if package else ""
            if package and not change:
                self._grouping.other()
                judged.of_packages += 1
                return
            exemption = self._rules.of_it(self._shipped.matching(path), entry)
            if package and exemption is None:
                self._grouping.other()
                if len(judged.changed) < MOST_CHANGED:
                    judged.changed.append((entry, package, change))
                return
        if exemption is not None:
            self._grouping.other()
            _sums(judged.exempt, exemption).take(entry)
            return
        self._notice(entry)
        self._grouping.unclaimed(entry, self._still_held(path))

    def _still_held(self, path: str) -> str:
        """Say which snapshot holds a path that nobody declares any longer."""
        for service, paths in self._snapshots.items():
            if paths.hold(path):
                return (
                    f"the newest snapshot of {service} still holds it, the declaration does not "
                    "name it any longer: the next snapshot will lack it"
                )
        return ""

    def _of_server(self, path: str) -> Exemption | None:
        """Give what exempts a declared path beside the declaration: what is shipped does not."""
        found = self._shipped.matching(path)
        return found if found is not None and found.origin else None

    def _note_change(self, service: str, entry: Entry) -> None:
        if entry.changed_ns > self._taken_ns.get(service, entry.changed_ns):
            self.judged.changed_since[service] = self.judged.changed_since.get(service, 0) + 1

    def _wait(self, service: str, entry: Entry) -> None:
        self.judged.waiting.setdefault(service, Waiting()).take(entry)

    def _enter(self, directory: str) -> None:
        self._context = self._context_of(directory)
        self._directory = directory
        self._grouping.enter(directory)

    def _context_of(self, directory: str) -> Context:
        """Give what holds below a directory; levels that the walk has left are forgotten."""
        stack = self._stack
        while not directory.startswith(stack[-1].prefix) and directory != stack[-1].path:
            stack.pop()
        top = stack[-1]
        if directory == top.path:
            return top.context
        path, context = top.path, top.context
        for name in directory[len(top.prefix) :].split("/"):
            path = f"{path}/{name}"
            context = self._at(path, context)
            stack.append(_Level(path, f"{path}/", context))
        return context

    def _at(self, path: str, above: Context) -> Context:
        """Let a path itself change what holds for it and all below it."""
        claims, exemption = above
        for regenerable in self._regenerable.get(path, ()):
            service = regenerable.origin.partition("/")[0]
            kept = tuple(claim for claim in claims if claim.service != service)
            if len(kept) < len(claims) and not kept:
                exemption = regenerable
            claims = kept
        if path in self._claims:
            claims, exemption = (*claims, *self._claims[path]), None
        if declared := self._declared.matching(path):
            exemption = declared
            _sums(self.judged.exempt, declared)
        elif exemption is None:
            exemption = self._of_server(path) if claims else self._shipped.matching(path)
        return Context(claims, exemption)

    def _has_claims_below(self, folder: str) -> bool:
        prefix = f"{folder}/"
        return any(path.startswith(prefix) for path in (*self._claims, *self._sqlite))


def _sums(sums: dict[Key, Sums], key: Key) -> Sums:
    if (found := sums.get(key)) is None:
        found = sums[key] = Sums()
    return found
