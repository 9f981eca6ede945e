"""Whatever is wrong is said with line, service, key, what was seen and what to do; all at once."""

from __future__ import annotations

import pytest

from tests.unit.declaration.conftest import Refusals

SOUND = """\
plugin: probealarm.recovery.services
drill_host: judy
services:
  newsletter:
    profile: mautic
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    database: {name: mautic, prefix: ""}
    path: /srv/newsletter
    stores:
      files:
        required: [/srv/newsletter/media/logo.svg]
"""

OTHER = """\
  other:
    profile: files
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    path: /srv/other
"""


@pytest.mark.parametrize(
    ("mistake", "line", "key", "said"),
    [
        # Unknown keys at every depth.
        (("drill_host: judy", "drill_hosts: judy"), 2, "drill_hosts", "valid key is drill_host"),
        (("    path:", "    paht:"), 9, "paht", "does not exist in a service of profile mautic"),
        (("    path:", "    paht:"), 9, "paht", "(seen: '/srv/newsletter')"),
        (("    path:", "    paht:"), 9, "paht", "the nearest valid key is path"),
        (("    host: nick", "    host: nick\n    rpo: 24h"), 7, "rpo", "key is objectives.rpo"),
        (("rto: 30m", "rto: 30m, rtto: 1h"), 7, "objectives.rtto", "valid key is rto"),
        (("prefix:", "perfix:"), 8, "database.perfix", "valid key is prefix"),
        (("prefix:", "port:"), 8, "database.port", "does not exist in database of profile mautic"),
        (("required:", "requierd:"), 12, "stores.files.requierd", "valid key is required"),
        # What does not exist.
        (("mautic\n", "mautik\n"), 5, "profile", "the nearest valid profile is mautic"),
        (("mautic\n", "zulip\n"), 5, "profile", "valid: compose, debian_host, files"),
        (("host: nick", "host: nik"), 6, "host", "the nearest valid host is nick"),
        (("drill_host: judy", "drill_host: jude"), 2, "drill_host", "valid host is judy"),
        (("      files:", "      flies:"), 11, "stores.flies", "the nearest valid store is files"),
        # Missing.
        (("    profile: mautic\n", ""), 4, "profile", "is missing"),
        (("    host: nick\n", ""), 4, "host", "is missing; add host"),
        (("drill_host: judy\n", ""), 3, "drill_host", "here or at the top of the file"),
        (("rpo: 24h, ", ""), 7, "objectives.rpo", "is missing; add rpo: 24h"),
        (("    path: /srv/newsletter\n", ""), 4, "path", "is missing; add path: the directory"),
        (("plugin: probealarm.recovery.services\n", ""), 1, "plugin", "is missing"),
        # Wrong types and units.
        (("rpo: 24h", "rpo: 24"), 7, "objectives.rpo", "'24' is not a duration"),
        (("rpo: 24h", "rpo: 24 hours"), 7, "objectives.rpo", "for example 30m, 24h or 7d"),
        (("rpo: 24h", "rpo: 0h"), 7, "objectives.rpo", "no time at all"),
        (("rpo: 24h", "rpo: [24h]"), 7, "objectives.rpo", "seen: a list of 1 value"),
        (("{rpo: 24h, rto: 30m}", "24h"), 7, "objectives", "is not the objectives (seen: '24h')"),
        (("name: mautic", "name: no"), 8, "database.name", "seen: no, a truth value"),
        (("name: mautic", "name: 2024"), 8, "database.name", "write '2024'"),
        (("name: mautic", "name: ~"), 8, "database.name", "seen: nothing"),
        (("[/srv/newsletter/media/logo.svg]", "x"), 12, "stores.files.required", "is not a list"),
        (
            ("required:", "largest_loss_percent: 101 #"),
            12,
            "stores.files.largest_loss_percent",
            "0 to",
        ),
        (
            ("required:", "largest_loss_percent: 5.5 #"),
            12,
            "stores.files.largest_loss_percent",
            "5.5",
        ),
        (("required:", "paths: [3] #"), 12, "stores.files.paths", "seen: 3, a whole number"),
        # Paths.
        (("path: /srv/newsletter", "path: srv/newsletter"), 9, "path", "is not an absolute path"),
        (("path: /srv/newsletter", "path: /srv/../newsletter"), 9, "path", "not written plainly"),
        (("path: /srv/newsletter", "path: /srv/newsletter/"), 9, "path", "not written plainly"),
        (("path: /srv/newsletter", "path: //srv/newsletter"), 9, "path", "not written plainly"),
        (("path: /srv/newsletter", "path: /"), 9, "path", "longer than that"),
        (("path: /srv/newsletter", "path: /srv/*"), 9, "path", "has a wildcard"),
        (("path: /srv/newsletter", "path: /proc/1"), 9, "path", "the kernel invents"),
        (("path: /srv/newsletter", 'path: "/srv/a\\nb"'), 9, "path", "is not an absolute path"),
        (("path: /srv/newsletter", "path: /srv/$HOME"), 9, "path", "is not an absolute path"),
        (("path: /srv/newsletter", "path: '{{ x }}'"), 9, "path", "is not an absolute path"),
        (
            ("media/logo.svg]", "m, /etc/x]"),
            12,
            "stores.files.required",
            "none of this store's paths",
        ),
        (("media/logo.svg]", "var/cache/a]"), 12, "stores.files.required", "is left out by"),
        (
            (
                "required: [/srv/newsletter/media/logo.svg]",
                "regenerable: [{path: /srv/newslettr/tmp, reason: temporary}]",
            ),
            12,
            "stores.files.regenerable",
            "lies in none of this store's paths (/srv/newsletter)",
        ),
        (
            (
                "required: [/srv/newsletter/media/logo.svg]",
                "regenerable: [{path: /srv/newsletter, reason: all of it}]",
            ),
            12,
            "stores.files.regenerable",
            "would leave out /srv/newsletter, which this store saves",
        ),
        (
            (
                "required: [/srv/newsletter/media/logo.svg]",
                "regenerable: [{path: /srv/newsletter/tmp}]",
            ),
            12,
            "stores.files.regenerable.reason",
            "is missing; add why losing it costs nothing",
        ),
        (
            ("required: [/srv", "paths: [/srv/newsletter/media, /srv"),
            12,
            "stores.files.paths",
            "(seen: '/srv/newsletter/media')",
        ),
        (
            ("[/srv/newsletter/media/logo.svg]", "['{paht}/x']"),
            12,
            "stores.files.required",
            "is path",
        ),
        # Names that would break a path, an argument or SQL.
        (("name: mautic", "name: 'a`b'"), 8, "database.name", "is not a database name"),
        (("name: mautic", "name: 'x; drop table y'"), 8, "database.name", "is not a database name"),
        (("name: mautic", "name: --all-databases"), 8, "database.name", "is not a database name"),
        (("name: mautic", f"name: {'a' * 64}"), 8, "database.name", "at most 63"),
        (("name: mautic", "name: mysql"), 8, "database.name", "database of the server itself"),
        (('prefix: ""', "prefix: a-"), 8, "database.prefix", "is not a table prefix"),
        (("      files:", "      ../x:"), 11, "stores.../x", "is not a store name"),
        # Stores.
        (("required:", "kind: mariadb #"), 12, "stores.files.kind", "differs from profile mautic"),
        (
            ("      files:", "      more:\n        kind: mysql"),
            12,
            "stores.more.kind",
            "valid: files",
        ),
        (("required:", "paths: [/srv/newsletter] #"), 12, "stores.files.paths", "is listed twice"),
        # A drill on the machine that is protected.
        (("drill_host: judy", "drill_host: nick"), 6, "drill_host", "the very host"),
    ],
)
def test_one_mistake_is_one_clear_error(
    refusals: Refusals, mistake: tuple[str, str], line: int, key: str, said: str
) -> None:
    old, new = mistake
    assert old in SOUND
    errors = refusals(SOUND.replace(old, new, 1))
    place = f"services.probealarm.yml:{line}: "
    whose = f"key {key}: "
    matching = [e for e in errors if e.startswith(place) and whose in e and said in e]
    assert len(matching) == 1, errors


