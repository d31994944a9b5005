"""The tablet that is passed round."""

import re

import pytest
from django.urls import reverse

from feedback import sealing
from feedback.asking import actions as asking
from feedback.models import Form, SealedAnswer
from tests.feedback.factories import drawn, opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def at(name: str, form: Form) -> str:
    return reverse(name, args=[form.code])


def name_on(page) -> str:
    return re.search(rb'action="\?(s[0-9a-f]{12})"', page.content)[1].decode()


def sheet_of(page, **answers: str) -> tuple[str, dict[str, str]]:
    """Where the sheet on this page is sent, and what with."""
    name = name_on(page)
    nonce = re.search(rb'-nonce" value="([^"]+)"', page.content)[1].decode()
    return f"?{name}", {f"{name}-nonce": nonce, **{f"{name}-q-{slug}": value for slug, value in answers.items()}}


def with_slip(sheet: dict[str, str], form: Form) -> dict[str, str]:
    """The sheet with the code of a slip typed on it."""
    name = next(iter(sheet)).split("-")[0]
    return {**sheet, f"{name}-slip": drawn(form)}


def test_without_a_slip_nothing_is_taken(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="4")
    page = stranger.post(at("tablet_sheet", form) + where, sheet)
    assert page.status_code == 422 and "Type the code on your slip" in page.text and not SealedAnswer.objects.exists()


def test_whoever_starts_it_is_signed_out_of_the_tablet_first(browser_of, facilitator, form):
    browser = browser_of(facilitator)
    started = browser.post(at("feedback:pass_round", form))
    assert started.url == at("tablet", form)
    assert "cache" in started.headers["Clear-Site-Data"]
    assert "sessionid" not in browser.cookies or not browser.session.get("_auth_user_id")
    assert browser.get("/").url.startswith(reverse("account_login"))
    assert "Press Start" in browser.get(started.url).content.decode()


def test_no_tablet_for_a_form_that_has_closed(browser_of, facilitator, form):
    asking.close_form(form=form, by=None)
    browser = browser_of(facilitator)
    assert browser.post(at("feedback:pass_round", form)).status_code == 409
    assert browser.get("/").status_code == 200  # still signed in


def test_an_answer_goes_into_the_same_box(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="4", different="Tea")
    sent = stranger.post(at("tablet_sheet", form) + where, with_slip(sheet, form))
    assert sent.url == at("tablet_thanks", form)
    assert sealing.open_box([form]) == [{"way": "online", "answers": {"today": 4, "different": "Tea"}, "slip": True}]
    assert "Hand the tablet to the next person" in stranger.get(sent.url).content.decode()


def test_the_same_sheet_sent_twice_is_one_answer(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="4")
    sheet = with_slip(sheet, form)
    for _ in range(2):
        assert stranger.post(at("tablet_sheet", form) + where, sheet).url == at("tablet_thanks", form)
    assert SealedAnswer.objects.count() == 1


def test_every_look_is_a_new_sheet_whose_fields_no_browser_has_seen(stranger, form):
    first, second = (stranger.get(at("tablet_sheet", form)) for _ in range(2))
    assert name_on(first) != name_on(second)
    for page in (first, second, stranger.get(at("tablet", form)), stranger.get(at("tablet_thanks", form))):
        assert page.headers["Cache-Control"] == "no-store" and not page.cookies
    assert 'autocomplete="off"' in re.search(r"<form[^>]*>", first.content.decode())[0]


def test_what_was_typed_is_kept_on_the_sheet_it_was_typed_on(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), different="x" * 1001)
    page = stranger.post(at("tablet_sheet", form) + where, sheet)
    assert page.status_code == 422 and "x" * 1001 in page.content.decode()
    assert name_on(page) == where[1:] and sheet_of(page)[1][f"{where[1:]}-nonce"] == sheet[f"{where[1:]}-nonce"]


def test_nothing_of_one_person_is_on_what_the_next_one_gets(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="0", different="It is me")
    assert stranger.post(at("tablet_sheet", form) + where, with_slip(sheet, form)).status_code == 302
    for name in ("tablet_thanks", "tablet", "tablet_sheet"):
        page = stranger.get(at(name, form)).content.decode()
        assert "It is me" not in page and " checked" not in page


def test_a_form_that_has_closed_and_one_that_never_was_look_the_same(stranger, form):
    never = [stranger.get(reverse(name, args=["nothing"])) for name in ("tablet", "tablet_sheet")]
    asking.close_form(form=form, by=None)
    closed = [stranger.get(at(name, form)) for name in ("tablet", "tablet_sheet")]
    assert {page.status_code for page in never + closed} == {404}
    assert len({page.content for page in never + closed}) == 1
    assert stranger.post(at("tablet_sheet", form), {}).status_code == 404


def test_wrong_verbs(stranger, form):
    assert stranger.post(at("tablet", form)).status_code == 405
    assert stranger.post(at("tablet_thanks", form)).status_code == 405
    assert stranger.put(at("tablet_sheet", form)).status_code == 405
