"""Writing to the people of a group by safe ways only (C1, C2)."""

from __future__ import annotations

import json
import re
import uuid
from datetime import time, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caregivers.messages import actions, jobs
from caregivers.messages import recipients as receiving
from caregivers.models import Message, MessageCopy, PersonalLink, Place
from caregivers.rights import actions as rights
from caregivers.times import actions as times
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from ppg.sending.mail import FateUnknown, NotSent
from tests.factories import CaregiverFactory
from tests.ppg.sending.notify import notify_server

pytestmark = pytest.mark.django_db
SITE = "https://groups.example"


@pytest.fixture
def people(cohort):
    """Ann by e-mail, Bea by text, Cy by neither, Dee safe by text without a number, Ed left."""

    def person(name, ways, **known):
        return CaregiverFactory(
            cohort=cohort, name=name, safe_ways=ways, registered_at=timezone.now(), registered_how="online", **known
        )

    recipients = {
        "ann": person("Ann Amber", ["email", "text"], email="ann@families.example"),
        "bea": person("Bea Blue", ["text", "call"], email="bea@families.example", phone="07700 900982"),
        "cy": person("Cy Clay", ["call"], email="cy@families.example", safe_when="before noon", phone="01632 960003"),
        "dee": person("Dee Dun", ["text"], phone=""),
        "ed": person("Ed Elm", ["email"], email="ed@families.example"),
    }
    Place.objects.create(cohort=cohort, caregiver=recipients["ed"], state="left", left_on=timezone.localdate())
    return recipients


@pytest.fixture
def send(cohort, lead, django_capture_on_commit_callbacks):
    def do(about="plain", text="Bring a cup", **more):
        with django_capture_on_commit_callbacks(execute=True):
            return actions.send(cohort=cohort, about=about, text=text, by=lead, site=SITE, **more)

    return do


def states(message):
    return {copy.caregiver.called: (copy.way, copy.state, copy.why) for copy in message.copies.all()}


def typed(**more):
    return {"about": "plain", "to": "everybody", "text": "Bring a cup", "effect_key": str(uuid.uuid4()), **more}


def new(cohort):
    return reverse("caregivers:message_new", args=[cohort.code])


# --- Who gets it ------------------------------------------------------------------------------------------


def test_only_safe_ways_are_used_and_who_is_left_out_is_known_with_the_reason(people, send):
    message = send()
    assert states(message) == {
        "Ann": ("email", "sent", ""),
        "Bea": ("text", "waiting", ""),
        "Cy": ("", "left out", "not safe"),
        "Dee": ("", "left out", "no address"),
        "Ed": ("", "left out", "left"),
    }
    [sent] = mail.outbox
    assert sent.to == ["ann@families.example"] and not sent.cc and not sent.bcc
    assert sent.subject == "A message for you" and "Bring a cup" in sent.body


def test_somebody_who_was_not_asked_yet_is_not_written_to(cohort, people, lead):
    CaregiverFactory(cohort=cohort, name="Flo Fern", email="flo@families.example")
    [flo] = [one for one in receiving.recipients(cohort, "plain") if one.name == "Flo"]
    assert (flo.way, flo.says_why, flo.may_ring) == ("", "Not asked yet what is safe", True)


def test_who_declined_or_left_is_said_to_have(cohort, people):
    [ed] = [one for one in receiving.recipients(cohort, "plain") if one.name == "Ed"]
    assert ed.says_why == "Left or declined"


