"""Places: never more than the group's size, in order, none without a clear check."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from caregivers.models import NEXT, Place
from caregivers.places import actions as places_actions
from caregivers.places.rules import Places
from caregivers.police_checks import actions as police_checks
from caregivers.registering import actions as registering
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


def fill(cohort, people=8):
    for seat in range(1, people + 1):
        PlaceFactory(cohort=cohort, seat=seat)


def test_eight_register_and_the_ninth_waits(register):
    places = [register(f"Person {n}") for n in range(9)]
    assert [place.state for place in places] == ["taken"] * 8 + ["waiting"]
    assert [place.seat for place in places] == [1, 2, 3, 4, 5, 6, 7, 8, None]


@pytest.mark.parametrize("outcome", [None, "asked", "concern"])
def test_without_a_clear_check_a_person_waits_though_places_are_free(register, outcome):
    assert register(check=outcome).state == "waiting"


@pytest.mark.parametrize(
    ("outcome", "sentence"),
    [
        (None, "The police check is not clear yet."),
        ("asked", "The police check is not clear yet."),
        ("concern", "The police check shows a concern: no place can be given."),
    ],
)
@pytest.mark.parametrize("action", [places_actions.take_place, places_actions.offer])
def test_no_place_is_given_without_a_clear_check(register, lead, cohort, action, outcome, sentence):
    waiting = register(check=outcome)
    with pytest.raises(Refused, match=sentence):
        action(cohort=cohort, caregiver=waiting.caregiver, by=lead)
    waiting.refresh_from_db()
    assert waiting.state == "waiting"


def test_the_latest_check_counts(register, lead, cohort):
    waiting = register(check="asked")
    police_checks.record_check(caregiver=waiting.caregiver, outcome="clear", on=date(2026, 3, 9), by=lead)
    assert places_actions.take_place(cohort=cohort, caregiver=waiting.caregiver, by=lead).seat == 1


def test_a_full_group_refuses_with_a_sentence(register, lead, cohort):
    fill(cohort)
    waiting = register()
    with pytest.raises(Refused, match=r"^This group is full: 8 of 8 places are taken\.$"):
        places_actions.take_place(cohort=cohort, caregiver=waiting.caregiver, by=lead, why_first="She asked first")


def test_an_offer_counts_as_a_place_until_it_runs_out(refer, register, lead, cohort):
    fill(cohort, 7)
    kept = refer("Kept Place")
    places_actions.offer(cohort=cohort, caregiver=kept, by=lead)
    late = register("Late Comer")
    assert late.state == "waiting"
    with pytest.raises(Refused, match="7 of 8 places are taken, 1 offered"):
        places_actions.take_place(cohort=cohort, caregiver=late.caregiver, by=lead)
    in_time = timezone.now() + timedelta(days=8)
    assert places_actions.take_place(cohort=cohort, caregiver=late.caregiver, by=lead, at=in_time).state == "taken"
    assert Place.objects.get(caregiver=kept).state == "waiting"


def test_registering_takes_the_place_that_was_kept(refer, cohort, lead):
    fill(cohort, 7)
    kept = refer("Kept Place")
    offered = places_actions.offer(cohort=cohort, caregiver=kept, by=lead)
    place = registering.register(
        caregiver=kept, cohort=cohort, answers={"name": "Kept Place"}, consents={}, how="spoken", by=lead
    ).place
    assert (place.state, place.seat) == ("taken", offered.seat)


def test_a_kept_place_is_lost_when_the_check_is_no_longer_clear(refer, cohort, lead):
    kept = refer("Kept Place")
    places_actions.offer(cohort=cohort, caregiver=kept, by=lead)
    police_checks.record_check(caregiver=kept, outcome="concern", on=date(2026, 3, 9), by=lead)
    place = registering.register(
        caregiver=kept, cohort=cohort, answers={"name": "Kept Place"}, consents={}, how="spoken", by=lead
    ).place
    assert (place.state, place.seat) == ("waiting", None)


def test_when_a_place_frees_the_first_with_a_clear_check_is_proposed_and_not_placed(register, lead, cohort):
    fill(cohort)
    unchecked, first, second = register("Not Checked", "asked"), register("First"), register("Second")
    now = timezone.now()
    assert Places.of(cohort, now).proposed == []
    places_actions.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=3).caregiver, by=lead)
    assert Places.of(cohort, now).proposed == [first]
    assert list(cohort.place_set.waiting()) == [unchecked, first, second]
    assert places_actions.take_place(cohort=cohort, caregiver=first.caregiver, by=lead).seat == 3


def test_a_newcomer_does_not_pass_those_who_wait(register, lead, cohort):
    fill(cohort)
    register("First")
    places_actions.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=3).caregiver, by=lead)
    assert register("Newcomer").state == "waiting"


def test_the_order_is_passed_over_only_with_a_reason(register, lead, cohort):
    fill(cohort)
    _first, second = register("First"), register("Second")
    places_actions.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=3).caregiver, by=lead)
    with pytest.raises(Refused, match="Say why this person goes first"):
        places_actions.take_place(cohort=cohort, caregiver=second.caregiver, by=lead, why_first="  ")
    place = places_actions.take_place(cohort=cohort, caregiver=second.caregiver, by=lead, why_first="Cannot come later")
    assert (place.state, place.why_first) == ("taken", "Cannot come later")


def test_nobody_comes_into_the_group_before_registering(refer, lead, cohort):
    with pytest.raises(Refused, match=r"They have not registered yet\."):
        places_actions.take_place(cohort=cohort, caregiver=refer(), by=lead)


def test_leaving_frees_the_seat_and_coming_back_is_possible(register, lead, cohort):
    place = register()
    places_actions.leave(cohort=cohort, caregiver=place.caregiver, by=lead)
    place.refresh_from_db()
    assert (place.state, place.seat, place.left_on) == ("left", None, timezone.localdate())
    back = places_actions.take_place(cohort=cohort, caregiver=place.caregiver, by=lead)
    assert (back.pk, back.state, back.left_on) == (place.pk, "taken", None)


def test_the_state_table_refuses_every_other_step(register, lead, cohort):
    place = register()
    with pytest.raises(Refused, match="“in the group” cannot become “waiting”"):
        places_actions.wait(cohort=cohort, caregiver=place.caregiver, by=lead)
    assert set(NEXT) == set(Place.State.values)


def test_fewer_places_than_people_gives_no_new_place(register, lead, cohort):
    fill(cohort, 6)
    cohort.place_set.filter(seat__in=[1, 2]).delete()  # seats 3 to 6 stay
    cohort.places = 4
    cohort.save()
    with pytest.raises(Refused, match="4 of 4"):
        places_actions.take_place(cohort=cohort, caregiver=register().caregiver, by=lead)


def test_the_database_itself_holds_no_ninth(cohort):
    fill(cohort)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceFactory(cohort=cohort, seat=8)


def test_each_step_is_in_the_trail_without_a_name(register, lead, cohort):
    place = register("Rosa Marsh")
    places_actions.leave(cohort=cohort, caregiver=place.caregiver, by=lead)
    entry = AuditEntry.objects.filter(what="place").first()
    assert (entry.user, entry.ref, entry.person, entry.cohort) == (
        lead,
        place.code,
        place.caregiver.code,
        cohort.code,
    )
    assert "Rosa" not in str(list(AuditEntry.objects.values()))
