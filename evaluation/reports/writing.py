"""A report's text while several people write it. Pure: rows and texts in, what to tell the writer out.

Every text of a section is a row (`SectionText`), one per writer, opened page and section. The latest stands. A page
sends back what it was opened with: for each section the mark of the text (`mark`), and how far it has seen (`seen`).
A section that its writer has not touched is never written over a newer text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from evaluation.models import SectionText
from evaluation.reports.sections import ALL

WRITES_NOW = timedelta(minutes=2)  # who saved within this time is writing
SAME_TIME = timedelta(minutes=30)  # texts of two people within this time are shown side by side
LONGEST_DRAFT = 20_000  # characters kept of a section while it is written; what is published is far shorter


def mark(text: str) -> str:
    """Which text of a section a page was opened with."""
    return sha256(text.encode()).hexdigest()[:16]


def clean(text: str) -> str:
    """As it is kept: one character for a new line, and nothing that a database refuses."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


@dataclass(frozen=True)
class Updates:
    """What a writer is told when something was saved.

    differ  for each section they wrote in, the texts that others saved there since
    newer   the text that stands now in sections they did not touch and somebody else did
    """

    differ: dict[str, list[SectionText]] = field(default_factory=dict)
    newer: dict[str, str] = field(default_factory=dict)


def touched(typed: Mapping[str, str], marks: Mapping[str, str], in_sitting: Iterable[str]) -> set[str]:
    """Sections that are not as the page was opened, and those written in before in the same sitting."""
    return {key for key, words in typed.items() if marks.get(key, "") != mark(words)} | (set(in_sitting) & set(typed))


def updates(
    typed: Mapping[str, str], written: set[str], others: Iterable[SectionText], standing: Mapping[str, str]
) -> Updates:
    """others: what was saved in other sittings since this page last heard of them, the latest first."""
    differ: dict[str, list[SectionText]] = {}
    newer: dict[str, str] = {}
    for row in others:
        if row.section not in typed:
            continue
        if row.section in written:
            if row.text.strip() != typed[row.section].strip():
                differ.setdefault(row.section, []).append(row)
        elif standing.get(row.section, "") != typed[row.section]:
            newer[row.section] = standing.get(row.section, "")
    return Updates(differ, newer)


def writers(rows: Iterable[SectionText], now: datetime) -> dict[str, list[str]]:
    """Who else is writing, and in which sections, by their names. rows: of other people."""
    names: dict[str, list[str]] = {}
    titles = {section.key: str(section.title) for section in ALL}
    for row in rows:
        if now - row.at <= WRITES_NOW and titles.get(row.section) not in names.get(str(row.by), []):
            names.setdefault(str(row.by), []).append(titles.get(row.section, row.section))
    return names


def alternatives(rows: Iterable[SectionText], standing: Mapping[str, str], reader: int) -> dict[str, list[SectionText]]:
    """Texts of others that were written about when the standing one was, and are not it, by section.

    rows: of the whole report, the latest first.
    """
    latest: dict[str, datetime] = {}
    texts: dict[str, list[SectionText]] = {}
    for row in rows:
        newest = latest.setdefault(row.section, row.at)
        words = row.text.strip()
        if row.by_id == reader or newest - row.at > SAME_TIME or not words:
            continue
        if words != standing.get(row.section, "").strip():
            texts.setdefault(row.section, []).append(row)
    return texts


def with_sentence(text: str, sentence: str) -> str:
    """A suggested sentence at the end of a section, once."""
    return text if sentence in text else f"{text.rstrip()} {sentence}".strip()
