"""The minutes after a session: who stayed to talk."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import FollowUp
from ppg.models import AuditEntry
from sessions_app.after import actions as after
from sessions_app.register.actions import mark
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=2, starts_at=timezone.now())


@pytest.fixture
def come(cohort, session, facilitator):
    def make(name, seat, state="present"):
        place = PlaceFactory(cohort=cohort, seat=seat, caregiver=CaregiverFactory(cohort=cohort, name=name))
        mark(session=session, place=place, state=state, key=str(uuid4()), by=facilitator)
        return place

    return make


def url(session, name="after"):
    return reverse(f"sessions:{name}", args=[session.code])


def outcomes():
    return {talk.caregiver.called: talk.outcome for talk in FollowUp.objects.all()}


def test_everybody_who_was_there_and_nobody_else(browser_of, facilitator, session, come):
    come("Rosa Marsh", 1)
    come("Lee Late", 2, "late")
    come("Ed Early", 3, "left_early")
    come("Ana Away", 4, "apologies")
    page = browser_of(facilitator).get(url(session)).text
    assert all(name in page for name in ("Rosa", "Lee", "Ed")) and "Ana" not in page
    assert "offered 15 minutes" in page and "0 of 3 written down" in page


def test_stayed_or_not_pressed_twice_changed_and_undone(browser_of, facilitator, cohort, session, come):
    place, client = come("Rosa Marsh", 1), browser_of(facilitator)

    def press(outcome):
        answer = client.post(url(session, "after_mark"), {"place": place.code, "outcome": outcome})
        assert (answer.status_code, answer["Location"]) == (302, f"{url(session)}#{place.code}")

    press("taken")
    press("taken")
    talk = FollowUp.objects.get()
    assert (talk.kind, talk.outcome, talk.session_number, talk.cohort) == ("after", "taken", 2, cohort)
    assert AuditEntry.objects.filter(what="followup").count() == 2  # offered, and what became of it
    assert "1 stayed, 1 of 1 written down" in " ".join(client.get(url(session)).text.split())
    press("not_wanted")
    assert outcomes() == {"Rosa": "not_wanted"}
    press("")
    press("")
    assert outcomes() == {}


def test_what_was_written_since_is_kept(browser_of, facilitator, session, come):
    place, client = come("Rosa Marsh", 1), browser_of(facilitator)
    client.post(url(session, "after_mark"), {"place": place.code, "outcome": "taken"})
    talk = FollowUp.objects.get()
    client.post(talk.get_absolute_url() + "?change", {"outcome": "taken", "minutes": "12", "next_step": "Ring school"})
    client.post(url(session, "after_mark"), {"place": place.code, "outcome": "taken"})
    answer = client.post(url(session, "after_mark"), {"place": place.code, "outcome": ""})
    assert answer.status_code == 409
    talk.refresh_from_db()
    assert (talk.outcome, talk.minutes, talk.next_step) == ("taken", 12, "Ring school")
    page = client.get(url(session)).text
    assert "12 minutes." in page and "stayed__undo" not in page


def test_nobody_else_stayed(browser_of, facilitator, session, come):
    rosa, client = come("Rosa Marsh", 1), browser_of(facilitator)
    come("Ben Example", 2)
    come("Ana Away", 3, "not_here")
    client.post(url(session, "after_mark"), {"place": rosa.code, "outcome": "taken"})
    for _ in range(2):
        assert client.post(url(session, "after_rest")).status_code == 302
    assert outcomes() == {"Rosa": "taken", "Ben": "not_wanted"}
    assert url(session, "after_rest") not in client.get(url(session)).text


def test_who_went_home_does_not_fill_the_list_of_follow_ups(browser_of, facilitator, cohort, session, come):
    rosa, ben = come("Rosa Marsh", 1), come("Ben Example", 2)
    after.record_talk(session=session, caregiver=rosa.caregiver, outcome="taken", by=facilitator)
    after.record_talk(session=session, caregiver=ben.caregiver, outcome="not_wanted", by=facilitator)
    page = browser_of(facilitator).get(reverse("caregivers:follow_ups", args=[cohort.code])).text
    assert "Rosa" in page and "Ben" not in page


def test_without_a_register_it_leads_there(browser_of, facilitator, session):
    page = browser_of(facilitator).get(url(session)).text
    assert reverse("sessions:register", args=[session.code]) in page


def test_what_cannot_be_is_refused(browser_of, lead, session, come, other_cohort):
    place, foreign = come("Rosa Marsh", 1), PlaceFactory(cohort=other_cohort)
    client = browser_of(lead)
    assert client.post(url(session, "after_mark"), {"place": place.code, "outcome": "gone"}).status_code == 409
    assert client.post(url(session, "after_mark"), {"place": place.code}).status_code == 409
    assert client.post(url(session, "after_mark"), {"place": foreign.code, "outcome": "taken"}).status_code == 404
    assert not FollowUp.objects.exists()


@pytest.mark.parametrize("name", ["after", "after_mark", "after_rest"])
def test_only_the_groups_own_team(browser_of, stranger, session, other_facilitator, parent, manager, lead, name):
    method = "get" if name == "after" else "post"
    assert getattr(browser_of(other_facilitator), method)(url(session, name)).status_code == 404
    for nobody in (parent, manager):
        assert getattr(browser_of(nobody), method)(url(session, name)).status_code == 403
    assert getattr(stranger, method)(url(session, name))["Location"].startswith(reverse("account_login"))
    wrong = "post" if method == "get" else "get"
    assert getattr(browser_of(lead), wrong)(url(session, name)).status_code == 405


def test_it_costs_the_same_with_one_and_with_eight(browser_of, lead, session, come, same_queries):
    come("Rosa Marsh", 1)

    def grow():
        for seat in range(2, 9):
            place = come(f"Sam Example{seat}", seat)
            after.record_talk(session=session, caregiver=place.caregiver, outcome="taken", by=lead)

    same_queries(browser_of(lead), url(session), grow)


def test_it_costs_at_most_eight_queries(browser_of, lead, session, come, django_assert_max_num_queries):
    come("Rosa Marsh", 1)
    client = browser_of(lead)
    client.get(url(session))
    with django_assert_max_num_queries(8):
        client.get(url(session))
