"""The public page."""

import gzip
import re
import uuid
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.forms import AnswerForm
from feedback.kinds import HIGHEST, MOST_LETTERS
from feedback.models import Answer, Form, Question, Questionnaire, SealedAnswer, SpentNonce, Submission
from ppg.models import Service
from ppg.service_details import service
from tests.feedback.factories import GOOD, WORDS, by_link, by_slip, closed, drawn, opened_form, url_of
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def nonce_on(page) -> str:
    return re.search(rb'name="nonce" value="([^"]+)"', page.content)[1].decode()


def opened(form):
    """What was sent, whatever the number of answers."""
    return [payload["answers"] for payload in sealing.open_box([form])]


def test_it_asks_every_question_and_makes_a_new_nonce_each_time(stranger, form):
    page = stranger.get(url_of(form))
    assert page.status_code == 200
    for question in form.questionnaire.questions.all():
        assert question.text in page.content.decode()
    assert nonce_on(page) != nonce_on(stranger.get(url_of(form)))


def test_answers_are_sealed_and_thanked_for(stranger, form):
    nonce = nonce_on(stranger.get(url_of(form)))
    sent = stranger.post(url_of(form), {**GOOD, "slip": drawn(form), "q-different": WORDS, "nonce": nonce})
    assert (sent.status_code, sent.url) == (302, reverse("answer_thanks", args=[form.code]))
    assert "Thank you" in stranger.get(sent.url).content.decode()
    assert opened(form) == [{"today": 4, "useful": 3, "safe-to-speak": 4, "time": 1, "different": WORDS}]


def test_questions_may_be_left_out_but_not_all(stranger, form):
    assert stranger.post(by_slip(form), {"q-today": "0", "nonce": "n" * 22}).status_code == 302
    assert opened(form) == [{"today": 0}]
    page = stranger.post(by_slip(form), {"q-different": "  ", "nonce": "m" * 22})
    assert page.status_code == 422
    assert "Answer at least one question" in page.content.decode()
    assert SealedAnswer.objects.count() == 1


def test_what_was_typed_is_kept_and_the_nonce_too(stranger, form):
    long = "My words. " * 101
    page = stranger.post(url_of(form), {"q-today": "4", "q-different": long, "nonce": "n" * 22})
    text = page.content.decode()
    assert page.status_code == 422 and long.strip() in text
    assert re.search(r'name="q-today"[^>]*value="4" checked', on_one_line(text))
    assert nonce_on(page) == "n" * 22
    assert f"up to {MOST_LETTERS} letters" in text and "<title>Error: " in text


@pytest.mark.parametrize("value", ["5", "-1", "x", "4 OR 1=1", "٤"])
def test_an_answer_that_was_not_offered_is_refused(stranger, form, value):
    assert stranger.post(url_of(form), {"q-today": value}).status_code == 422
    assert not SealedAnswer.objects.exists()


def test_double_press_reload_and_back_are_one_answer(stranger, form):
    url = by_slip(form)
    page = stranger.get(url)
    # Back shows this sheet from the browser's own store, unless the page forbids it.
    assert page.headers["Cache-Control"] == "private, no-cache"
    data = {**GOOD, "nonce": nonce_on(page)}
    codes = [stranger.post(url, data).status_code for _ in range(3)]
    changed = stranger.post(url, {**data, "q-today": "0"})
    assert {*codes, changed.status_code} == {302}
    assert [answers["today"] for answers in opened(form)] == [4]


def test_two_people_on_one_phone_are_two_answers(stranger, form):
    for _ in range(2):
        page = stranger.get(url_of(form))
        stranger.post(url_of(form), {**GOOD, "slip": drawn(form), "nonce": nonce_on(page)})
    assert SealedAnswer.objects.count() == 2


@pytest.mark.parametrize("nonce", [None, "", "short", "x" * 500, "<script>"])
def test_a_sheet_without_a_proper_nonce_counts_once_each(stranger, cohort, nonce):
    form = opened_form(by_link(cohort))
    for _ in range(2):
        assert stranger.post(url_of(form), GOOD if nonce is None else {**GOOD, "nonce": nonce}).status_code == 302
    assert SealedAnswer.objects.count() == 2


def test_no_cookie_is_set_and_none_is_needed(form):
    phone = Client(enforce_csrf_checks=True)
    answers: list[Any] = [phone.get(url_of(form)), phone.post(url_of(form), {}), phone.post(by_slip(form), GOOD)]
    answers.append(phone.get(answers[-1].url))
    assert [page.status_code for page in answers] == [200, 422, 302, 200]
    assert not phone.cookies


def test_an_unknown_code_is_a_neutral_404(stranger, form):
    page = stranger.get(reverse("answer_form", args=["x" * 22]))
    assert page.status_code == 404
    assert_neutral(page, form)
    assert stranger.post(reverse("answer_form", args=["x" * 22]), GOOD).status_code == 404


def test_the_thank_you_page_tells_nobody_whether_a_code_is_good(stranger, form, django_assert_num_queries):
    service.current()
    with django_assert_num_queries(0):
        known, made_up = (stranger.get(reverse("answer_thanks", args=[code])) for code in (form.code, "x" * 22))
    assert known.text.replace(form.code, "x" * 22) == made_up.text


def test_a_closed_form_is_like_one_that_never_was_and_takes_nothing(stranger, form):
    closed(form)
    page, sent = stranger.get(url_of(form)), stranger.post(url_of(form), GOOD)
    assert (page.status_code, sent.status_code) == (404, 404)
    assert page.content == stranger.get(reverse("answer_form", args=["x" * 22])).content
    assert "What you sent just now was not kept" in sent.text
    assert not SealedAnswer.objects.exists()


