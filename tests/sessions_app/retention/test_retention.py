"""When a group's time is over: what goes, and the press that removes it at once. By the clock: test_by_the_clock."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Caregiver, Erased, Message, MessageCopy, Referral
from ppg.access.refusals import Refused
from ppg.models import AuditEntry, Service
from ppg.service_details import service
from programmes.models import Cohort
from sessions_app.retention import actions as retention_actions
from sessions_app.retention import queries as retention
from tests.factories import CaregiverFactory, CohortFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db

OVERVIEW = reverse("sessions:retention")
GROUP = reverse("sessions:retention_group")


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"


def ago(days: int) -> datetime:
    return timezone.now() - timedelta(days=days)


@pytest.fixture
def old(cohort: Cohort) -> Cohort:
    """Two people in it, a third referred; the last session was more than a year ago."""
    SessionFactory(cohort=cohort, number=1, starts_at=ago(450))
    SessionFactory(cohort=cohort, number=2, starts_at=ago(400))
    for seat in (1, 2):
        PlaceFactory(cohort=cohort, seat=seat)
    CaregiverFactory(cohort=cohort)
    return cohort


def group_of(cohort: Cohort) -> retention.Group:
    group = retention.group_of(cohort.code, timezone.localdate())
    assert group is not None
    return group


# --- When ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 11, 30), 3, date(2027, 2, 28)),
        (date(2026, 6, 15), 12, date(2027, 6, 15)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
    ],
)
def test_months_after(day, months, after):
    assert retention.months_after(day, months) == after


def test_the_last_session_that_took_place_counts(old):
    SessionFactory(cohort=old, number=3, starts_at=ago(10), cancelled_at=ago(11))
    assert group_of(old).last_on == timezone.localdate(ago(400))
    assert [group.cohort for group in retention.due(timezone.localdate())] == [old]


def test_the_setting_says_how_long(old):
    Service.objects.create(keep_months=24)
    service.forget()
    assert retention.due(timezone.localdate()) == []


def test_a_group_that_never_met_counts_from_its_setting_up(cohort):
    CaregiverFactory(cohort=cohort)
    assert group_of(cohort).last_on == cohort.made_on


def test_who_is_in_a_later_group_too_stays_until_that_is_over(old, lead):
    later = CohortFactory(team=[lead])
    SessionFactory(cohort=later, starts_at=ago(20))
    person = old.place_set.first().caregiver
    Referral.objects.create(caregiver=person, cohort=later, source="hub", received_on=timezone.localdate())
    group = group_of(old)
    assert (group.people, group.staying) == (2, 1)
    retention_actions.remove(group=group, seen=2, by=None)
    person.refresh_from_db()
    assert person.erased_at is None and Caregiver.objects.filter(erased_at=None).count() == 1


# --- What ------------------------------------------------------------------------------------------------


def test_the_preview_counts_by_kind(old):
    told = retention.preview(group_of(old))
    assert told["People: names, ways to reach them, and what they told us"] == 3
    assert told["Police checks"] == 3


def test_removing_is_in_the_trail_and_in_the_ledger(old, administrator):
    assert retention_actions.remove(group=group_of(old), seen=3, by=administrator) == 3
    assert AuditEntry.objects.filter(user=administrator, what="cohort", fields=["retention"]).count() == 1
    assert AuditEntry.objects.filter(user=administrator, what="caregiver", fields=["erased_at"]).count() == 3
    assert list(Erased.objects.values_list("why", flat=True)) == ["time"] * 3


def test_messages_to_the_group_go_with_its_people(old, lead):
    message = Message.objects.create(cohort=old, text="Hello", sent_at=timezone.now(), sent_by=lead)
    MessageCopy.objects.create(
        message=message, caregiver=old.place_set.first().caregiver, way="email", state="sent", changed_at=ago(1)
    )
    retention_actions.remove(group=group_of(old), seen=3, by=None)
    assert not Message.objects.exists()


def test_while_somebody_of_the_group_stays_its_messages_stay(old, lead):
    Message.objects.create(cohort=old, text="Hello", sent_at=timezone.now(), sent_by=lead)
    later = CohortFactory(team=[lead])
    SessionFactory(cohort=later, starts_at=ago(20))
    person = old.place_set.first().caregiver
    Referral.objects.create(caregiver=person, cohort=later, source="hub", received_on=timezone.localdate())
    assert "Messages written to the group" not in retention.preview(group_of(old))
    retention_actions.remove(group=group_of(old), seen=2, by=None)
    assert Message.objects.filter(cohort=old).exists()


def test_what_changed_since_the_page_was_opened_is_looked_at_again(old):
    with pytest.raises(Refused, match="Look again"):
        retention_actions.remove(group=group_of(old), seen=2, by=None)
    assert not Erased.objects.exists()


def test_not_before_its_time(cohort):
    SessionFactory(cohort=cohort, starts_at=ago(30))
    PlaceFactory(cohort=cohort, seat=1)
    with pytest.raises(Refused, match="not over yet"):
        retention_actions.remove(group=group_of(cohort), seen=1, by=None)


# --- The page and the command ----------------------------------------------------------------------------


def test_the_page_lists_what_is_due_and_what_is_coming(browser_of, administrator, old, other_cohort):
    SessionFactory(cohort=other_cohort, starts_at=ago(5))
    PlaceFactory(cohort=other_cohort, seat=1)
    page = browser_of(administrator).get(OVERVIEW)
    assert [(group.cohort, day) for group, day in page.context["soon"]] == [(old, None)], "no warning yet"
    assert [group.cohort for group in page.context["coming"]] == [other_cohort]


def test_no_name_is_on_the_administrators_pages(browser_of, administrator, old):
    client = browser_of(administrator)
    both = client.get(OVERVIEW).text + client.get(GROUP, {"group": old.code}).text
    assert not any(person.name in both for person in Caregiver.objects.all())


def test_looked_at_and_pressed_twice(browser_of, administrator, old):
    client = browser_of(administrator)
    assert "Police checks: 3" in client.get(GROUP, {"group": old.code}).text
    for _time in range(2):
        assert client.post(GROUP, {"group": old.code, "people": "3"}).url == OVERVIEW
    assert Erased.objects.count() == 3
    assert "Nothing is due" in client.get(OVERVIEW).text


@pytest.mark.parametrize("number", ["two", "9" * 5_000, ""], ids=["a word", "far too many figures", "none"])
def test_a_wrong_number_is_refused_on_the_page(browser_of, administrator, old, number):
    answer = browser_of(administrator).post(GROUP, {"group": old.code, "people": number})
    assert answer.status_code == 422 and "Look again at what goes" in answer.text


def test_only_an_administrator(browser_of, lead, manager, administrator, old):
    for user in (lead, manager):
        assert browser_of(user).get(OVERVIEW).status_code == 403
        assert browser_of(user).post(GROUP, {"group": old.code, "people": "3"}).status_code == 403
    assert browser_of(administrator).get(GROUP, {"group": "A" * 22}).status_code == 404
    assert not Erased.objects.exists()


def test_the_page_costs_the_same_with_more_groups(browser_of, administrator, old, same_queries):
    def grow():
        for number in range(5):
            group = CohortFactory()
            SessionFactory(cohort=group, starts_at=ago(400 + number))
            PlaceFactory(cohort=group, seat=1)

    same_queries(browser_of(administrator), OVERVIEW, grow)


def test_the_command_says_what_would_go_and_then_does_it(old, capsys):
    call_command("retention", dry_run=True)
    assert "Police checks: 3" in capsys.readouterr().out and not Erased.objects.exists()
    call_command("retention")
    assert Erased.objects.count() == 3
    call_command("retention")
    assert "Nothing is due." in capsys.readouterr().out