@pytest.mark.parametrize(
    "name",
    [
        *("Newsletter", "news letter", "-x", "9lives", "news/letter", "../etc", "news_letter"),
        *("a" * 64, "'a;b'", '"a\\0b"', "ä"),
    ],
)
def test_a_service_name_that_would_break_a_path_is_refused(refusals: Refusals, name: str) -> None:
    errors = refusals(SOUND.replace("newsletter:", f"{name}:"))
    assert any("is not a service name" in error for error in errors)


@pytest.mark.parametrize(("name", "what"), [("nick", "host"), ("protected", "group")])
def test_a_service_never_takes_a_name_that_is_taken(
    refusals: Refusals, name: str, what: str
) -> None:
    (error,) = refusals(SOUND.replace("newsletter:", f"{name}:"))
    assert f"has the name of a {what} of this inventory" in error


def test_every_error_of_a_file_is_reported_at_once(refusals: Refusals) -> None:
    text = (
        SOUND.replace("mautic\n", "mautik\n")
        .replace("host: nick", "host: nik")
        .replace("24h", "24")
        .replace("prefix:", "perfix:")
        .replace("/srv/newsletter\n", "srv\n")
        .replace("required", "requierd")
    ) + OTHER.replace("path: /srv/other", "path: /srv//other")
    errors = refusals(text)
    lines = [int(error.split(":")[1]) for error in errors]
    assert lines == [5, 6, 7, 8, 9, 12, 17]
    assert all("service newsletter, key " in error for error in errors[:-1])


