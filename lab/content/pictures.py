"""Small pictures in a real format, without a picture library."""

from __future__ import annotations

import random
import struct
import zlib

_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(chance: random.Random, width: int, height: int) -> bytes:
    """Paint soft diagonal stripes in two invented colours and encode them as PNG."""
    start, end = (tuple(chance.randrange(256) for _ in range(3)) for _ in range(2))
    period = chance.randint(24, 96)
    line = b"".join(
        bytes(a + (b - a) * (x % period) // period for a, b in zip(start, end, strict=True))
        for x in range(width + period)
    )
    slant = chance.randint(1, 3)
    body = b"".join(b"\0" + line[3 * (y * slant % period) :][: 3 * width] for y in range(height))
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        _SIGNATURE
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(body, 6))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    checksum = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", checksum)
