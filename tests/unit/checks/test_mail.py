"""Messages as long as their names say, and keys beside the records that publish them."""

from __future__ import annotations

import pytest

from tests.unit.checks.samples import Content, PaperFiles, check, evidence, objection

BELOW = "/var/vmail/[old]"
MESSAGES = check("maildir", asks=False, below=BELOW, unit="messages")
KEYS = check("dkim_keys", asks=False, keys="/etc/keys/*.private")
INBOX = f"{BELOW}/example.org/kim/Maildir"


def test_messages_as_long_as_their_names_say_are_well() -> None:
    files: dict[str, Content] = {
        f"{INBOX}/cur/1700.M1P2.judy,S=4,W=5:2,S": b"1234",
        f"{INBOX}/new/1701.M1P2.judy": b"without a size",
        f"{INBOX}/cur/1702.M1P2.judy,S=900:2,SZ": b"compressed",
        f"{INBOX}/tmp/1703.M1P2.judy,S=900": b"",
        f"{INBOX}/dovecot.index": b"",
        f"{INBOX}/cur": None,
    }
    assert MESSAGES.judge(evidence(files=files)).objections == ()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("cur/1700.M1P2.judy,S=4:2,S", b"123", "1 of another size than in their name"),
        ("cur/1700.M1P2.judy,S=4", b"123", "1 of another size than in their name"),
        ("new/1700.M1P2.judy,S=4", b"", "1 empty"),
        ("new/1700.M1P2.judy", b"", "1 empty"),
        ("cur/1700.M1P2.judy,S=4:2,Z", b"", "1 empty"),
    ],
)
def test_a_message_that_was_cut_off_is_an_objection(name: str, content: bytes, said: str) -> None:
    files: dict[str, Content] = {f"{INBOX}/{name}": content, f"{INBOX}/cur/whole": b"x"}
    assert objection(MESSAGES.judge(evidence(files=files))) == (
        f"all is well: not so for 1 of 2 messages ({said})"
    )


def test_no_messages_leave_nothing_to_compare() -> None:
    assert "nothing to compare" in MESSAGES.judge(evidence()).note
    elsewhere: dict[str, Content] = {"/var/vmail/o/cur/1,S=3": b""}
    assert MESSAGES.judge(evidence(files=elsewhere)).objections == ()


# Made with openssl genrsa -traditional 768 for these tests alone; PKCS8 is the same key after
# openssl pkcs8 -topk8, PUBLIC what openssl rsa -pubout says of it.
PKCS1 = """-----BEGIN RSA PRIVATE KEY-----
MIIBygIBAAJhAMzEAEywCDSb0y6kIilZ1LEnJM0mh585Tfkh0ktLiy73UyACfeNP
zPAaHE872qAoPDLgsvZM1X8snqdf9/HQcbUwdmCrkEpLxFfkV9XTf/pMej0md8J8
ldAGpFtyKxMUHQIDAQABAmAbmRs1OtCQTqRC+ApGqn3ZNp5mLBhBZJbWyjEuxsrG
lL0WZl+TQJEtl0dTgoyv41wj/uOF5np6NHFWwV/oT99yAS4cfJZxL1NAXskIITPh
m2QDoWhw2UMRXXRLwlAXuoECMQDqrwBpHuc4yPVLN3iRYWbRmk+S0uEtGKkUEtl8
JiA7UcK/FOlBuF/71pzCmJmoB2ECMQDfXVRk87k3ugNJPbjqXdWJSezKlIUYr2YM
QiLE2MKUtyQlbb8+YHSzvcqkKg5Ukj0CMH3dv/2hKmfFN/HQXWSzdZ6jAVyAp241
VLFEbspr9Et8TVOIVpX92dTKxKaFi5uX4QIxAKbRm2AyLpiSEjY3JM3U+tAoJ/M8
bRL8nGh3VGRTxy8ugI57oqNBgqdjDd8BkeZTuQIwKasg/8ZfnrrnL/C+QpDhNyqP
ZPbxCotwVZ+ZQpga3Osm/FD+HGQWVHEEUPXwOPcO
-----END RSA PRIVATE KEY-----
"""
PKCS8 = """-----BEGIN PRIVATE KEY-----
MIIB5AIBADANBgkqhkiG9w0BAQEFAASCAc4wggHKAgEAAmEAzMQATLAINJvTLqQi
KVnUsSckzSaHnzlN+SHSS0uLLvdTIAJ940/M8BocTzvaoCg8MuCy9kzVfyyep1/3
8dBxtTB2YKuQSkvEV+RX1dN/+kx6PSZ3wnyV0AakW3IrExQdAgMBAAECYBuZGzU6
0JBOpEL4Ckaqfdk2nmYsGEFkltbKMS7GysaUvRZmX5NAkS2XR1OCjK/jXCP+44Xm
eno0cVbBX+hP33IBLhx8lnEvU0BeyQghM+GbZAOhaHDZQxFddEvCUBe6gQIxAOqv
AGke5zjI9Us3eJFhZtGaT5LS4S0YqRQS2XwmIDtRwr8U6UG4X/vWnMKYmagHYQIx
AN9dVGTzuTe6A0k9uOpd1YlJ7MqUhRivZgxCIsTYwpS3JCVtvz5gdLO9yqQqDlSS
PQIwfd2//aEqZ8U38dBdZLN1nqMBXICnbjVUsURuymv0S3xNU4hWlf3Z1MrEpoWL
m5fhAjEAptGbYDIumJISNjckzdT60Cgn8zxtEvycaHdUZFPHLy6Ajnuio0GCp2MN
3wGR5lO5AjApqyD/xl+euucv8L5CkOE3Ko9k9vEKi3BVn5lCmBrc6yb8UP4cZBZU
cQRQ9fA49w4=
-----END PRIVATE KEY-----
"""
ED25519 = """-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIMNiuNZENppQOmMEhVNyZhMuRuVsLVGDg20WNCV3Sitb
-----END PRIVATE KEY-----
"""
PUBLIC = (
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMzEAEywCDSb0y6kIilZ1LEnJM0mh585Tfkh0ktLiy73UyACfeNPzPAaHE87"
    "2qAoPDLgsvZM1X8snqdf9/HQcbUwdmCrkEpLxFfkV9XTf/pMej0md8J8ldAGpFtyKxMUHQIDAQAB"
)
OTHER = PUBLIC.replace(
    "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMzE", "MHwwDQYJKoZIhvcNAQEBBQADawAwaAJhAMzF"
)


