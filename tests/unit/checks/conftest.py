"""What all tests of checks share."""

from __future__ import annotations

import functools
import hashlib

import pytest


@pytest.fixture(autouse=True)
def fingerprints_of_the_same_secret_are_made_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fingerprints are dear on purpose, and the tests take many of the same few secrets."""
    monkeypatch.setattr(hashlib, "pbkdf2_hmac", FINGERPRINTS)


FINGERPRINTS = functools.cache(hashlib.pbkdf2_hmac)
