"""What becomes of a group's figures when somebody is erased."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from caregivers.models import Caregiver, Consent
from caregivers.rights import actions as rights
from evaluation.collecting import collect
from evaluation.models import PseudonymKey, Response, WaveLink
from evaluation.rounds import actions
from feedback.models import Answer, SealedAnswer, Submission
from sessions_app.retention import actions as retention_actions
from sessions_app.retention import queries as retention

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"


def over() -> datetime:
    return timezone.now() + timedelta(days=400)


def test_when_the_time_is_over_no_figure_changes_and_nobody_has_a_name(cohort, answered):
    before = collect.shown(cohort, over()).to_dict()
    assert before["domains"][0]["pairs"] == 7
    group = retention.group_of(cohort.code, timezone.localdate(over()))
    assert retention_actions.remove(group=group, seen=8, by=None, at=over()) == 8
    assert collect.shown(cohort, over()).to_dict() == before
    assert not any(person.name for person in Caregiver.objects.all())


def test_at_their_request_their_answers_go_and_reach_and_attendance_stay(cohort, answered, places):
    before, sheets = collect.whole(cohort, timezone.now()), Submission.objects.count()
    rights.erase(caregiver=places[0].caregiver, by=None)
    after = collect.whole(cohort, timezone.now())
    assert (after.reach, after.dose) == (before.reach, before.dose)
    assert [domain.pairs for domain in after.domains] == [domain.pairs - 1 for domain in before.domains]
    assert Submission.objects.count() == sheets - 2 and Response.objects.count() == 15 - 2
    assert not PseudonymKey.objects.filter(place=places[0]).exists()
    assert not WaveLink.objects.filter(place=places[0]).exists()
    assert not Consent.objects.filter(caregiver=places[0].caregiver).exists()


def test_a_published_version_is_marked(published, places):
    rights.erase(caregiver=places[0].caregiver, by=None)
    published.refresh_from_db()
    assert published.superseded_at


def test_while_the_round_is_open_their_envelope_alone_is_taken_out(waves, places, give):
    for place in places:
        give(waves[0], place, 2)
    rights.erase(caregiver=places[3].caregiver, by=None)
    assert SealedAnswer.objects.count() == 7
    actions.close_wave(wave=waves[0], by=None)
    assert Response.objects.count() == 7 and Answer.objects.values("submission").distinct().count() == 7
