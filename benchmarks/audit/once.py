"""One audit of this machine in a process of its own: python3 -m benchmarks.audit.once FOLDER.

The folder holds ``contracts.json`` and ``settings.json``; the audit keeps its result there. Prints
what it took as JSON.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from plugins.module_utils.audit import procedure
from plugins.module_utils.host import LocalHost
from plugins.module_utils.settings import SnapshotSettings


def main(folder: Path) -> None:
    """Audit and print seconds, what they went to, and the peak of memory with the largest child."""
    procedure.FOLDER = folder / "kept"
    merged = json.loads((folder / "contracts.json").read_text("utf-8"))
    settings = SnapshotSettings(**json.loads((folder / "settings.json").read_text("utf-8")))
    began = time.perf_counter()
    audited = procedure.audit(
        LocalHost(), "nick", merged, settings, clock=lambda: datetime.now(UTC)
    )
    taken = time.perf_counter() - began
    peaks = [
        resource.getrusage(who).ru_maxrss // 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    ]
    unclaimed = [one.subject for one in audited.result.findings if one.state == "unclaimed"]
    result = {
        "seconds": round(taken, 2),
        "steps": audited.result.seconds,
        "entries": audited.result.entries,
        "peak_mb": sum(peaks),
        "own_peak_mb": peaks[0],
        "unclaimed": len(unclaimed),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