def test_a_misspelt_profile_does_not_hide_the_other_errors_of_its_service(
    refusals: Refusals,
) -> None:
    errors = refusals(SOUND.replace("mautic\n", "mautik\n").replace("    path:", "    paht:"))
    assert [error.split(":")[1] for error in errors] == ["4", "5", "9"]


def test_two_services_cannot_claim_one_database(refusals: Refusals) -> None:
    text = (
        SOUND
        + """\
  copy:
    profile: mariadb
    host: nick
    objectives: {rpo: 24h, rto: 30m}
    database:
      name: mautic
      socket: /var/run/mysqld/mysqld.sock
"""
    )
    (error,) = refusals(text)
    assert error.startswith(
        "services.probealarm.yml:18: service copy, key stores.database.database"
    )
    assert "already claimed by store database of service newsletter on line 8" in error


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/srv/newsletter", "is already saved by store files of service newsletter"),
        ("/srv/newsletter/media", "lies in /srv/newsletter, which is saved by store files of"),
    ],
)
def test_two_services_cannot_save_one_path(refusals: Refusals, path: str, said: str) -> None:
    (error,) = refusals(SOUND + OTHER.replace("/srv/other", path))
    assert error.startswith("services.probealarm.yml:17: service other, key stores.files.paths: ")
    assert said in error


def test_a_path_around_another_service_s_is_found_whichever_comes_first(refusals: Refusals) -> None:
    (error,) = refusals(SOUND + OTHER.replace("/srv/other", "/srv"))
    assert "service newsletter" in error
    assert "lies in /srv, which is saved by store files of service other" in error


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "1: is empty"),
        (b"# only a comment\n\n", "1: is empty"),
        (b"---\n", "1: is empty"),
        (b"- a\n- b\n", "1: has no keys at its top level (seen: a list of 2 values)"),
        (b"a: b\n---\nc: d\n", "3: starts a second YAML document"),
        (b"a: b\nc: \xfc\n", "2: is not UTF-8 (seen: byte 0xfc); save the file as UTF-8"),
        ("plugin: ü\n".encode("utf-16"), "1: is not UTF-8"),
        (b"a: \x00\n", "1: is not YAML"),
        (b'a:\n  b: "c\n', "3: is not YAML"),
        (b"a: b: c\n", "1: is not YAML: mapping values are not allowed in this context"),
        (b"#" * 5_000_001, "1: is larger than 5 MB"),
        (b"[" * 4_000_000, "1: is nested deeper than 20 levels"),
        (b"$ANSIBLE_VAULT;1.1;AES256\n6162\n", "1: is encrypted as a whole"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_in_one_sentence(
    refusals: Refusals, content: bytes, said: str
) -> None:
    (error,) = refusals(content)
    assert error.startswith(f"services.probealarm.yml:{said}")


def test_every_tab_is_named(refusals: Refusals) -> None:
    errors = refusals("plugin: x\nservices:\n\ta:\n\t\tprofile: b\n  c: d\n")
    assert errors == [
        "services.probealarm.yml:3: is indented with a tab; indent with spaces",
        "services.probealarm.yml:4: is indented with a tab; indent with spaces",
    ]


def test_a_file_of_five_megabytes_is_read_without_hurry_or_harm(refusals: Refusals) -> None:
    (error,) = refusals(SOUND.replace("24h", "24") + "# " + "x" * 4_900_000 + "\n")
    assert "'24' is not a duration" in error


@pytest.mark.parametrize("services", ["services:\n", "services: {}\n", "services: []\n"])
def test_a_file_without_services_is_refused(refusals: Refusals, services: str) -> None:
    (error,) = refusals(f"plugin: probealarm.recovery.services\n{services}")
    assert error.startswith("services.probealarm.yml:2: key services: names no service")


def test_duplicate_keys_name_both_lines_at_every_depth(refusals: Refusals) -> None:
    text = SOUND.replace("    host: nick\n", "    host: nick\n    host: nick\n").replace(
        "name: mautic,", "name: mautic, name: other,"
    )
    errors = refusals(text)
    assert [error.split(": ", 1)[1] for error in errors] == [
        f"service newsletter, key {key}: is written twice, first on line {line}; keep one of them"
        for key, line in (("host", 6), ("database.name", 9))
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("*anchor", "is an alias, which is not understood here (seen: *anchor)"),
        ("!vault secret", "(seen: !vault); secrets belong into host_vars"),
        ("!!python/object/apply:os.system [id]", "carries a YAML tag"),
    ],
)
def test_yaml_beyond_plain_values_is_refused_once(
    refusals: Refusals, value: str, said: str
) -> None:
    (error,) = refusals(
        SOUND.replace("path: /srv/newsletter", f"path: {value}").split("    stores")[0]
    )
    assert error.startswith("services.probealarm.yml:9: service newsletter, key path: ")
    assert said in error
