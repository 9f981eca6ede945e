"""The failure that a person at the terminal is shown as a sentence."""

from __future__ import annotations


class FillError(Exception):
    """A service could not be filled: what is wrong, what was seen, what to do."""
