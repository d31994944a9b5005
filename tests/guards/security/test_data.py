"""What is sensitive stays where it belongs: in no page of another role, in no log, in no table of requests; and a link
that opens something can neither be guessed nor found afterwards."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from typing import Any

import pikepdf
import pytest
from django.apps import apps
from django.test import Client
from django.urls import path, reverse
from django.utils import timezone

from caregivers.models import Caregiver, EmergencyContact, PersonalLink, PoliceCheck
from ppg import logs, urls
from ppg.access.marks import public
from ppg.access.permissions import GRANTS, P, Role
from ppg.forms.effects import token_of_press
from ppg.links.codes import SecretLink, digest, new_code
from sessions_app.calendar.actions import make_feed
from tests import traces
from tests.guards.records import records_of
from tests.guards.security.pages import filled, read
from tests.guards.security.rows import undone
from tests.guards.test_permissions import NEW_EACH_TIME, STAFF_PAGES, TABLE, address, allowed, clients  # noqa: F401
from tests.guards.test_trail import people_in_every_state
from tests.public_pages import public_pages
from tests.told import WORDS

pytestmark = pytest.mark.django_db

HUSH = "Zqhushqz"  # in all words of somebody's health, their needs and how to reach them
SEARCH = f"?q={HUSH[:-1]}&name={HUSH[:-1]}&person={HUSH[:-1]}"


def everything_known(person: Caregiver) -> None:
    for name in WORDS:
        setattr(person, name, HUSH)
    person.save()
    EmergencyContact.objects.create(caregiver=person, name=HUSH, phone=HUSH, relation=HUSH)


def text_of(answer: Any) -> str:
    """What can be read in it, whatever it is: a page, a table, a workbook, a PDF."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as files:
            content = b"".join(files.read(name) for name in files.namelist())
    elif content.startswith(b"%PDF") and len(content) > 100:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            content = b"".join(one.read_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream))
    return content.decode("utf-8", "ignore")


@pytest.fixture
def known(cohort, clients):  # noqa: F811
    """A group with people in every state, of one of whom everything is known."""
    records = records_of(cohort)
    people_in_every_state(cohort, records)
    everything_known(cohort.place_set.get(code=records["place"]).caregiver)
    return records


WITHOUT_PEOPLE = [role for role in Role if P.PEOPLE_SEE not in GRANTS[role]]


def stable(answer: Any) -> str:
    """Without what is new in each answer: tokens, keys, the clock."""
    text = re.sub(r'(value|data-[a-z-]+|content)="[^"]*"|nonce-[\w-]+', "", text_of(answer))
    return re.sub(r"\d+", "", text)


@pytest.mark.parametrize("role", WITHOUT_PEOPLE)
def test_statement_04_health_and_ways_to_reach_somebody_are_in_no_answer_to_another_role(
    clients,  # noqa: F811
    known,
    role,
    caplog,
):
    """Every address, opened and sent to, also with what they would look for behind it: pages, tables, workbooks, PDFs,
    refusals, and the log."""
    caplog.set_level(logging.DEBUG)
    found = set()
    for name in STAFF_PAGES:
        url, answers = address(name, known), [clients[role].get(address(name, known) + SEARCH)]
        if allowed(name, role) and name not in ("sign_out_everywhere", "confirm"):
            answers.append(clients[role].post(url, {"name": HUSH[:-1]}))
        found |= {(name, one.status_code) for one in answers if HUSH in text_of(one)}
    assert not found
    assert HUSH not in caplog.text


def test_statement_04_they_are_where_they_belong(clients, known):  # noqa: F811
    """Otherwise the test above would search for what is nowhere."""
    url = reverse("caregivers:record", args=[known["caregiver"]])
    assert text_of(clients[Role.LEAD].get(url)).count(HUSH) > 8


OUTCOME = [role for role in Role if P.CHECK_RECORD not in GRANTS[role] and P.PEOPLE_SEE not in GRANTS[role]]


@pytest.mark.parametrize("role", OUTCOME)
def test_statement_04_no_page_is_another_with_another_outcome_of_a_police_check(clients, known, role):  # noqa: F811
    """Whether it was clear or gave cause for concern moves no word and no line on any page of a role without it."""
    person = Caregiver.objects.get(code=known["caregiver"])
    names = [
        name for name in STAFF_PAGES if TABLE[name][1] == 200 and allowed(name, role) and name not in NEW_EACH_TIME
    ]
    pages: list[dict[str, str]] = []
    for outcome in ("clear", "concern"):
        PoliceCheck.objects.create(caregiver=person, outcome=outcome, on=timezone.localdate())
        pages.append({})
        for name in names:
            with undone():  # who reads a page is on some pages
                pages[-1][name] = stable(clients[role].get(address(name, known)))
    assert {name for name in names if pages[0][name] != pages[1][name]} == set()


def test_statement_04_the_outcome_is_on_a_page_of_the_lead(clients, known):  # noqa: F811
    """Otherwise the test above would compare what nobody sees."""
    person = Caregiver.objects.get(code=known["caregiver"])
    url, pages = address("caregivers:record", known), set()
    for outcome in ("clear", "concern"):
        PoliceCheck.objects.create(caregiver=person, outcome=outcome, on=timezone.localdate())
        pages.add(stable(clients[Role.LEAD].get(url)))
    assert len(pages) == 2


