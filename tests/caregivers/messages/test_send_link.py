"""A link of their own to one person, sent from their record by a way that is safe."""

import re
import uuid
from html import unescape
from urllib.parse import unquote

import pytest
from django.core import mail
from django.urls import reverse

from caregivers.messages import actions
from caregivers.models import MessageCopy, PersonalLink
from caregivers.places import actions as places
from caregivers.registering import actions as registering
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.caregivers.conftest import ANSWERS

pytestmark = pytest.mark.django_db
BOTH = {"safe_ways": ["email", "text"], "email": "ann@families.example", "phone": "07700 900982"}


@pytest.fixture
def ann(refer):
    return refer("Ann Moss", **BOTH)


@pytest.fixture
def press(browser_of, facilitator, django_capture_on_commit_callbacks):
    """A press of a button on their record."""

    def do(person, about="register", way="email", key=None, user=facilitator):
        url = reverse("caregivers:send_link", args=[person.referrals.get().code])
        with django_capture_on_commit_callbacks(execute=True):
            sent = {"about": about, "way": way, "effect_key": key or str(uuid.uuid4())}
            return browser_of(user).post(url, sent)

    return do


def link_in(text):
    return re.search(r"https?://\S+", text)[0]


def buttons(browser, person):
    page = browser.get(person.get_absolute_url()).text
    return re.findall(r'name="about" value="([^"]+)".*?name="way" value="(\w+)"', page, flags=re.DOTALL)


def test_the_record_offers_each_way_that_is_safe(browser_of, facilitator, ann):
    assert buttons(browser_of(facilitator), ann) == [("register", "email"), ("register", "text")]


@pytest.mark.parametrize(
    ("answers", "ways"),
    [
        ({"safe_ways": ["text"]}, ["text"]),
        ({"safe_ways": ["call", "voicemail"]}, []),
        ({"safe_ways": []}, []),
        ({"email": ""}, ["text"]),
        ({"phone": "01632 960003"}, ["email"]),
    ],
)
def test_no_way_is_offered_that_is_not_safe_or_leads_nowhere(browser_of, facilitator, refer, answers, ways):
    person = refer("Ann Moss", **(BOTH | answers))
    assert [way for _about, way in buttons(browser_of(facilitator), person)] == ways
    assert "Read out the link to register" in browser_of(facilitator).get(person.get_absolute_url()).text


def test_an_email_is_sent_by_the_product_and_tells_a_stranger_nothing(press, ann, facilitator, browser_of):
    answer = press(ann)
    assert answer.status_code == 302 and answer.url == ann.get_absolute_url()
    (sent,) = mail.outbox
    assert sent.to == ["ann@families.example"] and sent.subject == "Your details"
    for word in ("Ann", "Moss", "group", "parent", "child", "Ipswich", "police"):
        assert word not in sent.body.replace(link_in(sent.body), "")
    assert browser_of(facilitator).get(link_in(sent.body)).status_code == 200


def test_a_text_has_the_words_ready_for_ones_own_phone(press, ann):
    page = press(ann, way="text").text
    sms = unescape(re.search(r'href="(sms:[^"]+)"', page)[1])
    assert sms.startswith("sms:+447700900982?&body=")
    assert "/r/" in link_in(unquote(sms)) and "Ann" not in unquote(sms)
    assert not mail.outbox


def test_what_was_sent_how_and_by_whom_stands_on_the_record(press, ann, browser_of, facilitator):
    press(ann)
    lines = {
        event.text: event.detail for event in browser_of(facilitator).get(ann.get_absolute_url()).context["events"]
    }
    assert lines["The link to register: Sent"] == "E-mail, Femi Facilitator"


def test_a_text_counts_as_sent_when_somebody_says_so(press, ann, browser_of, facilitator):
    press(ann, way="text")
    copy = MessageCopy.objects.get()
    assert copy.state == "waiting"
    browser_of(facilitator).post(reverse("caregivers:copy_texted", args=[copy.code]))
    lines = [event.text for event in browser_of(facilitator).get(ann.get_absolute_url()).context["events"]]
    assert "The link to register: Sent" in lines


def test_a_press_that_arrives_twice_sends_once(press, ann):
    key = str(uuid.uuid4())
    press(ann, key=key)
    press(ann, key=key)
    assert len(mail.outbox) == 1 and MessageCopy.objects.count() == 1


def test_another_link_to_register_ends_the_one_before(press, ann):
    press(ann)
    press(ann)
    assert PersonalLink.objects.filter(caregiver=ann, purpose="register", revoked_at=None).count() == 1


def test_a_way_that_is_not_safe_any_more_sends_nothing(press, ann):
    ann.safe_ways = ["text"]
    ann.save()
    assert press(ann).status_code == 409
    assert not mail.outbox and not MessageCopy.objects.exists()


def test_an_offer_goes_to_who_has_registered_and_opens_the_page_that_takes_it(
    press, ann, browser_of, facilitator, lead, cohort
):
    answers = ANSWERS | BOTH | {"name": "Ann Moss"}
    registering.register(caregiver=ann, cohort=cohort, how="spoken", by=lead, answers=answers, consents={})
    assert buttons(browser_of(facilitator), ann)[0] == ("own page", "email")
    places.leave(cohort=cohort, caregiver=ann, by=lead)
    assert buttons(browser_of(facilitator), ann) == []
    places.offer(cohort=cohort, caregiver=ann, by=lead)
    assert buttons(browser_of(facilitator), ann)[0] == ("offer", "email")
    press(ann, "offer")
    sent = mail.outbox[-1]
    assert sent.subject == "A message for you" and "yes or no" in sent.body
    assert "place" not in sent.body and browser_of(facilitator).get(link_in(sent.body)).status_code == 200


@pytest.mark.parametrize(("about", "said"), [("offer", "No place is kept"), ("own page", "not registered yet")])
def test_a_link_that_is_not_for_them_now_is_refused(ann, cohort, lead, about, said):
    with pytest.raises(Refused, match=said):
        actions.send_link(cohort=cohort, caregiver=ann, about=about, way="email", by=lead, site="https://x.example")
    assert not MessageCopy.objects.exists()


@pytest.mark.parametrize("about", ["plain", "times", "", "anything"])
def test_only_links_go_this_way(press, ann, about):
    assert press(ann, about).status_code == 409
    assert not mail.outbox


def test_nobody_of_another_group_sends_one(press, ann, other_facilitator, parent, manager):
    assert press(ann, user=other_facilitator).status_code == 404
    for user in (parent, manager):
        assert press(ann, user=user).status_code == 403
    assert not mail.outbox


def test_it_is_in_the_trail(press, ann, facilitator):
    press(ann)
    assert AuditEntry.objects.filter(user=facilitator, person=ann.code, verb="created", fields=["message"]).exists()


def test_an_address_is_read_out_in_pieces(browser_of, facilitator, ann):
    url = reverse("caregivers:invite", args=[ann.referrals.get().code])
    page = browser_of(facilitator).post(url, {"effect_key": str(uuid.uuid4())})
    begins, *pieces = page.context["pieces"]
    assert begins == "testserver/r/" and {len(piece) for piece in pieces[:-1]} == {4}
    assert page.context["address"].rstrip("/").endswith("".join(pieces))
