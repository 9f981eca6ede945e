"""docs/declaration.md says what is so: every key of the schema, and none besides."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from plugins.module_utils.declaration.catalogue import PROFILE, Catalogue
from plugins.module_utils.declaration.contract import Service
from plugins.module_utils.declaration.faults import Reading
from plugins.module_utils.declaration.load import Inventory, load_services
from plugins.module_utils.declaration.profile import SETTING_TYPES
from plugins.module_utils.declaration.rules import CHECK_KINDS
from plugins.module_utils.declaration.scalars import Duration, Shape
from plugins.module_utils.declaration.schema import Key, ListOf, MapOf, Record, Variants
from plugins.module_utils.declaration.sections import SECTIONS
from plugins.module_utils.declaration.service import OBJECTIVES
from plugins.module_utils.declaration.stores import STORE_KINDS
from plugins.module_utils.text import show_duration
from tests.unit.declaration.conftest import CATALOGUE, GROUPS, HOSTS, Declare

MANUAL = (Path(__file__).parents[3] / "docs/declaration.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
LONG_BEFORE_ANY_EXEMPTION_EXPIRES = date(2026, 1, 1)
BELOW_THE_SETTINGS = "settings."

Rows = dict[str, list[str]]


def keys_of(shape: Shape, above: str = "") -> Iterator[tuple[str, Key]]:
    """Yield every key that may be written, dotted, but not below freely named ones."""
    if isinstance(shape, ListOf):
        yield from keys_of(shape.item, above)
    elif isinstance(shape, Record):
        for name, key in shape.keys.items():
            yield above + name, key
            yield from keys_of(key.shape, f"{above}{name}.")
    elif isinstance(shape, MapOf) and (not above or above == BELOW_THE_SETTINGS):
        yield from keys_of(shape.value, above)


def default_of(key: Key) -> str:
    """Return the second cell of a key's row."""
    if key.required:
        return "required"
    if key.default is None:
        return ""
    if isinstance(key.default, bool):
        return f"`{str(key.default).lower()}`"
    if isinstance(key.default, tuple | dict):
        return "none"
    if isinstance(key.shape, Duration):
        return f"`{show_duration(key.default).replace(' ', '')}`"
    return f"`{key.default}`" if key.default != "" else '`""`'


def chapter(head: str) -> str:
    """Return what stands below a head, up to the next of the same rank or a higher one."""
    rank = len(head.split(" ", maxsplit=1)[0])
    found = re.search(rf"^{re.escape(head)}$(.*?)(?=^#{{1,{rank}}} |\Z)", MANUAL, re.M | re.DOTALL)
    assert found is not None, f"the manual has no chapter {head}"
    return re.sub(r"```.*?```", "", found[1], flags=re.DOTALL)


def rows(text: str) -> Rows:
    """Return the further cells of each table row that begins with a key."""
    lines = (re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line[:3] == "| `")
    return {cells[0].strip()[1:-1]: [cell.strip() for cell in cells[1:]] for cells in lines}


def mistakes(said: Rows, keys: Mapping[str, Key], *, elsewhere: frozenset[str]) -> list[str]:
    """Return how rows differ from a schema; ``elsewhere`` may have rows and may have none."""
    found = [f"{name} has no row" for name in sorted(keys.keys() - said.keys() - elsewhere)]
    found += [f"{name} does not exist" for name in sorted(said.keys() - keys.keys() - elsewhere)]
    for name in keys.keys() & said.keys():
        if said[name][0] != default_of(keys[name]):
            found.append(f"{name} says {said[name][0]!r} and is {default_of(keys[name])!r}")
        if not said[name][1]:
            found.append(f"{name} is not explained")
    return found


PLAIN_SECTIONS = sorted(SECTIONS.keys() - {"stores", "checks"})


@pytest.mark.parametrize("name", PLAIN_SECTIONS)
def test_every_key_of_a_section_is_explained(name: str) -> None:
    keys = dict(keys_of(SECTIONS[name].shape))
    assert keys, f"the schema of {name} has another form than this test reads"
    assert mistakes(rows(chapter(f"## `{name}`")), keys, elsewhere=frozenset()) == []


def test_every_section_is_listed() -> None:
    listed = re.findall(r"^\| \[`(\w+)`\]\(#\w+\) \|", chapter("## A service"), re.M)
    assert sorted(listed) == sorted(SECTIONS)


