"""One page with everything we hold about a person, and what is done from it."""

import uuid
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers import record_parts
from caregivers.consents import actions as consents
from caregivers.links import actions as links
from caregivers.models import PoliceCheck, Referral
from caregivers.places import actions as places
from caregivers.police_checks import actions as police_checks
from caregivers.referrals import actions as referrals
from caregivers.registering import actions as registering
from ppg.models import AuditEntry
from tests.caregivers.conftest import ANSWERS
from tests.factories import CaregiverFactory, CohortFactory
from tests.hooks import only

pytestmark = pytest.mark.django_db

KEY = str(uuid.uuid4())


def go(name, thing, *more):
    return reverse(f"caregivers:{name}", args=[thing.code, *more])


@pytest.fixture
def person(refer, cohort, lead):
    rosa = refer("Rosa Marsh", phone="07700 900 982")
    registering.register(
        caregiver=rosa,
        cohort=cohort,
        how="spoken",
        by=lead,
        consents={"quotes": True},
        answers={
            "name": "Rosa Marsh",
            "liked_name": "Rosie",
            "phone": "07700 900 982",
            "safe_ways": ["call"],
            "safe_when": "mornings",
            "allergies": "peanuts",
            "emergency_contacts": [{"name": "Ola", "phone": "01632 960 002", "relation": "sister"}],
        },
    )
    rosa.refresh_from_db()
    return rosa


@pytest.fixture
def referral(person):
    return person.referrals.get()


# --- Seeing ----------------------------------------------------------------------------------------------


def test_everything_is_on_one_page(browser_of, facilitator, person):
    page = browser_of(facilitator).get(person.get_absolute_url())
    assert page.status_code == 200
    for shown in ("Rosie", "Rosa Marsh", "07700 900 982", "mornings", "peanuts", "Ola, sister", "01632 960 002"):
        assert shown in page.text


def test_safe_ways_say_what_is_not_safe(browser_of, facilitator, person):
    page = browser_of(facilitator).get(person.get_absolute_url())
    assert [(str(label), safe) for label, safe in page.context["ways"]] == [
        ("Text message", False),
        ("Phone call", True),
        ("Voicemail", False),
        ("E-mail", False),
    ]
    assert page.text.count("NOT safe") == 3


def test_before_registering_nothing_counts_as_safe(browser_of, facilitator, refer):
    assert "Not asked yet what is safe." in browser_of(facilitator).get(refer().get_absolute_url()).text


def test_each_opening_is_in_the_trail(browser_of, facilitator, person, cohort):
    client = browser_of(facilitator)
    client.get(person.get_absolute_url())
    client.get(person.get_absolute_url())
    seen = AuditEntry.objects.filter(verb="saw", person=person.code, user=facilitator, cohort=cohort.code)
    assert seen.count() == 2


def events_of(browser, person):
    return browser.get(person.get_absolute_url()).context["events"]


def test_what_happened_is_in_time_order(browser_of, lead, person):
    events = [event.text for event in events_of(browser_of(lead), person)]
    assert events[-2:] == ["Police check: Clear", "Referred to Ipswich spring"]
    assert "Agreed: Quoting me without my name" in events
    assert events.count("Not agreed: The group's own chat") == 1


def test_what_was_recorded_last_stands_first_whatever_day_it_is_about(browser_of, lead, person):
    police_checks.record_check(caregiver=person, outcome="asked", on=date(2026, 2, 1), by=lead)
    newest, *older = events_of(browser_of(lead), person)
    assert newest.text == "Police check: Asked" and newest.day == date(2026, 2, 1)
    assert "1 February 2026" in browser_of(lead).get(person.get_absolute_url()).text
    assert "Place taken in Ipswich spring" in [event.text for event in older]


def test_of_one_day_things_stand_in_the_order_in_which_they_were_recorded(browser_of, lead, cohort, refer):
    person = refer("Ann Moss", None)
    today = timezone.localdate()
    referrals.contacted(referral=person.referrals.get(), on=today, by=lead)
    police_checks.record_check(caregiver=person, outcome="asked", on=today, by=lead)
    police_checks.record_check(caregiver=person, outcome="clear", on=today, by=lead)
    places.offer(cohort=cohort, caregiver=person, by=lead)
    registering.register(caregiver=person, cohort=cohort, how="spoken", by=lead, answers=ANSWERS, consents={})
    places.leave(cohort=cohort, caregiver=person, by=lead)
    events = [event.text for event in reversed(events_of(browser_of(lead), person)) if "greed" not in event.text]
    assert events == [
        "Referred to Ipswich spring",
        "First talked to",
        "Police check: Asked",
        "Police check: Clear",
        "Registered",
        "Place taken in Ipswich spring",
        "Left Ipswich spring",
    ]


