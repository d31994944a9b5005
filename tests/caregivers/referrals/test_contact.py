"""The first call, whose turn it is, and no, thank you."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.follow_ups.queries import why_not
from caregivers.links import actions as links
from caregivers.models import FollowUp, Place
from caregivers.referrals import actions as referrals
from ppg.models import AuditEntry
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def referral(refer):
    return refer("Rosa Marsh", None, phone="07700 900 982").referrals.get()


@pytest.fixture
def url(referral):
    return reverse("caregivers:contact", args=[referral.code])


def filled(**changes):
    return {"reached": "yes", "on": "2026-03-03", "effect_key": str(uuid.uuid4()), **changes}


def test_the_page_says_how_to_reach_them_and_that_it_was_looked_at(browser_of, lead, referral, url):
    page = browser_of(lead).get(url)
    assert page.status_code == 200
    assert "07700 900 982" in page.text and "Not asked yet what is safe." in page.text
    seen = AuditEntry.objects.get(verb="saw")
    assert (seen.person, seen.fields) == (referral.caregiver.code, ["email", "name", "phone", "safe_ways"])


def test_who_asked_to_hear_from_us_has_said_what_is_safe(browser_of, lead, cohort):
    fields = {"safe_ways": ["text"], "safe_when": "before noon", "phone": "07700 900 982"}
    person = referrals.refer(
        cohort=cohort, name="Rosa", source="interest", received_on=cohort.made_on, by=None, **fields
    )
    page = browser_of(lead).get(reverse("caregivers:contact", args=[person.referrals.get().code]))
    assert "<strong>Text message</strong>. Use no other way." in on_one_line(page.text) and "before noon" in page.text
    assert "Not asked yet" not in browser_of(lead).get(person.get_absolute_url()).text
    assert why_not(person, "call") == "Phone call: they did not say that this is safe. Use another way."


def test_reached_sets_the_day_and_who_it_was(browser_of, facilitator, cohort, referral, url):
    answer = browser_of(facilitator).post(url, filled())
    assert answer.headers["Location"] == reverse("caregivers:people", args=[cohort.code])
    referral.refresh_from_db()
    assert (referral.contacted_on, referral.contacted_by) == (date(2026, 3, 3), facilitator)
    entry = AuditEntry.objects.get(verb="changed", what="referral")
    assert entry.fields == ["contacted_on"]


def test_the_first_who_talked_to_them_stays(browser_of, lead, facilitator, referral, url):
    browser_of(facilitator).post(url, filled())
    browser_of(lead).post(url, filled(on="2026-03-09"))
    referral.refresh_from_db()
    assert (referral.contacted_on, referral.contacted_by) == (date(2026, 3, 3), facilitator)


def test_not_reached_is_kept_as_a_call_so_that_tries_show(browser_of, lead, cohort, referral, url):
    client = browser_of(lead)
    client.post(url, filled(reached="not_reached", on="2026-03-03"))
    client.post(url, filled(reached="not_reached", on="2026-03-05"))
    calls = FollowUp.objects.order_by("id")
    assert [(call.kind, call.outcome, call.offered_on.day) for call in calls] == [
        ("call", "not_reached", 3),
        ("call", "not_reached", 5),
    ]
    assert "Tried 2 times, last on 5 March." in client.get(reverse("caregivers:people", args=[cohort.code])).text
    referral.refresh_from_db()
    assert referral.contacted_on is None


def test_the_next_try_goes_on_the_list_of_calls(browser_of, lead, referral, url):
    soon = timezone.localdate() + timedelta(days=2)
    browser_of(lead).post(url, filled(reached="not_reached", again_on=soon.isoformat()))
    following = FollowUp.objects.get(done_at=None)
    assert (following.due_on, following.kind, following.owner) == (soon, "call", lead)


def test_no_thank_you_on_the_first_call(browser_of, facilitator, referral, url):
    browser_of(facilitator).post(url, filled(reached="no"))
    referral.refresh_from_db()
    assert referral.contacted_on == date(2026, 3, 3)
    assert Place.objects.get().state == "left"


def test_sent_twice_it_is_one_call(browser_of, lead, url):
    form = filled(reached="not_reached")
    browser_of(lead).post(url, form)
    assert browser_of(lead).post(url, form).status_code == 302
    assert FollowUp.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "sentence", "kept"),
    [
        ({"reached": ""}, "Say whether you reached them", 'value="2026"'),
        ({"on": "2999-01-01"}, "or earlier", 'value="yes" checked'),
        ({"reached": "not_reached", "again_on": "2020-01-01"}, "or later", 'value="2020"'),
    ],
)
def test_what_is_wrong_keeps_what_was_typed(browser_of, lead, referral, url, changes, sentence, kept):
    page = browser_of(lead).post(url, filled(**changes))
    assert page.status_code == 422 and sentence in page.text and kept in on_one_line(page.text)
    referral.refresh_from_db()
    assert referral.contacted_on is None and not FollowUp.objects.exists()


# --- Whose turn it is ---------------------------------------------------------------------------------


@pytest.fixture
def owner_url(referral):
    return reverse("caregivers:owner", args=[referral.code])


def test_somebody_of_the_team_is_named_and_the_lead_again(browser_of, lead, facilitator, referral, owner_url):
    page = browser_of(lead).get(owner_url)
    assert "Nobody by name: the lead, Lena Lead" in page.text
    assert browser_of(lead).post(owner_url, {"owner": facilitator.pk}).status_code == 302
    referral.refresh_from_db()
    assert referral.owner == facilitator
    browser_of(lead).post(owner_url, {"owner": ""})
    referral.refresh_from_db()
    assert referral.owner is None
    assert AuditEntry.objects.filter(what="referral", fields=["owner"]).count() == 2


def test_nobody_outside_the_team_can_be_named(browser_of, lead, manager, parent, other_facilitator, owner_url):
    for user in (manager, parent, other_facilitator):  # a parent sees no people, in whichever team
        assert browser_of(lead).post(owner_url, {"owner": user.pk}).status_code == 422


# --- No, thank you ------------------------------------------------------------------------------------


def no_thanks(referral):
    return reverse("caregivers:declined", args=[referral.code])


@pytest.mark.parametrize("check", [None, "asked", "clear"])
def test_one_press_at_any_stage_before_a_place(browser_of, facilitator, cohort, refer, check):
    referral = refer("Rosa Marsh", check).referrals.get()
    answer = browser_of(facilitator).post(no_thanks(referral))
    assert answer.headers["Location"] == reverse("caregivers:people", args=[cohort.code])
    assert Place.objects.get().state == "left"


def test_a_link_that_lies_about_lets_nobody_in_afterwards(browser_of, lead, cohort, referral, stranger):
    token = links.invite(caregiver=referral.caregiver, cohort=cohort, by=lead)
    browser_of(lead).post(no_thanks(referral))
    assert stranger.get(reverse("register", args=[token])).status_code == 404


def test_pressed_twice_it_is_said_once(browser_of, lead, referral):
    key = str(uuid.uuid4())
    for _press in range(2):
        assert browser_of(lead).post(no_thanks(referral), {"effect_key": key}).status_code == 302
    assert AuditEntry.objects.filter(what="place").count() == 1


def test_a_place_that_is_taken_is_freed_by_the_lead_alone(browser_of, lead, facilitator, register):
    place = register()
    referral = place.caregiver.referrals.get()
    refused = browser_of(facilitator).post(no_thanks(referral))
    assert refused.status_code == 409 and "Only the programme lead can free it." in refused.text
    assert browser_of(lead).post(no_thanks(referral)).status_code == 302
    place.refresh_from_db()
    assert place.state == "left"


# --- Who may ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["contact", "owner", "declined"])
def test_only_the_team_may(browser_of, other_facilitator, manager, parent, stranger, referral, name):
    url = reverse(f"caregivers:{name}", args=[referral.code])
    assert browser_of(other_facilitator).post(url, filled()).status_code == 404
    assert browser_of(manager).post(url, filled()).status_code == 403
    assert browser_of(parent).post(url, filled()).status_code == 403
    assert stranger.post(url, filled()).status_code == 302
    assert not Place.objects.exists() and not FollowUp.objects.exists()


@pytest.mark.parametrize(("name", "status"), [("contact", 405), ("owner", 405), ("declined", 405)])
def test_wrong_verbs(browser_of, lead, referral, name, status):
    assert browser_of(lead).put(reverse(f"caregivers:{name}", args=[referral.code])).status_code == status
    assert browser_of(lead).get(no_thanks(referral)).status_code == 405
