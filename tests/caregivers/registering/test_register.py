"""The public registration form, reached by a personal link."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caregivers.links import actions as links_actions
from caregivers.models import Caregiver, Consent, ConsentWording, EmergencyContact, PersonalLink, Place
from caregivers.places import actions as places
from caregivers.registering import actions as registering
from caregivers.registering.forms import RegistrationForm
from ppg.models import AuditEntry, Service
from ppg.service_details import service

pytestmark = pytest.mark.django_db

FULL = {
    "name": "Rosa Marsh",
    "liked_name": "Rosie",
    "language": "Polish",
    "safe_ways": ["text", "email"],
    "phone": "07700 900 982",
    "email": "rosa@home.example",
    "safe_when": "weekdays before 3pm",
    "availability": "Tuesdays",
    "access_needs": "large print\nno steps",
    "childcare": "a toddler",
    "travel": "bus fare",
    "refreshments": "tea",
    "allergies": "nuts",
    "handouts_by": "paper",
    "contact1_name": "Ola Marsh",
    "contact1_phone": "01632 960 002",
    "contact1_relation": "sister",
    "contact2_name": "Jo Field",
    "contact2_phone": "01632 960 003",
    "contact2_relation": "",
    "agree_evaluation": "on",
    "agree_chat": "on",
    "wording_notice": "1",
    "wording_evaluation": "1",
    "wording_quotes": "1",
    "wording_chat": "1",
    "wording_after": "1",
}


@pytest.fixture
def person(refer) -> Caregiver:
    return refer()


@pytest.fixture
def token(person, cohort, lead) -> str:
    return links_actions.invite(caregiver=person, cohort=cohort, by=lead)


@pytest.fixture
def url(token) -> str:
    return reverse("register", args=[token])


def sent(**changes: object) -> dict[str, object]:
    return {**FULL, "effect_key": str(uuid.uuid4()), **changes}


def test_the_form_opens_and_changes_nothing(stranger, url):
    trail = AuditEntry.objects.count()
    page = stranger.get(url)
    assert page.status_code == 200
    assert PersonalLink.objects.get().used_at is None
    assert (Place.objects.count(), Consent.objects.count(), AuditEntry.objects.count()) == (0, 0, trail)


def test_nothing_we_know_already_is_on_the_page(stranger, refer, cohort, lead):
    person = refer("Quentin Underhill", phone="01632 960 999", email="quentin@home.example")
    page = stranger.get(reverse("register", args=[links_actions.invite(caregiver=person, cohort=cohort, by=lead)]))
    for known in ("Quentin", "Underhill", "960 999", "quentin@", cohort.name, cohort.programme.title):
        assert known not in page.text


def test_no_consent_is_ticked_and_no_child_is_asked_for(stranger, url):
    page = stranger.get(url).text
    assert " checked" not in page
    assert "do not write the name of any child" in page


def test_registering_keeps_everything_that_was_told(stranger, url, person, cohort):
    answer = stranger.post(url, sent())
    assert answer.status_code == 302
    person.refresh_from_db()
    missing = set(registering.ANSWERS) - set(FULL)
    assert not missing, f"Add an answer for {sorted(missing)} to FULL."
    assert {name: getattr(person, name) for name in registering.ANSWERS} == {
        name: FULL[name] for name in registering.ANSWERS
    }
    assert (person.registered_how, person.registered_at is not None) == ("online", True)
    contacts = [(c.name, c.phone, c.relation) for c in EmergencyContact.objects.order_by("id")]
    assert contacts == [("Ola Marsh", "01632 960 002", "sister"), ("Jo Field", "01632 960 003", "")]
    assert {row.kind for row in person.consents.filter(given=True)} == {"evaluation", "chat"}
    assert set(person.consents.values_list("how", "recorded_by", "wording__version")) == {("online", None, 1)}
    assert Place.objects.get().state == "taken"
    assert AuditEntry.objects.filter(user=None, person=person.code).exists()


# --- In steps, and checked before they are sent ----------------------------------------------------------


def in_steps(**changes: object) -> dict[str, object]:
    """As the page sends it today. `sent` is that of a page from before there were steps, which may still be open."""
    return sent(in_steps="1", **changes)


def checked(browser: Client, url: str, form: dict[str, object]) -> dict[str, object]:
    """With what the button under the answers sends."""
    return {**form, "checked": browser.post(url, form).context["form"].digest()}


def test_the_answers_are_checked_before_anything_is_kept(stranger, url):
    page = stranger.post(url, in_steps())
    assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    shown = page.text.partition('id="check"')[2]
    told = ["Rosa Marsh", "Text message, E-mail", "07700 900 982", "large print<br>no steps", "On paper", "Ola Marsh"]
    assert [words for words in told if words not in shown] == []
    assert (Place.objects.count(), Consent.objects.count()) == (0, 0)
    assert PersonalLink.objects.get().used_at is None


def test_each_answer_is_read_once_more_as_it_is_sent(stranger, url):
    form = stranger.post(url, in_steps()).context["form"]
    read = {str(one.label): one.words for part in form.parts() for one in part.answers}
    left_out = [str(label) for part in form.parts() for label in part.left_out]
    asked = [form[name].label for name in form.fields if not form[name].is_hidden]
    assert {*read, *left_out} == {str(label) for label in asked}
    assert left_out == ["Who are they to you?"]
    assert read["You may quote what I say, without my name"] == "No"


def test_what_a_yes_means_is_read_once_more_before_it_is_sent(stranger, url):
    shown = stranger.post(url, in_steps()).text.partition('id="check"')[2]
    newest = ConsentWording.objects.newest()
    assert newest["chat"].explanation.split("\n")[0] in shown
    assert newest["quotes"].explanation.split("\n")[0] not in shown


def test_send_keeps_what_was_checked(stranger, url, person):
    answer = stranger.post(url, checked(stranger, url, in_steps()))
    assert answer.status_code == 302
    person.refresh_from_db()
    assert (person.travel, person.consents.count()) == ("bus fare", 4)


@pytest.mark.parametrize("changes", [{"travel": "a lift"}, {"agree_quotes": "on"}, {"wording_chat": "9"}])
def test_what_was_changed_after_it_was_checked_is_shown_again(stranger, url, changes):
    page = stranger.post(url, checked(stranger, url, in_steps()) | changes)
    assert page.status_code == 200 and "Something is not as it was when you checked" in page.text
    assert Consent.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "step"), [({"name": ""}, 1), ({"allergies": "x" * 301}, 2), ({"contact2_name": ""}, 3)]
)
def test_the_step_opens_in_which_something_must_be_put_right(stranger, url, wrong, step):
    page = stranger.post(url, in_steps(**wrong))
    opened = [part for part in page.text.split("<section") if 'class="step step--open"' in part]
    assert [f'id="step-{step}"' in part for part in opened] == [True] and 'id="check"' not in page.text


def test_of_two_tabs_the_first_counts(stranger, url, person):
    one, other = (checked(stranger, url, in_steps(travel=words)) for words in ("a lift", "bus fare"))
    assert (stranger.post(url, one).status_code, stranger.post(url, other).status_code) == (302, 404)
    person.refresh_from_db()
    assert person.travel == "a lift" and person.consents.count() == 4


def test_sent_twice_from_the_page_that_checks_it_registers_once(stranger, url, person):
    form = checked(stranger, url, in_steps())
    first, second = stranger.post(url, form), Client().post(url, form)
    assert first.status_code == 302 and first.headers["Location"] == second.headers["Location"]
    assert person.consents.count() == 4


def test_a_link_that_ends_between_checking_and_sending_keeps_nothing(stranger, url):
    form = checked(stranger, url, in_steps())
    PersonalLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    page = stranger.post(url, form)
    assert page.status_code == 404 and "Rosa" not in page.text
    assert Consent.objects.count() == 0


def test_staff_read_the_notice_in_short_and_check_the_answers_too(browser_of, lead, person):
    url = reverse("caregivers:register_by_staff", args=[person.referrals.get().code])
    client, form = browser_of(lead), in_steps(how="spoken")
    page = client.get(url).text
    aloud = (
        page.partition("Read this out first</strong></p>")[2].partition("<p")[2].partition(">")[2].partition("</p>")[0]
    )
    assert 50 <= len(aloud.split()) <= 75
    assert "The full notice: give it to them afterwards" in page
    assert client.post(url, form).status_code == 200 and not person.consents.exists()
    assert client.post(url, checked(client, url, form)).status_code == 302
    assert set(person.consents.values_list("how", "recorded_by")) == {("spoken", lead.pk)}


def test_only_the_name_is_needed(stranger, url, person):
    assert stranger.post(url, {"name": "Rosa Marsh", "effect_key": str(uuid.uuid4())}).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.safe_ways, person.phone) == ("Rosa Marsh", [], "")
    assert not person.consents.filter(given=True).exists()


def known_before(person: Caregiver) -> None:
    person.phone, person.email, person.safe_ways, person.allergies = "01632 960 999", "q@home.example", ["call"], "nuts"
    person.save()
    EmergencyContact.objects.create(caregiver=person, name="Ola", phone="01632 960 002")


def test_what_they_told_before_and_leave_out_now_stands(stranger, url, person):
    known_before(person)
    assert "you do not have to tell it again" in stranger.get(url).text
    stranger.post(url, {"name": "Rosa Marsh", "effect_key": str(uuid.uuid4())})
    person.refresh_from_db()
    assert (person.phone, person.email, person.safe_ways) == ("01632 960 999", "q@home.example", ["call"])
    assert person.allergies == "nuts" and person.emergency_contacts.get().name == "Ola"


def test_who_says_how_to_reach_them_says_anew_what_is_safe(stranger, url, person):
    known_before(person)
    stranger.post(url, {"name": "Rosa Marsh", "email": "rosa@home.example", "effect_key": str(uuid.uuid4())})
    person.refresh_from_db()
    assert (person.phone, person.email, person.safe_ways) == ("01632 960 999", "rosa@home.example", [])


@pytest.mark.parametrize(
    ("answers", "kept"),
    [
        ({}, ("email", "Tuesdays")),
        ({"handouts_by": "email", "email": "q@home.example"}, ("email", "")),
        ({"handouts_by": "paper", "availability": "typed before"}, ("paper", "")),
    ],
)
def test_who_answers_a_question_says_anew_what_it_asks_more(stranger, url, person, monkeypatch, answers, kept):
    """A later no takes the words of the yes away."""
    monkeypatch.setattr(RegistrationForm.base_fields["handouts_by"], "reveals", {"email": ["availability"]})
    person.handouts_by, person.availability = "email", "Tuesdays"
    person.save()
    stranger.post(url, {"name": "Rosa Marsh", "effect_key": str(uuid.uuid4()), **answers})
    person.refresh_from_db()
    assert (person.handouts_by, person.availability) == kept


def test_what_staff_take_out_is_out(browser_of, lead, person):
    known_before(person)
    url = reverse("caregivers:register_by_staff", args=[person.referrals.get().code])
    told = {"name": "Rosa Marsh", "how": "spoken", "effect_key": str(uuid.uuid4())}
    assert browser_of(lead).post(url, told).status_code == 302
    person.refresh_from_db()
    assert (person.phone, person.safe_ways, person.allergies) == ("", [], "")


def test_what_was_told_lies_encrypted(stranger, url):
    from django.db import connection

    stranger.post(url, sent())
    with connection.cursor() as cursor:
        for table in ("caregivers_caregiver", "caregivers_emergencycontact"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608
            rows = str(cursor.fetchall())
            for told in ("Rosa", "Rosie", "Polish", "07700", "rosa@", "nuts", "toddler", "'Ola'", "sister"):
                assert told not in rows


def test_the_thank_you_page_names_nobody(stranger, url, cohort):
    page = stranger.get(stranger.post(url, sent()).headers["Location"])
    assert page.status_code == 200
    for private in ("Rosa", "Rosie", "07700", cohort.name, cohort.programme.title, "place", "nuts"):
        assert private not in page.text


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter your name"),
        ({"name": "\u200b\u00a0\u2800"}, "Enter your name"),
        ({"phone": "0161 496 0123"}, "This number cannot take a text. Enter a mobile number, or untick text"),
        ({"name": "x" * 121}, "up to 120 letters"),
        ({"phone": ""}, "Enter a phone number, or untick text, call and voicemail"),
        ({"phone": "no"}, "Enter a telephone number"),
        ({"email": ""}, "Enter an e-mail address, or untick e-mail"),
        ({"email": "", "safe_ways": ["text"], "handouts_by": "email"}, "or choose handouts on paper"),
        ({"contact1_phone": ""}, "Enter the phone number of the person we can call"),
        ({"contact2_name": ""}, "Enter the name of the person we can call"),
        ({"safe_ways": ["pigeon"]}, "Choose an answer"),
        ({"access_needs": "x" * 501}, "up to 500 letters"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(stranger, url, changes, sentence):
    page = stranger.post(url, sent(**changes))
    assert page.status_code == 422
    assert sentence in page.text
    assert Place.objects.count() == Consent.objects.count() == 0
    assert PersonalLink.objects.get().used_at is None


def test_a_form_sent_back_keeps_everything_typed(stranger, url):
    key = str(uuid.uuid4())
    page = stranger.post(url, sent(name="", effect_key=key))
    form = page.context["form"]
    for name, value in {**FULL, "name": "", "effect_key": key}.items():
        assert form[name].value() in (value, value == "on"), name
    for shown in (
        'value="rosa@home.example"',
        "no steps",
        'value="Ola Marsh"',
        f'value="{key}"',
        "weekdays before 3pm",
    ):
        assert shown in page.text
    assert page.text.count(" checked") == len(["text", "email", "paper", "evaluation", "chat"])
    assert "<title>Error: Your details" in page.text


def test_sent_twice_it_registers_once_and_both_get_the_same_page(stranger, url, person):
    form = sent()
    first, second = stranger.post(url, form), Client().post(url, form)
    assert (first.status_code, second.status_code) == (302, 302)
    assert first.headers["Location"] == second.headers["Location"]
    assert person.consents.count() == 4
    assert Place.objects.count() == 1


def test_a_used_link_registers_nobody_again(stranger, url, person):
    stranger.post(url, sent())
    again = stranger.post(url, sent(name="Somebody Else"))
    assert again.status_code == 404
    person.refresh_from_db()
    assert person.name == "Rosa Marsh"


def test_every_link_that_does_not_work_gives_the_same_page(stranger, refer, cohort, lead, url):
    def link(**changes: object) -> str:
        made = links_actions.invite(caregiver=refer(), cohort=cohort, by=lead)
        last = PersonalLink.objects.latest("id")
        for name, value in changes.items():
            setattr(last, name, value)
        last.save()
        return reverse("register", args=[made])

    now = timezone.now()
    stranger.post(url, sent())
    own_page = reverse("register", args=[links_actions.make_own_page(caregiver=refer(), cohort=cohort, by=lead)])
    links = {
        "used": url,
        "expired": link(expires_at=now - timedelta(minutes=1)),
        "revoked": link(revoked_at=now),
        "unknown": reverse("register", args=["A" * 22]),
        "for another purpose": own_page,
        "own page, unknown": reverse("own_page", args=["A" * 22]),
        "thank-you, unknown": reverse("registered", args=["A" * 22]),
        "receipt, unknown": reverse("own_receipt", args=["A" * 22, "quotes"]),
    }
    pages = {why: stranger.get(address) for why, address in links.items()}
    assert {page.status_code for page in pages.values()} == {404}
    assert len({page.content for page in pages.values()}) == 1
    posts = {why: stranger.post(address, sent()) for why, address in list(links.items())[:5]}
    assert {page.status_code for page in posts.values()} == {404}
    assert len({page.content for page in posts.values()}) == 1


def test_the_page_of_a_dead_link_gives_the_phone_number(stranger, db):
    Service.objects.update_or_create(pk=1, defaults={"phone": "01632 960 100"})
    service.forget()
    assert "01632 960 100" in stranger.get(reverse("register", args=["A" * 22])).text


def test_a_new_link_ends_the_old_one(stranger, url, person, cohort, lead):
    newer = reverse("register", args=[links_actions.invite(caregiver=person, cohort=cohort, by=lead)])
    assert (stranger.get(url).status_code, stranger.get(newer).status_code) == (404, 200)


def test_whoever_does_not_want_a_place_has_no_link_that_gives_one(stranger, url, person, cohort, lead):
    places.leave(cohort=cohort, caregiver=person, by=lead)
    assert stranger.post(url, sent()).status_code == 404
    assert not cohort.place_set.exclude(seat=None).exists()


def test_a_link_works_for_fourteen_days(person, cohort, lead, stranger):
    then = timezone.now() - timedelta(days=14, minutes=-5)
    young = links_actions.invite(caregiver=person, cohort=cohort, by=lead, at=then)
    assert stranger.get(reverse("register", args=[young])).status_code == 200
    old = links_actions.invite(caregiver=person, cohort=cohort, by=lead, at=then - timedelta(minutes=10))
    assert stranger.get(reverse("register", args=[old])).status_code == 404


def test_only_the_hash_of_a_link_is_kept(token, stranger, url):
    own = stranger.post(url, sent()).headers["Location"].split("/")[-2]
    kept = str(list(PersonalLink.objects.values()))
    assert token not in kept and own not in kept


def test_a_consent_keeps_the_wording_that_was_on_the_page(stranger, url, person):
    stranger.get(url)
    ConsentWording.objects.create(kind="chat", version=2, text="Newer words")
    stranger.post(url, sent())
    assert person.consents.get(kind="chat").wording.version == 1


def test_what_is_no_version_counts_as_the_newest(stranger, url, person):
    stranger.post(url, sent(wording_chat="9" * 5_000))
    assert person.consents.get(kind="chat").wording == ConsentWording.objects.latest_of("chat")


def test_the_newest_wording_is_asked(stranger, url, person):
    ConsentWording.objects.create(kind="chat", version=2, text="Newer words\nand what they mean")
    page = stranger.get(url)
    assert "Newer words" in page.text and 'name="wording_chat" value="2"' in page.text
    stranger.post(url, sent(wording_chat="2"))
    assert person.consents.get(kind="chat").wording.version == 2


def test_a_made_up_wording_counts_as_the_newest(stranger, url, person):
    stranger.post(url, sent(wording_chat="99", wording_quotes="²"))
    assert person.consents.get(kind="chat").wording.version == 1


def test_the_ninth_waits_and_is_thanked_like_the_others(stranger, register, url, person):
    for number in range(8):
        register(f"Person {number}")
    page = stranger.post(url, sent(), follow=True)
    assert page.status_code == 200 and "We have what you sent" in page.text
    assert person.places.get().state == "waiting"


def test_whose_check_is_not_clear_waits(stranger, refer, cohort, lead):
    person = refer("Not Checked", "asked")
    stranger.post(reverse("register", args=[links_actions.invite(caregiver=person, cohort=cohort, by=lead)]), sent())
    assert person.places.get().state == "waiting"


def test_no_thank_you_is_one_press(stranger, token, person):
    answer = stranger.post(reverse("decline", args=[token]), follow=True)
    assert answer.status_code == 200
    place = person.places.get()
    assert (place.state, place.seat) == ("left", None)
    person.refresh_from_db()
    assert person.registered_at is None
    assert stranger.get(reverse("register", args=[token])).status_code == 404
    assert stranger.post(reverse("decline", args=[token])).status_code == 404


def test_declining_frees_a_place_that_was_kept(stranger, token, person, cohort, lead):
    places.offer(cohort=cohort, caregiver=person, by=lead)
    stranger.post(reverse("decline", args=[token]))
    assert not cohort.place_set.exclude(seat=None).exists()


def test_an_e_mail_goes_only_where_it_is_safe(stranger, url, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        stranger.post(url, sent(safe_ways=["text"]))
    assert mail.outbox == []


def test_the_e_mail_is_neutral_and_its_link_opens_their_own_page(
    stranger, url, cohort, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        stranger.post(url, sent())
    (message,) = mail.outbox
    assert (message.to, message.subject) == (["rosa@home.example"], "Your details")
    for private in ("Rosa", cohort.name, cohort.programme.title, "group", "parent", "child"):
        assert private not in message.body
    address = next(line for line in message.body.splitlines() if line.startswith("http"))
    assert "Your choices" in stranger.get(address.removeprefix("http://testserver")).text


def test_too_many_tries_keep_what_was_typed(stranger, url, monkeypatch):
    from caregivers.registering.views import by_link

    monkeypatch.setattr(by_link, "MOST", 1)
    stranger.post(url, sent(name=""))
    page = stranger.post(url, sent())
    assert page.status_code == 429
    assert "Wait five minutes" in page.text and 'value="rosa@home.example"' in page.text
    assert Place.objects.count() == 0


def test_tries_by_one_link_leave_those_of_others_on_the_same_wifi_alone(
    stranger, url, refer, cohort, lead, monkeypatch
):
    from caregivers.registering.views import by_link

    monkeypatch.setattr(by_link, "MOST", 1)
    another = reverse("register", args=[links_actions.invite(caregiver=refer(), cohort=cohort, by=lead)])
    assert [stranger.post(url, sent(name="")).status_code for _ in range(2)] == [422, 429]
    assert stranger.post(another, sent()).status_code == 302


def test_wrong_verb(stranger, url, token):
    assert stranger.put(url).status_code == 405
    assert stranger.get(reverse("decline", args=[token])).status_code == 405


def test_the_pages_are_neutral_and_what_was_typed_leaves_no_trace_in_a_cache(stranger, url):
    page = stranger.get(url)
    assert "<title>Your details – Common Ground</title>" in page.text
    assert page.headers["Cache-Control"] == "private, no-cache"  # empty, for Back: ppg/forms/back.py
    assert stranger.post(url, sent(name="")).headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "Leave this page quickly" in page.text


def test_text_from_people_is_shown_as_text(stranger, url):
    page = stranger.post(url, sent(name="", liked_name="<script>alert(1)</script>"))
    assert "<script>alert(1)" not in page.text and "&lt;script&gt;alert(1)" in page.text