def test_a_line_says_when_it_was_recorded_later_than_it_happened(browser_of, lead, refer):
    person, today = refer("Ann Moss", None), timezone.localdate()
    referral, check = person.referrals.get(), today - timedelta(days=9)
    Referral.objects.filter(pk=referral.pk).update(received_on=today)
    police_checks.record_check(caregiver=person, outcome="clear", on=check, by=lead)
    assert [event.recorded_on for event in events_of(browser_of(lead), person)] == [today, None]
    assert "recorded on" in browser_of(lead).get(person.get_absolute_url()).text


def test_what_is_older_than_the_trail_stands_by_its_day(browser_of, lead, cohort):
    person = CaregiverFactory(cohort=cohort)
    person.checks.create(outcome="clear", on=date(2026, 3, 4))
    assert {event.recorded for event in events_of(browser_of(lead), person)} == {None}


# --- What is still to ask ----------------------------------------------------------------------------------


def to_ask(browser, person):
    return [str(question.label) for question in browser.get(person.get_absolute_url()).context["to_ask"]]


def test_before_they_register_all_is_still_to_ask_by_the_form_of_registration(browser_of, lead, refer):
    person = refer("Ann Moss")
    assert to_ask(browser_of(lead), person) == [
        "phone",
        "which ways are safe",
        "allergies",
        "handouts by e-mail or on paper",
        "emergency contact",
        "consent to the evaluation",
    ]
    page = browser_of(lead).get(person.get_absolute_url()).text
    assert "Still to ask:" in page
    assert f'href="{go("register_by_staff", person.referrals.get())}#id_allergies"' in page


def test_afterwards_only_what_they_did_not_tell(browser_of, facilitator, person):
    assert to_ask(browser_of(facilitator), person) == ["handouts by e-mail or on paper"]
    assert (
        f'href="{go("details", person)}#id_handouts_by"' in browser_of(facilitator).get(person.get_absolute_url()).text
    )


def test_who_said_that_no_way_is_safe_was_asked_and_a_no_is_an_answer(browser_of, lead, register):
    person = register("Ann Moss").caregiver
    asked = to_ask(browser_of(lead), person)
    assert "which ways are safe" not in asked and "consent to the evaluation" not in asked


def test_a_consent_that_was_never_asked_has_its_own_page(browser_of, lead, person):
    person.consents.filter(kind="evaluation").delete()
    assert f'href="{go("consent", person, "evaluation")}"' in browser_of(lead).get(person.get_absolute_url()).text


def test_nothing_to_ask_says_nothing(browser_of, lead, person):
    person.handouts_by = "paper"
    person.save()
    assert "Still to ask" not in browser_of(lead).get(person.get_absolute_url()).text


# --- Ringing, and who looked ------------------------------------------------------------------------------


def test_a_number_that_is_safe_is_dialled_by_a_press(browser_of, lead, person):
    page = browser_of(lead).get(person.get_absolute_url()).text
    assert 'href="tel:+447700900982"' in page and 'href="tel:+441632960002"' in page


def test_a_number_that_is_not_safe_to_ring_is_no_link(browser_of, lead, person):
    person.safe_ways = ["text"]
    person.save()
    page = browser_of(lead).get(person.get_absolute_url()).text
    assert 'href="tel:+447700900982"' not in page and "Do not ring" in page


def test_the_lead_sees_who_opened_it_and_others_do_not(browser_of, lead, facilitator, person):
    assert "Who opened this record" not in browser_of(facilitator).get(person.get_absolute_url()).text
    browser_of(facilitator).get(reverse("caregivers:board"))  # shows the name, and is no look at the record
    page = browser_of(lead).get(person.get_absolute_url())
    assert [name for name, _at in page.context["opened_by"]] == ["Lena Lead", "Femi Facilitator"]
    assert "Who opened this record" in page.text


