# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that was recognised: what is known of its settings, why, and what a person must say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..text import count
from .facts import DatabaseFact, Facts, InContainer
from .matching import Pair, overlap
from .signatures import PLACEHOLDER, Signature
from .tables import TableMatch

SHOWN_NAMES = 4
NOT_RECOGNISED = 0.0


@dataclass(frozen=True)
class ContainerOf:
    """In which container the server of a store runs."""

    store: str
    engine: str
    container: InContainer


@dataclass(frozen=True)
class Candidate:
    """A service for the draft.

    Attributes:
        stem: what it could be called.
        score: between 0 and 1; 0 for what was not recognised and is saved all the same.
        reasons: why, in words.
        settings: what is written down, by the names of the profile's settings.
        numbers: names of settings whose values are numbers.
        extra_paths: what lies outside of the profile's paths and belongs to it.
        sqlite: databases of SQLite in its paths that are declared as stores.
        questions: what only a person knows.
    """

    stem: str
    profile: str
    title: str
    score: float
    reasons: tuple[str, ...]
    settings: Mapping[str, str]
    numbers: frozenset[str] = frozenset()
    files_store: str = "files"
    extra_paths: tuple[str, ...] = ()
    sqlite: tuple[str, ...] = ()
    container: ContainerOf | None = None
    questions: tuple[str, ...] = field(default=())


def candidate_of(pair: Pair, facts: Facts) -> Candidate:
    """Turn what was put together into a service."""
    signature, match, tree = pair.signature, pair.match, pair.tree
    database = facts.databases[match.number] if match else None
    known = {**tree.settings, **tree.read}
    if match and database:
        known |= _of_database(match, database)
    if signature.engine:
        known["database.engine"] = signature.engine
    extra = tuple(_outside(signature, known, tree.paths))
    return Candidate(
        stem=signature.profile.replace("_", "-"),
        profile=signature.profile,
        title=signature.title,
        score=pair.score,
        reasons=tuple(_reasons(pair, facts)),
        settings=worth_writing(signature, known),
        numbers=numbers_of(signature),
        files_store=signature.files_store,
        extra_paths=extra,
        container=_container(pair, database or pair.refused),
        questions=tuple(_questions(pair, facts, extra)),
    )


def _container(pair: Pair, database: DatabaseFact | None) -> ContainerOf | None:
    """Return where the server runs, unless the profile itself knows."""
    if database is None or database.container is None:
        return None
    signs = [sign for sign in pair.signature.databases if sign.engine == database.engine]
    if not signs or signs[0].container:
        return None
    return ContainerOf(signs[0].store, signs[0].engine, database.container)


def numbers_of(signature: Signature) -> frozenset[str]:
    """Name the settings whose values are numbers."""
    return frozenset(each.name for each in signature.settings if each.type == "port")


def named_some(names: Sequence[str]) -> str:
    """Name the first few of a list."""
    return ", ".join(names[:SHOWN_NAMES]) + (", ..." if len(names) > SHOWN_NAMES else "")


def one_socket(path: str) -> str:
    """On Debian ``/var/run`` is a link to ``/run``."""
    return path.removeprefix("/var") if path.startswith("/var/run/") else path


def _of_database(match: TableMatch, database: DatabaseFact) -> dict[str, str]:
    """Put what is known of a database into the settings that the profile's store is made of."""
    facts = {
        "database": database.name,
        "socket": database.socket,
        "port": str(database.port or ""),
        "prefix": match.prefix,
    }
    known = {}
    for key, template in match.sign.keys.items():
        (name, *more) = PLACEHOLDER.findall(template) or [""]
        if template == f"{{{name}}}" and not more and (facts[key] or key == "prefix"):
            known[name] = facts[key]
    if database.container and match.sign.project:
        known[match.sign.project.strip("{}")] = database.container.project
    return known


def worth_writing(signature: Signature, known: Mapping[str, str]) -> dict[str, str]:
    """Keep what differs from the default, and the names by which a person knows the service."""
    usual = signature.values({})
    with_these = signature.values(dict(known))
    kept = {}
    for setting in signature.settings:
        if setting.name not in known:
            continue
        value = known[setting.name]
        others = {name: each for name, each in known.items() if name != setting.name}
        default = signature.values(others).get(setting.name)
        is_name = setting.type in ("database", "prefix", "engine") or setting.default is None
        if is_name or one_socket(value) != one_socket(default or usual.get(setting.name, "")):
            kept[setting.name] = with_these[setting.name]
    return kept


def _outside(signature: Signature, known: Mapping[str, str], paths: Sequence[str]) -> Iterator[str]:
    """Yield directories that the configuration names and that no path of the profile holds."""
    sockets = {sign.keys.get("socket", "").strip("{}") for sign in signature.databases}
    for setting in signature.settings:
        value = known.get(setting.name, "")
        is_place = value and setting.type == "path" and setting.name not in sockets
        if is_place and not any(overlap(value, path) for path in paths):
            yield value


def _reasons(pair: Pair, facts: Facts) -> Iterator[str]:
    match, tree = pair.match, pair.tree
    if match is not None:
        name = facts.databases[match.number].name
        total = count(len(match.there) + len(match.missing), "table")
        some = named_some(match.there)
        yield f"database {name} has {len(match.there)} of {total} it is known by: {some}"
    where = f"{tree.found} has" if tree.found else "this server has"
    total = count(len(tree.marks) + len(tree.missing), "file")
    yield f"{where} {len(tree.marks)} of {total} it is known by: {named_some(tree.marks)}"
    if match is not None and pair.is_named:
        yield f"its configuration names the database {tree.read['database.name']}"


def _questions(pair: Pair, facts: Facts, extra: Sequence[str]) -> Iterator[str]:
    signature, match, tree = pair.signature, pair.match, pair.tree
    if pair.refused is not None:
        yield (
            f"Is {tree.read['database.name']} the right database? It stands in the configuration;"
            f" nobody could look: {pair.refused.refused}"
        )
    elif match is not None and not pair.is_named:
        name = facts.databases[match.number].name
        yield (
            f"Do the database {name} and {tree.found or tree.paths[0]} belong together? No"
            " configuration says so; they are the only ones of their kind."
        )
    if match is not None and match.missing:
        yield (
            "Is this another version than the profile knows? These tables are not there:"
            f" {named_some(match.missing)}"
        )
    for each in tree.lacking:
        setting = signature.setting(each.setting) if each.setting else None
        if setting is not None:
            yield f"What is {setting.name} ({setting.help})? {each.value} is not there."
        else:
            yield f"Where is {each.value}? Every snapshot must contain it, and it is not there."
    for path in extra:
        yield f"Is all of {path} its data? It lies outside, and the configuration names it."
    if match is not None:
        yield from _namesakes(match, facts)


def _namesakes(match: TableMatch, facts: Facts) -> Iterator[str]:
    """A cluster left over from an upgrade has a database of the same name."""
    own = facts.databases[match.number]
    for number, other in enumerate(facts.databases):
        if number != match.number and (other.engine, other.name) == (own.engine, own.name):
            where = f"port {other.port}" if other.port else other.socket
            yield f"Is it this database, and not the one of the same name on {where}?"
