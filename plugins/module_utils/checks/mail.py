# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Rules about a mail server's files: messages on the disk, and the keys that sign them."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from glob import escape

from ..errors import Trouble
from ..manifest import FileEntry
from . import rsa
from .evidence import Check, Evidence, Files, Finding
from .words import not_so_for, parts

SIZE = re.compile(r"[,.]S=(\d+)(?=[,:.]|$)")
FLAGS = re.compile(r":2,([A-Za-z]*)$")
"""Dovecot manual, "Maildir Mailbox Format": ``,S=<bytes>`` in the name, flags behind ``:2,``; the
flag Z marks a message that was compressed after its size was written down."""

WITHOUT_RECORD, OTHER_KEY = "without a record beside them", "with the record of another key"
NOT_READ, NOT_RSA = "that cannot be read", "of a kind that only openssl pkey -pubout can judge"


@dataclass(frozen=True, kw_only=True)
class Maildir(Check):
    """Messages are never empty, and as long as their names say.

    Attributes:
        sizes: whether names tell the size on the disk; compressed or encrypted messages are of
            another one.
    """

    below: str
    unit: str
    sizes: bool = True

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        messages = [
            entry
            for entry in evidence.files.matching(f"{escape(self.below)}/*")
            if entry.type == "file" and entry.path.split("/")[-2] in {"cur", "new"}
        ]
        if not messages:
            return self.nothing_to_compare(evidence, self.unit)
        empty = sum(entry.bytes == 0 for entry in messages)
        cut = self.sizes * sum(
            entry.bytes != 0 and _size_of(entry) not in {None, entry.bytes} for entry in messages
        )
        if not empty + cut:
            return self.sound(len(messages))
        details = parts([(empty, "empty"), (cut, "of another size than in their name")])
        return self.objection(not_so_for(empty + cut, len(messages), self.unit, [details]))


@dataclass(frozen=True, kw_only=True)
class DkimKeys(Check):
    """Beside every private key stands the record that publishes its public key.

    Attributes:
        keys: pattern of the private keys, ``*.private``; opendkim-genkey writes the record of
            ``a.private`` into ``a.txt``.
    """

    keys: str

    def find(self, evidence: Evidence) -> Finding:
        """See :meth:`Check.find`."""
        keys = [entry.path for entry in evidence.files.matching(self.keys) if entry.type == "file"]
        if not keys:
            return self.objection("the copy has no such key")
        faults = [fault for key in keys if (fault := _fault(evidence.files, key))]
        if not faults:
            return Finding()
        order = (WITHOUT_RECORD, OTHER_KEY, NOT_READ, NOT_RSA)
        details = parts([(faults.count(fault), fault) for fault in order])
        return self.objection(not_so_for(len(faults), len(keys), "keys", [details]))


def _size_of(entry: FileEntry) -> int | None:
    """Read a message's size from its name; None where the name does not tell it."""
    name = posixpath.basename(entry.path)
    size, flags = SIZE.search(name), FLAGS.search(name)
    if size is None or (flags is not None and "Z" in flags[1]):
        return None
    return int(size[1])


def _fault(files: Files, key: str) -> str:
    record = files.entry(f"{key.removesuffix('.private')}.txt")
    if record is None or record.type != "file":
        return WITHOUT_RECORD
    try:
        wanted = rsa.public_key(files.read(key).decode("ascii", "replace"))
        published = rsa.published(files.read(record.path).decode("utf-8", "replace"))
    except rsa.OtherKind:
        return NOT_RSA
    except Trouble:
        return NOT_READ
    return "" if published in wanted else OTHER_KEY
