# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Keep the names of people's own files off what another host shows.

What somebody calls a letter says what is in it. So of a home, and of a folder with mails, the host
that judges shows that something is in there, and not what: the audited host itself tells that.
"""

from __future__ import annotations

import re

OWN = r"/home/[^/{0}]+|/root|(?:/[^/{0}]+)*?/(?:[Mm]aildir|mail|mailboxes|mails|vmail)"
PATH = re.compile(rf"({OWN.format('')})/.", re.DOTALL)
INSIDE = r"\s,;:()"
IN_SENTENCE = re.compile(rf"(?<![^{INSIDE}])({OWN.format(INSIDE)})/[^{INSIDE}]+")


def folder_shown(path: str) -> str:
    """Shorten a path to the home, or the folder with mails, in which it lies; others stay."""
    found = PATH.match(path)
    return found[1] if found else path


def sentence_shown(sentence: str, subject: str) -> str:
    """Shorten such paths in a sentence; the subject as a whole, even with blanks in it."""
    if subject.startswith("/"):
        sentence = sentence.replace(subject, folder_shown(subject))
    return IN_SENTENCE.sub(r"\1", sentence)