@pytest.mark.parametrize("kind", STORE_KINDS)
def test_every_key_of_a_store_is_explained(kind: str) -> None:
    keys = dict(keys_of(STORE_KINDS[kind]))
    in_container = frozenset(name for name in keys if name.startswith("container."))
    of_databases = kind in ("mariadb", "postgresql")
    said = rows(chapter("### `mariadb` and `postgresql`" if of_databases else f"### `{kind}`"))
    if of_databases:  # the two have one table
        assert default_of(keys["socket"]) in said.pop("socket")[0]
    shared = frozenset({"port", "socket"}) if of_databases else frozenset()
    assert mistakes(said, keys, elsewhere=in_container | shared) == []
    if in_container:
        about = {name: keys[name] for name in in_container}
        assert mistakes(rows(chapter("### In a container")), about, elsewhere=frozenset()) == []


def test_every_kind_of_check_is_explained_with_its_keys() -> None:
    table = MANUAL.split("<!-- kinds of checks -->")[1].split("<!-- /kinds of checks -->")[0]
    said = {kind: set(re.findall(r"`(\w+)`", cells[0])) for kind, cells in rows(table).items()}
    assert said == {kind: set(record.keys) - {"title"} for kind, record in CHECK_KINDS.items()}


def test_every_key_of_a_check_is_explained() -> None:
    said = rows(chapter("## `checks`"))
    keys = [pair for record in CHECK_KINDS.values() for pair in keys_of(record)]
    assert said.keys() - CHECK_KINDS.keys() == {name for name, _ in keys}
    for name, key in keys:
        if key.default is not None:
            assert said[name][0] == default_of(key), name


def test_every_key_of_a_profile_and_every_setting_type_is_explained() -> None:
    text = chapter("# A profile: `catalogue/<application>.yml`")
    said = rows(text)
    keys = {name: key for name, key in keys_of(PROFILE) if name.split(".")[0] not in SECTIONS}
    keys.pop("settings.default")  # any value
    assert mistakes(said, keys, elsewhere=frozenset({*SETTING_TYPES, "settings.default"})) == []
    assert SETTING_TYPES.keys() <= said.keys()


def test_the_objectives_are_explained() -> None:
    said = rows(chapter("## A service"))
    assert {f"objectives.{name}" for name in OBJECTIVES.keys} <= said.keys()


def test_the_declarations_in_it_load(declare: Declare) -> None:
    declarations = [block for block in BLOCKS if block.startswith("plugin:")]
    assert [len(declare(block)) for block in declarations] == [1] * len(declarations)


def test_the_profiles_in_it_load(tmp_path: Path) -> None:
    profiles = [block for block in BLOCKS if block.startswith("title:")]
    assert len(profiles) == 3
    for number, profile in enumerate(profiles):
        (tmp_path / f"wiki_{number}.yml").write_text(profile, encoding="utf-8")
        reading = Reading("")
        assert Catalogue(tmp_path).profile(f"wiki_{number}", reading), reading.faults


@pytest.mark.parametrize("start", ["exemptions:", "service_declaration:"])
def test_what_a_service_may_say_besides_loads(tmp_path: Path, start: str) -> None:
    (block,) = (block for block in BLOCKS if block.startswith(start))
    said = yaml.safe_load(block)
    newsletter = load(tmp_path, said.get("service_declaration", said))
    assert newsletter.name == "newsletter"


def load(folder: Path, said: dict[str, object]) -> Service:
    """Read the manual's newsletter with further keys."""
    document = yaml.safe_load(next(block for block in BLOCKS if block.startswith("plugin:")))
    document["services"]["newsletter"].update(said)
    file = folder / "services.probealarm.yml"
    file.write_text(yaml.safe_dump(document), encoding="utf-8")
    day = LONG_BEFORE_ANY_EXEMPTION_EXPIRES
    (service,) = load_services(file, CATALOGUE, Inventory(HOSTS, GROUPS), today=day)
    return service


def test_every_block_in_it_is_tried() -> None:
    starts = ("plugin:", "title:", "exemptions:", "service_declaration:")
    assert [block for block in BLOCKS if not block.startswith(starts)] == []


def test_a_key_that_is_missing_or_stale_is_found() -> None:
    keys = dict(keys_of(SECTIONS["exports"].shape))
    said = rows(chapter("## `exports`"))
    assert mistakes(said, keys, elsewhere=frozenset()) == []
    said["colums"] = said.pop("columns")
    said["key"] = ["", "the columns"]
    assert mistakes(said, keys, elsewhere=frozenset()) == [
        "columns has no row",
        "colums does not exist",
        "key says '' and is 'required'",
    ]


def test_variants_are_read_by_the_tests_above_alone() -> None:
    """A further section with kinds would be passed over without a word."""
    of_kinds = [
        name
        for name, section in SECTIONS.items()
        if isinstance(section.shape, MapOf) and isinstance(section.shape.value, Variants)
    ]
    assert of_kinds == ["stores", "checks"]
