"""The lines of the weeks before: what referrals, checks and registrations tell, and for whom a line is still open."""

from __future__ import annotations

from datetime import date, time
from types import SimpleNamespace

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers import checklist
from caregivers.checklist import people_of
from caregivers.models import Caregiver, Consent, Place, Slot, SlotAnswer
from caregivers.places import actions as places
from caregivers.police_checks import actions as police_checks
from caregivers.referrals import actions as referrals
from caregivers.registering import actions as registering
from programmes.checklist.actions import tick
from programmes.checklist.lines import lines as registered
from programmes.checklist.queries import rows
from tests.caregivers.conftest import ANSWERS
from tests.factories import CaregiverFactory, PlaceFactory

pytestmark = pytest.mark.django_db


def progress_of(cohort, rule):
    found = rule(people_of(cohort))
    return SimpleNamespace(
        words=found.sentence, done=found.complete, names=[one.label for one in found.missing], missing=found.missing
    )


def url(name, *args):
    return reverse(f"caregivers:{name}", args=args)


def test_the_lines_before_in_order(cohort):
    assert [row.line.slug for row in rows(cohort)["Before"]] == [
        "clinical-session",
        "evaluation-support",
        "caregivers-identified",
        "caregivers-contacted",
        "times-asked",
        "handouts-asked",
        "needs-asked",
        "group-advertised",
        "police-checks",
        "evaluation-told",
    ]


def test_nobody_referred_ticks_nothing(cohort):
    every = rows(cohort)["Before"]
    assert not any(row.done for row in every)
    assert "Nobody has been referred yet." in {row.progress.sentence for row in every if row.progress}


def test_people_are_told_by_source_the_largest_first(refer, cohort):
    for source in ("community", "caseload", "caseload", "interest", "hub", "parenting", "early_help"):
        refer(source, None).referrals.update(source=source)
    found = progress_of(cohort, checklist.identified)
    assert found.words.startswith("7 people for 8 places: 2 from the youth justice caseload, ")
    for part in ("1 from the community", "1 who asked to come", "1 from an exploitation hub", "1 from early help"):
        assert part in found.words
    assert not found.done
    refer("Somebody Else", None)
    assert progress_of(cohort, checklist.identified).done


def test_fewer_may_be_enough(refer, cohort, lead):
    refer()
    tick(cohort=cohort, line=registered["caregivers-identified"], done=True, by=lead)
    assert next(row for row in rows(cohort)["Before"] if row.line.slug == "caregivers-identified").done


def test_who_was_not_talked_to_yet_is_named(refer, cohort, lead):
    for name in ("Rosa Marsh", "Ben Hill"):
        refer(name)
    rosa, ben = cohort.referrals.order_by("id")
    referrals.contacted(referral=rosa, on=date(2026, 3, 3), by=lead)
    found = progress_of(cohort, checklist.contacted)
    assert (found.words, found.names, found.missing[0].url) == ("1 of 2", ["Ben"], url("contact", ben.code))


def test_times_are_proposed_first_then_answered(refer, cohort, lead):
    rosa, ben = refer("Rosa Marsh"), refer("Ben Hill")
    found = progress_of(cohort, checklist.times_asked)
    assert (found.words, found.missing[0].url) == ("No times have been proposed yet.", url("times", cohort.code))
    slot = Slot.objects.create(cohort=cohort, weekday=0, starts=time(18))
    SlotAnswer.objects.create(slot=slot, caregiver=rosa, can="no", how="spoken", at=timezone.now())
    found = progress_of(cohort, checklist.times_asked)
    assert (found.words, found.names) == ("1 of 2 answered", ["Ben"])
    assert found.missing[0].url == url("times_for", ben.referrals.get().code)


def test_what_a_registration_asks(register, refer, cohort):
    rosa = register("Rosa Marsh").caregiver
    ben = refer("Ben Hill")
    Caregiver.objects.filter(pk=rosa.pk).update(handouts_by="paper")
    by_staff = url("register_by_staff", ben.referrals.get().code)
    for rule, words in (
        (checklist.handouts_asked, "Known for 1 of 2"),
        (checklist.needs_asked, "Asked for 1 of 2"),
        (checklist.told_of_evaluation, "1 of 2"),
    ):
        found = progress_of(cohort, rule)
        assert (found.words, found.names, found.missing[0].url) == (words, ["Ben"], by_staff)
    Caregiver.objects.update(handouts_by="")
    found = progress_of(cohort, checklist.handouts_asked)  # she did not say: it is put in where her answers are
    assert [one.url for one in found.missing] == [url("details", rosa.code), by_staff]


