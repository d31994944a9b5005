"""Until a form has closed with enough answers, no page is a byte different for the answers that lie in its box.

Every staff page of the group, each export and each file, as facilitator, lead and manager read it: with none, one and
four answers, before closing and after it. The fifth brings everything at once.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback.asking import actions as asking
from feedback.models import Form
from tests.factories import SessionFactory
from tests.feedback.factories import answered, came, closed, printed
from tests.guards.records import records_of
from tests.guards.test_permissions import NEW_EACH_TIME, TABLE

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
# Made anew for each look, and of no meaning: the forms' own keys.
FRESH = re.compile(rb'(name="[\w-]+" value="|action="\?)[A-Za-z0-9_-]{12,}"')
OF_ITSELF = {"audit"}  # tells what was opened: each look adds to it
DRAWN = {"feedback:paper_sheet"}  # takes a second: the lead looks for everybody
SHEET = {"today": 1, "time": 2, "different": "A telltale word"}

Pages = dict[str, bytes]


@pytest.fixture
def looks(records, forms, lead, facilitator, manager, browser_of, monkeypatch) -> Callable[[], Pages]:
    """`looks()`: every page as it is read now, by name and reader. The clock stands still."""
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)
    browsers = {user.role: browser_of(user) for user in (lead, facilitator, manager)}
    urls = {
        name: reverse(name, args=[records[part] for part in kind.split()])
        for name, (kind, status) in TABLE.items()
        if status == 200 and name not in OF_ITSELF | NEW_EACH_TIME
        if name.split(":")[0] in NEAR or ":" not in name or name in NEAR_TOO
    }

    def look() -> Pages:
        return {
            f"{name} {role}": FRESH.sub(rb"\1", read(browser, url))
            for name, url in urls.items()
            for role, browser in browsers.items()
            if role == lead.role or name not in DRAWN
        }

    return look


NEAR = ("feedback", "evaluation", "sessions")  # people's own pages and the guides know nothing of forms
NEAR_TOO = ("programmes:checklist", "programmes:checklist_line")


def read(browser: Client, url: str) -> bytes:
    answer: Any = browser.get(url)
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if body.startswith(b"PK"):  # a spreadsheet: its parts, without the second of making
        with ZipFile(BytesIO(body)) as parts:
            body = b"".join(parts.read(name) for name in parts.namelist() if name != "docProps/core.xml")
    return f"{answer.status_code} {answer.get('Content-Disposition')} ".encode() + body


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def differing(pages: Pages, other: Pages) -> list[str]:
    return [name for name in pages if pages[name] != other[name]]


@pytest.fixture
def records(cohort) -> dict[str, str]:
    return records_of(cohort)


@pytest.fixture
def forms(cohort, records) -> list[Form]:
    """One after a session, one after the programme."""
    now = timezone.now()
    after_a_session = cohort.forms.after_sessions().order_by("pk").first()
    cohort.sessions.filter(starts_at__gt=now).update(starts_at=now - timedelta(hours=3))
    both = [after_a_session, asking.open_final_form(cohort=cohort, by=None)]
    for form in both:
        printed(form)
        came(form, 4)
    return both


def close(forms: list[Form]) -> None:
    for form in forms:
        closed(form)


def answer(forms: list[Form], *sheets: dict[str, int | str]) -> None:
    for form in forms:
        answered(form, *sheets)


@pytest.mark.anywhere
def test_no_page_knows_of_four_answers(looks, forms):
    looks()  # what is made when a page is first opened
    none = looks()
    assert len(none) > 100
    with undone():
        close(forms)
        none_and_closed = looks()
    assert differing(none, none_and_closed), "Nothing says that the forms have closed."
    answer(forms, SHEET)
    assert not differing(none, looks())
    answer(forms, SHEET, SHEET, SHEET)
    assert not differing(none, looks())
    close(forms)
    four_and_closed = looks()
    assert not differing(none_and_closed, four_and_closed)
    assert not [name for name, page in four_and_closed.items() if b"telltale" in page]


def test_five_are_shown_at_once_and_their_words_in_an_order_nobody_knows(cohort, facilitator, browser_of):
    """Of forty forms the words stand in the order of sending in none: by chance in one of 120."""
    in_order = 0
    for number in range(40):
        form = asking.open_form(session=SessionFactory(cohort=cohort, number=number + 1), by=None)
        marks = [f"mark{random.randrange(10**9):09}" for _ in range(5)]
        for mark in marks:
            answered(form, {"today": 2, "different": mark})
        url = reverse("feedback:session", args=[form.session.code])
        if number == 0:
            assert not any(mark in browser_of(facilitator).get(url).text for mark in marks)
        closed(form)
        page = browser_of(facilitator).get(url).text
        assert "5 people answered" in page and all(mark in page for mark in marks)
        in_order += sorted(marks, key=page.index) == marks
    assert in_order <= 4
