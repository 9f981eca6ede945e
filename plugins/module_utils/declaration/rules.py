# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What may be asked of a restored copy: the kinds of checks, and secrets.

Here stands how a rule is written; what comes of it, and how it is judged, is the matter of
:mod:`..checks`, whose kinds carry the same names.
"""

from __future__ import annotations

from .scalars import Duration, OneOf, TruthValue
from .schema import Key, ListOf, MapOf, Record, Variants
from .vocabulary import (
    COUNT,
    EXPRESSION,
    PATH_PATTERN,
    PLAIN_PATH,
    QUERY,
    RULE_NAME,
    SENTENCE,
    STORE_NAME,
    TOLERANCE_PERCENT,
    UNIT,
    WORDS,
)

_TITLE = Key(SENTENCE, "title: a sentence that says what holds when all is well", required=True)
_STORE = Key(STORE_NAME, "store: which store answers the query", required=True)
_QUERY = Key(QUERY, "query: the statement", required=True)
_UNIT = Key(UNIT, "unit: what is counted", required=True)
_AT_LEAST = Key(COUNT, "the smallest number that is right")
_AT_MOST = Key(COUNT, "the largest number that is right")
_AT_MOST_BEHIND = Key(
    Duration(), "at_most_behind: 7d (how much older than the snapshot)", required=True
)
_FILES = Key(ListOf(PATH_PATTERN, at_least=1), "files: patterns of absolute paths", required=True)
_FILE = Key(PATH_PATTERN, "file: an absolute path or pattern", required=True)
_PATTERN = Key(EXPRESSION, "pattern: a regular expression, ^ and $ at each line", required=True)
_BELOW = Key(PLAIN_PATH, "below: the directory that paths are relative to", required=True)
_TYPE = Key(OneOf("type", ("file", "folder")), "file or folder", default="file")
_TOLERANCE = Key(TOLERANCE_PERCENT, "how many percent may be wrong", default=0)
_ASKED = {"title": _TITLE, "store": _STORE, "query": _QUERY}

CHECK_KINDS: dict[str, Record] = {
    kind: Record(f"a check of kind {kind}", keys, some_of=some_of)
    for kind, keys, some_of in (
        (
            "number",
            {**_ASKED, "unit": _UNIT, "at_least": _AT_LEAST, "at_most": _AT_MOST},
            ("at_least", "at_most"),
        ),
        (
            "no_rows",
            {
                **_ASKED,
                "unit": _UNIT,
                "at_most": Key(COUNT, "how many such rows are tolerated", default=0),
            },
            (),
        ),
        (
            "freshness",
            {
                **_ASKED,
                "reads": Key(
                    OneOf("notation", ("utc", "epoch_seconds", "epoch_milliseconds")),
                    "how the answer writes a time",
                    default="utc",
                ),
                "at_most_behind": _AT_MOST_BEHIND,
            },
            (),
        ),
        (
            "files_fresh",
            {"title": _TITLE, "files": _FILES, "at_most_behind": _AT_MOST_BEHIND},
            (),
        ),
        (
            "rows_have_files",
            {
                **_ASKED,
                "columns": Key(
                    ListOf(
                        OneOf("column", ("path", "bytes", "sha256", "sha1_base36", "id")),
                        at_least=1,
                    ),
                    "columns: what the query answers, path first",
                    required=True,
                ),
                "below": _BELOW,
                "type": _TYPE,
                "unit": _UNIT,
                "tolerance_percent": _TOLERANCE,
            },
            (),
        ),
        (
            "files_have_rows",
            {
                **_ASKED,
                "files": _FILES,
                "without": Key(ListOf(PATH_PATTERN), "patterns of files without rows", default=()),
                "below": _BELOW,
                "unit": _UNIT,
                "tolerance_percent": _TOLERANCE,
            },
            (),
        ),
        (
            "lines_have_files",
            {
                "title": _TITLE,
                "lines": Key(
                    Record(
                        "the lines",
                        {
                            "file": _FILE,
                            "pattern": _PATTERN,
                            "path": Key(
                                WORDS, r"path: what a match leads to, such as \2/\1", required=True
                            ),
                        },
                    ),
                    "lines: {file, pattern, path}",
                    required=True,
                ),
                "below": _BELOW,
                "type": _TYPE,
                "unit": _UNIT,
                "tolerance_percent": _TOLERANCE,
            },
            (),
        ),
        ("tables_exist", {**_ASKED, "unit": _UNIT}, ()),
        (
            "rows_match",
            {
                **_ASKED,
                "other_store": Key(STORE_NAME, "other_store: who knows them too", required=True),
                "other_query": Key(QUERY, "other_query: how it is asked", required=True),
                "unit": _UNIT,
            },
            (),
        ),
        ("unchanged", {**_ASKED, "unit": _UNIT}, ()),
        ("never_falls", {**_ASKED, "unit": _UNIT, "tolerance_percent": _TOLERANCE}, ()),
        (
            "file_number",
            {
                "title": _TITLE,
                "files": _FILES,
                "at_least": _AT_LEAST,
                "at_most": _AT_MOST,
                "unit": _UNIT,
            },
            ("at_least", "at_most"),
        ),
        ("file_holds", {"title": _TITLE, "file": _FILE, "pattern": _PATTERN}, ()),
        ("file_lacks", {"title": _TITLE, "file": _FILE, "pattern": _PATTERN}, ()),
        (
            "maildir",
            {
                "title": _TITLE,
                "below": _BELOW,
                "sizes": Key(
                    TruthValue(),
                    "false: messages are compressed or encrypted, so that the size in their name "
                    "is another one",
                    default=True,
                ),
                "unit": _UNIT,
            },
            (),
        ),
        (
            "dkim_keys",
            {
                "title": _TITLE,
                "keys": Key(PATH_PATTERN, "keys: which files are private keys", required=True),
            },
            (),
        ),
    )
}
CHECKS = MapOf("a mapping of checks", RULE_NAME, Variants("check", CHECK_KINDS))

SECRETS = MapOf(
    "a mapping of secrets",
    RULE_NAME,
    Record(
        "a secret",
        {
            "title": Key(SENTENCE, "title: what it is", required=True),
            "lost_without": Key(SENTENCE, "lost_without: what is lost with it", required=True),
            "file": Key(PATH_PATTERN, "the file that holds it"),
            "pattern": Key(
                EXPRESSION, "a regular expression with one group: the secret in the file"
            ),
            "store": Key(STORE_NAME, "the store that holds it"),
            "query": Key(QUERY, "the statement that answers with it"),
        },
        one_of=(("file",), ("store", "query")),
    ),
)
