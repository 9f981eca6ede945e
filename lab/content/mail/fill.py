"""Have the letters delivered by Postfix and Dovecot, as every letter is."""

from __future__ import annotations

import smtplib
import subprocess
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from email.message import EmailMessage
from email.utils import parseaddr

from ..errors import FillError
from ..plan import Plan
from ..settings import MailPlace
from . import letters

PATIENCE_SECONDS = 60
PUT_AWAY, READ = "1:12", "1:42"
"""Which letters of each mailbox its owner has put away, and which were read."""


def fill(plan: Plan, place: MailPlace) -> Mapping[str, int]:
    """Deliver all letters anew and return how many each mailbox holds.

    Raises:
        FillError: Postfix does not listen or refused a letter, or letters did not arrive in time.
    """
    for mailbox in place.mailboxes:
        _doveadm("expunge", "-u", mailbox, "mailbox", "*", "all")
    deliver(plan, place)
    for mailbox in place.mailboxes:
        _tidy(mailbox)
    return {mailbox: _count(place, mailbox) for mailbox in place.mailboxes}


def deliver(plan: Plan, place: MailPlace) -> int:
    """Send all letters, to each mailbox in their order, wait until they lie there, count them.

    Raises:
        FillError: as for ``fill``.
    """
    wanted = sum(_count(place, mailbox) for mailbox in place.mailboxes) + plan.sizes.messages
    written = list(
        letters.write(plan.chance("mail"), plan.sizes.messages, place.mailboxes, plan.now)
    )
    with ThreadPoolExecutor(max_workers=len(place.mailboxes)) as pool:
        sendings = [
            pool.submit(_send, [each for each in written if each["To"] == mailbox])
            for mailbox in place.mailboxes
        ]
    for sending in sendings:
        sending.result()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while (arrived := sum(_count(place, each) for each in place.mailboxes)) < wanted:
        if time.monotonic() > deadline:
            raise FillError(
                f"{wanted - arrived} of {plan.sizes.messages} letters did not arrive within "
                f"{PATIENCE_SECONDS} s. postqueue -p and journalctl -u dovecot say why."
            )
        time.sleep(0.1)
    return len(written)


def _send(written: Sequence[EmailMessage]) -> None:
    try:
        with smtplib.SMTP("127.0.0.1", timeout=30) as postfix:
            for letter in written:
                sender = parseaddr(letter["From"])[1]
                postfix.send_message(letter, sender, [letter["To"]], ["BODY=8BITMIME"])
    except (OSError, smtplib.SMTPException) as error:
        raise FillError(
            f"Postfix on this host did not take a letter: {error}. Look at journalctl -u postfix."
        ) from error


def _count(place: MailPlace, mailbox: str) -> int:
    maildir = place.maildir(mailbox)
    return sum(1 for folder in ("new", "cur") for _ in maildir.glob(f"**/{folder}/*"))


def _tidy(mailbox: str) -> None:
    _doveadm("mailbox", "create", "-u", mailbox, "-s", "Archiv")
    _doveadm("flags", "add", "-u", mailbox, "\\Seen", "mailbox", "INBOX", READ)
    _doveadm("move", "-u", mailbox, "Archiv", "mailbox", "INBOX", PUT_AWAY)


def _doveadm(*arguments: str) -> None:
    """Run doveadm; that a folder is there already (65), or not yet (68), is no reason to stop.

    Raises:
        FillError: doveadm failed for another reason, or is not installed.
    """
    try:
        ended = subprocess.run(["doveadm", *arguments], capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        raise FillError("doveadm is not installed here. Run playbooks/site.yml first.") from error
    if ended.returncode not in {0, 65, 68}:
        raise FillError(f"doveadm {arguments[0]} failed: {ended.stderr.strip()}")
