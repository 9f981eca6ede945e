"""Say what is being done and how far it is; never minutes of silence."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from lab.errors import LabError

HEARTBEAT_SECONDS = 5.0
TAIL_LINES = 25

Describe = Callable[[str], "str | None"]


def any_line(line: str) -> str | None:
    """Show every line that says something."""
    return line.strip()[:100] or None


class AnsibleProgress:
    """Pick the task a playbook is at out of Ansible's output, with a count."""

    _task = re.compile(r"^(?:TASK|RUNNING HANDLER|PLAY) \[(?P<name>.*)\] \**$")

    def __init__(self) -> None:
        self._count = 0

    def __call__(self, line: str) -> str | None:
        """Return what to show for one line of output, if anything."""
        match = self._task.match(line)
        if match is None:
            return None
        if line.startswith("PLAY"):
            return match["name"]
        self._count += 1
        return f"task {self._count}: {match['name']}"


class Progress:
    """One line for the start and the end of a step, and a heartbeat in between."""

    def __init__(self, logs: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._logs = logs
        self._clock = clock
        self._started = clock()
        self._print = threading.Lock()

    def say(self, text: str) -> None:
        """Print one line with the time since the start."""
        elapsed = int(self._clock() - self._started)
        with self._print:
            print(f"{elapsed // 60:3d}:{elapsed % 60:02d}  {text}", flush=True)

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Name a step when it starts, and its duration when it ends."""
        self.say(f"{title} ...")
        begin = self._clock()
        yield
        self.say(f"{title}: done in {self._clock() - begin:.0f} s")

    def run(
        self,
        title: str,
        argv: Sequence[str],
        *,
        env: Mapping[str, str] | None = None,
        describe: Describe = any_line,
    ) -> None:
        """Run a program as a step; its whole output goes to a log file of that title.

        Raises:
            LabError: the program failed; carries the end of its output.
        """
        log = self._logs / (re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-") + ".log")
        log.parent.mkdir(parents=True, exist_ok=True)
        with self.step(title):
            process = subprocess.Popen(
                list(argv),
                env=None if env is None else dict(env),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
            )
            tail = self._follow(process, log, describe)
        if process.returncode != 0:
            raise LabError(
                f"{title} failed (exit status {process.returncode}). The last lines it printed:\n"
                + "\n".join(f"    {line}" for line in tail)
                + f"\nThe whole output is in {log}."
            )

    def _follow(self, process: subprocess.Popen[str], log: Path, describe: Describe) -> list[str]:
        tail: deque[str] = deque(maxlen=TAIL_LINES)
        current = ["working"]
        with self._heartbeat(current), log.open("w", encoding="utf-8") as record:
            for line in process.stdout or ():
                record.write(line)
                record.flush()
                tail.append(line.rstrip())
                current[0] = describe(line.rstrip()) or current[0]
        process.wait()
        return list(tail)

    @contextmanager
    def _heartbeat(self, current: list[str]) -> Iterator[None]:
        """Say every few seconds what is current, until the step ends."""
        ended = threading.Event()

        def beat() -> None:
            while not ended.wait(HEARTBEAT_SECONDS):
                self.say(f"    {current[0]}")

        thread = threading.Thread(target=beat, daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def side_by_side(*jobs: Callable[[], None]) -> None:
    """Run independent steps at the same time and raise the first failure once all ended."""
    failures: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001 (raised again below, in the caller's thread)
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def complain(text: str) -> None:
    """Print what went wrong where errors belong."""
    print(f"\n{text}", file=sys.stderr, flush=True)
