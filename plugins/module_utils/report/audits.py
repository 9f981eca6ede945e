# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The audit's part of the report: what the newest audits say, below the services."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from textwrap import wrap

from .table import WIDTH
from .words import printable

COVERED = "Nothing is unclaimed, and every host was audited in time."


def below_table(table: str, reasons: Sequence[str]) -> str:
    """Add what the audits say to the report for a terminal."""
    if not reasons:
        return f"{table}\n\n{COVERED}"
    said = ["The coverage audit needs somebody:"]
    for reason in reasons:
        said += wrap(printable(reason), WIDTH, initial_indent="  - ", subsequent_indent="    ")
    return "\n".join([table, "", *said])


def in_page(page: str, reasons: Sequence[str]) -> str:
    """Add what the audits say to the page, as its last section."""
    said = "".join(f"<li>{escape(printable(reason))}</li>" for reason in reasons)
    body = f"<ul>{said}</ul>" if reasons else f"<p>{COVERED}</p>"
    section = f"<section><h2>Coverage: is all that lives there saved?</h2>{body}</section>\n"
    before, end, after = page.rpartition("</main>")
    return f"{before}{section}{end}{after}"
