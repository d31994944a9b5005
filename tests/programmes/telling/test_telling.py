"""Something came in: who hears of it at once, when, and who does not."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from ppg.access.permissions import P
from ppg.accounts.mail.jobs import send_account_mail
from ppg.accounts.mail.jobs import sweep as sweep_account_mail
from ppg.models import AccountMail, WorkMail
from programmes.models import Alert
from programmes.telling import actions
from programmes.telling.jobs import sweep

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_once(settings, lead, facilitator, parent, other_facilitator, cohort, other_cohort):
    """Everybody wants to know at once; jobs wait for a worker."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    for user in (lead, facilitator, parent, other_facilitator):
        user.work_mail = WorkMail.AT_ONCE
        user.save()


def recipients():
    return sorted(AccountMail.objects.filter(kind="news").values_list("user__name", flat=True))


def test_who_may_do_what_is_next_is_told_and_nobody_else(cohort, lead, facilitator, now):
    actions.tell(cohort, P.RECRUIT)
    sweep(now)
    assert recipients() == sorted([lead.name, facilitator.name])
    assert not Alert.objects.exists()


@pytest.mark.parametrize("choice", [WorkMail.OFF, WorkMail.DAILY])
def test_who_did_not_choose_it_is_not(cohort, lead, facilitator, now, choice):
    facilitator.work_mail = choice
    facilitator.save()
    actions.tell(cohort, P.RECRUIT)
    sweep(now)
    assert recipients() == [lead.name]


def test_of_what_somebody_has_taken_on_they_and_the_lead_are_told(cohort, lead, facilitator, now):
    actions.tell(cohort, P.RECRUIT, owner=lead)
    sweep(now)
    assert recipients() == [lead.name]
    actions.tell(cohort, P.RECRUIT, owner=facilitator)
    sweep(now + timedelta(hours=1))
    assert recipients() == sorted([lead.name, lead.name, facilitator.name])


def leaves(user, cohort):
    cohort.team.filter(user=user).update(left_on=timezone.localdate())


def is_blocked(user, cohort):
    user.is_active = False


def may_not_any_more(user, cohort):
    user.role = "evaluator"


def is_invited_anew(user, cohort):
    user.joined_at = None


def chooses_otherwise(user, cohort):
    user.work_mail = WorkMail.DAILY


CHANGES = [leaves, is_blocked, may_not_any_more, is_invited_anew, chooses_otherwise]


@pytest.mark.parametrize("change", CHANGES)
def test_who_has_no_part_in_it_any_more_hears_nothing(cohort, lead, facilitator, now, change):
    actions.tell(cohort, P.RECRUIT)
    change(facilitator, cohort)
    facilitator.save()
    sweep(now)
    assert recipients() == [lead.name] and not Alert.objects.exists()


@pytest.mark.parametrize("change", [is_blocked, chooses_otherwise])
def test_nor_after_it_was_written(cohort, facilitator, now, change, mailoutbox):
    actions.tell(cohort, P.RECRUIT, owner=facilitator)
    sweep(now)
    change(facilitator, cohort)
    facilitator.save()
    send_account_mail.func(AccountMail.objects.get(user=facilitator).code)
    assert not mailoutbox and not AccountMail.objects.filter(user=facilitator).exists()


def test_however_much_comes_in_one_is_written_in_a_quarter_of_an_hour(cohort, lead, now):
    for minute in range(31):
        actions.tell(cohort, P.PLACE_GIVE)
        actions.tell(cohort, P.PLACE_GIVE)
        sweep(now + timedelta(minutes=minute))
    times = AccountMail.objects.filter(user=lead).order_by("happened_at").values_list("happened_at", flat=True)
    assert list(times) == [now, now + timedelta(minutes=15), now + timedelta(minutes=30)]


def test_what_waits_in_that_time_is_told_when_it_is_over(cohort, lead, now):
    actions.tell(cohort, P.PLACE_GIVE)
    sweep(now)
    actions.tell(cohort, P.PLACE_GIVE)
    sweep(now + timedelta(minutes=14))
    assert recipients() == [lead.name] and Alert.objects.exists()
    sweep(now + timedelta(minutes=15))
    assert recipients() == [lead.name] * 2 and not Alert.objects.exists()


def test_a_worker_that_dies_while_it_writes_loses_nothing_and_tells_nothing_twice(cohort, lead, now, monkeypatch):
    actions.tell(cohort, P.PLACE_GIVE)
    post = actions.post

    def dies(*args, **more):
        post(*args, **more)
        raise SystemExit

    monkeypatch.setattr(actions, "post", dies)
    with pytest.raises(SystemExit):
        sweep(now)
    assert recipients() == [] and Alert.objects.exists()
    monkeypatch.setattr(actions, "post", post)
    sweep(now)
    sweep(now)
    assert recipients() == [lead.name] and not Alert.objects.exists()


def test_one_whose_worker_dies_before_it_is_sent_leaves_all_the_same(
    cohort, lead, now, mailoutbox, django_capture_on_commit_callbacks
):
    """The callbacks after the commit are never made: the sweep of e-mails finds it."""
    actions.tell(cohort, P.PLACE_GIVE)
    sweep(now - timedelta(hours=1))
    with django_capture_on_commit_callbacks(execute=True):
        sweep_account_mail(now)
    send_account_mail.func(AccountMail.objects.get().code)
    send_account_mail.func(AccountMail.objects.get().code)
    assert [message.to for message in mailoutbox] == [[lead.email]]


def test_what_was_taken_back_tells_nobody(cohort, now):
    with transaction.atomic():
        actions.tell(cohort, P.RECRUIT)
        transaction.set_rollback(True)
    assert not Alert.objects.exists()


def test_the_e_mail_says_neither_whom_nor_what_nor_where(cohort, lead, now, mailoutbox):
    actions.tell(cohort, P.PLACE_GIVE)
    sweep(now)
    send_account_mail.func(AccountMail.objects.get().code)
    (message,) = mailoutbox
    assert message.subject == "Something new"
    assert "something new waits for you" in message.body and "http://127.0.0.1:8000/\n" in message.body
    assert cohort.name not in message.body and cohort.code not in message.body