def record(public: str) -> bytes:
    """Write a record as opendkim-genkey does."""
    return (
        'mail._domainkey\tIN\tTXT\t( "v=DKIM1; h=sha256; k=rsa; "\n'
        f'\t  "p={public[:60]}"\n\t  "{public[60:]}" )  ; ----- DKIM key mail for example.org\n'
    ).encode()


def judged(key: str, txt: bytes | None) -> str:
    files: dict[str, Content] = {"/etc/keys/mail.private": key.encode()}
    if txt is not None:
        files["/etc/keys/mail.txt"] = txt
    return objection(KEYS.judge(evidence(files=files)))


@pytest.mark.parametrize("key", [PKCS1, PKCS8])
def test_a_key_beside_its_own_record_is_well(key: str) -> None:
    assert judged(key, record(PUBLIC)) == ""


@pytest.mark.parametrize(
    ("key", "txt", "said"),
    [
        (PKCS8, None, "without a record beside them"),
        (PKCS8, record(OTHER), "with the record of another key"),
        (PKCS8, record(""), "with the record of another key"),
        (PKCS8, b"nothing here", "that cannot be read"),
        (PKCS8, record("no Base64 at all!"), "that cannot be read"),
        ("", record(PUBLIC), "that cannot be read"),
        (PKCS1[:200] + "\n-----END RSA PRIVATE KEY-----", record(PUBLIC), "that cannot be read"),
        (ED25519, record(PUBLIC), "of a kind that only openssl pkey -pubout can judge"),
        (
            PKCS1.replace("RSA", "EC"),
            record(PUBLIC),
            "of a kind that only openssl pkey -pubout can judge",
        ),
    ],
)
def test_a_key_without_its_own_record_is_an_objection(
    key: str, txt: bytes | None, said: str
) -> None:
    assert judged(key, txt) == f"all is well: not so for 1 of 1 key (1 {said})"


def test_no_key_at_all_is_an_objection() -> None:
    assert objection(KEYS.judge(evidence())) == "all is well: the copy has no such key"


def test_a_key_that_the_disk_does_not_give_is_an_objection() -> None:
    files = PaperFiles({"/etc/keys/mail.private": b"", "/etc/keys/mail.txt": b""}, unreadable=True)
    assert "that cannot be read" in objection(KEYS.judge(evidence(files=files)))
