"""Pressed at the same moment: each thing happens once, and a withdrawal is never missed."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.utils import timezone

from caregivers.consents.actions import agree, withdraw
from caregivers.models import ConsentWording
from evaluation.across import actions as across
from evaluation.across import jobs as across_jobs
from evaluation.cards import actions as cards
from evaluation.collecting import collect
from evaluation.disclosure.counts import Counts
from evaluation.figures.shapes import Figures
from evaluation.models import (
    ChosenQuote,
    PseudonymKey,
    Report,
    ReportVersion,
    Response,
    SectionText,
    WaveLink,
)
from evaluation.reports import actions as reports
from evaluation.reports import editions
from evaluation.rounds import actions as rounds
from evaluation.withdrawing import actions as withdrawing
from feedback.answering.forms import new_nonce
from feedback.focus_group import actions as focus_group
from feedback.models import Quote, SealedAnswer
from feedback.quotes import actions as quotes
from feedback.quotes import queries as quote_queries
from programmes.models import Programme
from tests.evaluation.conftest import answers
from tests.races import THREADS, Gap, at_once, only_postgresql, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_pdf(monkeypatch):
    monkeypatch.setattr("evaluation.reports.jobs.render_pdf", lambda html: b"%PDF")
    monkeypatch.setattr("evaluation.across.redrawing.render_pdf", lambda html: b"%PDF")


def test_ten_devices_send_one_persons_answers(waves, places):
    def send() -> bool:
        return rounds.receive(wave=waves[0], place=places[0], answers=answers(2), nonce=new_nonce())

    assert sorted(at_once(*[send] * 10), key=bool) == [False] * 9 + [True]
    assert SealedAnswer.objects.count() == PseudonymKey.objects.count() == 1


def test_eight_people_answer_while_the_round_is_closed(waves, places, give):
    """What was acknowledged is there; what was refused is not."""
    jobs = [lambda place=place: give(waves[0], place, 1) for place in places]
    results = at_once(*jobs[:4], lambda: rounds.close_wave(wave=waves[0], by=None), *jobs[4:])
    assert SealedAnswer.objects.count() == 0
    assert Response.objects.count() == sum(result is True for result in results)
    assert WaveLink.objects.filter(used_at__isnull=False).count() == Response.objects.count()


def test_two_leads_publish_at_once(answered, report, lead):
    results = at_once(*[lambda: reports.publish(cohort=report.cohort, by=lead)] * 5)
    assert sorted(version.number for version in results) == [1, 2, 3, 4, 5]


def test_of_two_who_have_seen_the_same_versions_one_publishes(answered, report, lead):
    results = at_once(*[lambda: reports.publish(cohort=report.cohort, by=lead, last=0)] * 5)
    assert ReportVersion.objects.count() == 1
    assert sum("published meanwhile" in str(result) for result in results) == 4


def test_words_are_taken_back_while_they_are_chosen_and_published(answered, report, lead, facilitator, manager, places):
    """Afterwards they stand nowhere, whoever came first."""
    ConsentWording.objects.get_or_create(kind="quotes", version=1, defaults={"text": "My words"})
    talk = focus_group.record(cohort=report.cohort, held_on=timezone.localdate(), people=6, notes="", by=facilitator)
    for place in places[:3]:
        agree(caregiver=place.caregiver, kind="quotes")
        said = quotes.quote_somebody(
            focus_group=talk, caregiver=place.caregiver, words="I laughed", themes=[], by=facilitator
        )
        quotes.sign_off(quote=said, seen=quote_queries.stamp(said), by=manager)
        at_once(
            lambda said=said: reports.choose_quote(cohort=report.cohort, code=said.code, by=lead),
            lambda: reports.publish(cohort=report.cohort, by=lead),
            lambda place=place: withdraw(caregiver=place.caregiver, kind="quotes"),
        )
        assert not Quote.objects.get(pk=said.pk).words and not ChosenQuote.objects.exists()
        assert "I laughed" not in str(list(ReportVersion.objects.values_list("quotes", flat=True)))


def test_ten_savings_at_once_keep_every_text_and_the_last_stands(cohort, lead, facilitator):
    def save(n: int) -> None:
        by = (lead, facilitator)[n % 2]
        reports.save_text(cohort=cohort, text={"learned": f"Text {n}"}, by=by, sitting=f"sitting {n}")

    at_once(*[lambda n=n: save(n) for n in range(10)])
    texts = list(SectionText.objects.all())
    assert {row.text for row in texts} == {f"Text {n}" for n in range(10)}
    assert len({row.at for row in texts}) == 10, "each is later than the one before"
    assert Report.objects.get().text["learned"] == texts[0].text


def untrue_versions(publishing, report, places, lead, monkeypatch) -> int:
    """Three take back their answers while others publish, the first of whom has reckoned the figures with them; how
    many versions tell of somebody who has withdrawn, and do not say that they are out of date."""
    gap = Gap(monkeypatch, editions, "with_counts")
    taken_back = [partial(withdraw, caregiver=place.caregiver, kind="evaluation") for place in places[:3]]
    publish = partial(reports.publish, cohort=report.cohort, by=lead, last=0)
    at_once(*[publish] * publishing, *gap.meanwhile(*taken_back))
    pairs_now = collect.whole(report.cohort, timezone.now()).domains[0].pairs
    assert pairs_now == 4
    standing = ReportVersion.objects.filter(superseded_at=None)
    return sum(Figures.from_dict(version.figures).domains[0].pairs != pairs_now for version in standing)


def test_a_withdrawal_while_publishing_is_out_of_the_version_or_supersedes_it(
    answered, report, lead, places, monkeypatch
):
    assert untrue_versions(THREADS - 3, report, places, lead, monkeypatch) == 0
    assert ReportVersion.objects.count() == 1


@only_postgresql
def test_without_the_lock_a_version_tells_of_somebody_who_has_withdrawn(answered, report, lead, places, monkeypatch):
    without_locks(monkeypatch, Report, Programme)
    assert untrue_versions(1, report, places, lead, monkeypatch) == 1


@pytest.fixture
def card(cohort, lead):
    rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    codes = cards.make_cards(cohort=cohort, by=lead)
    return rounds.open_wave(cohort=cohort, point="before", by=None), codes


def test_a_report_over_many_groups_waits_for_a_withdrawal_that_has_looked_for_it_already(
    answered, places, manager, monkeypatch
):
    """It has noted no group yet, so it is not found; nor may it read what is about to go."""
    monkeypatch.setattr("evaluation.across.jobs.render_pdf", lambda html: b"%PDF")
    today, looked, look = timezone.localdate(), threading.Event(), withdrawing.supersede_across
    days = {"from_on": today - timedelta(days=365), "until_on": today}
    report = across.ask(by=manager, area="", programme=None, **days)

    def slowly(*args: Any) -> None:
        look(*args)
        looked.set()
        time.sleep(0.3)

    monkeypatch.setattr(withdrawing, "supersede_across", slowly)
    at_once(
        lambda: withdraw(caregiver=places[0].caregiver, kind="evaluation"),
        lambda: looked.wait(5) and across_jobs.make.call(report.code),
    )
    report.refresh_from_db()
    counts = Counts.from_bytes(bytes(report.counts))
    assert sum(sum(counts.columns[column]) for column in counts.under("pairs", "wellbeing")) == 6
    assert report.state == "done" and not report.superseded_at


def test_ten_devices_send_with_one_card(card):
    wave, codes = card

    def send() -> None:
        cards.receive_by_card(wave=wave, code=codes[0], answers=answers(2), nonce=new_nonce())

    assert at_once(*[send] * 10) == [None] * 10
    assert SealedAnswer.objects.count() == 1


def test_a_card_is_taken_out_while_it_answers_and_the_round_closes(card):
    wave, codes = card
    for code in codes[1:]:
        cards.receive_by_card(wave=wave, code=code, answers=answers(2), nonce=new_nonce())
    at_once(
        lambda: cards.receive_by_card(wave=wave, code=codes[0], answers=answers(2), nonce=new_nonce()),
        lambda: cards.withdraw_card(code=codes[0]),
        lambda: rounds.close_wave(wave=wave, by=None),
        lambda: cards.withdraw_card(code=codes[0]),
    )
    assert Response.objects.count() == len(codes) - 1 and SealedAnswer.objects.count() == 0
