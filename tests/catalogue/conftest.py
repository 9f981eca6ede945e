"""Every profile of the catalogue is tried on real MariaDB, PostgreSQL, Redis and SQLite.

How to write the fixture of a profile, tests/catalogue/<profile>.yml (files.yml is a small one):

- service: what a declaration says beside profile, host and objectives. Not the engine: a profile
  with two engines is tried on both. A value may depend on the engine, as in the profile.
- taken_at: when the snapshot of the good state was taken. Write times a few hours before it.
- stores: what makes the good state of each store that is no file tree; SQL, or commands of Redis,
  one a line. By engine where they differ. The database exists and is empty; SQLite's file is made
  from the statements. No tables or columns that no rule names (irreplaceable, checks, secrets,
  exports, side_effects): they are findings. A table that is only irreplaceable has one column.
- files: by absolute path: a text, {text: ...}, {base64: ...} or {folder: true}; the latter three
  also with mtime, which is 3 h before taken_at where it is not said. Folders above come by
  themselves.
- broken: for every check, and for every secret as "secret <name>", one or more ways to break it.
  Each is done to the good state and undone; its rule must object and no other. Those that cannot
  but object too stand in also: [other_rule]. A damage that has statements for one engine only is
  done on that engine only.
- answers: for every probe a good answer and bad ones: {status: 200, body: "..."} for a request,
  {exit: 0, output: "..."} for a program.

Dropping irreplaceable tables, removing required files, the statements of side_effects and the
queries of exports need no entry: the tests do all that by themselves.

Try one profile (the lab named by PROBEALARM_LAB is started where it is not up, and stays up)::

    . .lab/env; pytest -q tests/catalogue -k '[mautic'

The bracket keeps ``-k`` to the cases of a profile; ``files`` alone is also in the names of tests.
"""

from __future__ import annotations

import fcntl
import functools
import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.main_job import prepare
from lab.places import Places
from lab.progress import Progress
from plugins.module_utils.host import Call
from tests.catalogue.servers import Servers
from tests.catalogue.ssh_host import SshHost

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def judy() -> Iterator[SshHost]:
    """Reach judy of the lab; a lab that is not up is started, one that is up is left as it is."""
    places = Places.of_this_checkout()
    with tempfile.TemporaryDirectory(prefix="probealarm-") as folder:
        host = SshHost(places.ssh / "config", "judy", Path(folder) / "ssh")
        places.state.mkdir(exist_ok=True)
        with (places.state / "catalogue.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)  # of several runs one starts the lab
            if not host.answers():
                progress = Progress(places.logs)
                prepare(places, progress).up(progress)
        try:
            yield host
        finally:
            host.close()


@pytest.fixture(scope="module")
def servers(judy: SshHost) -> Iterator[Servers]:
    """Run the throw-away servers of this process."""
    assert judy.run(Call(argv=["redis-server", "--version"])).status == 0, (
        "the lab is of an image without redis-server; renew it: python3 -m lab up"
    )
    with Servers(judy, str(os.getpid())).running() as running:
        yield running


@pytest.fixture(scope="module", autouse=True)
def each_fingerprint_is_made_once() -> Iterator[None]:
    """Fingerprints of secrets are dear on purpose, and here the same few come again and again."""
    patch = pytest.MonkeyPatch()
    patch.setattr(hashlib, "pbkdf2_hmac", functools.cache(hashlib.pbkdf2_hmac))
    yield
    patch.undo()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Try one profile after the other, so that each good state is made once."""
    places = [n for n, item in enumerate(items) if item.path.parent == HERE]
    own = sorted((items[n] for n in places), key=_trial_of)
    for place, item in zip(places, own, strict=True):
        items[place] = item


def _trial_of(item: pytest.Item) -> str:
    callspec = getattr(item, "callspec", None)
    return str(callspec.params.get("trial", "")) if callspec else ""
