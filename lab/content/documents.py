"""Small documents in a real format, for attachments and downloads."""

from __future__ import annotations

from collections.abc import Sequence

WIDTH = 90


def pdf(paragraphs: Sequence[str]) -> bytes:
    """Set ``paragraphs`` on one page of a PDF that every reader opens."""
    rows = [row for paragraph in paragraphs for row in (*_wrapped(paragraph), "")]
    shown = b"".join(b"(" + _escaped(row) + b") Tj T*\n" for row in rows)
    stream = b"BT /F1 10 Tf 14 TL 50 790 Td\n" + shown + b"ET"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table, len(objects) + 1, len(file))
    )


def _wrapped(paragraph: str) -> list[str]:
    rows, row = [], ""
    for word in paragraph.split():
        if row and len(row) + len(word) >= WIDTH:
            rows.append(row)
            row = word
        else:
            row = f"{row} {word}".strip()
    return [*rows, row]


def _escaped(row: str) -> bytes:
    plain = row.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return plain.encode("cp1252", errors="replace")
