"""Public pages are read by people who are tired, afraid, or new to English: a nine-year-old could follow them.

Flesch–Kincaid grade 5 or below, by textstat, for the sentences of each page and of each message to caregivers.
Names of organisations and films are left out, and so are labels of a word or three: they are no sentences and would
make every page look easier than it is.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest
import textstat
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client

from ppg.service_details import service
from tests.guards.test_permissions import PUBLIC_PAGES
from tests.public_pages import NO_PAGES, public_pages

pytestmark = pytest.mark.django_db
MOST = 5.0
SHORTEST = 4  # words of a sentence that counts
NAMES = [
    "Information Commissioner’s Office",
    "Equality Advisory and Support Service",
    "Equality and Human Rights Commission",
    # The law and the standard, and what the law has us call how far we are with it.
    "Public Sector Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018",
    "Web Content Accessibility Guidelines version 2.2 AA standard",
    "WhatsApp",
    "Common Ground",
]
NO_WORDS = re.compile(r"https?://\S+|\[[^\]]+\]|[\d ]{5,}")
# A page is as hard to read in May as in January: every day is measured as the longest to say.
WEEKDAYS = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Sun)day\b")
MONTHS = re.compile(r"(?<=\d )(February|March|April|May|June|July|August|September|October|November|December)\b")
BLOCKS = {"p", "li", "h1", "h2", "h3", "legend", "label", "td", "th", "button", "dt", "dd", "div", "summary", "option"}


class Text(HTMLParser):
    """What is read on a page, block by block."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks, self.hidden = [""], 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("script", "style", "svg", "head")
        if tag in BLOCKS or tag == "br":
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "svg", "head")
        if tag in BLOCKS:
            self.blocks.append("")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.blocks[-1] += data


def sentences(blocks: list[str]) -> list[str]:
    """Each but once; a heading or label is a sentence of its own."""
    found = []
    for block in blocks:
        text = NO_WORDS.sub(" ", " ".join(block.split()))
        text = WEEKDAYS.sub("Saturday", MONTHS.sub("January", text))
        for name in NAMES:
            text = text.replace(name, "it")
        found += [one.strip() for one in re.split(r"(?<=[.!?])\s+|:\s+", text)]
    return [one for one in dict.fromkeys(found) if len(one.split()) >= SHORTEST]


def grade(lines: list[str]) -> float:
    return textstat.flesch_kincaid_grade(" ".join(line if line[-1] in ".!?" else f"{line}." for line in lines))


def read(html: str) -> list[str]:
    text = Text()
    text.feed(html)
    return sentences(text.blocks)


def hardest(lines: list[str]) -> str:
    worst = sorted(lines, key=lambda line: -grade([line]))[:6]
    return "\n".join(f"  {grade([line]):.1f}  {line}" for line in worst)


def test_every_public_page_is_easy_to_read(cohort, lead):
    pages = public_pages(cohort, lead)
    assert {name.split()[0] for name in pages} | set(NO_PAGES) == PUBLIC_PAGES, "Add the page to tests/public_pages.py."
    told = {}
    for name, url in pages.items():
        answer = Client().get(url)
        assert answer.status_code == 200 or "ended" in name, (name, answer.status_code)
        told[name] = read(answer.content.decode())
    hard = {name: found for name, found in told.items() if grade(found) > MOST}
    assert not hard, "\n".join(f"{name}: grade {grade(found):.1f}\n{hardest(found)}" for name, found in hard.items())


MESSAGES = sorted(
    path.relative_to(settings.BASE_DIR / "templates").as_posix()
    for folder in ("caregivers", "evaluation", "feedback", "sessions_app")
    for path in (settings.BASE_DIR / "templates" / folder / "email").glob("*.txt")
    if path.name != "waits.txt"  # to staff
)


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message_to_caregivers_is_easy_to_read(name):
    words = {"address": "https://a.example/x", "text": "", "service": service.current(), "wave": None}
    found = sentences(render_to_string(name, words).splitlines())
    assert not found or grade(found) <= MOST, f"grade {grade(found):.1f}\n{hardest(found)}"
    assert Path(name).suffix == ".txt"


def test_the_measure_is_the_same_on_every_day():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    assert len({grade(sentences([f"Please come on {day:%A %-d %B %Y} at six."])) for day in days}) == 1
    assert sentences(["You may come on 9 May."]) == ["You may come on 9 January."]


def test_the_measure_tells_hard_from_easy():
    hard = ["Participants are requested to communicate their availability prior to commencement of the programme."]
    assert grade(hard) > 10 > MOST > grade(["Tell us when you can come.", "We will call you back."])