def test_nobody_who_was_erased_is_among_those_who_could_be_written_to(cohort, people, lead, settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"
    before = len(receiving.recipients(cohort, "plain"))
    rights.erase(caregiver=people["cy"], by=lead, why="asked")
    after = receiving.recipients(cohort, "plain")
    assert len(after) == before - 1 and people["cy"].pk not in {one.caregiver.pk for one in after}


def test_only_those_with_a_place_where_the_sender_says_so(cohort, people):
    Place.objects.create(cohort=cohort, caregiver=people["ann"], state="taken", seat=1, taken_on=timezone.localdate())
    found = receiving.recipients(cohort, "plain", only_in_group=True)
    assert [one.name for one in receiving.written(found)] == ["Ann"]


def test_the_sender_sees_who_gets_it_by_which_way_and_whom_to_ring(browser_of, facilitator, cohort, people):
    answer = browser_of(facilitator).post(new(cohort), typed())
    page = answer.content.decode()
    assert answer.status_code == 200 and not Message.objects.exists() and not mail.outbox
    assert [one.name for one in answer.context["by_email"]] == ["Ann"]
    assert [one.name for one in answer.context["by_text"]] == ["Bea"] and "For you to text" in page
    assert [(one.name, one.says_why) for one in answer.context["to_ring"]] == [
        ("Cy", "E-mail and text are not safe"),
        ("Dee", "We have no address or number for the way that is safe"),
    ]
    assert "01632 960003" in page and "before noon" in page
    assert "families.example" not in page and "Somebody else may read this" in page


def test_one_press_sends_and_the_same_press_again_sends_nothing_more(
    browser_of, lead, cohort, people, django_capture_on_commit_callbacks
):
    browser, told = browser_of(lead), typed()
    told["seen"] = browser.post(new(cohort), told).context["seen"]
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(new(cohort), {**told, "step": "send"})
    message = Message.objects.get()
    assert answer.url == message.get_absolute_url() and len(mail.outbox) == 1
    assert (message.sent_by, message.text) == (lead, "Bring a cup")
    entries = AuditEntry.objects.filter(user=lead, fields=["message"])
    assert {entry.person for entry in entries} == {people["ann"].code, people["bea"].code}


def test_when_somebody_becomes_unsafe_meanwhile_the_sender_looks_again(browser_of, lead, cohort, people):
    browser, told = browser_of(lead), typed()
    told["seen"] = browser.post(new(cohort), told).context["seen"]
    people["ann"].safe_ways = []
    people["ann"].save()
    answer = browser.post(new(cohort), {**told, "step": "send"})
    assert answer.status_code == 409 and "Something has changed since you looked" in answer.content.decode()
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": ""}, "Write your message"),
        ({"text": "x" * 1001}, "1000 characters"),
        ({"about": "times"}, "There are no times to choose from yet"),
        ({"to": "nobody"}, "To whom"),
    ],
)
def test_what_was_typed_is_kept_and_what_is_wrong_is_said(browser_of, lead, cohort, people, wrong, said):
    answer = browser_of(lead).post(new(cohort), typed(**wrong))
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert wrong.get("text", "Bring a cup") in page


def test_change_it_brings_the_form_back_as_it_was(browser_of, lead, cohort, people):
    answer = browser_of(lead).post(new(cohort), typed(step="change"))
    assert "Bring a cup</textarea>" in answer.content.decode()


def test_with_nobody_to_write_to_nothing_is_made(cohort, lead):
    with pytest.raises(Refused, match="nobody"):
        actions.send(cohort=cohort, about="plain", text="x", by=lead, site=SITE)


# --- Links ------------------------------------------------------------------------------------------------


def test_the_link_to_register_goes_to_those_who_have_not_and_works(cohort, people, send, stranger):
    new = CaregiverFactory(cohort=cohort, name="Flo Fern", safe_ways=["email"], email="flo@families.example")
    message = send("register", "")
    assert list(states(message)) == ["Flo"]
    [sent] = mail.outbox
    address = re.search(r"https://groups\.example(\S+)", sent.body)[1]
    assert sent.subject == "Your details" and stranger.get(address).status_code == 200
    assert new.links.get().purpose == PersonalLink.Purpose.REGISTER


