"""Answering with a slip: by its own address, or with its code where the group's link leads."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from feedback import sealing
from feedback.asking import actions as asking
from feedback.models import Form, SealedAnswer
from feedback.slips import actions, tries
from feedback.slips.codes import codes_of
from feedback.slips.queries import sheet_of
from ppg.links import typed_codes
from ppg.models import Limit
from tests.factories import SessionFactory
from tests.feedback.factories import GOOD, answered, by_link, by_slip, closed, drawn, opened_form, printed, url_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def stored() -> list[tuple]:
    return sorted(Limit.objects.values_list("key", "count"))


def test_by_its_own_address_nothing_is_typed(stranger, form):
    url = by_slip(form)
    page = stranger.get(url).text
    assert "The code on your slip" not in page and "How was today for you?" in page
    assert stranger.post(f"{url}?send", GOOD).url == reverse("answer_thanks", args=[form.code])
    (payload,) = sealing.open_box([form])
    assert payload["slip"] is True and payload["answers"]["today"] == 4


@pytest.mark.parametrize("written", [str.lower, typed_codes.printed, lambda code: " ".join(code)])
def test_at_the_groups_link_the_code_is_typed_as_people_type(stranger, form, written):
    assert "The code on your slip" in stranger.get(url_of(form)).text
    assert stranger.post(url_of(form), {**GOOD, "slip": written(drawn(form))}).status_code == 302
    assert form.sealed.count() == 1


@pytest.mark.parametrize("slip", [None, "", "7KM-3P9X", "hello"])
def test_without_a_good_slip_nothing_is_taken_and_what_was_typed_stays(stranger, form, slip):
    answers = {**GOOD, "q-different": "My words"} | ({} if slip is None else {"slip": slip})
    page = stranger.post(url_of(form), answers)
    assert page.status_code == 422 and "My words" in page.text
    assert ("Type the code on your slip" if not slip else "not the code of a slip") in page.text
    assert not SealedAnswer.objects.exists()


def test_a_slip_of_another_group_is_none(stranger, form, other_cohort):
    other = opened_form(other_cohort)
    assert stranger.post(url_of(form), {**GOOD, "slip": drawn(other)}).status_code == 422
    foreign = reverse("slip", args=[sheet_of(form).code, drawn(other)])
    assert (stranger.get(foreign).status_code, stranger.post(foreign, GOOD).status_code) == (404, 404)


def test_used_once_on_whichever_page_and_the_second_time_looks_the_same(stranger, form):
    url, slip = by_slip(form), drawn(form)
    before = re.sub(r'value="[\w-]{22}"', "", stranger.get(url).text)
    thanks = [stranger.post(url, GOOD).url, stranger.post(url, {**GOOD, "q-today": 0}).url]
    thanks.append(stranger.post(url_of(form), {**GOOD, "q-today": 1, "slip": slip}).url)
    assert len(set(thanks)) == 1
    assert [payload["answers"]["today"] for payload in sealing.open_box([form])] == [4]
    assert re.sub(r'value="[\w-]{22}"', "", stranger.get(url).text) == before


def test_before_the_form_is_opened_a_slip_is_good_and_to_be_kept(stranger, cohort, now):
    session = SessionFactory(cohort=cohort, starts_at=now + timedelta(days=2))
    sheet = actions.make(cohort=cohort, session=session, by=None)
    slip, typed = reverse("slip", args=[sheet.code, codes_of(sheet)[0]]), reverse("slips", args=[sheet.code])
    for url in (slip, typed):
        page = stranger.get(url)
        assert page.status_code == 200 and "Your slip is good" in page.text and session.title not in page.text
    form = asking.open_form(session=session, by=None)
    assert "How was today" in stranger.get(slip).text and stranger.get(typed.lower()).url == url_of(form)
    closed(form)
    never = stranger.get(reverse("slip", args=["7KM3P9XR", "7KM3P9X"]))
    for url in (slip, typed):
        assert stranger.get(url).status_code == 404 and stranger.get(url).content == never.content


def test_wrong_codes_are_counted_and_good_ones_leave_no_row(stranger, form, monkeypatch):
    monkeypatch.setattr(tries, "MOST_CODES", 2)
    good = by_slip(form)
    assert stranger.post(good, GOOD).status_code == 302
    assert stranger.get(good).status_code == 200 and stored() == []
    assert stranger.post(url_of(form), {**GOOD, "slip": "7KM3P9X"}).status_code == 422
    assert stranger.get(reverse("slip", args=[sheet_of(form).code, "7KM3P9X"])).status_code == 404
    assert [count for _key, count in stored()] == [2]
    for slip in ("7KM3P9X", drawn(form)):
        page = stranger.post(url_of(form), {**GOOD, "slip": slip})
        assert page.status_code == 429 and "Too many codes" in page.text and "not the code of a slip" not in page.text
    assert stranger.get(by_slip(form)).status_code == 404
    assert form.sealed.count() == 1
    elsewhere = stranger.post(url_of(form), {**GOOD, "slip": drawn(form)}, REMOTE_ADDR="203.0.113.9")
    assert elsewhere.status_code == 302


def test_a_flood_without_slips_takes_no_room(stranger, form):
    for number in range(30):
        stranger.post(url_of(form), {**GOOD, "slip": f"{number}"}, REMOTE_ADDR=f"203.0.113.{number}")
    assert not SealedAnswer.objects.exists()
    assert stranger.post(by_slip(form), GOOD).status_code == 302


def test_what_is_promised_is_what_holds_by_slip_and_by_link(stranger, form, other_cohort):
    by_slips = stranger.get(url_of(form)).text
    assert "at least 5 slips have been used" in by_slips.replace("\n", " ").replace("  ", " ")
    assert "Could somebody still find out?" in by_slips and "could have kept a code" in by_slips
    assert "slips that others left lying" in by_slips and "So it does not count beside answers" in by_slips
    linked = stranger.get(url_of(opened_form(by_link(other_cohort)))).text
    assert "anybody with this link can send answers" in linked and "work out which ones are yours" in " ".join(
        linked.split()
    )
    for page in (by_slips, linked):
        assert "Nobody can see which answers are yours" not in page
    assert "The code on your slip" not in linked


def test_a_form_by_link_asks_for_no_slip_and_has_none(stranger, cohort):
    form = opened_form(by_link(cohort))
    assert stranger.post(url_of(form), GOOD).status_code == 302
    assert "slip" not in sealing.open_box([form])[0]


def test_the_form_after_the_programme_takes_slips_only(cohort, now):
    SessionFactory(cohort=by_link(cohort), starts_at=now - timedelta(hours=1))
    form = asking.open_final_form(cohort=cohort, by=None)
    assert form.slips and printed(form).session is None


def test_no_page_and_no_row_tells_which_slip_was_used_once_answers_are_opened(cohort):
    form = opened_form(cohort)
    answered(form, 5)
    form = closed(form)
    sheet = sheet_of(form)
    assert (sheet.key, sheet.used, sheet.left, sheet.counts.count()) == ("", 5, 75, 0)
    assert codes_of(sheet) == []
