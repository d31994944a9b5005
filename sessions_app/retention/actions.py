"""Removing the details of a group whose time is over, warning of it 14 days before, and keeping them longer."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Erased
from caregivers.rights import actions as rights
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.accounts.mail import Kind, post
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import RetentionHold, RetentionWarning
from sessions_app.retention import queries
from sessions_app.retention.queries import Group, group_of, messages_of, people_of

# --- Removing --------------------------------------------------------------------------------------------


@transaction.atomic
def remove(*, group: Group, seen: int, by: User | None, at: datetime | None = None) -> int:
    """Removes the details of a group whose time is over; says of how many people. `seen` is how many the page
    showed: if others are due by now, nothing goes and the page is to be looked at again."""
    now = at or timezone.now()
    _lock_groups_around(group)
    current = group_of(group.cohort.code, timezone.localdate(now))
    if current is None or not current.going:
        return 0  # pressed twice
    if not current.is_due(timezone.localdate(now)):
        raise Refused(_("The time of this group is not over yet."))
    if current.people != seen:
        raise Refused(_("Something has changed since you looked. Look again at what goes."))
    messages_of(current).delete()
    for person in people_of(current).order_by("pk"):
        rights.erase(caregiver=person, by=by, why=Erased.Why.TIME, at=now)
    RetentionWarning.objects.filter(cohort=group.cohort).delete()  # whoever stays is warned of again
    audit.record(by, audit.Verb.CHANGED, group.cohort, cohort=group.cohort, fields=["retention"])
    return current.people


@transaction.atomic
def remove_warned(*, group: Group, at: datetime) -> int:
    """By the clock: what was warned of 14 days ago and nothing else; says of how many people. Twice is once."""
    today = timezone.localdate(at)
    _lock_groups_around(group)
    current = group_of(group.cohort.code, today)
    if current is None or not current.goes_now(today):
        return 0
    return remove(group=current, seen=current.people, by=None, at=at)


def _lock_groups_around(group: Group) -> None:
    """This group and every other that its people are in: until the transaction ends nobody keeps one of them longer."""
    people = Caregiver.objects.filter(pk__in=group.going)
    around = Cohort.objects.filter(Q(referrals__caregiver__in=people) | Q(place_set__caregiver__in=people))
    _lock({group.cohort.pk, *around.values_list("pk", flat=True)})


def _lock(cohorts: Collection[int]) -> None:
    list(Cohort.objects.select_for_update().filter(pk__in=cohorts).order_by("pk"))


# --- Warning ---------------------------------------------------------------------------------------------


@transaction.atomic
def warn(*, at: datetime) -> int:
    """Warns of what goes in 14 days: a row a group, and one e-mail to everybody who may look after it. Says of how many
    groups. Two workers at once, or the same one again, warn once. Warnings of what is not so any more are dropped."""
    today = timezone.localdate(at)
    _lock([group.cohort.pk for group in queries.going_soon(today)])
    soon = queries.going_soon(today)
    new = [group for group in soon if group.is_to_be_warned_of(today)]
    standing = [group.cohort.pk for group in soon if group.is_warned(today)]
    RetentionWarning.objects.exclude(cohort__in=standing).delete()
    RetentionWarning.objects.update(looked_on=today)
    if new:
        _tell(at)
    RetentionWarning.objects.bulk_create(_warning(group, today) for group in new)
    for group in new:
        audit.record(None, audit.Verb.CHANGED, group.cohort, cohort=group.cohort, fields=["retention_warning"])
    return len(new)


def _warning(group: Group, today: date) -> RetentionWarning:
    return RetentionWarning(
        cohort=group.cohort, over_on=group.over_on, people=sorted(group.going), warned_on=today, looked_on=today
    )


def _tell(at: datetime) -> None:
    readers = [user for user in User.objects.joined() if can(user, P.RETENTION)]
    if not readers:
        raise Refused(_("Nobody can be warned of what is to be deleted: no administrator can sign in."))
    for user in readers:
        post(Kind.RETENTION_DUE, user, at=at)


def forget_warnings() -> None:
    """The database was put back: what was decided since is not known, so all is warned of again before it goes."""
    RetentionWarning.objects.all().delete()


# --- Keeping longer --------------------------------------------------------------------------------------


@transaction.atomic
def keep_longer(*, cohort: Cohort, until: date, why: str, by: User, at: datetime | None = None) -> RetentionHold:
    """Nothing of this group goes by itself or by a press before that day. It takes the place of an earlier one."""
    now = at or timezone.now()
    today = timezone.localdate(now)
    _lock([cohort.pk])
    group = group_of(cohort.code, today)
    if group is None:
        raise Refused(_("Nobody’s details are kept in this group any more."))
    first, last = group.longer(today)
    if not first <= until <= last:
        days = {"first": date_format(first, "j F Y"), "last": date_format(last, "j F Y")}
        raise Refused(_("These details can be kept longer until a day from %(first)s to %(last)s.") % days)
    RetentionHold.objects.standing().filter(cohort=cohort).update(ended_at=now, ended_by=by)
    hold = RetentionHold.objects.create(cohort=cohort, until=until, why=why, made_at=now, made_by=by)
    RetentionWarning.objects.filter(cohort=cohort).delete()
    audit.record(by, audit.Verb.CREATED, hold, cohort=cohort, fields=["until", "why"])
    return hold


@transaction.atomic
def end_hold(*, hold: RetentionHold, by: User, at: datetime | None = None) -> None:
    """The months of the setting count again. It goes 14 days after a new warning at the earliest. Twice is once."""
    now = at or timezone.now()
    _lock([hold.cohort_id])
    if RetentionHold.objects.standing().filter(pk=hold.pk).update(ended_at=now, ended_by=by):
        RetentionWarning.objects.filter(cohort=hold.cohort).delete()
        audit.record(by, audit.Verb.CHANGED, hold, cohort=hold.cohort, fields=["ended_at"])