# --- Links -----------------------------------------------------------------------------------------------------

BITS = 128


def test_statement_27_a_link_is_as_hard_to_guess_as_a_key():
    """128 random bits in each code and in each token, also in those that belong to a press."""
    made = {new_code() for _ in range(2000)} | {token_of_press("press", str(n), by=None) for n in range(2000)}
    assert len(made) == 4000 and {len(one) * 6 for one in made} == {22 * 6} and BITS <= 22 * 6
    for place in range(21):  # the last of them has fewer bits
        assert len({one[place] for one in made}) == 64


def test_statement_27_every_kind_of_link_that_opens_something_personal_is_stored_hashed_and_can_be_ended():
    """What holds a token holds its hash alone, with an end."""
    holds = [one for one in apps.get_models() if any("token" in field.name for field in one._meta.concrete_fields)]
    ours = [
        one for one in holds if one._meta.app_label in ("ppg", "caregivers", "sessions_app", "feedback", "evaluation")
    ]
    assert len(ours) > 3
    for model in ours:
        names = {field.name for field in model._meta.concrete_fields}
        assert {name for name in names if "token" in name} == {"token_hash"}, model
        assert issubclass(model, SecretLink) or "revoked_at" in names or "stopped_at" in names, model


def test_statement_27_no_token_lies_in_the_database_or_in_a_log(cohort, lead, caplog):
    """Pages behind links are opened, as their people do it; afterwards the database and the log are searched."""
    caplog.set_level(logging.DEBUG)
    token = make_feed(by=lead, effect_key="feed")
    urls_of = {name: url for name, url in public_pages(cohort, lead).items() if TOKENS & {name.split()[0]}}
    browser = Client()
    for url in urls_of.values():
        browser.get(url)
        browser.post(url, {})
    browser.get(reverse("calendar_feed", args=[token]))
    browser.get(reverse("calendar_feed", args=[token[:-1]]))
    tokens = {token} | {piece for url in urls_of.values() for piece in url.split("/") if len(piece) == 22}
    assert len(tokens) > 4
    found = {where for where, text in traces.everything() for one in tokens if one in text}
    assert not found and not [one for one in tokens if one in caplog.text]
    assert PersonalLink.objects.filter(token_hash__in=map(digest, tokens)).exists()


TOKENS = {"register", "registered", "own_page", "times", "measure_answer"}


# --- Who answered ----------------------------------------------------------------------------------------------

MARKS = {
    "REMOTE_ADDR": "198.51.100.77",
    "HTTP_X_FORWARDED_FOR": "198.51.100.78",
    "HTTP_USER_AGENT": "Telltale/7.0",
    "HTTP_REFERER": "http://testserver/telltale-referrer/",
    "HTTP_ACCEPT_LANGUAGE": "cy-telltale",
    "HTTP_X_TELLTALE": "telltale-header",
    "HTTP_COOKIE": "telltale=telltale-cookie",
}


def test_statement_30_nothing_of_a_public_request_is_stored_or_logged(cohort, lead, caplog):
    """Every public form is opened and sent with marks in address, browser, cookie and headers; afterwards every cell of
    every table and every line is searched for them."""
    caplog.set_level(logging.INFO)
    sent = 0
    for url in public_pages(cohort, lead).values():
        browser = Client()
        answer = browser.get(url, **MARKS)
        for form in read(url, answer.text).forms if answer.status_code == 200 else ():
            sent += form.method == "post"
            browser.post(form.action, filled(form), **MARKS)
        browser.post(url, {}, **MARKS)
    assert sent > 12
    telling = [*MARKS.values(), "198.51.100", "elltale"]
    assert {where for where, text in traces.everything() for one in telling if one in text} == set()
    assert not [one for one in telling if one in caplog.text]


# --- Logs and faults ---------------------------------------------------------------------------------------------


@public
def broken(request: Any, code: str) -> Any:
    secret = f"{HUSH} {request.POST.get('name')}"
    raise RuntimeError(secret)


urlpatterns = [*urls.urlpatterns, path("broken/<str:code>/", broken, name="broken")]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def test_statement_40_the_page_of_a_fault_shows_nothing_of_it(settings, browser_of, lead):
    """No word of what went wrong, no file, no setting, no name of whoever was signed in."""
    settings.ROOT_URLCONF = __name__
    browser = browser_of(lead)
    browser.raise_request_exception = False
    answer = browser.post("/broken/a-secret-code/", {"name": "Rosa"})
    assert answer.status_code == 500
    for telling in (HUSH, "Rosa", "RuntimeError", "Traceback", ".py", "a-secret-code", "django", lead.name, lead.email):
        assert telling.lower() not in answer.text.lower(), telling


@pytest.mark.parametrize("sign", ["\n", "\r", "\r\n", "\x1b[31m", "\x85", "\u2028", "\0"])
def test_statement_40_nobody_writes_a_line_of_their_own_into_the_log(sign):
    """Neither by what is logged nor by what a word is vouched for."""
    line = logging.LogRecord(
        "ppg.x", logging.ERROR, __file__, 1, "said %s", (logs.Shown(f"a{sign}at=now says=b"),), None
    )
    formatted = logs.LineFormatter().format(line)
    assert not re.search(r"[\x00-\x1f\x7f\x85\u2028\u2029]", formatted)
