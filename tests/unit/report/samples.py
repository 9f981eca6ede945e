"""Invented standings that the tests of the report share."""

from __future__ import annotations

from datetime import UTC, datetime

from plugins.module_utils.report.page import html_page

MADE_AT = datetime(2026, 11, 22, 4, 5, tzinfo=UTC)


def record(**changes: object) -> dict[str, object]:
    """Return a proven newsletter, changed where a test wants it."""
    return {
        "service": "newsletter",
        "level": "L4",
        "verdict": "proven",
        "reasons": [],
        "snapshot": "a1b2c3d4",
        "taken_at": "2026-11-22T02:30:05+00:00",
        "drilled_at": "2026-11-22T03:31:00+00:00",
        "age_seconds": 3600,
        "rpo_seconds": 86_400,
        "restore_seconds": 41.2,
        "rto_seconds": 1800,
        "tables_compared": 38,
        "rows_compared": 412_345,
        "files_compared": 120,
        "bytes_compared": 1_234_567,
        "checks_judged": 12,
        "steps": [{"name": "restore files", "seconds": 2.1}, {"name": "load", "seconds": 8.4}],
        "notes": ["MariaDB 11.8.6 into 11.8.6"],
        **changes,
    }


NEVER_DRILLED = {
    "service": "mail",
    "verdict": "unproven",
    "level": None,
    "reasons": ["never drilled"],
    "snapshot": None,
    "age_seconds": None,
    "rpo_seconds": 86_400,
    "rto_seconds": 1800,
}


#: A name as a damaged or hostile backup may hold it.
HOSTILE = '<script>alert("x")</script>\x1b[2J\n\udcff'


def page(*records: dict[str, object]) -> str:
    return html_page(records, made_at=MADE_AT)
