"""What a stolen disk tells: neither how a police check ended, nor whom a concern or an entry is about."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from caregivers import at_rest
from caregivers.concerns import actions as concerns
from caregivers.models import Concern, Information, PoliceCheck
from caregivers.police_checks.actions import record_check
from ppg.models import AuditEntry, Effect
from tests import traces
from tests.factories import CaregiverFactory

pytestmark = pytest.mark.django_db
migration: Any = import_module("caregivers.migrations.0014_at_rest")


@pytest.fixture
def rosa(cohort):
    return CaregiverFactory(cohort=cohort, name="Rosa Marsh", check_outcome="asked")


@pytest.fixture
def concern(rosa, cohort, lead):
    return concerns.write_down(cohort=cohort, caregiver=rosa, words="It was said", on=timezone.localdate(), by=lead)


@pytest.fixture
def information(rosa, cohort, lead):
    told = {"about": "vehicle", "noticed": "A van", "noticed_when": "Monday", "how_known": "Seen"}
    return concerns.log_information(cohort=cohort, caregiver=rosa, by=lead, **told)


def lying(table: str) -> str:
    """A table as it lies in the database."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {table}")  # noqa: S608  a table of ours
        return str(cursor.fetchall())


# --- Police checks -----------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["clear", "concern"])
def test_how_a_check_ended_stands_nowhere_readable(browser_of, lead, rosa, outcome):
    url = reverse("caregivers:check", args=[rosa.code])
    told = {
        "outcome": outcome,
        "on": timezone.localdate().isoformat(),
        "effect_key": "7" * 8 + "-1111-4111-8111-111111111111",
    }
    assert browser_of(lead).post(url, told).status_code == 302
    assert rosa.checks.last().outcome == outcome
    readable = {where for where, text in traces.everything() if text == outcome}
    assert readable <= {"ppg_effect.key"}, "and not what the press returned either"
    assert outcome not in lying("caregivers_policecheck") and Effect.objects.exists()
    before = set(PoliceCheck.objects.values_list("outcome_before", flat=True))
    assert before == {"asked"}, "the version before reads this column: none of its pages shows a check without a word"


def test_the_three_outcomes_are_as_long(rosa, lead):
    for outcome in PoliceCheck.Outcome:
        record_check(caregiver=rosa, outcome=outcome, on=timezone.localdate(), by=lead)
    with connection.cursor() as cursor:
        cursor.execute("SELECT LENGTH(sealed_outcome) FROM caregivers_policecheck")
        assert len(set(cursor.fetchall())) == 1


@pytest.mark.parametrize(("outcome", "answered"), [("asked", False), ("clear", True), ("concern", True)])
def test_the_database_knows_whether_there_is_an_answer(rosa, outcome, answered):
    PoliceCheck.objects.bulk_create([PoliceCheck(caregiver=rosa, outcome=outcome, on=timezone.localdate())])
    assert [rosa.checks.create(outcome=outcome, on=timezone.localdate()).answered, rosa.checks.last().answered] == (
        [answered] * 2
    )
    assert rosa.checks.filter(answered=answered, outcome__isnull=False).count() >= 2


# --- Concerns and information ---------------------------------------------------------------------------


def test_whom_it_is_about_stands_in_no_row_and_not_in_the_trail(rosa, concern, information, browser_of, safeguarding):
    browser = browser_of(safeguarding)
    for url in (concern.get_absolute_url(), information.get_absolute_url(), reverse("caregivers:concerns")):
        assert "Rosa Marsh" in browser.get(url).text
    for table in ("caregivers_concern", "caregivers_information"):
        assert rosa.code not in lying(table)
    for model in (Concern, Information):
        assert set(model.objects.values_list("caregiver_before", flat=True)) == {None}
    entries = AuditEntry.objects.filter(what__in=["concern", "information"])
    assert entries.count() >= 4 and not entries.exclude(person="").exists()


def test_nobody_named_is_nobody(cohort, lead):
    made = concerns.write_down(cohort=cohort, words="x", on=timezone.localdate(), by=lead)
    assert Concern.objects.get(pk=made.pk).caregiver is None


# --- An upgrade --------------------------------------------------------------------------------------------


@pytest.fixture
def of_before(rosa, concern, information):
    """As the version before wrote them."""
    rosa.checks.update(outcome=None, outcome_before="concern", answered=False)
    for model in (Concern, Information):
        model.objects.update(subject="", caregiver_before=rosa)
    Effect.objects.create(key="a-press", result="concern")


def test_what_lay_readable_is_sealed_by_the_migration_and_read_again_on_the_way_back(rosa, concern, of_before):
    migration.seal(apps, None)
    check = rosa.checks.get()
    assert (check.outcome, check.answered, check.outcome_before) == ("concern", True, "asked")
    assert {row.caregiver for model in (Concern, Information) for row in model.objects.all()} == {rosa}
    assert Effect.objects.get().result == ""
    migration.unseal(apps, SimpleNamespace(connection=connection))
    check.refresh_from_db()
    assert (check.outcome, check.outcome_before) == (None, "concern")
    concern = Concern.objects.get()
    assert (concern.caregiver_before, concern.subject, concern.caregiver) == (rosa, "", None)


def test_what_the_version_before_writes_meanwhile_is_sealed_within_a_minute(rosa, of_before, now):
    for _twice in range(2):
        at_rest.sweep(now)
        check = rosa.checks.get()
        assert (check.outcome, check.answered, check.outcome_before) == ("concern", True, "asked")
        assert Concern.objects.get().caregiver == Information.objects.get().caregiver == rosa


def test_until_then_a_check_of_the_version_before_gives_no_place(rosa, of_before, cohort):
    place = cohort.place_set.create(caregiver=rosa, state="waiting", waiting_since=timezone.now())
    assert cohort.place_set.with_check().get(pk=place.pk).check_outcome is None
