"""In the morning an e-mail says how much home shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from caregivers.models import FollowUp
from evaluation.home.jobs import tell_in_the_morning
from ppg.accounts.mail.jobs import send_account_mail
from ppg.background import chores
from ppg.management.commands.worker import NIGHTLY
from ppg.models import AccountMail, WorkMail
from tests.factories import CaregiverFactory

pytestmark = pytest.mark.django_db
LONDON = ZoneInfo("Europe/London")
MORNING = datetime(2026, 6, 3, 7, tzinfo=LONDON)  # a Wednesday


@pytest.fixture(autouse=True)
def queue(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def calls(cohort, facilitator, now):
    """`calls(-2, 0)`: a call of the facilitator that is two days late, and one of today."""

    def make(*days):
        today = timezone.localdate(now)
        for day in days:
            person = CaregiverFactory()
            person.referrals.create(cohort=cohort, source="hub", received_on=today, contacted_on=today)
            FollowUp.objects.create(
                caregiver=person,
                cohort=cohort,
                due_on=today + timedelta(days=day),
                owner=facilitator,
                kind="call",
                reason="offered",
                offered_on=today,
            )

    return make


def sent():
    """Everything that waits, sent."""
    for code in list(AccountMail.objects.filter(state="waiting").values_list("code", flat=True)):
        send_account_mail.func(code)


def posted(now):
    """As if it were the morning of a working day."""
    from programmes.telling.actions import tell_all

    return tell_all(now)


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ((1,), "1 thing is due."),
        ((-1,), "1 thing is due. It is overdue."),
        ((-1, 1, 2), "3 things are due. 1 of them is overdue."),
        ((-1, -2, 1), "3 things are due. 2 of them are overdue."),
    ],
)
def test_it_says_how_many_are_due_and_overdue_and_so_does_home(calls, facilitator, now, mailoutbox, days, words):
    calls(*days)
    posted(now)
    sent()
    (message,) = [one for one in mailoutbox if one.to == [facilitator.email]]
    assert words in message.body and message.subject == "What is due"
    browser = Client()
    browser.force_login(facilitator)
    home = browser.get(reverse("home"))
    assert home.context["many"] == len(days)
    assert f"{len(days)} thing" in message.body


def test_it_names_nobody_and_nothing(calls, cohort, facilitator, now, mailoutbox):
    calls(-1, 1)
    posted(now)
    sent()
    said = " ".join(one.subject + one.body for one in mailoutbox)
    names = [call.caregiver.name for call in FollowUp.objects.all()]
    for word in [*names, cohort.name, cohort.code, "call", "group", "parent"]:
        assert word not in said
    assert "http://127.0.0.1:8000/\n" in said


def test_who_has_nothing_due_gets_none(facilitator, now, mailoutbox):
    posted(now)
    sent()
    assert not mailoutbox and not AccountMail.objects.exists()


@pytest.mark.parametrize(("choice", "gets"), [(WorkMail.OFF, False), (WorkMail.DAILY, True), (WorkMail.AT_ONCE, True)])
def test_everybody_chooses(calls, facilitator, now, mailoutbox, choice, gets):
    calls(1)
    facilitator.work_mail = choice
    facilitator.save()
    posted(now)
    sent()
    assert ([facilitator.email] in [one.to for one in mailoutbox]) == gets


@pytest.mark.parametrize("change", [{"is_active": False}, {"joined_at": None}, {"work_mail": "off"}])
def test_who_may_not_sign_in_or_turned_it_off_meanwhile_gets_none(calls, facilitator, now, mailoutbox, change):
    calls(1)
    posted(now)
    type(facilitator).objects.filter(pk=facilitator.pk).update(**change)
    sent()
    assert [facilitator.email] not in [one.to for one in mailoutbox]


def test_who_left_the_team_gets_none(calls, cohort, facilitator, now, mailoutbox):
    calls(1)
    posted(now)
    cohort.team.filter(user=facilitator).update(left_on=timezone.localdate(now))
    sent()
    assert [facilitator.email] not in [one.to for one in mailoutbox]


def test_twice_on_a_day_is_once(facilitator):
    assert tell_in_the_morning(MORNING) == 1
    assert tell_in_the_morning(MORNING + timedelta(hours=2)) == 0
    assert tell_in_the_morning(MORNING + timedelta(days=1)) == 1


@pytest.mark.parametrize(
    "morning",
    [
        datetime(2026, 6, 6, 7, tzinfo=LONDON),  # Saturday
        datetime(2026, 6, 7, 7, tzinfo=LONDON),
        datetime(2026, 5, 25, 7, tzinfo=LONDON),  # bank holiday
        datetime(2026, 12, 28, 7, tzinfo=LONDON),  # instead of Boxing Day
        MORNING.replace(hour=12),  # the worker was off
    ],
)
def test_not_on_a_day_off_and_not_after_noon(facilitator, morning):
    assert tell_in_the_morning(morning) == 0


def test_at_seven_in_london_in_summer_and_winter(facilitator):
    [daily] = [one for one in NIGHTLY if one.do is tell_in_the_morning]
    for day in (datetime(2026, 6, 3, tzinfo=UTC), datetime(2026, 12, 2, tzinfo=UTC)):
        for minutes in range(0, 24 * 60, 30):
            chores.run([daily], day + timedelta(minutes=minutes))
    hours = AccountMail.objects.order_by("happened_at").values_list("happened_at", flat=True)
    assert [at.astimezone(LONDON).strftime("%d %H:%M") for at in hours] == ["03 07:00", "02 07:00"]


def test_a_worker_that_dies_over_it_has_told_all_or_nobody(lead, facilitator, monkeypatch):
    from programmes.telling import actions

    post, told = actions.post, []

    def dies(*args, **more):
        if told:
            raise SystemExit
        told.append(post(*args, **more))

    monkeypatch.setattr(actions, "post", dies)
    with pytest.raises(SystemExit):
        tell_in_the_morning(MORNING)
    assert not AccountMail.objects.exists()
    monkeypatch.setattr(actions, "post", post)
    assert tell_in_the_morning(MORNING + timedelta(hours=2)) == 2
