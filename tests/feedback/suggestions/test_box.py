"""The public page of the suggestion box, and its emptying once a day."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from statistics import mean
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.forms import new_nonce
from feedback.languages import actions as translating
from feedback.languages import texts as languages
from feedback.models import Form, SealedAnswer, SpentNonce, Suggestion, SuggestionBox
from feedback.suggestions import actions as suggestions
from feedback.suggestions import jobs as suggestion_jobs
from feedback.suggestions import queries as suggestion_queries
from feedback.suggestions.forms import MOST_LETTERS
from ppg.models import AuditEntry, Limit, User, WorkMail
from programmes.models import Alert
from tests.factories import CohortFactory, SessionFactory
from tests.secrecy.attack_orders import likeness

pytestmark = pytest.mark.django_db
TRIALS = 10


@pytest.fixture
def box(cohort) -> SuggestionBox:
    return suggestions.open_box(cohort=cohort, by=None)


@pytest.fixture
def url(box) -> str:
    return reverse("box", args=[box.code])


def put(cohort, *texts: str) -> None:
    for text in texts:
        form = suggestion_queries.forms_of_boxes().get(cohort=cohort)
        assert answering.receive(form=form, answers={"suggestion": text}, nonce=new_nonce())


def morning(days: int = 1, hour: int = 6) -> datetime:
    return (timezone.localtime() + timedelta(days=days)).replace(hour=hour, minute=0)


def inside() -> list:
    return [payload["answers"] for payload in sealing.open_box(suggestion_queries.forms_of_boxes())]


# --- The page --------------------------------------------------------------------------------------------


def test_it_asks_one_thing_and_names_nothing(stranger, url, cohort):
    page = stranger.get(url).text
    assert "What should we do, or do in another way?" in page and "Leave this page quickly" in page
    assert "Nobody reads this straight away" in page and "call 999" in page
    title = re.search(r"<title>(.*?)</title>", page)[1]
    for name in (cohort.name, cohort.area, cohort.venue, str(cohort.programme), "arent", "roup"):
        assert name not in title and (name in ("arent", "roup") or name not in page)


def test_what_is_sent_lies_sealed_until_the_morning(stranger, url, cohort):
    sent = stranger.post(url, {"q-suggestion": "More tea", "nonce": "n" * 22})
    assert (sent.status_code, sent.url) == (302, f"{url}thanks/")
    assert "Thank you" in stranger.get(sent.url).text
    assert inside() == [{"suggestion": "More tea"}] and not Suggestion.objects.exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT envelope FROM feedback_sealedanswer")
        assert "More tea" not in cursor.fetchone()[0]


def test_a_name_is_only_there_if_they_gave_it(stranger, url, cohort):
    stranger.post(url, {"q-suggestion": "More tea", "name": "Rosa"})
    stranger.post(url, {"q-suggestion": "A quiet room"})
    suggestion_jobs.empty_due_boxes(morning())
    assert {one.text for one in Suggestion.objects.all()} == {"More tea\n\nName: Rosa", "A quiet room"}
    assert {one.caregiver for one in Suggestion.objects.all()} == {None}


def test_what_was_typed_is_kept_and_the_nonce_too(stranger, url):
    long = "My words. " * 50
    page = stranger.post(url, {"q-suggestion": long, "name": "Rosa", "nonce": "n" * 22})
    assert page.status_code == 422 and long.strip() in page.text and 'value="Rosa"' in page.text
    assert f"up to {MOST_LETTERS} letters" in page.text and 'value="' + "n" * 22 in page.text
    empty = stranger.post(url, {"q-suggestion": " "})
    assert empty.status_code == 422 and "Write something before you send" in empty.text
    assert not SealedAnswer.objects.exists()


def test_sent_twice_it_is_in_the_box_once(stranger, url):
    nonce = re.search(rb'name="nonce" value="([^"]+)"', stranger.get(url).content)[1].decode()
    for text in ("More tea", "More tea", "Changed"):
        assert stranger.post(url, {"q-suggestion": text, "nonce": nonce}).status_code == 302
    assert inside() == [{"suggestion": "More tea"}]


def test_no_cookie_is_set_and_none_is_needed(url):
    phone = Client(enforce_csrf_checks=True)
    pages: list[Any] = [phone.get(url), phone.post(url, {}), phone.post(url, {"q-suggestion": "More tea"})]
    pages.append(phone.get(pages[-1].url))
    assert [page.status_code for page in pages] == [200, 422, 302, 200] and not phone.cookies
    assert pages[0].headers["Cache-Control"] == "private, no-cache"
    assert pages[1].headers["Cache-Control"] == "no-store"


def test_it_is_read_and_answered_in_another_language(stranger, url, cohort, lead):
    asked = suggestion_queries.forms_of_boxes().get(cohort=cohort).questionnaire
    texts = languages.texts(asked, list(asked.questions.all()))
    said = {text.key: f"cy {text.key}" for text in texts}
    assert 'href="?lang=cy"' not in stranger.get(url).text
    translating.save_translation(questionnaire=asked, language="cy", said=said, by=lead)
    assert 'href="?lang=cy"' in stranger.get(url).text and "cy page" not in stranger.get(url).text
    page = stranger.get(url, {"lang": "cy"}).text
    of_thanks, when_wrong = {"thanks", "sent", "again"}, {"put_right", "answer_this", "too_long"}
    for text in texts:
        assert (said[text.key] in page) == (text.key.removeprefix("page.") not in of_thanks | when_wrong), text.key
    empty = stranger.post(url + "?send&lang=cy", {"q-suggestion": " "}).text
    assert "cy page.put_right" in empty and "cy page.answer_this" in empty
    sent = stranger.post(url + "?send&lang=cy", {"q-suggestion": "Mwy o de"})
    assert sent.url == f"{url}thanks/?lang=cy" and inside() == [{"suggestion": "Mwy o de"}]
    assert all(said[f"page.{one}"] in stranger.get(sent.url).text for one in of_thanks)


def test_an_unknown_code_is_a_neutral_404(stranger, box):
    page = stranger.get(reverse("box", args=["x" * 22]))
    assert page.status_code == 404 and "This link does not work" in page.text
    assert stranger.get(reverse("answer_form", args=[box.code])).status_code == 404
    assert stranger.get(reverse("answer_form", args=[Form.objects.get().code])).status_code == 404


def test_other_verbs_are_refused(stranger, url):
    assert stranger.put(url).status_code == 405 and stranger.post(f"{url}thanks/").status_code == 405


def test_whoever_floods_it_does_not_fill_it_for_others(stranger, url, monkeypatch):
    monkeypatch.setattr("feedback.answering.actions.MOST_ANSWERS", 9)
    sent = [stranger.post(url, {"q-suggestion": "More tea"}) for _ in range(5)]
    assert {answer.url for answer in sent} == {f"{url}thanks/"} and len(inside()) == 3
    assert stranger.post(url, {"q-suggestion": "x"}, REMOTE_ADDR="203.0.113.9").url == f"{url}thanks/"
    assert len(inside()) == 4
    assert not Limit.objects.exists(), "Of a suggestion no more is kept than the day."


def test_no_log_line_and_no_audit_row_say_that_somebody_wrote(stranger, url, caplog):
    caplog.set_level("INFO")
    before = AuditEntry.objects.count()
    assert stranger.post(url, {"q-suggestion": "More tea"}).status_code == 302
    suggestion_jobs.empty_due_boxes(morning())
    assert AuditEntry.objects.count() == before and not caplog.records


def test_the_group_reads_what_became_of_it_and_nothing_else(stranger, url, cohort, lead):
    assert "There are no answers here yet" in stranger.get(url).text
    put(cohort, "Rosa wants <tea>")
    suggestion_jobs.empty_due_boxes(morning())
    one = Suggestion.objects.get()
    said = {"caregiver": None, "by": lead, "why": "The venue allows no kettle"}
    suggestions.answer(suggestion=one, became="cannot", told_as="More <tea>", **said)
    page = stranger.get(url).text
    assert "More &lt;tea&gt;" in page and "We cannot do it." in page and "no kettle" in page
    assert "Rosa" not in page and lead.name not in page and cohort.name not in page


def test_a_closed_box_takes_nothing_and_still_tells(stranger, url, box, cohort, lead):
    put(cohort, "The last one")
    suggestions.close_box(box=box, by=lead)
    page = stranger.get(url)
    assert page.status_code == 200 and "do not take new ideas" in page.text and "<textarea" not in page.text
    assert stranger.post(url, {"q-suggestion": "Too late"}).status_code == 404
    with pytest.raises(answering.Closed):
        put(cohort, "Too late")
    assert suggestion_jobs.empty_due_boxes(morning()) == 1
    assert Suggestion.objects.get().text == "The last one"


def test_many_answers_cost_no_more(stranger, url, cohort, lead, same_queries):
    def grow() -> None:
        for n in range(40):
            Suggestion.objects.create(cohort=cohort, way="spoken", text="x", answer="did", told_as=f"Said {n}", why="y")

    same_queries(stranger, url, grow)
    assert stranger.get(url).text.count("You said</h3>") == 30


# --- Once a day ------------------------------------------------------------------------------------------


def test_it_is_emptied_at_six_and_once_a_day(box, cohort):
    put(cohort, "One", "Two")
    assert suggestion_jobs.empty_due_boxes(morning(hour=5)) == 0
    assert suggestion_jobs.empty_due_boxes(morning()) == 2
    put(cohort, "Three")
    assert suggestion_jobs.empty_due_boxes(morning(hour=22)) == 0
    assert suggestion_jobs.empty_due_boxes(morning(days=2)) == 1
    assert Suggestion.objects.count() == 3


def test_what_comes_out_is_owed_at_the_next_recap(box, cohort):
    SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=2))
    next_one = SessionFactory(cohort=cohort, starts_at=timezone.now() + timedelta(days=3))
    SessionFactory(cohort=cohort, starts_at=timezone.now() + timedelta(days=10))
    put(cohort, "One")
    suggestion_jobs.empty_due_boxes(morning())
    one = Suggestion.objects.get()
    assert (one.recap, one.way, one.answer, one.answered_on) == (next_one, "online", "", None)


def test_envelopes_nonces_and_key_go_each_morning_whether_there_was_something_or_not(box, cohort):
    keys = [Form.objects.get().key]
    put(cohort, "One")
    for days in (1, 2):
        suggestion_jobs.empty_due_boxes(morning(days))
        keys.append(Form.objects.get().key)
        assert not SealedAnswer.objects.exists() and not SpentNonce.objects.exists()
    assert len(set(keys)) == 3


def test_one_box_that_cannot_be_opened_keeps_no_other_shut(box, cohort, other_cohort, caplog):
    suggestions.open_box(cohort=other_cohort, by=None)
    put(cohort, "Lost")
    put(other_cohort, "Found")
    SealedAnswer.objects.filter(form__cohort=cohort).update(envelope="broken")
    assert suggestion_jobs.empty_due_boxes(morning()) == 1
    assert Suggestion.objects.get().text == "Found" and "could not be emptied" in caplog.text
    assert SealedAnswer.objects.filter(form__cohort=cohort).exists()


# --- Attacks ---------------------------------------------------------------------------------------------


def hidden_order() -> str:
    return "rowid" if connection.vendor == "sqlite" else "ctid"


def eight_put_in_order() -> SuggestionBox:
    box = suggestions.open_box(cohort=CohortFactory(), by=None)
    put(box.cohort, *map(str, range(8)))
    suggestions.empty(box=box, at=morning())
    return box


def in_order(box: SuggestionBox, column: str) -> list[int]:
    with connection.cursor() as cursor:
        query = f"SELECT code FROM feedback_suggestion WHERE cohort_id = %s ORDER BY {column}"  # noqa: S608
        cursor.execute(query, [box.cohort_id])
        codes = [row[0] for row in cursor.fetchall()]
    return [int(Suggestion.objects.get(code=code).text) for code in codes]


def test_no_order_in_the_database_is_the_order_of_putting_in():
    """By chance the mean of ten likenesses lies within 0.12 of 0; 0.65 is more than five times that."""
    boxes = [eight_put_in_order() for _ in range(TRIALS)]
    for column in (hidden_order(), "id", "code"):
        orders = [in_order(box, column) for box in boxes]
        assert all(sorted(order) == list(range(8)) for order in orders)
        assert abs(mean(map(likeness, orders))) < 0.65, column


def test_without_shuffling_the_same_attack_reads_the_order_back(monkeypatch):
    monkeypatch.setattr(sealing, "shuffle", lambda things: None)
    order = in_order(eight_put_in_order(), hidden_order())
    assert likeness(order) > 0.8, "PostgreSQL may put one row into a gap that another left"


def test_no_row_of_a_suggestion_says_when_it_was_put_in(box, cohort):
    put(cohort, "One")
    suggestion_jobs.empty_due_boxes(morning())
    kinds = {field.name: field.get_internal_type() for field in Suggestion._meta.concrete_fields}
    assert not {"DateTimeField", "TimeField", "AutoField", "BigAutoField"} & set(kinds.values())
    assert [name for name, kind in kinds.items() if kind == "DateField"] == ["answered_on"]
    assert Suggestion._meta.pk.default is uuid.uuid4
    assert SuggestionBox._meta.get_field("emptied_on").get_internal_type() == "DateField"


# --- Nobody hears at once ----------------------------------------------------------------------------------


def test_a_suggestion_is_told_to_nobody_at_once(cohort, box, lead):
    """The minute of an e-mail would tell who has just been seen writing."""
    User.objects.update(work_mail=WorkMail.AT_ONCE)
    put(cohort, "More tea")
    suggestions.empty(box=box, at=morning())
    assert Suggestion.objects.count() == 1 and not Alert.objects.exists()
