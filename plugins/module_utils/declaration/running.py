# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The sections about what runs: before a snapshot, on a living copy, and after a restore."""

from __future__ import annotations

from .scalars import Duration, OneOf, WholeNumber
from .schema import Key, ListOf, MapOf, Record
from .vocabulary import (
    LINES,
    PLAIN_PATH,
    PROGRAM_ARGUMENT,
    QUERY,
    RULE_NAME,
    SENTENCE,
    STORE_NAME,
    URL_PATH,
    USER_NAME,
    VARIABLE_NAME,
    WORDS,
)

_PROGRAM = ListOf(PROGRAM_ARGUMENT, at_least=1, unique=False)
_RUN = Key(_PROGRAM, "run: [program, argument, ...]", required=True)
_USER = Key(USER_NAME, "the account that runs it; root where it is not said")
_STEPS = ListOf(Record("a step", {"run": _RUN, "user": _USER}), at_least=1, unique=False)

QUIESCE = Record(
    "quiesce",
    {
        "reason": Key(
            SENTENCE, "reason: why a copy of the running service is not enough", required=True
        ),
        "hold": Key(_STEPS, "hold: what stops the service from writing", required=True),
        "resume": Key(
            _STEPS, "resume: what lets it go on; harmless where it goes on already", required=True
        ),
        "at_most": Key(Duration(), "at_most: 10m (then it goes on in any case)", required=True),
    },
)

PROBES = MapOf(
    "a mapping of probes",
    RULE_NAME,
    Record(
        "a probe",
        {
            "title": Key(SENTENCE, "title: what the application shows it can do", required=True),
            "request": Key(
                Record(
                    "a request",
                    {
                        "path": Key(URL_PATH, "path: /what-is-asked-for", required=True),
                        "method": Key(
                            OneOf("method", ("GET", "HEAD", "POST", "PUT", "PROPFIND", "REPORT")),
                            "the HTTP method",
                            default="GET",
                        ),
                        "headers": Key(
                            MapOf("a mapping of headers", WORDS, WORDS), "headers", default={}
                        ),
                        "body": Key(LINES, "what is sent"),
                    },
                ),
                "what the application is asked over HTTP",
            ),
            "run": Key(_PROGRAM, "a program of the application that is asked"),
            "user": _USER,
            "expect": Key(
                Record(
                    "what is expected",
                    {
                        "status": Key(WholeNumber(0, 599), "the HTTP status", default=200),
                        "contains": Key(ListOf(WORDS), "texts that the answer has", default=()),
                        "lacks": Key(
                            ListOf(WORDS),
                            "texts that the answer has not, those of an installer for example",
                            default=(),
                        ),
                        "json": Key(
                            ListOf(WORDS),
                            "JMESPath expressions over the JSON answer, each of which is true",
                            default=(),
                        ),
                    },
                    some_of=("contains", "json"),
                ),
                "expect: what the answer holds",
                required=True,
            ),
        },
        one_of=(("request",), ("run",)),
    ),
)

SIDE_EFFECTS = MapOf(
    "a mapping of side effects",
    RULE_NAME,
    Record(
        "a side effect",
        {
            "does": Key(SENTENCE, "does: what a living copy would do", required=True),
            "block": Key(
                ListOf(
                    Record(
                        "a block",
                        {
                            "environment": Key(
                                MapOf("a mapping of variables", VARIABLE_NAME, WORDS),
                                "variables that the copy is started with",
                            ),
                            "statement": Key(
                                Record(
                                    "a statement",
                                    {
                                        "store": Key(STORE_NAME, "store: where", required=True),
                                        "sql": Key(QUERY, "sql: what changes", required=True),
                                    },
                                ),
                                "what is changed in the copy's database before it starts",
                            ),
                            "file": Key(
                                Record(
                                    "a file",
                                    {
                                        "path": Key(PLAIN_PATH, "path: where", required=True),
                                        "content": Key(LINES, "content: what", required=True),
                                    },
                                ),
                                "what is written into the copy's files before it starts",
                            ),
                            "not_started": Key(
                                ListOf(WORDS, at_least=1),
                                "units, cron lines and containers that stay off",
                            ),
                        },
                        one_of=(("environment",), ("statement",), ("file",), ("not_started",)),
                    ),
                    at_least=1,
                ),
                "block: how it is kept from that",
                required=True,
            ),
        },
    ),
)

AFTER_RESTORE = MapOf(
    "a mapping of steps",
    RULE_NAME,
    Record(
        "a step after a restore",
        {
            "run": _RUN,
            "user": _USER,
            "reason": Key(SENTENCE, "reason: what it is for", required=True),
            "when": Key(
                OneOf("occasion", ("restore", "drill", "both")),
                "restore (a real one), drill (on a copy) or both",
                default="both",
            ),
        },
    ),
)
