"""Before its time two people close a form: one asks, and another does who was not in the room."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.asking import actions as asking
from feedback.models import Form
from ppg.access.refusals import Refused
from sessions_app.register import actions as register
from tests.factories import PlaceFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort, facilitator) -> Form:
    return asking.open_form(session=SessionFactory(cohort=cohort, starts_at=timezone.now()), by=facilitator)


def url_of(form: Form) -> str:
    return reverse("feedback:close_early", args=[form.code])


def is_open(form: Form) -> bool:
    return Form.objects.get(pk=form.pk).closed_at is None


def test_nobody_closes_it_alone(browser_of, lead, form):
    for _ in range(2):
        browser_of(lead).post(reverse("feedback:close", args=[form.session.code]))
    page = browser_of(lead).get(url_of(form)).text
    assert "You asked for it, so somebody else has to close it" in page and "I was not in the room" not in page
    assert browser_of(lead).post(url_of(form), {"was_not_there": "on"}).status_code == 409
    assert is_open(form)


def test_not_without_being_asked(browser_of, lead, form):
    assert browser_of(lead).post(url_of(form), {"was_not_there": "on"}).status_code == 409
    assert is_open(form)


def test_not_by_whoever_opened_it(browser_of, lead, facilitator, form):
    asking.ask_to_close(form=form, by=lead)
    assert "You opened this form" in browser_of(facilitator).get(url_of(form)).text
    with pytest.raises(Refused, match="You opened"):
        asking.close_early(form=form, by=facilitator, was_not_there=True)
    assert is_open(form)


def test_not_by_whoever_ticked_the_register(cohort, lead, facilitator, form):
    place = PlaceFactory(cohort=cohort)
    register.mark(session=form.session, place=place, state="present", key="one", by=lead)
    asking.ask_to_close(form=form, by=facilitator)
    with pytest.raises(Refused, match="You ticked"):
        asking.close_early(form=form, by=lead, was_not_there=True)
    assert is_open(form)


def test_who_noted_apologies_beforehand_need_not_have_been_there(cohort, lead, facilitator, form):
    place = PlaceFactory(cohort=cohort)
    week_before = form.session.starts_at - timedelta(days=7)
    register.mark(session=form.session, place=place, state="apologies", key="one", by=lead, at=week_before)
    asking.ask_to_close(form=form, by=facilitator)
    assert asking.close_early(form=form, by=lead, was_not_there=True).closed_at


def test_who_noted_apologies_that_evening_was(cohort, lead, facilitator, form):
    register.mark(session=form.session, place=PlaceFactory(cohort=cohort), state="apologies", key="one", by=lead)
    asking.ask_to_close(form=form, by=facilitator)
    with pytest.raises(Refused, match="You ticked"):
        asking.close_early(form=form, by=lead, was_not_there=True)


def test_whoever_closes_says_that_they_were_not_there(browser_of, lead, facilitator, form):
    asking.ask_to_close(form=form, by=facilitator)
    page = browser_of(lead).post(url_of(form), {})
    assert page.status_code == 422 and "was not in the room" in page.text and is_open(form)
    assert browser_of(lead).post(url_of(form), {"was_not_there": "on"}).status_code == 302
    assert not is_open(form)
    assert browser_of(lead).get(url_of(form)).url == reverse("feedback:session", args=[form.session.code])


def test_who_asked_first_is_kept(form, lead, facilitator):
    for by in (facilitator, lead):
        asking.ask_to_close(form=form, by=by)
    assert Form.objects.get(pk=form.pk).asked_to_close_by == facilitator


def test_who_asks_after_somebody_else_is_the_second_person(browser_of, facilitator, lead, form):
    asking.ask_to_close(form=form, by=facilitator)
    pressed = browser_of(lead).post(reverse("feedback:close", args=[form.session.code]))
    assert pressed.url == url_of(form) and "I was not in the room" in browser_of(lead).get(url_of(form)).text


def test_closed_once_however_often(form, facilitator, lead):
    asking.ask_to_close(form=form, by=facilitator)
    first = asking.close_early(form=form, by=lead, was_not_there=True).closed_at
    assert asking.close_early(form=form, by=UserFactory(), was_not_there=False).closed_at == first


def test_who_may(browser_of, stranger, other_facilitator, parent, manager, form):
    assert stranger.get(url_of(form)).url.startswith(reverse("account_login"))
    assert browser_of(other_facilitator).get(url_of(form)).status_code == 404
    for user in (parent, manager):
        assert browser_of(user).post(url_of(form), {"was_not_there": "on"}).status_code == 403
    assert is_open(form)
