"""The page behind the poster's code: somebody would like to hear from us."""

import gzip
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.interest import actions as interest
from caregivers.interest import actions as interest_actions
from caregivers.models import Caregiver, Consent, Place, Referral
from caregivers.posters import actions as posters
from ppg.models import AuditEntry, Service
from ppg.service_details import service

pytestmark = pytest.mark.django_db


@pytest.fixture
def poster(cohort, lead):
    return posters.switch_poster(cohort=cohort, on=True, by=lead, site="https://groups.example")


@pytest.fixture
def url(poster):
    return reverse("interest", args=[poster.code])


def sent(**changes):
    return {
        "name": "Rosie",
        "phone": "07700 900 982",
        "email": "",
        "safe_ways": ["text", "call"],
        "safe_when": "before 3pm",
        "effect_key": str(uuid.uuid4()),
        **changes,
    }


def test_opening_it_changes_nothing(stranger, url):
    trail = AuditEntry.objects.count()
    assert stranger.get(url).status_code == 200
    assert not Caregiver.objects.exists() and AuditEntry.objects.count() == trail


def test_a_name_and_a_safe_way_come_to_the_board(stranger, browser_of, lead, cohort, url):
    answer = stranger.post(url, sent())
    assert answer.headers["Location"] == reverse("interest_thanks")
    assert "We have what you sent." in stranger.get(answer.headers["Location"]).text
    person = Caregiver.objects.get()
    assert (person.called, person.phone, person.safe_ways, person.safe_when) == (
        "Rosie",
        "07700 900 982",
        ["text", "call"],
        "before 3pm",
    )
    referral = Referral.objects.get()
    today = timezone.localdate()
    assert (referral.cohort, referral.source, referral.received_on) == (cohort, "interest", today)
    board = browser_of(lead).get(reverse("caregivers:people", args=[cohort.code])).context["board"]
    assert [(one.label, one.stage, one.next_step) for one in board.people] == [
        ("Rosie", "referred", "First contact needed.")
    ]


def test_it_is_in_the_trail_as_theirs_and_no_value_with_it(stranger, url):
    stranger.post(url, sent())
    entries = AuditEntry.objects.filter(person=Caregiver.objects.get().code)
    assert {(entry.user, entry.what) for entry in entries} == {(None, "caregiver"), (None, "referral")}


def test_it_gives_neither_a_place_nor_a_consent(stranger, url):
    stranger.post(url, sent())
    assert not Place.objects.exists() and not Consent.objects.exists()
    assert Caregiver.objects.get().registered_at is None


def test_pressed_twice_there_is_one(stranger, url):
    form = sent()
    first, second = stranger.post(url, form), stranger.post(url, form)
    assert first.headers["Location"] == second.headers["Location"]
    assert Caregiver.objects.count() == 1


def test_sent_again_from_a_new_page_the_board_says_perhaps_the_same(stranger, browser_of, lead, cohort, url):
    stranger.post(url, sent())
    stranger.post(url, sent(name="Rosa M", phone="+44 (0)7700–900982"))
    page = browser_of(lead).get(reverse("caregivers:people", args=[cohort.code]))
    assert page.text.count("Perhaps the same person as") == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Enter a name we can call you"),
        ({"name": "\u3164\ufffc"}, "Enter a name we can call you"),
        ({"phone": "01632 960 001"}, "This number cannot take a text. Enter a mobile number, or untick text"),
        ({"phone": ""}, "Enter a phone number or an e-mail address"),
        ({"phone": "no"}, "Enter a telephone number"),
        ({"safe_ways": []}, "Tick one way that is safe, or call us instead"),
        ({"safe_ways": ["email"]}, "Enter an e-mail address, or untick e-mail"),
        ({"phone": "", "email": "r@home.example"}, "Enter a phone number, or untick text, call and voicemail"),
        ({"safe_ways": ["pigeon"]}, "Choose an answer"),
        ({"name": "x" * 121}, "can have up to 120"),
    ],
)
def test_what_is_wrong_keeps_what_was_typed(stranger, url, changes, sentence):
    page = stranger.post(url, sent(**changes))
    assert page.status_code == 422 and sentence in page.text
    assert 'value="before 3pm"' in page.text
    assert not Caregiver.objects.exists()


def test_a_landline_will_do_for_calls(stranger, url):
    stranger.post(url, sent(phone="01632 960 001", safe_ways=["call"]))
    assert Caregiver.objects.get().phone == "01632 960 001"


def test_a_number_from_abroad_in_other_figures_is_kept_in_ours(stranger, url):
    stranger.post(url, sent(phone="۰۰۹۲ ۳۰۰ ۱۲۳۴۵۶۷"))
    assert Caregiver.objects.get().phone == "0092 300 1234567"


def test_an_e_mail_alone_will_do(stranger, url):
    stranger.post(url, sent(phone="", email="r@home.example", safe_ways=["email"]))
    assert Caregiver.objects.get().email == "r@home.example"


