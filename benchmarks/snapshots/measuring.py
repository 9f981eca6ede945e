"""Measure one program with all that it starts: time, processor, memory and bytes sent."""

from __future__ import annotations

import resource
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

SECONDS_BETWEEN_LOOKS = 0.1
LIMIT_SECONDS = 3_600


@dataclass(frozen=True)
class Cost:
    """What a run cost on this host.

    Attributes:
        cpu_seconds: of the program and everything that it started.
        host_cpu_seconds: of all processes of this host, database servers included; its control
            group tells.
        peak_bytes: the most memory that the program and what it started held at one time. A page
            that several of them share counts once (PSS); looked at ten times a second.
        sent_bytes: by all interfaces but the loopback.
    """

    wall_seconds: float
    cpu_seconds: float
    host_cpu_seconds: float
    peak_bytes: int
    sent_bytes: int


def measure(argv: Sequence[str], env: Mapping[str, str]) -> tuple[Cost, str]:
    """Run a program and return what it cost and what it printed.

    Raises:
        SystemExit: it failed.
    """
    sent, of_host, cpu, began = _sent(), host_cpu(), _cpu_of_children(), time.monotonic()
    with subprocess.Popen(argv, env=dict(env), stdout=subprocess.PIPE, text=True) as program:
        watching = _Watch(program.pid)
        watching.start()
        printed, _ = program.communicate(timeout=LIMIT_SECONDS)
    wall = time.monotonic() - began
    if program.returncode != 0:
        sys.exit(f"{' '.join(argv)} ended with status {program.returncode}")
    watching.over.set()
    watching.join()
    cost = Cost(
        wall_seconds=round(wall, 2),
        cpu_seconds=round(_cpu_of_children() - cpu, 2),
        host_cpu_seconds=round(host_cpu() - of_host, 2),
        peak_bytes=watching.peak_bytes,
        sent_bytes=_sent() - sent,
    )
    return cost, printed


class _Watch(threading.Thread):
    """Looks at the memory of a program and all that it started, again and again."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.peak_bytes = 0
        self._pid = pid

    def run(self) -> None:
        while not self.over.wait(SECONDS_BETWEEN_LOOKS):
            held = sum(map(_memory_of, _family(self._pid)))
            self.peak_bytes = max(self.peak_bytes, held)


def _family(pid: int) -> Iterator[int]:
    """Yield a process and everything below it."""
    waiting = [pid]
    while waiting:
        pid = waiting.pop()
        yield pid
        with suppress(OSError):  # it has ended
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                waiting += map(int, children.read_text(encoding="ascii").split())


def _memory_of(pid: int) -> int:
    with suppress(OSError):  # it has ended
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


def _cpu_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def host_cpu() -> float:
    """Tell how many seconds of a processor all processes of this host have had so far."""
    told = Path("/sys/fs/cgroup/cpu.stat").read_text(encoding="ascii").split()
    return int(told[told.index("usage_usec") + 1]) / 1e6


def _sent() -> int:
    counters = Path("/sys/class/net").glob("*/statistics/tx_bytes")
    return sum(
        int(counter.read_text(encoding="ascii"))
        for counter in counters
        if counter.parts[-3] != "lo"
    )
