"""Programs are run as they are asked for: no shell, no inherited environment, no endless retry."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.host import Call, LocalHost

HOST = LocalHost()
ROOT = Path(__file__).resolve().parents[2]


def test_an_argument_is_never_read_by_a_shell() -> None:
    assert HOST.run(Call(["echo", "$(id); `id`"])).output == "$(id); `id`\n"


def test_input_comes_from_a_file_and_output_goes_to_one(tmp_path: Path) -> None:
    (tmp_path / "in").write_text("Grüße 🎈\n", encoding="utf-8")
    HOST.run(Call(["cat"], input_file=tmp_path / "in", output_file=tmp_path / "out"))
    assert (tmp_path / "out").read_text(encoding="utf-8") == "Grüße 🎈\n"


def test_the_environment_is_not_inherited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESTIC_PASSWORD", "of-somebody-else")
    assert "RESTIC_PASSWORD" not in HOST.run(Call(["env"])).output


def test_a_missing_program_is_a_sentence() -> None:
    with pytest.raises(Trouble, match="no-such-program is not installed on this host"):
        HOST.run(Call(["no-such-program"]))


def test_a_hopeless_program_is_ended_at_once() -> None:
    script = "import sys, time; print('disk full', file=sys.stderr, flush=True); time.sleep(60)"
    began = time.monotonic()
    done = HOST.run(Call(["python3", "-c", script], hopeless=lambda line: "full" in line))
    assert time.monotonic() - began < 30
    assert done.status != 0
    assert "disk full" in done.complaint


def test_a_program_that_nobody_waits_for_any_more_is_ended(tmp_path: Path) -> None:
    """An alarm breaks off the waiting; what was waited for must not finish all the same."""
    late = tmp_path / "late"

    def ring(_signal: int, _frame: object) -> None:
        raise Trouble("the time is up")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.2)
    began = time.monotonic()
    try:
        with pytest.raises(Trouble, match="the time is up"):
            HOST.run(Call(["sh", "-c", f"sleep 2; touch {late}"], hopeless=lambda line: False))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert time.monotonic() - began < 1.5, "a grandchild that keeps the pipes is not waited for"
    time.sleep(2.5)
    assert not late.exists()


def test_a_client_that_ends_on_an_error_tells_its_last_words() -> None:
    script = "import sys; input(); print('ERROR 1049: Unknown database', file=sys.stderr)"
    session = HOST.open_session(["python3", "-c", script], lambda word: word)
    with pytest.raises(Trouble, match="Unknown database"):
        session.ask("USE mautix")


def test_a_client_that_repeats_the_statement_is_not_quoted_with_it() -> None:
    said = "--------------\\nSELECT secret\\n--------------\\n\\nERROR 1146: no such table"
    script = f"import sys; input(); print('{said}', file=sys.stderr)"
    session = HOST.open_session(["python3", "-c", script], lambda word: word)
    with pytest.raises(Trouble, match=r"^ERROR 1146: no such table$"):
        session.ask("SELECT secret")


def test_answers_of_a_client_are_rows_up_to_the_mark() -> None:
    echo = "import sys\nfor line in sys.stdin: print(line.strip().rstrip(';'), flush=True)"
    session = HOST.open_session(["python3", "-c", echo], lambda word: word)
    assert session.ask("a\tb") == [["a", "b"]]
    assert session.ask("c") == [["c"]]
    session.close()


def test_a_watched_program_that_prints_much_does_not_wait_for_us_for_ever() -> None:
    much = "import sys; sys.stdout.write('x' * 1_000_000); sys.stderr.write('well\\n')"
    call = Call(argv=[sys.executable, "-c", much], hopeless=lambda line: False)
    done = LocalHost().run(call)
    assert (done.status, len(done.output), done.complaint) == (0, 1_000_000, "well\n")


ORPHANS = """
import sys, time
from plugins.module_utils.host import Call, LocalHost
host = LocalHost()
running = host.start(Call(["sh", "-c", "echo $$ > dump; exec sleep 60"]))
client = host.open_session(["sh", "-c", "echo $$ > client; exec sleep 60"], lambda word: word)
time.sleep(60)
"""


def test_no_program_outlives_a_process_that_was_killed(tmp_path: Path) -> None:
    killed = subprocess.Popen(
        [sys.executable, "-c", ORPHANS], cwd=tmp_path, env={"PYTHONPATH": str(ROOT)}
    )
    files = [tmp_path / "dump", tmp_path / "client"]
    assert within(20, lambda: all(file.exists() and file.read_text() for file in files))
    started = [int(file.read_text()) for file in files]
    killed.kill()
    killed.wait()
    assert within(5, lambda: not any(runs(process) for process in started))


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not condition():
        time.sleep(0.02)
    return condition()


def runs(process: int) -> bool:
    """Tell whether a process is there and not just waiting for somebody to take note of its end."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    except FileNotFoundError:
        return False
    return status.rpartition(")")[2].split()[0] != "Z"
