"""What people call their own files is not shown on another host."""

from __future__ import annotations

import pytest

from plugins.module_utils.audit.arrival import Arrival, objections
from plugins.module_utils.audit.finding import Alarm, Finding
from plugins.module_utils.audit.personal import folder_shown, sentence_shown
from plugins.module_utils.audit.result import Result
from tests.unit.audit.declared import NOW


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/home/ada/to the doctor.odt", "/home/ada"),
        ("/home/ada", "/home/ada"),
        ("/root/notes", "/root"),
        ("/var/mail/ada", "/var/mail"),
        ("/var/vmail/example.org/ada/new/1", "/var/vmail"),
        ("/srv/people/ada/Maildir/.to-the-doctor", "/srv/people/ada/Maildir"),
        ("/srv/forum/x", "/srv/forum/x"),
        ("/srv/mailman/x", "/srv/mailman/x"),
        ("mariadb/mautic", "mariadb/mautic"),
    ],
)
def test_of_a_home_or_of_mails_only_the_folder_is_shown(path: str, shown: str) -> None:
    assert folder_shown(path) == shown
    if " " not in path:
        assert sentence_shown(f"It is {path}: look, ({path})", "") == (
            f"It is {shown}: look, ({shown})"
        )


def test_on_the_page_of_the_host_that_judges_no_letter_is_named() -> None:
    letter = "/home/ada/to the doctor.odt"
    found = tuple(
        Finding("file", path, "unclaimed", 5)
        for path in (letter, "/home/ada/other", "/srv/forum", "/var/mail/ada")
    )
    alarm = Alarm("unreadable", letter, f"{letter} could not be looked at: /home/bob/x is odd.")
    result = Result("nick", NOW, found, (alarm,))
    said = [*objections(Arrival("nick", result), within_hours=36, now=NOW)]
    assert said == [
        "nick has 4 things (20 bytes) that nobody claims: /home/ada, /srv/forum, /var/mail",
        "/home/ada could not be looked at: /home/bob is odd.",
    ]