def test_the_link_to_the_times_is_each_ones_own(cohort, lead, people, send, stranger):
    [slot] = times.propose(cohort=cohort, weekdays=[1], starts=[time(18)], by=lead)
    send("times", "")
    address = re.search(r"https://groups\.example(\S+)", mail.outbox[0].body)[1]
    stranger.post(address, {f"can_{slot.code}": "yes"})
    assert slot.answers.get().caregiver == people["ann"]


def test_a_link_sent_again_is_no_second_copy_that_a_mail_program_drops(cohort, lead, people, send):
    """The second registration link ends the first; a plain message keeps its name."""
    CaregiverFactory(cohort=cohort, name="Flo Fern", safe_ways=["email"], email="flo@families.example")
    for about, different in (("register", True), ("plain", False)):
        copy = send(about).copies.filter(way="email").first()
        names = []
        for _ in range(2):
            MessageCopy.objects.filter(pk=copy.pk).update(state="waiting")
            jobs.send_copy.func(copy.code, SITE)
            names.append(mail.outbox[-1].extra_headers["Message-ID"])
        assert (len(set(names)) == 2) == different


def test_no_link_and_no_text_is_on_the_queue_or_in_the_trail(settings, cohort, lead, people, send):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    from django_tasks_db.models import DBTaskResult

    send(text="Bring a purple cup")
    kept = json.dumps(list(DBTaskResult.objects.values_list("args_kwargs", flat=True)))
    kept += str(list(AuditEntry.objects.values_list("fields", "ref", "what")))
    assert MessageCopy.objects.get(way="email").code in kept
    for secret in ("purple", "ann@", "Ann", "07700"):
        assert secret not in kept


# --- What became of it ------------------------------------------------------------------------------------


def fails_with(monkeypatch, error):
    def refuse(**_kwargs):
        raise error

    monkeypatch.setattr("ppg.sending.mail.send", refuse)


def test_run_twice_it_sends_once(people, send):
    copy = send().copies.get(way="email")
    jobs.send_copy.func(copy.code, SITE)
    assert len(mail.outbox) == 1


def test_what_may_pass_is_tried_three_times_by_itself(monkeypatch, people, send):
    fails_with(monkeypatch, NotSent(later=True))
    copy = send().copies.get(way="email")
    for tries, state in ((1, "waiting"), (2, "waiting"), (3, "failed"), (3, "failed")):
        copy.refresh_from_db()
        assert (copy.tries, copy.state) == (tries, state)
        jobs.send_copy.func(copy.code, SITE)


def test_a_fate_nobody_knows_is_never_sent_again_by_itself(monkeypatch, people, send):
    fails_with(monkeypatch, FateUnknown())
    copy = send().copies.get(way="email")
    monkeypatch.undo()
    for days in range(3):
        jobs.sweep(timezone.now() + timedelta(days=days))
    jobs.send_copy.func(copy.code, SITE)
    copy.refresh_from_db()
    assert copy.state == "unknown" and not mail.outbox


def test_a_worker_that_died_leaves_it_unknown(people, send):
    copy = send().copies.get(way="email")
    MessageCopy.objects.filter(pk=copy.pk).update(state="sending")
    jobs.sweep(timezone.now() + timedelta(minutes=11))
    copy.refresh_from_db()
    assert copy.state == "unknown"
    assert AuditEntry.objects.filter(ref=copy.code, fields=["unknown"], user=None).exists()


def test_who_says_meanwhile_that_it_is_not_safe_is_not_written_to(cohort, lead, people):
    message = actions.send(cohort=cohort, about="plain", text="x", by=lead, site=SITE)
    people["ann"].safe_ways = ["call"]
    people["ann"].save()
    copy = message.copies.get(way="email")
    jobs.send_copy.func(copy.code, SITE)
    copy.refresh_from_db()
    assert copy.state == "failed" and not mail.outbox


