from __future__ import annotations

import io
import json
import re
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from lab.content.documents import pdf
from lab.content.mail import letters
from lab.content.website import articles

from .builders import NOW, SMALL, small_plan

MAILBOXES = ("kim@example.org", "robin@example.org", "sascha@example.org")


def written() -> list[EmailMessage]:
    return list(letters.write(small_plan().chance("mail"), SMALL.messages, MAILBOXES, NOW))


def test_the_same_seed_writes_the_same_letters() -> None:
    assert [bytes(each) for each in written()] == [bytes(each) for each in written()]


def test_letters_are_whole_when_they_are_read_again() -> None:
    for letter in written():
        again = message_from_bytes(bytes(letter), policy=policy.default)
        assert again["Subject"] == letter["Subject"]
        assert not again.defects
        body = again.get_body(("plain",))
        assert body is not None
        assert "Viele Grüße" in body.get_content()


def test_some_letters_bring_attachments_and_every_mailbox_gets_some() -> None:
    attached = [list(letter.iter_attachments()) for letter in written()]
    assert sum(map(bool, attached)) == SMALL.messages // 3
    assert {letter["To"] for letter in written()} == set(MAILBOXES)


def test_letters_come_from_nobody() -> None:
    domains = set(re.findall(r"@([\w.-]+\w)", " ".join(str(each["From"]) for each in written())))
    assert all(domain.endswith(("example.org", "example.net")) for domain in domains)


def test_dates_of_letters_are_months_apart_and_end_today() -> None:
    dates = [each["Date"].datetime for each in written()]
    assert dates == sorted(dates)
    assert (dates[-1] - dates[0]).days > 30
    assert 0 <= (NOW - dates[-1]).total_seconds() < 3600


def test_the_same_seed_writes_the_same_articles() -> None:
    assert articles.writing(small_plan()) == articles.writing(small_plan())
    assert articles.pictures(small_plan()) == articles.pictures(small_plan())


def test_sizes_of_the_website_are_kept() -> None:
    writing = articles.writing(small_plan())
    posts, comments = writing["posts"], writing["comments"]
    assert isinstance(posts, list)
    assert isinstance(comments, list)
    assert (len(posts), len(comments)) == (SMALL.posts, SMALL.comments)
    assert len(articles.pictures(small_plan())) == SMALL.images
    json.dumps(writing)


def test_articles_come_in_two_languages_with_umlauts() -> None:
    text = json.dumps(articles.writing(small_plan()), ensure_ascii=False)
    assert re.search("[äöüß]", text)
    assert "English" in text


@pytest.mark.parametrize("picture", articles.pictures(small_plan())[:3], ids=lambda each: each.name)
def test_pictures_are_real(picture: articles.Picture) -> None:
    assert picture.png.startswith(b"\x89PNG\r\n\x1a\n")
    assert picture.png.endswith(b"IEND\xaeB`\x82")


def test_documents_say_where_their_parts_are() -> None:
    file = io.BytesIO(pdf(["Grüße", "Ein (geklammerter) Satz."])).getvalue()
    table = int(file.split(b"startxref\n")[1].split(b"\n")[0])
    assert file[table:].startswith(b"xref\n0 7\n")
    places = re.findall(rb"^(\d{10}) 00000 n", file, re.M)
    for number, place in enumerate(places, start=1):
        assert file[int(place) :].startswith(b"%d 0 obj" % number)
