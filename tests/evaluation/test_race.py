"""Pressed at the same moment: each thing happens once, and a withdrawal is never missed."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest
from django.db import connection

from caregivers.actions import withdraw
from evaluation import actions, collect
from evaluation.figures import Figures
from evaluation.models import PseudonymKey, ReportVersion, Response, WaveLink
from feedback.forms import new_nonce
from feedback.models import SealedAnswer
from tests.evaluation.conftest import answers

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def no_pdf(monkeypatch):
    monkeypatch.setattr("evaluation.jobs.render_pdf", lambda html: b"%PDF")


def at_once(*things: Callable[[], object]) -> list[object]:
    """What each returned, or the exception it ended with."""
    start, results = threading.Barrier(len(things)), []

    def run(thing: Callable[[], object]) -> None:
        start.wait()
        try:
            results.append(thing())
        except Exception as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[thing]) for thing in things]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_ten_devices_send_one_persons_answers(waves, places):
    def send() -> bool:
        return actions.receive(wave=waves[0], place=places[0], answers=answers(2), nonce=new_nonce())

    assert sorted(at_once(*[send] * 10), key=bool) == [False] * 9 + [True]
    assert SealedAnswer.objects.count() == PseudonymKey.objects.count() == 1


def test_eight_people_answer_while_the_round_is_closed(waves, places, give):
    """What was acknowledged is there; what was refused is not."""
    jobs = [lambda place=place: give(waves[0], place, 1) for place in places]
    results = at_once(*jobs[:4], lambda: actions.close_wave(wave=waves[0], by=None), *jobs[4:])
    assert SealedAnswer.objects.count() == 0
    assert Response.objects.count() == sum(result is True for result in results)
    assert WaveLink.objects.filter(used_at__isnull=False).count() == Response.objects.count()


def test_two_leads_publish_at_once(answered, report, lead):
    results = at_once(*[lambda: actions.publish(cohort=report.cohort, by=lead)] * 5)
    assert sorted(version.number for version in results) == [1, 2, 3, 4, 5]


def test_a_withdrawal_while_publishing_is_out_of_the_version_or_supersedes_it(
    answered, report, lead, places, monkeypatch
):
    reckoned = collect.shown

    def slowly(*args, **kwargs):
        figures = reckoned(*args, **kwargs)
        if "with_place" not in kwargs:  # publishing: the gap between reckoning and storing, wide enough to be met
            time.sleep(0.3)
        return figures

    monkeypatch.setattr(collect, "shown", slowly)
    for place in places[:3]:
        at_once(
            lambda: actions.publish(cohort=report.cohort, by=lead),
            lambda place=place: withdraw(caregiver=place.caregiver, kind="evaluation"),
        )
    newest = ReportVersion.objects.first()
    pairs_now = collect.whole(report.cohort, newest.published_at).domains[0].pairs
    assert pairs_now == 4
    for version in ReportVersion.objects.all():
        with_somebody_withdrawn = Figures.from_dict(version.figures).domains[0].pairs != pairs_now
        assert version.superseded_at or not with_somebody_withdrawn


@pytest.fixture
def card(cohort, lead):
    actions.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    codes = actions.make_cards(cohort=cohort, n=8, key="race", by=lead)
    return actions.open_wave(cohort=cohort, point="before", by=None), codes


def test_ten_devices_send_with_one_card(card):
    wave, codes = card

    def send() -> None:
        actions.receive_by_card(wave=wave, code=codes[0], answers=answers(2), nonce=new_nonce())

    assert at_once(*[send] * 10) == [None] * 10
    assert SealedAnswer.objects.count() == 1


def test_a_card_is_taken_out_while_it_answers_and_the_round_closes(card):
    wave, codes = card
    for code in codes[1:]:
        actions.receive_by_card(wave=wave, code=code, answers=answers(2), nonce=new_nonce())
    at_once(
        lambda: actions.receive_by_card(wave=wave, code=codes[0], answers=answers(2), nonce=new_nonce()),
        lambda: actions.withdraw_card(code=codes[0]),
        lambda: actions.close_wave(wave=wave, by=None),
        lambda: actions.withdraw_card(code=codes[0]),
    )
    assert Response.objects.count() == 7 and SealedAnswer.objects.count() == 0
