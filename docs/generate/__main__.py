"""Writes the documents that are made from the code and the catalogue: ``python3 -m docs.generate``.

Each is committed, so that people and editors have it without running anything; tests compare.
"""

from __future__ import annotations

import sys

from docs.generate.documents import DOCUMENTS, ROOT


def main() -> int:
    """Write every document that is not as it should be, and say so."""
    for name, made in DOCUMENTS.items():
        path, text = ROOT / name, made()
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{name} is written anew\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
