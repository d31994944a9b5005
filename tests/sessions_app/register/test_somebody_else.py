"""Somebody came who has no place."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import CaregiverFactory, PlaceFactory
from tests.sessions_app.register.asking import page_of, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def wanda(cohort):
    return CaregiverFactory(cohort=cohort, name="Wanda Waiting", registered_at=timezone.now(), registered_how="online")


def wait_for_a_place(caregiver, cohort, **fields):
    fields = {"state": "waiting", "seat": None, "taken_on": None, "waiting_since": timezone.now(), **fields}
    return PlaceFactory(cohort=cohort, caregiver=caregiver, **fields)


def let_in(browser, session, caregiver, **values):
    values = {"person": caregiver.code, "key": str(uuid4()), **values}
    return browser.post(reverse("sessions:somebody_else", args=[session.code]), values)


def door(browser, session):
    return text(browser.get(reverse("sessions:somebody_else", args=[session.code])))


def test_who_came_unannounced_gets_a_place_and_a_tick(browser_of, facilitator, session, cohort, aisha, wanda):
    browser = browser_of(facilitator)
    page = door(browser, session)
    assert "Wanda Waiting" in page and "Aisha" not in page and "Give a place" in page
    answer = let_in(browser, session, wanda)
    place = wanda.places.get()
    assert answer.headers["Location"] == f"{page_of(session)}#row-{place.code}"
    assert place.state == "taken" and session.marks.get().state == "present"


def test_letting_in_twice_is_once(browser_of, facilitator, session, wanda):
    browser, key = browser_of(facilitator), str(uuid4())
    assert let_in(browser, session, wanda, key=key).headers == let_in(browser, session, wanda, key=key).headers
    assert wanda.places.count() == session.marks.count() == 1


@pytest.mark.parametrize(
    ("outcome", "sentence", "to_do"),
    [("asked", "not clear yet", "Ask the programme lead about the check"), ("concern", "a concern", "before they go")],
)
def test_without_a_clear_check_the_page_says_what_to_do(
    browser_of, facilitator, session, wanda, outcome, sentence, to_do
):
    wanda.checks.update(outcome=outcome)
    browser = browser_of(facilitator)
    page = door(browser, session)
    assert sentence in page and to_do in page and "Give a place" not in page
    answer = let_in(browser, session, wanda)
    assert answer.status_code == 422 and sentence in text(answer)
    assert not wanda.places.exists() and not session.marks.exists()


def test_a_full_group_stays_full(browser_of, facilitator, session, cohort, wanda):
    for seat in range(1, cohort.places + 1):
        PlaceFactory(cohort=cohort, seat=seat)
    browser = browser_of(facilitator)
    page = door(browser, session)
    assert "No place is free" in page and "This group is full" in page and "Give a place" not in page
    assert let_in(browser, session, wanda).status_code == 422
    assert cohort.place_set.in_group().count() == cohort.places


def test_who_has_not_registered_is_registered_first(browser_of, facilitator, session, cohort):
    CaregiverFactory(cohort=cohort, name="Nora New")
    page = door(browser_of(facilitator), session)
    assert "not registered yet" in page and "Register them now" in page and "Give a place" not in page


@pytest.fixture
def queue(cohort, wanda):
    """One place is free, and Quentin is before Wanda on the waiting list."""
    quentin = CaregiverFactory(
        cohort=cohort, name="Quentin Queue", registered_at=timezone.now(), registered_how="online"
    )
    wait_for_a_place(quentin, cohort, waiting_since=timezone.now() - timedelta(days=3))
    wait_for_a_place(wanda, cohort)
    for seat in range(2, cohort.places + 1):
        PlaceFactory(cohort=cohort, seat=seat)


def test_a_facilitator_keeps_the_order_of_the_waiting_list(browser_of, facilitator, session, queue, wanda):
    browser = browser_of(facilitator)
    assert "Only the programme lead can change the order" in door(browser, session)
    answer = let_in(browser, session, wanda, why_first="because")
    assert answer.status_code == 422 and wanda.places.get().state == "waiting"


def test_a_lead_may_override_it_with_a_reason_and_only_with_one(browser_of, lead, session, queue, wanda):
    browser = browser_of(lead)
    assert "Came to session 3" in door(browser, session)
    assert let_in(browser, session, wanda, why_first=" ").status_code == 422
    assert let_in(browser, session, wanda, why_first="Came to session 3").status_code == 302
    assert wanda.places.get().why_first == "Came to session 3"


def test_a_reason_that_was_typed_is_kept_when_something_else_is_wrong(browser_of, lead, session, queue, wanda):
    answer = let_in(browser_of(lead), session, wanda, why_first="She walked five miles", key="short")
    assert answer.status_code == 422 and 'value="She walked five miles"' in text(answer)


def test_somebody_of_another_group_is_not_found_at_the_door(browser_of, facilitator, session, other_cohort):
    foreign = CaregiverFactory(cohort=other_cohort)
    assert let_in(browser_of(facilitator), session, foreign).status_code == 404