def test_it_asks_for_nothing_that_invites_a_story(stranger, url):
    page = stranger.get(url).text
    assert "<textarea" not in page
    assert "Please do not write the name of any child." in page


def test_the_page_is_neutral_light_and_has_a_way_out(stranger, url):
    page = stranger.get(url)
    title = page.text.split("<title>")[1].split("</title>")[0]
    assert title == "Hear from us – Common Ground"
    assert "Leave this page quickly" in page.text
    assert page.headers["Referrer-Policy"] == "same-origin"  # docs/decisions/referrer.md
    assert len(gzip.compress(page.content)) < 14_000


def test_the_group_is_named_nowhere(stranger, cohort, url):
    for page in (stranger.get(url), stranger.post(url, {}), stranger.get(reverse("interest_thanks"))):
        assert cohort.name not in page.text and cohort.programme.title not in page.text


def test_capital_letters_typed_from_the_wall_will_do(stranger, poster):
    assert stranger.get(reverse("interest", args=[poster.code.upper()])).status_code == 200


def test_a_wrong_code_is_like_any_link_that_has_ended(stranger, url):
    wrong = stranger.get(reverse("interest", args=["abcdefghjk"]))
    ended = stranger.get(reverse("register", args=["A" * 22]))
    assert (wrong.status_code, wrong.content) == (ended.status_code, ended.content) == (404, ended.content)
    assert stranger.post(reverse("interest", args=["abcdefghjk"]), sent()).status_code == 404
    assert not Caregiver.objects.exists()


def test_switched_off_it_says_whom_to_ring_and_keeps_nothing(stranger, cohort, lead, poster, url):
    Service.objects.update_or_create(pk=1, defaults={"phone": "01632 960 123"})
    service.forget()
    posters.switch_poster(cohort=cohort, on=False, by=lead, site="")
    page = stranger.get(url)
    assert page.status_code == 200 and "We take no more names here" in page.text and "01632 960 123" in page.text
    late = stranger.post(url, sent())
    assert late.status_code == 409 and "what you wrote was not kept" in late.text
    assert not Caregiver.objects.exists()


def test_switched_off_between_the_look_and_the_writing_it_is_refused(stranger, cohort, lead, poster, url):
    """As it would be for two at once: the action looks again while it holds the poster."""
    stale = poster
    posters.switch_poster(cohort=cohort, on=False, by=lead, site="")
    told = sent()
    del told["effect_key"]
    with pytest.raises(interest.Refused, match="switched off"):
        interest_actions.express_interest(poster=stale, from_here=1, **told)


def test_one_stranger_does_not_shut_the_poster_to_others(stranger, url, monkeypatch):
    """Three of them, as fast as they may: they come to the day's forty, and a family at home still comes in."""
    monkeypatch.setattr("caregivers.interest.views.MOST", 1_000)
    for network in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        pages = [stranger.post(url, sent(), REMOTE_ADDR=network) for _ in range(interest.MOST_FROM_ONE + 1)]
        assert "We cannot take more names here today." in pages[-1].text
    assert Caregiver.objects.count() == interest.MOST_A_DAY + interest.A_FEW
    for name in ("Rosa", "Omar"):
        assert stranger.post(url, sent(name=name), REMOTE_ADDR="203.0.113.9").status_code == 302
    assert {"Rosa", "Omar"} <= {person.name for person in Caregiver.objects.all()}


def test_one_network_comes_to_no_more_than_half_a_day(stranger, url, monkeypatch):
    monkeypatch.setattr(interest, "MOST_FROM_ONE", 1)
    stranger.post(url, sent())
    page = stranger.post(url, sent(name="Another"))
    assert page.status_code == 409 and "We cannot take more names here today." in page.text
    assert 'value="Another"' in page.text and Caregiver.objects.count() == 1
    assert stranger.post(url, sent(), REMOTE_ADDR="203.0.113.9").status_code == 302


def test_a_flood_from_everywhere_stops_too(stranger, url, monkeypatch):
    monkeypatch.setattr(interest, "MOST_IN_A_FLOOD", 1)
    stranger.post(url, sent())
    page = stranger.post(url, sent(name="Another"), REMOTE_ADDR="203.0.113.9")
    assert page.status_code == 409 and "Please call us" in page.text and 'value="Another"' in page.text
    assert Caregiver.objects.count() == 1


def test_too_many_tries_from_one_place_wait(stranger, url, monkeypatch):
    monkeypatch.setattr("caregivers.interest.views.MOST", 1)
    stranger.post(url, sent())
    page = stranger.post(url, sent(name="Another"))
    assert page.status_code == 429 and "Too many tries." in page.text and 'value="Another"' in page.text
    assert Caregiver.objects.count() == 1


def test_wrong_verbs(stranger, url):
    assert stranger.put(url).status_code == 405
    assert stranger.post(reverse("interest_thanks")).status_code == 405
