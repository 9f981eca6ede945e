"""What is wrong with a store is said before a backup begins: its certificate, the clocks."""

from __future__ import annotations

import ssl
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from plugins.module_utils.errors import Trouble
from plugins.module_utils.tools.repository import Repository
from plugins.module_utils.tools.rest_store import knock


class Store(BaseHTTPRequestHandler):
    """Has the head of a repository."""

    def do_HEAD(self) -> None:
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def certificate(folder: Path) -> Path:
    """Make a key and a certificate of its own in one file."""
    file = folder / "store.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"),
            *("-noenc", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"),
            *("-keyout", str(file), "-out", str(folder / "certificate.pem")),
        ],
        check=True,
        capture_output=True,
    )
    with file.open("a", encoding="utf-8") as joined:
        joined.write((folder / "certificate.pem").read_text(encoding="utf-8"))
    return file


@contextmanager
def store(folder: Path) -> Iterator[Repository]:
    """Serve a store."""
    file = certificate(folder)
    (folder / "password").write_text("open sesame", encoding="utf-8")
    server = HTTPServer(("localhost", 0), Store)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Repository(
            f"rest:https://localhost:{server.server_port}/nick/",
            "/p",
            "nick",
            str(folder / "password"),
            str(folder / "certificate.pem"),
        )
    finally:
        server.shutdown()
        server.server_close()


NOW = datetime.now(UTC)


@pytest.mark.parametrize("minutes", [-9, 0, 9])
def test_clocks_that_agree_are_no_matter(tmp_path: Path, minutes: int) -> None:
    with store(tmp_path) as repository:
        knock(repository, datetime.now(UTC) + timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("days", "said"),
    [(1, "which is 1 d ahead of the store"), (-1, "which is 1 d behind the store")],
)
def test_a_clock_that_is_wrong_is_said_and_nothing_saved(
    tmp_path: Path, days: int, said: str
) -> None:
    with store(tmp_path) as repository, pytest.raises(Trouble) as refused:
        knock(repository, datetime.now(UTC) + timedelta(days=days))
    assert said in str(refused.value)
    assert "nothing was saved" in str(refused.value)
    assert "timedatectl" in str(refused.value)


@pytest.mark.parametrize(("code", "said"), [(10, "has expired"), (9, "is not valid yet")])
def test_a_certificate_that_is_out_of_its_time_is_told_from_a_foreign_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, said: str
) -> None:
    distrust = ssl.SSLCertVerificationError(1, "certificate verify failed")
    distrust.verify_code = code

    def refuse(*_: Any, **__: Any) -> None:
        raise urllib.error.URLError(distrust)

    with store(tmp_path) as repository:
        monkeypatch.setattr(urllib.request, "urlopen", refuse)
        with pytest.raises(Trouble) as refused:
            knock(repository, NOW)
    assert "the certificate of the store https://localhost:" in str(refused.value)
    assert f"{said} (it is {NOW:%Y-%m-%d %H:%M} UTC by this host's clock)" in str(refused.value)
    assert "run playbooks/site.yml" in str(refused.value)


def test_a_foreign_certificate_is_said_so(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with store(tmp_path) as repository:
        certificate(other)
        (other / "certificate.pem").replace(tmp_path / "certificate.pem")
        with pytest.raises(Trouble, match=r"shows a certificate that .* does not vouch for"):
            knock(repository, NOW)
