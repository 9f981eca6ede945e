# Copyright: (c) The Probealarm contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The public half of an RSA private key, with nothing but the standard library.

A private key in PEM is DER in Base64: PKCS#1 (RFC 8017, A.1.2) holds the numbers themselves, PKCS#8
(RFC 5208) wraps that with the name of the algorithm. Both hold modulus and exponent.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator

from ..errors import Trouble

PEM = re.compile(r"-----BEGIN ((?:[A-Z0-9]+ )*)PRIVATE KEY-----\s+([A-Za-z0-9+/=\s]+?)\s*-----END")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
PUBLIC = re.compile(r"(?:^|;)\s*p\s*=\s*([A-Za-z0-9+/=\s]*)")
RSA_ENCRYPTION = bytes.fromhex("06092a864886f70d010101")
NULL = bytes.fromhex("0500")
INTEGER, BIT_STRING, SEQUENCE = 0x02, 0x03, 0x30


class OtherKind(Trouble):
    """A private key that is not RSA's."""


def public_key(pem: str) -> tuple[bytes, bytes]:
    """Derive the public key: as SubjectPublicKeyInfo, and as the bare RSAPublicKey.

    Records hold the former (what opendkim-genkey writes); RFC 6376, 3.6.1 names the latter.

    Raises:
        OtherKind: it is not an RSA key, or locked with a passphrase.
        Trouble: it is no private key.
    """
    found = PEM.search(pem)
    if found is None:
        raise Trouble("this is no private key in PEM")
    if found[1] not in {"", "RSA "}:
        raise OtherKind("this is not an RSA key")
    fields = list(_values(_first(_decoded(found[2]))))
    if not found[1]:
        if len(fields) < 3 or not fields[1][1].startswith(RSA_ENCRYPTION):
            raise OtherKind("this is not an RSA key")
        fields = list(_values(_first(fields[2][1])))
    if len(fields) < 9 or any(tag != INTEGER for tag, _ in fields[:3]):
        raise Trouble("this is no RSA private key")
    bare = _value(SEQUENCE, _value(INTEGER, fields[1][1]) + _value(INTEGER, fields[2][1]))
    algorithm = _value(SEQUENCE, RSA_ENCRYPTION + NULL)
    return _value(SEQUENCE, algorithm + _value(BIT_STRING, b"\0" + bare)), bare


def published(record: str) -> bytes:
    """Read the public key from a zone file's TXT record: ``p=`` in the joined quoted texts.

    Raises:
        Trouble: there is none.
    """
    found = PUBLIC.search("".join(QUOTED.findall(record)))
    if found is None:
        raise Trouble("this record publishes no key")
    return _decoded(found[1])


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise Trouble("this is not Base64") from None


def _first(der: bytes) -> bytes:
    return next((content for _, content in _values(der)), b"")


def _values(der: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield tag and content of each value (ITU-T X.690, 8.1).

    Raises:
        Trouble: it is cut off.
    """
    position = 0
    while position < len(der):
        tag, length, position = der[position], der[position + 1 : position + 2], position + 2
        size = int.from_bytes(length)
        if size & 0x80:
            digits = size & 0x7F
            size = int.from_bytes(der[position : position + digits])
            position += digits
        if not length or position + size > len(der):
            raise Trouble("this key is cut off")
        yield tag, der[position : position + size]
        position += size


def _value(tag: int, content: bytes) -> bytes:
    """Write one value."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    digits = size.to_bytes((size.bit_length() + 7) // 8)
    return bytes([tag, 0x80 | len(digits)]) + digits + content
