"""What a council reads before it says yes names tests and files: they are there, and the pages stay short."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted((ROOT / "docs" / "adopting").glob("*.md"))
MOST_WORDS = 1_000  # two pages


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_every_file_and_page_it_names_is_there(path):
    text = path.read_text(encoding="utf-8").split("<!-- holdings:")[0]
    files = set(re.findall(r"`((?:tests|ppg|bench|docs|script|caregivers|evaluation)/[\w./-]*)`", text))
    files |= set(re.findall(r"`([\w.-]+\.(?:txt|toml|json))`", text))
    links = {link.split("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text) if "://" not in link}
    gone = [name for name in files if not (ROOT / name).exists() and name != "contents.json"]
    gone += [link for link in links if not (path.parent / link).exists()]
    assert not gone, f"{path.name} names what is not there: {gone}"
    assert links or files


@pytest.mark.parametrize("path", [one for one in PAGES if "record" not in one.name], ids=lambda path: path.name)
def test_it_is_read_in_a_sitting(path):
    assert len(path.read_text(encoding="utf-8").split()) <= MOST_WORDS, (
        "Two pages at most: leave out what is said elsewhere."
    )


def test_each_claim_about_security_names_what_holds_it():
    rows = [line for line in (ROOT / "docs/adopting/security.md").read_text().splitlines() if line.startswith("| **")]
    held = [line.rsplit("|", 2)[1] for line in rows]
    assert len(held) > 10 and all("`" in one for one in held)


def test_each_page_is_on_the_list():
    listed = (ROOT / "docs" / "adopting" / "README.md").read_text()
    assert not [path.name for path in PAGES if path.name != "README.md" and f"({path.name})" not in listed]
