"""Two people who are kept apart never have a place in the same group."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.apart import actions as apart_actions
from caregivers.links import actions as links
from caregivers.models import KeptApart, Place, Referral
from caregivers.places import actions as places
from caregivers.places.rules import Places
from caregivers.registering import actions as registering
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.caregivers.conftest import ANSWERS
from tests.factories import CaregiverFactory, CohortFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db
SENTENCE = "This person is kept apart from somebody in this group."


def go(name, *codes):
    return reverse(f"caregivers:{name}", args=[getattr(code, "code", code) for code in codes])


def key():
    return {"effect_key": str(uuid.uuid4())}


@pytest.fixture
def apart(refer, lead):
    """Ana and Bo, referred to the group and kept apart."""
    one, other = refer("Ana Stone"), refer("Bo Field")
    apart_actions.keep_apart(caregiver=other, other=one, by=lead)
    return one, other


def registers(person, cohort, by):
    answers = {**ANSWERS, "name": person.name}
    told = {"answers": answers, "consents": {}, "how": "spoken", "by": by}
    return registering.register(caregiver=person, cohort=cohort, **told).place


# --- Places -----------------------------------------------------------------------------------------


def test_the_second_waits_when_registering(apart, cohort, lead):
    ana, bo = apart
    assert registers(ana, cohort, lead).state == "taken"
    assert registers(bo, cohort, lead).state == "waiting"


def test_the_second_is_offered_and_given_nothing_even_with_a_reason(apart, cohort, lead):
    ana, bo = apart
    registers(ana, cohort, lead), registers(bo, cohort, lead)
    for action in (places.offer, places.take_place):
        with pytest.raises(Refused, match=SENTENCE):
            action(cohort=cohort, caregiver=bo, by=lead, why_first="They are friends")


def test_an_offer_counts_like_a_place(apart, cohort, lead):
    ana, bo = apart
    places.offer(cohort=cohort, caregiver=ana, by=lead)
    with pytest.raises(Refused, match=SENTENCE):
        places.offer(cohort=cohort, caregiver=bo, by=lead)
    later = timezone.now() + timedelta(days=8)
    assert places.offer(cohort=cohort, caregiver=bo, by=lead, at=later).state == "offered"
    with pytest.raises(Refused, match=SENTENCE):
        places.offer(cohort=cohort, caregiver=ana, by=lead, at=later)


def test_when_the_first_leaves_the_second_may_come(apart, cohort, lead):
    ana, bo = apart
    registers(ana, cohort, lead), registers(bo, cohort, lead)
    places.leave(cohort=cohort, caregiver=ana, by=lead)
    assert places.take_place(cohort=cohort, caregiver=bo, by=lead).state == "taken"


def test_another_group_is_no_obstacle(apart, cohort, lead):
    ana, bo = apart
    registers(ana, cohort, lead)
    elsewhere = CohortFactory(team=[lead])
    assert places.offer(cohort=elsewhere, caregiver=bo, by=lead).state == "offered"


def test_who_is_kept_out_does_not_hold_up_the_list(apart, cohort, lead, register):
    ana, bo = apart
    registers(ana, cohort, lead), registers(bo, cohort, lead)
    now = timezone.now()
    assert Places.of(cohort, now).proposed == []
    assert register("Cy Next").state == "taken"  # passes Bo without a reason: Bo cannot come


def test_of_two_apart_who_both_wait_only_the_first_is_proposed(apart, cohort, lead, register):
    ana, bo = apart
    cohort.places = 2
    cohort.save()
    seated = [register("One"), register("Two")]
    waiting = [registers(ana, cohort, lead), registers(bo, cohort, lead), register("Cy Next")]
    for place in seated:
        places.leave(cohort=cohort, caregiver=place.caregiver, by=lead)
    assert Places.of(cohort, timezone.now()).proposed == [waiting[0], waiting[2]]
    with pytest.raises(Refused, match="Say why"):  # Bo first would shut Ana out
        places.take_place(cohort=cohort, caregiver=bo, by=lead)


def test_somebody_who_turns_up_is_not_let_in(apart, cohort, lead, browser_of):
    ana, bo = apart
    registers(ana, cohort, lead), registers(bo, cohort, lead)
    session = SessionFactory(cohort=cohort, starts_at=timezone.now())
    page = browser_of(lead).get(reverse("sessions:somebody_else", args=[session.code]))
    assert SENTENCE in page.text
    form = {"person": bo.code, "key": str(uuid.uuid4()), "why_first": "Is here"}
    answer = browser_of(lead).post(reverse("sessions:somebody_else", args=[session.code]), form)
    assert answer.status_code == 422 and SENTENCE in answer.text
    assert bo.places.get().state == "waiting"


def test_the_door_does_not_promise_that_registering_helps(apart, cohort, lead, browser_of):
    ana, _bo = apart
    registers(ana, cohort, lead)
    page = browser_of(lead).get(reverse("sessions:somebody_else", args=[SessionFactory(cohort=cohort).code]))
    assert "Register them now" not in page.text and "The programme lead will call them." in page.text


def test_code_that_forgets_to_ask_cannot_store_it_either(apart, cohort):
    ana, bo = apart
    PlaceFactory(cohort=cohort, caregiver=ana, seat=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        PlaceFactory(cohort=cohort, caregiver=bo, seat=2)
    assert PlaceFactory(cohort=CohortFactory(), caregiver=bo, seat=2).pk


# --- Marking -----------------------------------------------------------------------------------------


def test_two_who_share_a_group_are_not_marked(refer, cohort, lead):
    ana, bo = refer("Ana"), refer("Bo")
    registers(ana, cohort, lead)
    places.offer(cohort=cohort, caregiver=bo, by=lead)
    with pytest.raises(apart_actions.Together, match="One of them has to leave it first") as refused:
        apart_actions.keep_apart(caregiver=ana, other=bo, by=lead)
    assert refused.value.group == cohort
    later = timezone.now() + timedelta(days=8)  # the offer ran out, nobody pressed anything
    assert apart_actions.keep_apart(caregiver=ana, other=bo, by=lead, at=later)


def test_marked_twice_is_one_mark_and_nobody_is_apart_from_themselves(apart, lead):
    ana, bo = apart
    assert apart_actions.keep_apart(caregiver=ana, other=bo, by=lead) == KeptApart.objects.get()
    with pytest.raises(Refused):
        apart_actions.keep_apart(caregiver=ana, other=ana, by=lead)


def test_the_page_marks_and_takes_away_and_the_trail_has_both(refer, lead, browser_of):
    ana, bo = refer("Ana Stone"), refer("Bo Field")
    client, form = browser_of(lead), {"other": bo.code, **key()}
    for _ in range(2):
        assert client.post(go("apart", ana), form).status_code == 302
    mark = KeptApart.objects.get()
    assert mark.recorded_by == lead
    page = client.get(go("apart", bo))
    assert "Ana Stone" in page.text and "No reason and no intelligence" in page.text
    assert client.get(go("apart_end", bo, mark)).status_code == 200
    assert client.post(go("apart_end", bo, mark)).status_code == 302
    assert not KeptApart.objects.exists()
    trail = AuditEntry.objects.filter(what="keptapart").values_list("verb", "person", "fields")
    done = [("created", []), ("changed", ["ended"])]
    assert sorted(trail) == sorted((verb, person.code, fields) for verb, fields in done for person in (ana, bo))


def test_those_to_choose_stand_by_group_and_are_only_the_readers_own(refer, lead, other_cohort, browser_of):
    ana, bo = refer("Ana Stone"), refer("Bo Field")
    foreign = CaregiverFactory(name="Not Mine", cohort=other_cohort)
    page = browser_of(lead).get(go("apart", ana))
    assert f'<optgroup label="Ipswich spring"><option value="{bo.code}">Bo Field</option></optgroup>' in "".join(
        line.strip() for line in page.text.splitlines()
    )
    assert "Not Mine" not in page.text
    for wrong in (foreign.code, ana.code, "x", ""):
        answer = browser_of(lead).post(go("apart", ana), {"other": wrong, **key()})
        assert answer.status_code == 422 and "Choose " in answer.text
    assert not KeptApart.objects.exists()


def test_who_shares_a_group_is_said_with_the_way_out(refer, cohort, lead, browser_of):
    ana, bo = refer("Ana Stone"), refer("Bo Field")
    registers(ana, cohort, lead), registers(bo, cohort, lead)
    page = browser_of(lead).post(go("apart", ana), {"other": bo.code, **key()})
    assert page.status_code == 422 and "One of them has to leave it first" in page.text
    assert f'<option value="{bo.code}" selected' in page.text
    for person in (ana, bo):
        assert go("leave", person.referrals.get()) in page.text


def test_a_mark_with_somebody_of_another_group_is_shown_without_the_name(refer, lead, other_cohort, browser_of):
    ana, foreign = refer("Ana Stone"), CaregiverFactory(name="Hidden Name", cohort=other_cohort)
    mark = apart_actions.keep_apart(caregiver=ana, other=foreign, by=None)
    page = browser_of(lead).get(go("apart", ana))
    assert "Somebody in another group" in page.text and "Hidden" not in page.text
    assert browser_of(lead).post(go("apart_end", ana, mark)).status_code == 404
    assert KeptApart.objects.exists()


def test_only_who_records_checks_marks(apart, facilitator, lead, manager, other_cohort, browser_of):
    ana, _bo = apart
    mark = KeptApart.objects.get()
    for user in (facilitator, manager):
        assert browser_of(user).get(go("apart", ana)).status_code == 403
        assert browser_of(user).post(go("apart_end", ana, mark)).status_code == 403
    foreign = CaregiverFactory(cohort=other_cohort)
    assert browser_of(lead).post(go("apart", foreign), {"other": ana.code, **key()}).status_code == 404
    assert browser_of(lead).put(go("apart", ana)).status_code == 405


def test_the_record_says_that_there_is_somebody_and_not_who(apart, cohort, lead, facilitator, browser_of):
    ana, bo = apart
    registers(ana, cohort, lead)
    page = browser_of(facilitator).get(bo.get_absolute_url())
    assert "They are kept apart from somebody in this group." in page.text
    assert "Ana" not in page.text
    assert go("apart", bo) not in page.text and go("apart", bo) in browser_of(lead).get(bo.get_absolute_url()).text


def test_a_register_page_of_their_own_says_nothing_of_it(apart, cohort, lead, stranger):
    ana, bo = apart
    registers(ana, cohort, lead)
    link = reverse("register", args=[links.invite(caregiver=bo, cohort=cohort, by=lead)])
    page = stranger.post(link, {"name": "Bo Field", **key()}, follow=True)
    assert page.status_code == 200 and "apart" not in page.text and "Ana" not in page.text


def test_both_pages_say_that_nothing_else_is_entered(apart, lead, browser_of):
    ana, _bo = apart
    page = browser_of(lead).get(go("check", ana))
    assert "Outcome and date only. Do not write anything else here or anywhere in this service." in page.text
    assert go("apart", ana) in page.text


def test_somebody_in_two_groups_is_found_in_both(refer, lead, browser_of):
    ana, bo = refer("Ana Stone"), refer("Bo Field")
    second = CohortFactory(name="Second group", team=[lead])
    Referral.objects.create(caregiver=bo, cohort=second, source="hub", received_on=timezone.localdate())
    assert browser_of(lead).get(go("apart", ana)).text.count("Bo Field</option>") == 2
    assert not Place.objects.exists()
