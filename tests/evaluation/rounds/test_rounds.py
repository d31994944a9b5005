"""Rounds that close by the clock, reminders by safe ways, and three months later."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caregivers.models import LinkMail, Place
from evaluation.cards import actions as cards
from evaluation.models import Measure, Response, Wave, WaveLink
from evaluation.rounds import actions as rounds
from evaluation.rounds import plans, reminding
from feedback.models import Questionnaire
from ppg.access.refusals import Refused
from ppg.management.commands.worker import SWEEPS
from sessions_app.planning import after_dates_change
from tests.evaluation.conftest import agree, agree_to_be_contacted
from tests.factories import PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def ahead(cohort):
    """Six weekly sessions, the first in three days."""
    start = timezone.now() + timedelta(days=3)
    return [
        SessionFactory(cohort=cohort, number=n, starts_at=start + timedelta(weeks=n - 1), minutes=90)
        for n in range(1, 7)
    ]


@pytest.fixture
def reach(places):
    """`reach(place, "email")`: what is safe for this person."""

    def set_ways(place, *ways):
        person = place.caregiver
        person.email, person.phone, person.safe_ways = f"{place.seat}@example.org", "07700900123", list(ways)
        person.save()

    for place in places:
        set_ways(place)
    return set_ways


# --- Closing by the clock -------------------------------------------------------------------------------


def test_before_closes_when_the_second_session_begins_and_after_four_weeks_after_the_last(cohort, ahead):
    before, after = (rounds.open_wave(cohort=cohort, point=point, by=None) for point in ("before", "after"))
    assert before.form.closes_at == ahead[1].starts_at
    assert after.form.closes_at == ahead[5].ends_at + timedelta(weeks=4)


def test_a_cancelled_or_added_session_is_no_second_session(cohort, ahead):
    ahead[1].cancelled_at = timezone.now()
    ahead[1].save()
    SessionFactory(cohort=cohort, number=9, extra=True, starts_at=ahead[0].starts_at + timedelta(days=1))
    assert rounds.open_wave(cohort=cohort, point="before", by=None).form.closes_at == ahead[2].starts_at


def test_opened_late_it_still_takes_answers_and_without_dates_it_stays_open(cohort, held, other_cohort):
    assert rounds.open_wave(cohort=cohort, point="before", by=None).is_open(timezone.now() + timedelta(days=6))
    assert rounds.open_wave(cohort=other_cohort, point="before", by=None).form.closes_at is None


def test_the_worker_closes_what_is_due_once_and_nothing_else(cohort, ahead, places, give):
    before, after = (rounds.open_wave(cohort=cohort, point=point, by=None) for point in ("before", "after"))
    for place in places[:5]:
        give(before, place, 2)
    assert rounds.close_due_waves in SWEEPS
    assert rounds.close_due_waves(ahead[1].starts_at - timedelta(minutes=1)) == 0
    assert [rounds.close_due_waves(ahead[1].starts_at) for _ in range(2)] == [1, 0]
    assert Response.objects.filter(wave=before).count() == 5
    after.form.refresh_from_db()
    assert after.form.closed_at is None


def test_one_fault_keeps_no_other_round_open(cohort, other_cohort, ahead, monkeypatch, caplog):
    SessionFactory(cohort=other_cohort, number=1, starts_at=timezone.now())
    for group in (cohort, other_cohort):
        rounds.open_wave(cohort=group, point="before", by=None)
    really = rounds.close_wave

    def sometimes(*, wave, **kwargs):
        if wave.cohort_id == cohort.pk:
            raise RuntimeError("secret words")
        return really(wave=wave, **kwargs)

    monkeypatch.setattr("evaluation.rounds.actions.close_wave", sometimes)
    assert rounds.close_due_waves(timezone.now() + timedelta(weeks=9)) == 1
    assert "RuntimeError" in caplog.text and "secret" not in caplog.text


def test_when_dates_move_so_does_the_end_of_an_open_round_and_not_of_one_that_is_over(cohort, ahead):
    before = rounds.open_wave(cohort=cohort, point="before", by=None)
    ahead[1].starts_at += timedelta(days=2)
    ahead[1].save()
    after_dates_change.tell(cohort, timezone.now())
    before.form.refresh_from_db()
    assert before.form.closes_at == ahead[1].starts_at
    ahead[1].starts_at += timedelta(days=30)
    ahead[1].save()
    after_dates_change.tell(cohort, before.form.closes_at + timedelta(seconds=1))
    before.form.refresh_from_db()
    assert not before.is_open(ahead[1].starts_at - timedelta(days=1))


# --- Reminding ------------------------------------------------------------------------------------------


def test_whom_we_write_to_and_who_is_left_out_and_why(browser_of, lead, waves, places, reach, give):
    for place, way in zip(places, ["email", "email", "call", "text", "email"], strict=False):
        reach(place, way)
    give(waves[0], places[1], 2)
    Place.objects.filter(pk=places[4].pk).update(state="left", seat=None, left_on=timezone.localdate())
    stranger = PlaceFactory(cohort=waves[0].cohort, seat=9)
    reach(stranger, "email")
    rows = reminding.recipients(waves[0], timezone.now())
    recipients = {row.place.pk: (row.way, row.why) for row in rows}
    assert recipients[places[0].pk] == ("email", "")
    assert recipients[places[1].pk] == ("", "Has answered")
    assert recipients[places[2].pk] == ("", "E-mail and text are not safe")
    assert recipients[places[3].pk][0] == "" and "texts cannot be sent" in recipients[places[3].pk][1]
    assert recipients[stranger.pk] == ("", "Has not agreed to be asked")
    assert recipients[places[4].pk][0] == "" and "Has left the group" in recipients[places[4].pk][1]
    text = browser_of(lead).get(reverse("evaluation:send", args=[waves[0].code])).text
    assert "1 person is written to" in text and "8 people are left out" in text and "Has answered" in text


def test_nobody_is_reminded_within_three_days(
    browser_of, lead, waves, places, reach, django_capture_on_commit_callbacks
):
    for place in places[:2]:
        reach(place, "email")
    url = reverse("evaluation:send", args=[waves[0].code])
    for _ in range(3):
        with django_capture_on_commit_callbacks(execute=True):
            browser_of(lead).post(url)
    assert len(mail.outbox) == 2
    assert "less than three days ago" in browser_of(lead).get(url).text
    LinkMail.objects.update(at=timezone.now() - timedelta(days=3, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        assert rounds.send_links(wave=waves[0], by=lead, site="https://x.example") == 2
    assert len(mail.outbox) == 4
    assert WaveLink.objects.filter(wave=waves[0]).live(timezone.now()).count() == 4


def test_two_presses_before_the_worker_comes_send_one_message(waves, places, lead, reach):
    from evaluation.rounds.jobs import send_wave_link

    reach(places[0], "email")
    for _ in range(2):
        send_wave_link.call(waves[0].code, places[0].code, "https://x.example")
    assert len(mail.outbox) == 1


def test_a_message_that_did_not_leave_may_be_tried_at_once(waves, places, reach):
    reach(places[0], "email")
    person = places[0].caregiver
    LinkMail.objects.create(
        caregiver=person, cohort=waves[0].cohort, about="questions", fate="failed", at=timezone.now()
    )
    assert [one.place for one in reminding.written(reminding.recipients(waves[0], timezone.now()))] == [places[0]]


def test_a_text_goes_to_whom_only_a_text_is_safe(waves, places, lead, reach, monkeypatch):
    from evaluation.rounds.jobs import send_wave_link

    sent = []
    monkeypatch.setattr("ppg.sending.texts.can_send", lambda: True)
    monkeypatch.setattr("ppg.sending.texts.send", lambda **kwargs: sent.append(kwargs))
    reach(places[0], "text")
    send_wave_link.call(waves[0].code, places[0].code, "https://x.example")
    assert len(sent) == 1 and sent[0]["to"] == "07700900123" and not mail.outbox
    token = re.search(r"/m/([\w-]{22})/", sent[0]["text"])[1]
    assert WaveLink.objects.opened_by(token, timezone.now()).exists()
    for word in ("parent", "group", "child", "evaluation", waves[0].cohort.name.lower()):
        assert word not in sent[0]["text"].lower().split("http")[0]
    assert LinkMail.objects.get().fate == "sent"


def test_what_was_said_since_the_press_counts(waves, places, reach):
    from evaluation.rounds.jobs import send_wave_link

    reach(places[0])
    send_wave_link.call(waves[0].code, places[0].code, "https://x.example")
    agree(places[1], given=False)
    reach(places[1], "email")
    send_wave_link.call(waves[0].code, places[1].code, "https://x.example")
    assert not mail.outbox and not LinkMail.objects.exists()


def test_that_somebody_answered_is_kept_to_the_day(waves, places, give):
    give(waves[0], places[0], 2)
    used = timezone.localtime(WaveLink.objects.get().used_at)
    assert (used.hour, used.minute, used.second, used.microsecond) == (0, 0, 0, 0)


# --- Three months later -----------------------------------------------------------------------------------


def test_later_asks_only_those_who_agreed_to_be_contacted(browser_of, lead, cohort, answered, places):
    agree_to_be_contacted(places[0])
    agree_to_be_contacted(places[1])
    agree(places[1], given=False)
    day = timezone.now() + timedelta(days=91)
    wave = rounds.open_wave(cohort=cohort, point="later", by=lead, at=day)
    assert wave.form.closes_at == day + timedelta(weeks=4)
    assert plans.may_be_asked(wave) == {places[0].pk}
    with pytest.raises(Refused):
        rounds.make_link(wave=wave, place=places[2], by=lead, at=day)
    assert rounds.make_link(wave=wave, place=places[0], by=lead, at=day)


def test_the_page_says_from_when_and_refuses_before(browser_of, lead, cohort, answered):
    text = browser_of(lead).get(reverse("evaluation:waves", args=[cohort.code])).text
    assert "you can ask once more those who said that we may contact them" in text
    early = browser_of(lead).post(reverse("evaluation:open_wave", args=[cohort.code]), {"point": "later"})
    assert early.status_code == 409 and "three months after" in early.text
    assert Wave.objects.count() == 2


# --- The measure and the next step --------------------------------------------------------------------------


def test_the_measure_that_was_chosen_is_asked(cohort, lead):
    theirs = Questionnaire.objects.create(kind="measure", slug="theirs", title="Theirs", state="current")
    draft = Questionnaire.objects.create(kind="measure", slug="draft", title="Draft", state="draft")
    measure, _unready = (Measure.objects.create(questionnaire=one) for one in (theirs, draft))
    assert [one.questionnaire.slug for one in plans.measures()] == ["theirs"]
    rounds.choose_plan(cohort=cohort, mode="confidential", measure=measure, by=lead)
    waves = [rounds.open_wave(cohort=cohort, point=point, by=None) for point in ("before", "after")]
    assert [wave.measure for wave in waves] == [measure] * 2 and waves[0].form.questionnaire == theirs


@pytest.mark.parametrize("mode", ["confidential", "coded"])
def test_the_page_names_one_next_step(browser_of, lead, cohort, places, mode):
    url = reverse("evaluation:waves", args=[cohort.code])

    def step():
        return re.search(r"Next:</strong> ([^<]+)", browser_of(lead).get(url).text)[1]

    rounds.choose_plan(cohort=cohort, mode=mode, measure=None, by=lead)
    assert step().startswith("Choose how the group is asked")
    wave = rounds.open_wave(cohort=cohort, point="before", by=lead)
    assert step().startswith("Have the cards printed" if mode == "coded" else "Send the link")
    rounds.close_wave(wave=wave, by=lead)
    assert step().startswith("Open the questions once more")


def test_once_cards_are_made_the_next_step_is_to_let_people_draw(browser_of, lead, cohort):
    rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    cards.make_cards(cohort=cohort, by=lead)
    assert (
        "Next:</strong> Let everybody draw a card"
        in browser_of(lead).get(reverse("evaluation:waves", args=[cohort.code])).text
    )
