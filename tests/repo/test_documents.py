"""What people read is true: links lead somewhere, commands exist, verbs are listed."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.repo.tree import ROOT, files, plant

DECISION_SECTIONS = ("## Status", "## Context", "## Decision", "## Consequences")


def dead_links(root: Path) -> Iterator[str]:
    """Yield links of Markdown files that lead to nothing in the tree."""
    for path in files(root, "*.md"):
        text = re.sub(r"```.*?```", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for target in re.findall(r"\]\(([^)\s]+)\)", text):
            if "://" in target or target.startswith(("#", "mailto:")):
                continue
            if not (path.parent / target.partition("#")[0]).exists():
                yield f"{path.relative_to(root)} links to {target}"


def verbs_of(makefile: str) -> set[str]:
    """Return the targets a person may call."""
    targets = re.findall(r"^([a-z][a-z_-]*)\s*:(?!=)", makefile, re.MULTILINE)
    return set(targets)


def missing_commands(root: Path, verbs: set[str]) -> Iterator[str]:
    """Yield playbooks and make verbs that a document names and the tree lacks."""
    for path in files(root, "*.md"):
        text = path.read_text(encoding="utf-8")
        for playbook in set(re.findall(r"\bplaybooks/[a-z_]+\.yml", text)):
            if not (root / playbook).is_file():
                yield f"{path.relative_to(root)} names {playbook}, which does not exist"
        code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, flags=re.DOTALL))
        for verb in set(re.findall(r"(?<![\w-])make ([a-z][a-z_-]*)", code)) - verbs:
            yield f"{path.relative_to(root)} names make {verb}, which does not exist"


def makefile() -> str:
    return (ROOT / "Makefile").read_text(encoding="utf-8")


def test_links_lead_somewhere(tmp_path: Path) -> None:
    assert list(dead_links(ROOT)) == []
    plant(tmp_path, "README.md", "[a](docs/a.md) [b](https://example.org) [c](#c) [d](LICENSE)")
    plant(tmp_path, "LICENSE", "")
    assert list(dead_links(tmp_path)) == ["README.md links to docs/a.md"]


def test_commands_in_documents_exist(tmp_path: Path) -> None:
    assert list(missing_commands(ROOT, verbs_of(makefile()))) == []
    plant(
        tmp_path, "README.md", "We make sure.\n```\nmake drill\nmake coffee\n```\n`playbooks/x.yml`"
    )
    assert sorted(missing_commands(tmp_path, {"drill"})) == [
        "README.md names make coffee, which does not exist",
        "README.md names playbooks/x.yml, which does not exist",
    ]


def test_make_help_lists_every_verb() -> None:
    answer = subprocess.run(
        ["make", "--no-print-directory", "help"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    verbs = verbs_of(makefile())
    assert {"drill", "test", "clean", "help"} <= verbs
    assert [verb for verb in sorted(verbs) if not re.search(rf"\b{verb}\b", answer)] == []


def test_ci_runs_what_the_readme_names() -> None:
    assert "make test" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make drill" in readme
    assert "make test" in readme


def vague_decisions(root: Path) -> Iterator[str]:
    for path in files(root, "docs/decisions/*.md"):
        if path.name == "README.md":
            continue
        text = path.read_text(encoding="utf-8")
        if re.match(r"\d", path.name):
            yield f"{path.name} is a number; a name says more"
        yield from (f"{path.name} lacks {part!r}" for part in DECISION_SECTIONS if part not in text)
        if path.name not in (path.parent / "README.md").read_text(encoding="utf-8"):
            yield f"{path.name} is not in the list of decisions"


def test_every_decision_says_what_it_costs(tmp_path: Path) -> None:
    assert list(vague_decisions(ROOT)) == []
    plant(tmp_path, "docs/decisions/README.md", "")
    plant(tmp_path, "docs/decisions/0001-restic.md", "## Status\n## Context\n## Decision\n")
    assert len(list(vague_decisions(tmp_path))) == 3