def test_no_is_an_answer_to_the_evaluation_and_not_being_asked_is_none(register, cohort):
    person = register("Rosa Marsh").caregiver
    assert person.consents.get(kind="evaluation").given is False
    assert progress_of(cohort, checklist.told_of_evaluation).done
    Consent.objects.all().delete()
    found = progress_of(cohort, checklist.told_of_evaluation)
    assert [one.url for one in found.missing] == [url("consent", person.code, "evaluation")]


@pytest.mark.parametrize(("outcome", "done"), [(None, False), ("asked", False), ("clear", True), ("concern", True)])
def test_a_check_is_done_when_it_has_an_outcome(refer, cohort, outcome, done):
    person = refer("Rosa Marsh", outcome)
    found = progress_of(cohort, checklist.checked)
    assert (found.done, found.names) == (done, [] if done else ["Rosa"])
    assert done or found.missing[0].url == url("check", person.code)


def test_the_latest_outcome_counts(refer, cohort, lead):
    person = refer("Rosa Marsh", "clear")
    police_checks.record_check(caregiver=person, outcome="asked", on=date(2026, 3, 9), by=lead)
    assert not progress_of(cohort, checklist.checked).done


def test_who_declined_or_left_counts_nowhere(refer, register, cohort, lead):
    declined, left = refer("Rosa Marsh", None), register("Ben Hill").caregiver
    for person in (declined, left):
        places.leave(cohort=cohort, caregiver=person, by=lead)
    erased = refer("Ann Gone", None)
    Caregiver.objects.filter(pk=erased.pk).update(erased_at=timezone.now())
    for rule in (checklist.contacted, checklist.checked, checklist.handouts_asked, checklist.told_of_evaluation):
        assert progress_of(cohort, rule).words == "Nobody has been referred yet."
    refer("Sam Stays", "asked")
    found = progress_of(cohort, checklist.checked)
    assert (found.words, found.names) == ("0 of 1", ["Sam"])


def test_whoever_waits_counts(register, cohort, lead):
    cohort.places = 1
    cohort.save()
    for name in ("Rosa Marsh", "Ben Hill"):
        register(name)
    assert cohort.place_set.filter(state=Place.State.WAITING).count() == 1
    assert progress_of(cohort, checklist.checked).words == "2 of 2"


def test_another_groups_people_count_there(refer, cohort, other_cohort):
    refer("Rosa Marsh", None, group=other_cohort)
    assert progress_of(cohort, checklist.checked).words == "Nobody has been referred yet."
    person = refer("Ben Hill")
    registering.register(
        caregiver=person, cohort=cohort, answers={**ANSWERS, "name": "Ben"}, consents={}, how="spoken", by=None
    )
    assert progress_of(other_cohort, checklist.told_of_evaluation).names == ["Rosa"]


def test_two_of_one_name_are_told_apart(refer, cohort):
    refer("Rosa Marsh", None)
    refer("Rosa Hill", None)
    assert progress_of(cohort, checklist.checked).names == ["Rosa M.", "Rosa H."]


def test_places_left_stand_beside_the_advertising(cohort):
    PlaceFactory(cohort=cohort, seat=1)
    assert checklist.places_left(people_of(cohort)) == "7 places are left."
    cohort.places = 1
    assert checklist.places_left(people_of(cohort)) == "No place is left: nothing needs to be done."


def test_the_page_is_one_click_from_done_and_costs_the_same_with_thirty(browser_of, lead, cohort, same_queries):
    person = CaregiverFactory(cohort=cohort, name="Rosa Marsh", check_outcome="asked")
    client, page = browser_of(lead), reverse("programmes:checklist", args=[cohort.code])
    shown = client.get(page).text
    referral = person.referrals.get().code
    for address in (url("check", person.code), url("contact", referral), url("register_by_staff", referral)):
        assert f'href="{address}"' in shown
        assert client.get(address).status_code == 200
    assert "Marsh" not in shown  # what they are called is enough

    def grow():
        for number in range(30):
            one = CaregiverFactory(cohort=cohort, name=f"Sam Example{number}", check_outcome="asked")
            if number % 2:
                PlaceFactory(cohort=cohort, caregiver=one, state="waiting", seat=None, waiting_since=timezone.now())

    same_queries(client, page, grow)
    assert "Asked for 0 of 31" in client.get(page).text
