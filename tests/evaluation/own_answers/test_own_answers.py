"""Somebody reads what they answered before and after; nobody else can, by any page, link or address of staff."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caregivers.links import actions as links
from caregivers.models import Caregiver, LinkMail
from caregivers.rights import actions as rights
from caregivers.safe import fingerprints
from evaluation.models import AnswersLink, PseudonymKey
from evaluation.own_answers import actions, queries
from evaluation.own_answers.jobs import send_answers_link
from evaluation.rounds import actions as rounds
from ppg.access.refusals import Refused
from ppg.links import typed_codes as codes
from ppg.links.codes import digest
from ppg.models import AuditEntry

pytestmark = pytest.mark.django_db

WRONG = codes.printed(codes.code_of(1))
ANSWER = "Completely true"
QUESTION = "I know whom to call when I am worried"


@pytest.fixture
def person(waves, places, give, cohort) -> Caregiver:
    """Answered before, with an e-mail that is safe; the round is closed."""
    caregiver = places[0].caregiver
    caregiver.email, caregiver.phone, caregiver.safe_ways = "rosa@home.example", "07700 900982", ["email"]
    caregiver.registered_at, caregiver.registered_how = timezone.now(), "online"
    caregiver.save()
    places[0].refresh_from_db()
    give(waves[0], places[0], 4, goal=7)
    rounds.close_wave(wave=waves[0], by=None)
    return caregiver


@pytest.fixture
def place(person, places):
    return places[0]


@pytest.fixture
def send(person, django_capture_on_commit_callbacks):
    """`send(press)`: what leaves the house by this press."""

    def done(press) -> list[str]:
        mail.outbox.clear()
        with django_capture_on_commit_callbacks(execute=True):
            press()
        return [re.search(r"http://\S+", one.body)[0] for one in mail.outbox if one.to == [person.email]]

    return done


def page_of(name: str, thing) -> str:
    return reverse(f"evaluation:{name}", args=[thing.code])


# --- A link that is sent ----------------------------------------------------------------------------------


def test_the_lead_sends_a_link_and_only_the_person_reads_the_answers(browser_of, lead, stranger, person, send):
    client = browser_of(lead)
    assert "Send them a link to their answers" in client.get(reverse("caregivers:handover", args=[person.code])).text
    (address,) = send(lambda: client.post(page_of("answers_send", person)))
    assert QUESTION not in stranger.get(address).text  # what looks into e-mails follows links, and uses nothing up
    shown = stranger.post(address)
    assert QUESTION in shown.text and ANSWER in shown.text and shown.headers["Cache-Control"] == "no-store"
    assert person.name not in shown.text
    assert stranger.post(address).status_code == 404


def test_neither_the_link_nor_its_token_is_where_staff_could_find_it(browser_of, lead, person, send):
    client = browser_of(lead)
    (address,) = send(lambda: client.post(page_of("answers_send", person)))
    token = address.rstrip("/").split("/")[-1]
    for name in ("caregivers:handover", "caregivers:record", "caregivers:handover_json"):
        assert token not in client.get(reverse(name, args=[person.code])).text
    assert AnswersLink.objects.get().token_hash == digest(token)
    assert not [row for row in AuditEntry.objects.values_list() if token in str(row)]


def test_an_address_that_staff_write_down_afterwards_gets_nothing(browser_of, lead, person, send):
    """The way to read somebody's answers that is nearest: change their e-mail, then send them their link."""
    Caregiver.objects.filter(pk=person.pk).update(email="lena@council.example", phone="07700 900001")
    person.refresh_from_db()
    assert send(lambda: browser_of(lead).post(page_of("answers_send", person))) == []
    assert not AnswersLink.objects.exists() and mail.outbox == []
    page = browser_of(lead).get(reverse("caregivers:handover", args=[person.code])).text
    assert "Send them a link to their answers" not in page and "Make a link that opens with a code" in page


def test_nor_does_one_that_was_changed_while_the_job_waited(person, place):
    Caregiver.objects.filter(pk=person.pk).update(email="lena@council.example")
    send_answers_link.call(place.code, "http://testserver")
    assert mail.outbox == [] and not AnswersLink.objects.exists()


def test_the_same_address_written_in_another_way_is_the_same(person, place):
    Caregiver.objects.filter(pk=person.pk).update(email="  Rosa@Home.example")
    assert [one.way for one in queries.kept(Caregiver.objects.get(pk=person.pk))] == ["email"]


def test_a_way_that_is_not_safe_any_more_is_not_used(person):
    person.safe_ways = ["call"]
    person.save()
    assert [one.way for one in queries.kept(person)] == [""]


@pytest.mark.parametrize(("safe", "way"), [(["text"], "text"), (["call"], ""), (["call", "voicemail"], "")])
def test_it_is_texted_only_where_a_text_is_safe(person, settings, safe, way):
    settings.NOTIFY_KEY, settings.NOTIFY_TEMPLATE = "key", "template"
    PseudonymKey.objects.update(reach=" ".join(fingerprints(person).values()))
    Caregiver.objects.filter(pk=person.pk).update(safe_ways=safe)
    assert [one.way for one in queries.kept(Caregiver.objects.get(pk=person.pk))] == [way]


def test_somebody_who_answered_twice_keeps_the_ways_of_the_first_time(person, place, waves, give):
    Caregiver.objects.filter(pk=person.pk).update(email="lena@council.example")
    place = type(place).objects.get(pk=place.pk)
    give(waves[1], place, 4)
    assert [one.way for one in queries.kept(place.caregiver)] == [""]


