"""Offers until a chosen day, the size of the group, and a check that is not clear any more."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Place
from caregivers.places import actions as places
from caregivers.places.rules import Places
from caregivers.police_checks import actions as police_checks
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory

pytestmark = pytest.mark.django_db


def go(name, thing):
    return reverse(f"caregivers:{name}", args=[thing.code])


def key():
    return {"effect_key": str(uuid.uuid4())}


def midnight_after(day):
    return timezone.localtime(Place.objects.get().offered_until).replace(tzinfo=None).isoformat() == (
        f"{day + timedelta(days=1)}T00:00:00"
    )


# --- Offers ---------------------------------------------------------------------------------------


def test_an_offer_lasts_until_the_end_of_the_chosen_day(browser_of, lead, refer):
    referral = refer().referrals.get()
    client, day = browser_of(lead), timezone.localdate() + timedelta(days=3)
    assert client.get(go("offer", referral)).context["form"]["until"].value() == timezone.localdate() + timedelta(7)
    form = {"until": day.isoformat(), **key()}
    for _ in range(2):
        assert client.post(go("offer", referral), form).status_code == 302
    assert midnight_after(day)


@pytest.mark.parametrize("days", [0, -1, 61])
def test_an_offer_ends_on_a_day_to_come_and_not_in_a_year(browser_of, lead, refer, days):
    day = timezone.localdate() + timedelta(days=days)
    page = browser_of(lead).post(go("offer", refer().referrals.get()), {"until": day.isoformat(), **key()})
    assert page.status_code == 422 and f'value="{day.day}"' in page.text
    assert not Place.objects.exists()


def test_passing_somebody_asks_for_the_day_and_the_reason_together(browser_of, lead, cohort, register, refer):
    cohort.places = 1
    cohort.save()
    seated = register("First In")
    register("Nina Next")
    places.leave(cohort=cohort, caregiver=seated.caregiver, by=lead)
    later = refer("Lars Later").referrals.get()
    client, day = browser_of(lead), timezone.localdate() + timedelta(days=3)
    assert client.post(go("offer", later), key()).status_code == 422  # the one press of the record asks for more
    assert client.post(go("offer", later), {"until": day.isoformat(), **key()}).status_code == 422
    form = {"until": day.isoformat(), "why_first": "Cannot come in autumn", **key()}
    assert client.post(go("offer", later), form).status_code == 302
    assert later.caregiver.places.get().why_first == "Cannot come in autumn"


def test_an_offer_that_runs_out_is_back_on_the_list_without_anybody_pressing(cohort, lead, refer, register):
    cohort.places = 1
    cohort.save()
    kept = places.offer(cohort=cohort, caregiver=refer("Kept"), by=lead)
    nina = register("Nina Next")
    assert nina.state == "waiting"
    assert places.end_offers(kept.offered_until - timedelta(seconds=1)) == 0
    assert Places.of(cohort, timezone.now()).proposed == []
    assert places.end_offers(kept.offered_until) == 1
    until = kept.offered_until
    kept.refresh_from_db()
    assert (kept.state, kept.seat, kept.offered_until, kept.waiting_since) == ("waiting", None, None, until)
    assert Places.of(cohort, until).proposed == [nina]
    assert list(cohort.place_set.waiting()) == [nina, kept]
    entry = AuditEntry.objects.filter(what="place", ref=kept.code).first()
    assert (entry.verb, entry.user) == ("changed", None)


def test_the_list_has_the_same_order_before_and_after_the_worker_came(cohort, lead, refer, register):
    cohort.places = 1
    cohort.save()
    first = register("First", "asked")  # waits since before the offer
    police_checks.record_check(caregiver=first.caregiver, outcome="clear", on=date(2026, 3, 9), by=lead)
    offered = places.offer(cohort=cohort, caregiver=first.caregiver, by=lead)
    register("Second")
    now = offered.offered_until
    before = [place.pk for place in Places.of(cohort, now).waiting]
    places.end_offers(now)
    assert [place.pk for place in Places.of(cohort, now).waiting] == before
    assert before[-1] == first.pk


def test_the_page_of_an_offer_opens_only_where_one_can_be_made(browser_of, lead, refer):
    client = browser_of(lead)
    assert client.get(go("offer", refer("Rosa Marsh").referrals.get())).status_code == 200
    unclear = refer("Not Checked", "asked")
    assert client.get(go("offer", unclear.referrals.get())).headers["Location"] == unclear.get_absolute_url()


def test_a_form_that_was_open_while_the_check_changed_says_why_not(browser_of, lead, refer):
    page = browser_of(lead).post(go("offer", refer("Not Checked", "asked").referrals.get()), {"until": "", **key()})
    assert page.status_code == 422
    assert "The police check is not clear yet." in page.text


# --- Freeing a place --------------------------------------------------------------------------------------


def test_freeing_says_what_is_freed(browser_of, lead, register):
    client = browser_of(lead)
    assert "Rosa leaves the group" in client.get(go("leave", register().caregiver.referrals.get())).text
    waiting = register("Nina Next", "asked").caregiver.referrals.get()
    assert "Nina does not want a place" in client.get(go("leave", waiting)).text


# --- A check that is not clear any more -------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["asked", "concern"])
def test_an_offer_ends_at_once_when_the_check_is_not_clear(cohort, lead, refer, outcome):
    kept = places.offer(cohort=cohort, caregiver=refer(), by=lead)
    police_checks.record_check(caregiver=kept.caregiver, outcome=outcome, on=date(2026, 3, 9), by=lead)
    kept.refresh_from_db()
    assert (kept.state, kept.seat, kept.offered_until) == ("waiting", None, None)
    assert Places.of(cohort, timezone.now()).free == 8


def test_a_clear_check_ends_no_offer(cohort, lead, refer):
    kept = places.offer(cohort=cohort, caregiver=refer(), by=lead)
    police_checks.record_check(caregiver=kept.caregiver, outcome="clear", on=date(2026, 3, 9), by=lead)
    assert Place.objects.get().state == "offered"


@pytest.mark.parametrize("outcome", ["asked", "concern"])
def test_a_taken_place_stays_and_is_said_loudly(cohort, lead, register, browser_of, outcome):
    place = register()
    form = {"outcome": outcome, "on": "2026-03-09", **key()}
    page = browser_of(lead).post(go("check", place.caregiver), form, follow=True)
    assert Place.objects.get().state == "taken"
    assert "Talk to your safeguarding lead before the next session" in page.text
    assert "Talk to your safeguarding lead before the next session" in browser_of(lead).get(go("people", cohort)).text


# --- The size of the group ------------------------------------------------------------------------------


def test_the_size_is_changed(browser_of, lead, cohort):
    client = browser_of(lead)
    assert client.get(go("size", cohort)).context["form"]["places"].value() == 8
    for _ in range(2):
        assert client.post(go("size", cohort), {"places": "5"}).status_code == 302
    cohort.refresh_from_db()
    assert cohort.places == 5
    assert AuditEntry.objects.filter(what="cohort", verb="changed", fields=["places"], user=lead).count() == 1


@pytest.mark.parametrize(
    ("size", "sentence"),
    [
        ("9", "This programme has at most 8 places in a group."),
        ("1", "2 places are held: 1 taken, 1 offered. There cannot be fewer."),
        ("0", "1 or more"),
        ("many", "whole number"),
    ],
)
def test_the_size_is_refused_with_a_sentence(browser_of, lead, cohort, register, refer, size, sentence):
    register()
    places.offer(cohort=cohort, caregiver=refer("Kept"), by=lead)
    page = browser_of(lead).post(go("size", cohort), {"places": size})
    assert page.status_code == 422 and sentence in page.text and f'value="{size}"' in page.text
    cohort.refresh_from_db()
    assert cohort.places == 8


def test_an_offer_that_ran_out_does_not_hold_the_size(lead, cohort, refer):
    places.offer(cohort=cohort, caregiver=refer("Kept"), by=lead)
    places.offer(cohort=cohort, caregiver=refer("Other"), by=lead)
    with pytest.raises(Refused, match="2 places are held"):
        places.set_size(cohort=cohort, places=1, by=lead)
    assert places.set_size(cohort=cohort, places=1, by=lead, at=timezone.now() + timedelta(days=8)).places == 1


def test_the_size_is_for_who_gives_places(browser_of, lead, facilitator, other_cohort, cohort):
    assert browser_of(facilitator).post(go("size", cohort), {"places": "5"}).status_code == 403
    assert browser_of(lead).post(go("size", other_cohort), {"places": "5"}).status_code == 404
    assert browser_of(lead).put(go("size", cohort)).status_code == 405
    foreign = CaregiverFactory(cohort=other_cohort).referrals.get()
    assert browser_of(lead).get(go("offer", foreign)).status_code == 404
