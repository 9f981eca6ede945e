"""Files: how many, holding what, lacking what."""

from __future__ import annotations

import pytest

from tests.unit.checks.samples import Content, PaperFiles, check, evidence, objection

CERTIFICATES = check(
    "file_number", asks=False, files=["/srv/*.pem", "/srv/a*"], at_least=2, at_most=3, unit="keys"
)
INSTALLED = check(
    "file_holds", asks=False, file="/srv/*/config.php", pattern="^'installed' => true"
)
NO_TRACE = check("file_lacks", asks=False, file="/srv/*/config.php", pattern="(?i)installer")


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (["a.pem", "b.pem"], ""),
        (["a.pem"], "all is well: 1 key, at least 2 wanted"),
        ([], "all is well: 0 keys, at least 2 wanted"),
        (["a.pem", "b.pem", "c.pem", "a"], "all is well: 4 keys, at most 3 wanted"),
    ],
)
def test_files_are_counted_once_each(names: list[str], said: str) -> None:
    files: dict[str, Content] = {f"/srv/{name}": b"" for name in names}
    files["/srv/folder.pem"] = None
    assert objection(CERTIFICATES.judge(evidence(files=files))) == said


@pytest.mark.parametrize(
    ("contents", "holds", "lacks"),
    [
        ([b"<?php\n'installed' => true"], "", ""),
        ([b"'installed' => false # Installer"], "not found in the file", "was found in the file"),
        (
            [b"'installed' => true", b"\xff installer"],
            "not found in 1 of 2 files",
            "was found in 1 of 2 files",
        ),
        ([], "the copy has no such file", "the copy has no such file"),
    ],
)
def test_every_file_is_searched(contents: list[bytes], holds: str, lacks: str) -> None:
    files = {f"/srv/{number}/config.php": content for number, content in enumerate(contents)}
    for rule, said in ((INSTALLED, holds), (NO_TRACE, lacks)):
        found = objection(rule.judge(evidence(files=files)))
        assert (said in found) if said else found == ""


def test_a_file_that_cannot_be_read_is_an_objection() -> None:
    broken = PaperFiles({"/srv/a/config.php": b""}, unreadable=True)
    assert "cannot be read" in objection(INSTALLED.judge(evidence(files=broken)))
    assert "cannot be read" in objection(NO_TRACE.judge(evidence(files=broken)))
