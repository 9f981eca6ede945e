"""docs/declaration.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from plugins.module_utils.declaration.catalogue import SETTING_TYPES, Catalogue, Setting
from plugins.module_utils.declaration.faults import Reading
from plugins.module_utils.declaration.stores import STORE_KINDS
from tests.unit.declaration.conftest import CATALOGUE, Declare

MANUAL = (Path(__file__).parents[3] / "docs/declaration.md").read_text()


def row(profile: str, setting: Setting) -> str:
    default = "required"
    if setting.default is not None:
        default = f"`{setting.default.text}`" if setting.default.text else '`""`'
    return f"| `{profile}` | `{setting.name}` | {default} | {setting.help} |"


def test_the_table_of_settings_is_the_catalogue_s() -> None:
    table = MANUAL.split("<!-- settings")[1].split("<!-- /settings -->")[0]
    catalogue = Catalogue(CATALOGUE)
    rows = []
    for name in catalogue.names():
        profile = catalogue.profile(name, Reading(""))
        assert profile is not None
        rows += [row(name, setting) for setting in profile.settings.values()]
    assert table.strip().splitlines()[3:] == rows


def test_every_key_of_a_store_and_every_setting_type_is_explained() -> None:
    keys = {key for kind in STORE_KINDS.values() for key in kind.keys}
    missing = [key for key in (*keys, *SETTING_TYPES) if f"| `{key}` |" not in MANUAL]
    assert missing == []


def test_the_declarations_and_the_profile_in_it_load(declare: Declare, tmp_path: Path) -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", MANUAL, re.DOTALL)
    declarations = [block for block in blocks if block.startswith("plugin:")]
    assert [len(declare(block)) for block in declarations] == [1, 1]
    (profile,) = (block for block in blocks if block.startswith("title:"))
    (tmp_path / "wiki.yml").write_text(profile)
    reading = Reading("")
    assert Catalogue(tmp_path).profile("wiki", reading)
    assert reading.faults == []
