"""What a form promises is what holds: no page that caregivers read says that nobody can, where somebody could, and each
form says who. What somebody could do is told in docs/decisions/invented-answers.md and in-confidence.md."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from feedback.languages import texts
from tests.guards.test_reading_age import read
from tests.public_pages import public_pages

# "Nobody knows who has which card" was so until somebody printed them.
ABSOLUTE = re.compile(r"\b(?:nobody|no one|only (?:the|our) computer|never what)\b[^.:]*", re.I)
# Each of these holds to the letter, and something else holds it.
HOLDS = {
    "Nobody reads this straight away": "sealed until the form has closed; the box until the morning",
    "nobody can see them on this tablet": "tests/feedback/tablet: no page of it is stored, and Back finds an empty one",
    "Nobody can see your answers on it": "the same",
    "Nobody writes down who drew this": "what the team is told to do; no row ties one to a person",
    "Show it to nobody": "asked of them",
    "Do not tell it to anybody": "asked of them",
    "Nobody can find them by your name": "a card's row has no name (tests/evaluation/cards)",
    "We sent it to nobody else": "evaluation.own_answers.jobs sends to one address",
    "Nobody else can leave a cookie through our pages": "no page asks another site (statement 23)",
    "nobody to know that it is you": "what they want, in the hint under the words",
    "nobody looks over your shoulder": "asked of them",
    "nobody else will see or hear it": "what they say of a phone or an address of theirs",
    "so nobody stands out": "why everybody draws one",
    "Nobody who needs a screen reader each day has tried all of our pages": "what the statement confesses",
    "nobody who says what is seen": "the same",
    "kept in a code that only our computer can read": "the next sentence says who could with it",
}
KEYS = "looks after our computer, and has its keys"
STILL = "Could somebody still find out?"
# Page → what it says of who could find out, and how.
NAMES_WHO = {
    "answer_form": [STILL, "Whoever printed the slips", "left lying", "count wrong", "paper", "two accounts", KEYS],
    "answer_form by link": ["anybody with this link can send answers", "make some up", "A story", KEYS],
    "slip": [STILL, "Whoever printed the slips", KEYS],
    "tablet_sheet": [STILL, "Whoever printed the slips", KEYS],
    "measure_answer before": [STILL, "open the links of others", "never gave", "safeguarding lead", "on paper"],
    "card_answer": [STILL, "Whoever printed the cards", "left lying", "count the cards wrong", "two accounts", KEYS],
    "box": ["what you write can show who you are", "only one of you wrote that day", KEYS],
}
TEMPLATES = [
    Path(settings.BASE_DIR, "templates", name)
    for name in (
        "evaluation/cards/print.html",
        "evaluation/cards/taken_out.html",
        "evaluation/own_answers/answers.html",
        "evaluation/email/own_answers.txt",
        "evaluation/email/questions.txt",
        "evaluation/email/questions_text.txt",
        "feedback/paper/print.html",
        "feedback/slips/print.html",
        "feedback/tablet/tablet.html",
        "caregivers/receipt.html",
    )
]


def promised(text: str) -> list[str]:
    """Sentences that rule somebody out, without those that hold."""
    found = [hit[0] for hit in ABSOLUTE.finditer(" ".join(text.split()))]
    return [one for one in found if not any(alike(one.lower(), holds.lower()) for holds in HOLDS)]


def alike(sentence: str, other: str) -> bool:
    return sentence in other or other in sentence


@pytest.fixture
def pages(cohort, lead):
    return {name: read(Client().get(url).text) for name, url in public_pages(cohort, lead).items()}


@pytest.mark.django_db
@pytest.mark.anywhere
def test_no_page_promises_what_somebody_could_break_and_each_form_says_who_could(pages):
    wrong = {name: found for name, lines in pages.items() if (found := promised(" ".join(lines)))}
    assert not wrong, f"Say what we do and who could still find out; or add to HOLDS what holds it: {wrong}"
    silent = {name: [part for part in parts if part not in " ".join(pages[name])] for name, parts in NAMES_WHO.items()}
    assert silent == {name: [] for name in NAMES_WHO}


@pytest.mark.anywhere
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda one: one.name)
def test_nor_does_what_is_printed_sent_or_shown_once(path):
    assert promised(re.sub(r"\{#.*?#\}|\{%|%\}", " ", path.read_text())) == []


@pytest.mark.anywhere
@pytest.mark.parametrize(
    "name", ["BY_SLIP", "BY_OPEN_LINK", "BY_LINK", "STILL_BY_LINK", "BY_CARD", "STILL_BY_CARD", "ON_PAPER", "BOX"]
)
def test_nor_do_the_words_that_are_translated(name):
    words = getattr(texts, name)
    whole = words if isinstance(words, str) else " ".join(words.values() if isinstance(words, dict) else words)
    assert promised(whole) == []