def test_looks_at_somebody_else_are_not_among_them(browser_of, lead, facilitator, person, refer):
    browser_of(facilitator).get(refer("Ann Moss").get_absolute_url())
    page = browser_of(lead).get(person.get_absolute_url())
    assert [name for name, _at in page.context["opened_by"]] == ["Lena Lead"]


def test_higher_apps_add_their_lines(browser_of, lead, person, monkeypatch):
    part = record_parts.RecordPart(
        "test", events=lambda who, user: [record_parts.Event(date(2026, 3, 3), f"Seen {who.code}")]
    )
    only(monkeypatch, record_parts.parts, part)
    events = [event.text for event in browser_of(lead).get(person.get_absolute_url()).context["events"]]
    assert events[-1] == f"Seen {person.code}"  # of a day before the rest was recorded


def test_another_group_of_the_same_person_is_not_shown(browser_of, facilitator, person):
    elsewhere = CohortFactory(name="Hidden group")
    Referral.objects.create(caregiver=person, cohort=elsewhere, source="hub", received_on=date(2026, 3, 2))
    assert "Hidden group" not in browser_of(facilitator).get(person.get_absolute_url()).text


@pytest.mark.parametrize("name", ["record", "details", "check", "consent"])
def test_foreign_people_are_not_found(browser_of, lead, other_cohort, name):
    foreign = CaregiverFactory(cohort=other_cohort)
    more = ["quotes"] if name == "consent" else []
    assert browser_of(lead).get(go(name, foreign, *more)).status_code == 404


def test_roles(browser_of, manager, parent, stranger, person):
    assert browser_of(manager).get(person.get_absolute_url()).status_code == 403
    assert browser_of(parent).get(person.get_absolute_url()).status_code == 403
    assert stranger.get(person.get_absolute_url()).status_code == 302
    assert browser_of(manager).post(person.get_absolute_url()).status_code == 403


def test_the_page_costs_the_same_with_more_history(browser_of, lead, person, same_queries):
    def grow():
        for _ in range(3):
            consents.withdraw(caregiver=person, kind="quotes", how="spoken", by=lead)
            consents.agree(caregiver=person, kind="quotes", how="spoken", by=lead)
            police_checks.record_check(caregiver=person, outcome="clear", on=date(2026, 4, 1), by=lead)

    same_queries(browser_of(lead), person.get_absolute_url(), grow)


# --- Details ---------------------------------------------------------------------------------------------


def test_details_are_put_right(browser_of, facilitator, person):
    client, url = browser_of(facilitator), go("details", person)
    shown = client.get(url).context["form"].initial
    assert shown["contact1_name"] == "Ola"
    told = {name: value for name, value in shown.items() if value} | {
        "allergies": "none",
        "contact1_phone": "01632 960 009",
    }
    assert client.post(url, told).status_code == 302
    person.refresh_from_db()
    assert (person.allergies, person.name, person.safe_ways) == ("none", "Rosa Marsh", ["call"])
    assert person.emergency_contacts.get().phone == "01632 960 009"
    entry = AuditEntry.objects.filter(verb="changed", what="caregiver").first()
    assert (entry.user, entry.fields) == (facilitator, ["allergies", "emergency_contacts"])


def test_details_sent_back_keep_what_was_typed(browser_of, facilitator, person):
    page = browser_of(facilitator).post(go("details", person), {"name": "", "travel": "by bus"})
    assert page.status_code == 422 and 'value="by bus"' in page.text


# --- Check -------------------------------------------------------------------------------------------------


def test_the_check_is_recorded_once(browser_of, lead, person):
    form = {"outcome": "concern", "on": "2026-03-09", "effect_key": str(uuid.uuid4())}
    for _ in range(2):
        assert browser_of(lead).post(go("check", person), form).status_code == 302
    check = PoliceCheck.objects.latest("id")
    assert (check.outcome, check.on, check.recorded_by) == ("concern", date(2026, 3, 9), lead)
    assert person.checks.count() == 2  # the clear one from before, and this


def test_a_check_needs_outcome_and_a_past_date(browser_of, lead, person):
    page = browser_of(lead).post(go("check", person), {"outcome": "", "on": "2999-01-01"})
    assert page.status_code == 422
    assert "Choose an answer for “Outcome”" in page.text and "or earlier" in page.text


