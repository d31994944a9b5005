"""The register's page: who is on it and what it says, who may open it, needs and contacts, and the paper."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Place
from ppg.models import AuditEntry
from sessions_app.models import MarkState, RegisterMark
from sessions_app.register import actions
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.sessions_app.register.asking import page_of, send, text

pytestmark = pytest.mark.django_db


# --- The page --------------------------------------------------------------------------------------------


def test_everybody_in_the_group_is_on_it_by_the_name_they_like(browser_of, facilitator, session, aisha, ben):
    page = text(browser_of(facilitator).get(page_of(session)))
    assert page.index(">Aisha</h2>") < page.index(">Ben</h2>")
    assert "0 of 2 here" in page
    assert "Surname" not in page and "Benjamin" not in page


def test_it_says_nothing_about_health_or_contacts(browser_of, facilitator, session, aisha):
    page = text(browser_of(facilitator).get(page_of(session)))
    for secret in ("Peanuts", "Step-free", "01632", "Bina"):
        assert secret not in page


def test_two_of_the_same_name_can_be_told_apart(browser_of, facilitator, session, cohort, aisha):
    PlaceFactory(cohort=cohort, seat=2, caregiver=CaregiverFactory(cohort=cohort, name="Aisha Begum"))
    page = text(browser_of(facilitator).get(page_of(session)))
    assert ">Aisha B.</h2>" in page and ">Aisha S.</h2>" in page


def test_who_left_before_is_not_there_and_who_left_after_still_is(browser_of, facilitator, session, cohort, aisha, ben):
    for place, days in ((aisha, -1), (ben, 1)):
        place.state, place.seat, place.left_on = Place.State.LEFT, None, session.day + timedelta(days=days)
        place.save()
    page = text(browser_of(facilitator).get(page_of(session)))
    assert "Aisha" not in page and ">Ben</h2>" in page


def test_who_left_on_the_day_stays_while_there_is_a_tick(browser_of, facilitator, session, aisha, ben):
    actions.mark(session=session, place=aisha, state="left_early", key="k" * 20, by=facilitator)
    for place in (aisha, ben):
        place.state, place.seat, place.left_on = Place.State.LEFT, None, session.day
        place.save()
    page = text(browser_of(facilitator).get(page_of(session)))
    assert ">Aisha</h2>" in page and "Ben" not in page


def test_who_left_after_the_session_can_still_be_ticked_for_it(browser_of, facilitator, session, aisha, ben):
    for place, left in ((aisha, session.day + timedelta(days=1)), (ben, session.day)):
        place.state, place.seat, place.left_on = Place.State.LEFT, None, left
        place.save()
    page = text(browser_of(facilitator).get(page_of(session)))
    assert ">Aisha</h2>" in page and "Ben" not in page


def test_who_waits_or_was_offered_a_place_is_not_on_it(browser_of, facilitator, session, cohort):
    caregiver = CaregiverFactory(cohort=cohort, name="Wanda Waiting")
    PlaceFactory(
        cohort=cohort, caregiver=caregiver, state="waiting", seat=None, taken_on=None, waiting_since=timezone.now()
    )
    assert "Wanda" not in text(browser_of(facilitator).get(page_of(session)))


def test_who_joined_later_is_last_and_does_not_count(browser_of, facilitator, cohort, aisha, ben):
    past = SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=14))
    ben.taken_on = timezone.localdate() - timedelta(days=30)
    ben.save()
    page = text(browser_of(facilitator).get(page_of(past)))
    assert page.index(">Ben</h2>") < page.index(">Aisha</h2>")
    assert "0 of 1 here" in page and "after this session" in page


def test_a_group_typed_in_afterwards_counts_everybody(browser_of, facilitator, cohort, aisha, ben):
    past = SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=14))
    assert "0 of 2 here" in text(browser_of(facilitator).get(page_of(past)))


def test_an_empty_group_says_so(browser_of, facilitator, session):
    assert "Nobody has a place" in text(browser_of(facilitator).get(page_of(session)))


def test_the_page_costs_the_same_for_one_eight_and_thirty(
    browser_of, facilitator, session, cohort, aisha, same_queries, django_assert_max_num_queries
):
    def grow(first, last):
        for seat in range(first, last + 1):
            place = PlaceFactory(cohort=cohort, seat=seat)
            actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)

    browser = browser_of(facilitator)
    same_queries(browser, page_of(session), lambda: grow(2, 8))
    same_queries(browser, page_of(session), lambda: grow(9, 30))
    with django_assert_max_num_queries(8):
        assert "29 of 30 here" in text(browser.get(page_of(session)))


@pytest.mark.parametrize("name", ["register_history", "register_print", "somebody_else"])
def test_its_other_pages_cost_the_same_for_one_and_thirty(
    browser_of, facilitator, session, cohort, aisha, same_queries, name
):
    def grow():
        for seat in range(2, 31):
            place = PlaceFactory(cohort=cohort, seat=seat)
            actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)
            CaregiverFactory(cohort=cohort)

    actions.mark(session=session, place=aisha, state="present", key=str(uuid4()), by=facilitator)
    CaregiverFactory(cohort=cohort)
    same_queries(browser_of(facilitator), reverse(f"sessions:{name}", args=[session.code]), grow)


def test_the_script_asks_for_the_states_and_gets_no_names(browser_of, facilitator, session, aisha, ben):
    browser = browser_of(facilitator)
    send(browser, session, aisha, "late")
    answer = browser.get(page_of(session), headers={"accept": "application/json"})
    assert set(answer.json()) == {"rows", "token", "user", "now", "keep_seconds", "early"}
    assert answer.json()["user"] == facilitator.code
    assert {code: row["state"] for code, row in answer.json()["rows"].items()} == {aisha.code: "late", ben.code: "open"}
    assert "Aisha" not in text(answer) and "Ben" not in text(answer)


def test_every_state_has_a_button_but_the_open_one(browser_of, facilitator, session, aisha):
    page = text(browser_of(facilitator).get(page_of(session)))
    for state in MarkState:
        assert f'name="state" value="{state.value}"' in page
    assert page.count("aria-pressed") == len(MarkState) - 1


def test_each_button_is_named_with_what_it_does_and_whom(browser_of, facilitator, session, aisha, ben):
    actions.mark(session=session, place=ben, state="late", key="k" * 20, by=facilitator)
    page = text(browser_of(facilitator).get(page_of(session)))
    for name in ("Here, Aisha", "Sent apologies, Ben", "Other, Aisha", "Other, Ben: Came late", "Undo, Ben"):
        assert f'aria-label="{name}"' in page


# --- Who may ---------------------------------------------------------------------------------------------


GETS = ["register", "register_history", "register_print", "somebody_else"]


@pytest.mark.parametrize("name", GETS)
@pytest.mark.parametrize("role", ["parent", "manager", "evaluator", "safeguarding", "administrator"])
def test_other_roles_see_none_of_it(browser_of, request, session, role, name):
    browser = browser_of(request.getfixturevalue(role))
    assert browser.get(reverse(f"sessions:{name}", args=[session.code])).status_code == 403


@pytest.mark.parametrize("role", ["parent", "manager"])
def test_other_roles_cannot_tick(browser_of, request, session, aisha, role):
    assert send(browser_of(request.getfixturevalue(role)), session, aisha, "present").status_code == 403
    assert not RegisterMark.objects.exists()


@pytest.mark.parametrize("name", GETS)
def test_a_facilitator_of_another_group_finds_nothing(browser_of, other_facilitator, session, name):
    assert browser_of(other_facilitator).get(reverse(f"sessions:{name}", args=[session.code])).status_code == 404


def test_a_facilitator_of_another_group_cannot_tick(browser_of, other_facilitator, session, aisha):
    assert send(browser_of(other_facilitator), session, aisha, "present").status_code == 404
    for name in ("everyone_here", "undo_everyone"):
        url = reverse(f"sessions:{name}", args=[session.code])
        assert browser_of(other_facilitator).post(url, {"key": str(uuid4()), "press": str(uuid4())}).status_code == 404
    assert not RegisterMark.objects.exists()


def test_somebody_of_another_group_cannot_be_ticked_here(browser_of, facilitator, session, other_cohort):
    foreign = PlaceFactory(cohort=other_cohort)
    assert send(browser_of(facilitator), session, foreign, "present").status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_nothing_is_ticked(stranger, session, aisha):
    answer = send(stranger, session, aisha, "present")
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
    assert not RegisterMark.objects.exists()


@pytest.mark.parametrize("name", ["mark", "everyone_here", "undo_everyone"])
def test_ticking_is_never_a_get(browser_of, facilitator, session, name):
    assert browser_of(facilitator).get(reverse(f"sessions:{name}", args=[session.code])).status_code == 405


@pytest.mark.parametrize("name", ["register", "register_history", "register_print"])
def test_looking_is_never_a_post(browser_of, facilitator, session, name):
    assert browser_of(facilitator).post(reverse(f"sessions:{name}", args=[session.code])).status_code == 405


# --- Needs and contacts ----------------------------------------------------------------------------------


def details_of(session, place):
    return reverse("sessions:row_details", args=[session.code, place.code])


def test_needs_and_contacts_are_one_tap_away_and_the_tap_is_in_the_trail(browser_of, facilitator, session, aisha):
    browser = browser_of(facilitator)
    assert details_of(session, aisha) in text(browser.get(page_of(session)))
    page = text(browser.get(details_of(session, aisha)))
    for wanted in ("Peanuts", "Step-free", "Bina", "sister", "01632 960999"):
        assert wanted in page
    assert "Aisha Surname" in page  # for whoever comes to help
    assert "01632 960123" not in page  # their own number is not what was asked for
    entry = AuditEntry.objects.exclude(page="sessions:register").get()
    assert (entry.user, entry.verb, entry.person) == (facilitator, "saw", aisha.caregiver.code)
    assert entry.fields == ["access_needs", "allergies", "emergency_contacts"]


def test_what_was_not_told_and_what_was_not_asked_are_two_things(browser_of, facilitator, session, ben):
    browser = browser_of(facilitator)
    assert "Not known yet" in text(browser.get(details_of(session, ben)))
    ben.caregiver.registered_at, ben.caregiver.registered_how = timezone.now(), "online"
    ben.caregiver.save()
    page = text(browser.get(details_of(session, ben)))
    assert "They told us of none" in page and "No emergency contact" in page


@pytest.mark.parametrize(("who", "status"), [("parent", 403), ("manager", 403), ("other_facilitator", 404)])
def test_needs_and_contacts_are_for_the_groups_own_facilitators(browser_of, request, session, aisha, who, status):
    answer = browser_of(request.getfixturevalue(who)).get(details_of(session, aisha))
    assert answer.status_code == status and "Peanuts" not in text(answer)
    assert not AuditEntry.objects.exists()


def test_needs_of_somebody_in_another_group_are_not_found_through_ones_own_session(
    browser_of, facilitator, session, other_cohort
):
    assert browser_of(facilitator).get(details_of(session, PlaceFactory(cohort=other_cohort))).status_code == 404


# --- On paper --------------------------------------------------------------------------------------------


def test_the_paper_has_names_they_like_and_boxes_and_nothing_that_tells(browser_of, facilitator, session, aisha, ben):
    paper = text(browser_of(facilitator).get(reverse("sessions:register_print", args=[session.code])))
    assert "Aisha" in paper and "Ben" in paper
    assert paper.count('class="tick"') == 5 * (2 + 2)
    for secret in ("Surname", "Ogden", "Peanuts", "Step-free", session.title, session.cohort.programme.title):
        assert secret not in paper