def test_it_is_closed_from_its_closing_time_on_even_before_the_worker_comes(stranger, form):
    Form.objects.update(closes_at=timezone.now())
    assert stranger.get(url_of(form)).status_code == 404


def test_a_measure_is_not_answered_here(stranger, form):
    Questionnaire.objects.update(kind=Questionnaire.Kind.MEASURE)
    assert stranger.get(url_of(form)).status_code == 404


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_verbs_are_refused(stranger, form, method):
    assert getattr(stranger, method)(url_of(form)).status_code == 405
    assert stranger.post(reverse("answer_thanks", args=[form.code])).status_code == 405


# --- What pages say ---------------------------------------------------------------------------------------


def assert_neutral(page, form):
    text = re.sub(r'class="[^"]*"', "", page.content.decode())
    told = [form.session.title, form.cohort.name, form.cohort.area, form.cohort.programme.title]
    for word in [*told, "parent", "caregiver", "exploit", "police", "group", "session", "child"]:
        assert word.lower() not in text.lower(), word


def test_no_page_says_what_or_who_it_is_about(stranger, form):
    title = "<title>Tell us what you think – Common Ground</title>"
    page = stranger.get(url_of(form))
    assert title in page.content.decode()
    sent = stranger.post(by_slip(form), GOOD)
    for one in (page, stranger.get(by_slip(form)), stranger.get(sent.url), stranger.post(url_of(form), {})):
        assert_neutral(one, form)
    closed(form)
    assert_neutral(stranger.get(url_of(form)), form)


def test_it_says_whom_to_call_and_that_a_story_can_tell(stranger, form):
    Service.objects.create(phone="01473 000 000")
    service.forget()
    page = stranger.get(url_of(form)).content.decode()
    for words in ("call 999", "tel:+441473000000", "Nobody reads this straight away", "A story can show", "at least 5"):
        assert words in page
    assert "Leave this page quickly" in page


def test_it_is_light_and_costs_few_queries(stranger, form):
    url = url_of(form)
    with CaptureQueriesContext(connection) as queries:
        page = stranger.get(url)
    assert len(queries) <= 5  # one for the slips
    assert len(gzip.compress(page.content)) < 14_000
    assert not re.search(rb'(src|href)="(https?:)?//(?!www\.bbc\.co\.uk/weather)', page.content)


# --- Nothing of the request is kept -------------------------------------------------------------------

MARKS = {"REMOTE_ADDR": "198.51.100.77", "HTTP_USER_AGENT": "Telltale/7.7", "HTTP_REFERER": "https://telltale.example"}


DATABASE_CACHE = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "ppg_cache"}


def everything_stored(but: tuple[str, ...] = ()) -> str:
    with connection.cursor() as cursor:
        found = []
        for table in set(connection.introspection.table_names(cursor)) - set(but):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            found.append(str(cursor.fetchall()))
    return "\n".join(sorted(found))


def test_nothing_of_the_request_is_stored(stranger, cohort, settings):
    """Every column of every table before and after closing: neither marks nor anything else that is new, but the
    envelopes and the spent nonces. The cache lies in the database as in real life."""
    settings.CACHES = {**settings.CACHES, "default": {**DATABASE_CACHE}}
    call_command("createcachetable", verbosity=0)
    form = opened_form(cohort)
    sealed_only = everything_stored(but=("feedback_sealedanswer", "feedback_spentnonce"))
    for _ in range(5):
        url = by_slip(form)
        nonce = nonce_on(stranger.get(url, **MARKS))
        assert stranger.post(url, {**GOOD, "nonce": nonce}, **MARKS).status_code == 302
    assert everything_stored(but=("feedback_sealedanswer", "feedback_spentnonce")) == sealed_only
    while_open = everything_stored()
    closed(form)
    for stored in (while_open, everything_stored()):
        for mark in (*MARKS.values(), "198.51.100", "Telltale", nonce):
            assert mark not in stored


def test_no_log_line_says_that_somebody_is_answering(stranger, form, caplog, monkeypatch):
    caplog.set_level("INFO")
    assert stranger.post(url_of(form), {}).status_code == 422
    assert stranger.post(by_slip(form), GOOD).status_code == 302
    monkeypatch.setattr(answering, "MOST_ANSWERS", 0)
    assert stranger.post(by_slip(form), GOOD).status_code == 422
    closed(form)
    assert stranger.post(url_of(form), GOOD).status_code == 404
    assert not caplog.records


def test_only_the_empty_sheet_is_kept_by_a_browser(stranger, form):
    assert stranger.get(url_of(form)).headers["Cache-Control"] == "private, no-cache"
    assert stranger.post(url_of(form), {"q-different": "x" * 2000}).headers["Cache-Control"] == "no-store"


def test_no_row_of_an_answer_has_a_time_or_a_number_that_counts_up():
    for model in (SealedAnswer, SpentNonce, Submission, Answer):
        kinds = {field.get_internal_type() for field in model._meta.concrete_fields}
        assert not kinds & {"DateTimeField", "DateField", "TimeField", "AutoField", "BigAutoField"}
        assert model._meta.pk.default is uuid.uuid4


# --- The form by itself --------------------------------------------------------------------------------


def test_numbers_from_nought_to_ten_are_radios_too():
    goal = Question(slug="goal", text="How far?", kind="number", options=["Not at all", "All the way"], required=True)
    form = AnswerForm([goal], {"q-goal": "0"})
    assert form.is_valid() and form.payload() == {"goal": 0}
    assert not AnswerForm([goal], {"q-goal": str(HIGHEST + 1)}).is_valid()
    assert "needs" in str(AnswerForm([goal], {}).errors) or "Choose" in str(AnswerForm([goal], {}).errors)
    assert "0 means: Not at all. 10 means: All the way." in str(form["q-goal"].help_text)