def test_what_waits_without_a_job_gets_one_and_what_is_too_old_is_looked_at_by_a_person(cohort, lead, people):
    message = actions.send(cohort=cohort, about="plain", text="x", by=lead, site=SITE)
    jobs.sweep(timezone.now() + timedelta(hours=25))
    assert states(message)["Ann"] == ("email", "failed", "")
    assert states(message)["Bea"] == ("text", "waiting", "")  # for somebody's own phone


def test_a_failed_one_is_tried_again_by_one_press(
    browser_of, lead, monkeypatch, people, send, django_capture_on_commit_callbacks
):
    fails_with(monkeypatch, NotSent(later=False))
    message = send()
    monkeypatch.undo()
    browser = browser_of(lead)
    page = browser.get(message.get_absolute_url()).content.decode()
    assert "Not sent" in page and "Try again" in page and "Bring a cup" in page
    url = reverse("caregivers:copy_again", args=[message.copies.get(way="email").code])
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            browser.post(url, {"seen": "failed"})
    assert len(mail.outbox) == 1 and states(message)["Ann"][1] == "sent"


def test_one_that_may_have_arrived_asks_first(browser_of, lead, people, send, django_capture_on_commit_callbacks):
    message = send()
    message.copies.filter(way="email").update(state="unknown")
    browser, url = browser_of(lead), reverse("caregivers:copy_again", args=[message.copies.get(way="email").code])
    assert "If it did, they get a second one" in browser.post(url, {"seen": "unknown"}).content.decode()
    assert len(mail.outbox) == 1
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(url, {"seen": "unknown", "sure": "yes"})
    assert len(mail.outbox) == 2


# --- Texts ------------------------------------------------------------------------------------------------


def test_with_a_key_texts_go_through_notify(settings, people, send):
    with notify_server(settings) as server:
        message = send()
    assert states(message)["Bea"] == ("text", "sent", "")
    [taken] = server.taken
    assert taken["phone_number"] == "+447700900982" and taken["reference"] == message.copies.get(way="text").code
    assert taken["personalisation"]["message"] == "Bring a cup Common Ground"


def test_without_a_key_staff_text_from_their_own_phone_and_say_so(browser_of, lead, cohort, people, send):
    times.propose(cohort=cohort, weekdays=[1], starts=[time(18)], by=lead)
    message = send("times", "")
    copy, browser = message.copies.get(way="text"), browser_of(lead)
    assert "For you to text" in browser.get(message.get_absolute_url()).content.decode()
    page = browser.post(reverse("caregivers:copy_by_hand", args=[copy.code])).content.decode()
    assert "sms:+447700900982?" in page and "http://testserver/r/times/" in page
    for _ in range(2):
        browser.post(reverse("caregivers:copy_texted", args=[copy.code]))
    assert states(message)["Bea"] == ("text", "sent", "")
    assert AuditEntry.objects.filter(ref=copy.code, fields=["texted"], user=lead).count() == 1


def test_nobody_is_texted_whose_text_is_no_longer_safe(browser_of, lead, people, send):
    copy = send().copies.get(way="text")
    people["bea"].safe_ways = ["call"]
    people["bea"].save()
    answer = browser_of(lead).post(reverse("caregivers:copy_by_hand", args=[copy.code]))
    assert answer.status_code == 409 and "07700" not in answer.content.decode()


# --- Who may ----------------------------------------------------------------------------------------------


def test_others_may_not(browser_of, parent, other_facilitator, lead, cohort, people, send):
    message = send()
    pages = [new(cohort), message.get_absolute_url(), reverse("caregivers:messages", args=[cohort.code])]
    for page in pages:
        assert browser_of(parent).get(page).status_code == 403
        assert browser_of(other_facilitator).get(page).status_code == 404
        assert browser_of(lead).put(page).status_code == 405
    assert "1 sent, 1 waiting, 3 left out" in re.sub(
        r"\s+", " ", re.sub(r"<[^>]+>", "", browser_of(lead).get(pages[2]).content.decode())
    )
