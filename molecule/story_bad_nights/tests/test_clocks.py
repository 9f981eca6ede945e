"""Time goes wrong: a clock that jumps, a certificate that is over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from tests import night
from tests.operator import host

CERTIFICATE = "/etc/probealarm/store/certificate.pem"
TRUSTED = "/etc/probealarm/store.pem"


@pytest.fixture(scope="module", autouse=True)
def good_snapshot(contract: dict[str, Any]) -> None:
    assert contract
    assert night.back_up().status == 0


@pytest.mark.parametrize(("hours", "said"), [(24, "1 d ahead of"), (-24, "1 d behind")])
def test_a_clock_that_is_a_day_wrong_is_said_and_nothing_saved(hours: int, said: str) -> None:
    before = night.saved()
    output = night.fails(night.back_up(f"--hours-ahead={hours}"))
    assert f"UTC, which is {said} the store https://judy:8000" in output
    assert "(timedatectl)" in output
    assert night.saved() == before
    assert night.back_up().status == 0


@contextmanager
def expired_certificate() -> Iterator[None]:
    """Let the store show a certificate that nick knows and that is over."""
    nick, judy = host("nick"), host("judy")
    judy.check_output("cp --preserve %s %s.kept", CERTIFICATE, CERTIFICATE)
    nick.check_output("cp --preserve %s %s.kept", TRUSTED, TRUSTED)
    judy.check_output(
        "openssl req -x509 -key /etc/probealarm/store/key.pem -subj /CN=judy -addext "
        "subjectAltName=DNS:judy -not_before 20250101000000Z -not_after 20250201000000Z -out %s",
        CERTIFICATE,
    )
    expired = judy.check_output("cat %s", CERTIFICATE)
    nick.check_output("sh -c %s sh %s", f'printf "%s\\n" "$1" > {TRUSTED}', expired)
    judy.check_output("systemctl restart probealarm-store")
    try:
        yield
    finally:
        judy.check_output("mv %s.kept %s", CERTIFICATE, CERTIFICATE)
        nick.check_output("mv %s.kept %s", TRUSTED, TRUSTED)
        judy.check_output("systemctl restart probealarm-store")


def test_a_certificate_that_has_expired_is_said_so() -> None:
    before = night.saved()
    with expired_certificate():
        said = night.fails(night.back_up())
    assert "the certificate of the store https://judy:8000/nick/config has expired (it is " in said
    assert "run playbooks/site.yml for both hosts, which makes a new certificate" in said
    assert night.saved() == before
    assert night.back_up().status == 0