def test_the_check_is_the_leads(browser_of, facilitator, person):
    assert browser_of(facilitator).post(go("check", person), {}).status_code == 403


# --- Consents ------------------------------------------------------------------------------------------------


def test_staff_take_a_consent_back_by_one_press(browser_of, facilitator, person):
    client = browser_of(facilitator)
    assert client.get(go("withdraw", person, "quotes")).status_code == 405
    page = client.post(go("withdraw", person, "quotes"), follow=True)
    assert "What we cannot call back" in page.text and "We quote nothing you said" in page.text
    row = person.consents.filter(kind="quotes").last()
    assert (row.given, row.how, row.recorded_by) == (False, "spoken", facilitator)


def test_staff_say_that_it_was_taken_back_on_paper(browser_of, facilitator, person):
    client = browser_of(facilitator)
    assert "Withdrawn on paper" in client.get(person.get_absolute_url()).text
    page = client.post(go("withdraw", person, "quotes"), {"how": "paper"}, follow=True)
    assert "on paper, written down by" in page.text
    client.post(go("withdraw", person, "evaluation"), {"how": "online"})  # staff never speak as the person's own page
    assert set(person.consents.filter(given=False).values_list("kind", "how")) >= {
        ("quotes", "paper"),
        ("evaluation", "spoken"),
    }


def test_staff_write_down_an_agreement(browser_of, facilitator, person):
    client, url = browser_of(facilitator), go("consent", person, "chat")
    assert "You may add me to the group’s own chat" in client.get(url).text
    assert client.post(url, {"wording_chat": "1"}).status_code == 422
    assert client.post(url, {"wording_chat": "1", "how": "paper"}).status_code == 302
    row = person.consents.filter(kind="chat").last()
    assert (row.given, row.how, row.recorded_by, row.wording.version) == (True, "paper", facilitator, 1)


def test_there_are_four_consents_and_no_other(browser_of, facilitator, person):
    for name in ("consent", "withdraw"):
        assert browser_of(facilitator).post(go(name, person, "notice")).status_code == 404


# --- Places ----------------------------------------------------------------------------------------------------


def test_the_lead_frees_and_gives_the_place(browser_of, lead, person, referral):
    client = browser_of(lead)
    assert client.get(go("leave", referral)).status_code == 200
    client.post(go("leave", referral), {"effect_key": str(uuid.uuid4())})
    assert person.places.get().state == "left"
    client.post(go("wait", referral), {"effect_key": str(uuid.uuid4())})
    assert person.places.get().state == "waiting"
    key = {"effect_key": str(uuid.uuid4())}
    assert client.post(go("give", referral), key).status_code == 302
    assert client.post(go("give", referral), key).status_code == 302  # the same press again
    assert person.places.get().state == "taken"


def test_two_buttons_of_one_page_are_two_presses(browser_of, lead, cohort, person, referral, register):
    other = register("Nina Next").caregiver
    client, key = browser_of(lead), {"effect_key": str(uuid.uuid4())}
    client.post(go("leave", referral), key)
    client.post(go("leave", other.referrals.get()), key)
    assert not cohort.place_set.in_group().exists()
    client.post(go("give", referral), key)
    assert person.places.get().state == "taken"


def test_a_place_is_kept_for_a_week(browser_of, lead, refer):
    person = refer("New One")
    browser_of(lead).post(go("offer", person.referrals.get()), {"effect_key": str(uuid.uuid4())})
    assert person.places.get().state == "offered"


def test_the_same_sentence_stands_beside_the_button_and_refuses(browser_of, lead, register):
    person = register("Not Checked", "asked").caregiver
    client = browser_of(lead)
    sentence = "The police check is not clear yet."
    page = client.get(person.get_absolute_url())
    assert page.text.split("Give a place")[1].split("</form>")[0].count(sentence) == 1
    answer = client.post(go("give", person.referrals.get()), {"effect_key": str(uuid.uuid4())})
    assert answer.status_code == 409 and sentence in answer.text


