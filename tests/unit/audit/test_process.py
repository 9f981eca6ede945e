"""The real ``/proc`` of this machine is read as the invented ones of the other tests are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from plugins.module_utils.audit.process import Process, surroundings

HOLDING = """
import os, sys
kept, gone, read = (open(name, mode) for name, mode in zip(sys.argv[1:], ("w", "w", "r")))
os.unlink(sys.argv[2])
print("ready", flush=True)
sys.stdin.read()
"""


def test_a_real_process_tells_what_it_writes_and_not_what_is_deleted_or_only_read(
    tmp_path: Path,
) -> None:
    kept, gone, read = (tmp_path / name for name in ("kept (deleted)", "gone", "read"))
    read.touch()
    argv = [sys.executable, "-c", HOLDING, str(kept), str(gone), str(read)]
    with subprocess.Popen(
        argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=tmp_path
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"ready\n"
        proc = Path("/proc")
        process = Process(proc / str(running.pid), surroundings(proc))
        assert str(kept) in (written := list(process.written_files()))
        assert not [path for path in written if path.startswith((str(gone), str(read)))]
        assert process.working_directory() == str(tmp_path)
        assert process.arguments[1] == "-c"
        assert process.uid is not None
        running.communicate()
    gone_by_now = Process(proc / str(running.pid), surroundings(proc))
    assert (gone_by_now.program, list(gone_by_now.written_files())) == ("", [])
