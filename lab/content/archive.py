"""The package as one file that Python runs as it is, the same bytes for the same sources."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

PACKAGE = Path(__file__).parent
FIRST_MOMENT_OF_ZIP = (1980, 1, 1, 0, 0, 0)
START = "import sys\n\nfrom lab.content.__main__ import main\n\nsys.exit(main(sys.argv[1:]))\n"


def content() -> bytes:
    """Pack the package, its SQL and its PHP."""
    sources = sorted(
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in {".py", ".sql", ".php"} and path.is_file()
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        _add(archive, "__main__.py", START.encode())
        _add(archive, "lab/__init__.py", b"")
        for path in sources:
            _add(archive, f"lab/content/{path.relative_to(PACKAGE).as_posix()}", path.read_bytes())
    return packed.getvalue()


def _add(archive: zipfile.ZipFile, name: str, data: bytes) -> None:
    archive.writestr(
        zipfile.ZipInfo(name, FIRST_MOMENT_OF_ZIP), data, compress_type=zipfile.ZIP_DEFLATED
    )


def write(file: Path) -> bool:
    """Write the archive unless it is there already, and say whether it was written."""
    packed = content()
    if file.exists() and file.read_bytes() == packed:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(packed)
    return True