def test_passing_somebody_over_asks_for_a_reason(browser_of, lead, cohort, register):
    for number in range(8):
        register(f"Person{number}")
    register("Nina Next")
    later = register("Lars Later").caregiver
    places.leave(cohort=cohort, caregiver=cohort.place_set.get(seat=2).caregiver, by=lead)
    client, url = browser_of(lead), go("give", later.referrals.get())
    assert "Somebody else is next on the waiting list" in client.get(url).text
    assert client.post(url, {"why_first": ""}).status_code == 422
    assert later.places.get().state == "waiting"
    assert client.post(url, {"why_first": "Cannot come in autumn"}).status_code == 302
    place = later.places.get()
    assert (place.state, place.seat, place.why_first) == ("taken", 2, "Cannot come in autumn")


@pytest.mark.parametrize("name", ["give", "offer", "wait", "leave"])
def test_only_the_lead_of_the_group_gives_places(browser_of, facilitator, lead, other_cohort, referral, name):
    assert browser_of(facilitator).post(go(name, referral)).status_code == 403
    foreign = CaregiverFactory(cohort=other_cohort).referrals.get()
    assert browser_of(lead).post(go(name, foreign)).status_code == 404


# --- Links and registering -----------------------------------------------------------------------------------


def test_a_link_is_shown_once_and_the_same_press_shows_the_same(browser_of, facilitator, refer, stranger):
    person = refer("New One")
    client, url = browser_of(facilitator), go("invite", person.referrals.get())
    first = client.post(url, {"effect_key": KEY})
    assert first.status_code == 200 and "<svg" in first.text
    address = first.context["address"]
    assert address.startswith("http://testserver/r/")
    assert stranger.get(address).status_code == 200
    assert client.post(url, {"effect_key": KEY}).context["address"] == address
    assert person.links.count() == 1
    assert address not in client.get(person.get_absolute_url()).text
    newer = client.post(url, {"effect_key": str(uuid.uuid4())}).context["address"]
    assert (stranger.get(address).status_code, stranger.get(newer).status_code) == (404, 200)


def test_a_link_to_their_own_page(browser_of, facilitator, person, referral, stranger):
    page = browser_of(facilitator).post(go("own_page", referral), {"effect_key": KEY})
    assert "Your choices" in stranger.get(page.context["address"]).text


@pytest.mark.parametrize("name", ["invite", "own_page"])
def test_links_are_made_by_a_press_for_ones_own_group(browser_of, lead, manager, referral, other_cohort, name):
    foreign = CaregiverFactory(cohort=other_cohort).referrals.get()
    assert browser_of(lead).get(go(name, referral)).status_code == 405
    assert browser_of(lead).post(go(name, foreign)).status_code == 404
    assert browser_of(manager).post(go(name, referral)).status_code == 403


def test_staff_register_somebody_on_the_phone(browser_of, facilitator, refer, cohort):
    rosa = refer("Rosa Marsh", phone="07700 900 982")
    links.invite(caregiver=rosa, cohort=cohort, by=facilitator)
    client, url = browser_of(facilitator), go("register_by_staff", rosa.referrals.get())
    assert 'value="07700 900 982"' in client.get(url).text
    form = {
        "how": "spoken",
        "name": "Rosa Marsh",
        "safe_ways": ["call"],
        "phone": "07700 900 982",
        "agree_after": "on",
        "effect_key": str(uuid.uuid4()),
    }
    for _ in range(2):
        assert client.post(url, form).headers["Location"] == rosa.get_absolute_url()
    rosa.refresh_from_db()
    assert (rosa.registered_how, rosa.safe_ways) == ("spoken", ["call"])
    assert rosa.places.get().state == "taken"
    rows = rosa.consents.values_list("kind", "given", "how", "recorded_by")
    assert ("after", True, "spoken", facilitator.pk) in rows and len(rows) == 4
    assert not rosa.links.filter(purpose="register", revoked_at=None).exists()


def test_registering_by_staff_keeps_what_was_typed(browser_of, facilitator, refer):
    url = go("register_by_staff", refer().referrals.get())
    page = browser_of(facilitator).post(url, {"name": "Rosa", "travel": "by bus", "agree_chat": "on"})
    assert page.status_code == 422
    assert "Choose an answer for “How do they tell you this?”" in page.text
    assert 'value="by bus"' in page.text and page.text.count(" checked") == 1