def test_they_send_it_to_themselves_from_their_own_page(stranger, person, place, cohort, send):
    token = links.make_own_page(caregiver=person, cohort=cohort, by=None)
    assert "Send me the link" in stranger.get(reverse("own_page", args=[token])).text
    pages = []
    (address,) = send(lambda: pages.append(stranger.post(reverse("own_answers_send", args=[token]))))
    assert "We have sent you a link" in pages[0].text and address not in pages[0].text
    assert QUESTION in stranger.post(address).text


def test_within_the_hour_it_is_sent_once(person, send, lead):
    assert len(send(lambda: actions.send(caregiver=person, by=lead, site="http://testserver"))) == 1
    with pytest.raises(Refused, match="within the last hour"):
        actions.send(caregiver=person, by=lead, site="http://testserver")
    LinkMail.objects.update(at=timezone.now() - timedelta(hours=2))
    assert len(send(lambda: actions.send(caregiver=person, by=lead, site="http://testserver"))) == 1
    assert AnswersLink.objects.live(timezone.now()).count() == 1  # the link before it has ended


def test_while_a_round_is_open_its_answers_are_still_sealed(stranger, places, waves, give):
    give(waves[0], places[1], 3)
    token = AnswersLink.objects.issue(place=places[1], expires_at=timezone.now() + timedelta(days=1))[1]
    page = stranger.post(reverse("own_answers", args=[token])).text
    assert "still sealed" in page and QUESTION not in page


def test_who_has_answered_nothing_is_offered_nothing(browser_of, lead, places, person):
    page = browser_of(lead).get(reverse("caregivers:handover", args=[places[2].caregiver.code])).text
    assert "What only they can read" not in page
    with pytest.raises(Refused):
        actions.make_link(place=places[2], by=lead)


# --- A link that staff may see ----------------------------------------------------------------------------


@pytest.fixture
def shown(browser_of, lead, place) -> str:
    """The address that the lead is shown."""
    page = browser_of(lead).post(page_of("answers_link", place)).text
    return re.search(r'href="(http://testserver/m/answers/[^"]+)"', page)[1]


@pytest.fixture
def spoken(browser_of, safeguarding, shown) -> str:
    """The code that the safeguarding lead is shown."""
    client = browser_of(safeguarding)
    assert "Show the code" in client.get(reverse("evaluation:answers_codes")).text
    page = client.post(page_of("answers_code", AnswersLink.objects.get())).text
    return re.search(r">\s*([A-Z2-9]{5}-[A-Z2-9]{5})\s*<", page)[1]  # not a part of some token


def test_the_lead_has_the_link_and_cannot_open_it(browser_of, lead, shown):
    client = browser_of(lead)
    for typed in ("", WRONG):
        answer = client.post(shown, {"code": typed})
        assert answer.status_code == 422 and QUESTION not in answer.text
    assert client.get(reverse("evaluation:answers_codes")).status_code == 403
    assert client.post(page_of("answers_code", AnswersLink.objects.get())).status_code == 403


def test_with_the_code_from_the_safeguarding_lead_the_person_opens_it_once(stranger, shown, spoken):
    page = stranger.post(shown, {"code": spoken.lower().replace("-", " ")})
    assert page.status_code == 200 and QUESTION in page.text
    assert stranger.post(shown, {"code": spoken}).status_code == 404


def test_before_a_code_was_made_none_opens_it(stranger, shown):
    assert stranger.post(shown, {"code": ""}).status_code == 422
    link = AnswersLink.objects.get()
    assert link.spoken_hash == "" and link.used_at is None


def test_the_fifth_wrong_code_ends_the_link(stranger, shown, spoken):
    for number in range(5):
        assert stranger.post(shown, {"code": WRONG}).status_code == 422, number
    assert stranger.post(shown, {"code": spoken}).status_code == 404


def test_a_newer_code_ends_the_one_before(browser_of, safeguarding, stranger, shown, spoken):
    browser_of(safeguarding).post(page_of("answers_code", AnswersLink.objects.get()))
    assert stranger.post(shown, {"code": spoken}).status_code == 422


def test_the_safeguarding_lead_never_sees_a_link(browser_of, safeguarding, shown, spoken):
    token = shown.rstrip("/").split("/")[-1]
    assert token not in browser_of(safeguarding).get(reverse("evaluation:answers_codes")).text


def test_the_same_press_shows_the_same_link_and_another_ends_it(browser_of, lead, place, stranger):
    url, key = page_of("answers_link", place), {"effect_key": "3f1d1c1e-58a1-4c11-9a51-111111111111"}
    first, again, other = (browser_of(lead).post(url, sent).text for sent in (key, key, {}))
    links = [re.search(r'href="(http://testserver/m/answers/[^"]+)"', page)[1] for page in (first, again, other)]
    assert links[0] == links[1] != links[2]
    assert stranger.get(links[0]).status_code == 404 and stranger.get(links[2]).status_code == 200


def test_each_step_is_in_the_trail(browser_of, lead, safeguarding, shown, spoken, person):
    rows = AuditEntry.objects.filter(person=person.code, what__iendswith="AnswersLink").values_list(
        "verb", "user__name", "fields"
    )
    assert [row for row in rows.order_by("id") if row[0] != "saw"] == [
        ("created", lead.name, []),
        ("changed", safeguarding.name, ["spoken_hash"]),
    ]


# --- Erased -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("why", ["asked", "time"])
def test_erased_no_link_opens_and_no_address_is_kept_to_compare_with(stranger, shown, spoken, person, lead, why):
    rights.erase(caregiver=person, by=lead, why=why)
    assert stranger.post(shown, {"code": spoken}).status_code == 404
    assert not AnswersLink.objects.exists()
    assert not [key for key in PseudonymKey.objects.all() if key.reach]
