"""The one kind of failure that a person at the terminal is shown as a sentence."""

from __future__ import annotations


class LabError(Exception):
    """Something a person can mend: what is wrong, what was seen, what to do."""
