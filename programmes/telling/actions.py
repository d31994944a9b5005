"""Telling people. An event that may tell who it was by its moment (a withdrawal, a suggestion) is never told at once:
whoever takes one in calls nothing here, and it stands in the morning's e-mail (docs/decisions/telling-people.md)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from ppg.access.permissions import P, Permission, Role, can
from ppg.accounts.mail import Kind, post
from ppg.links.codes import public_site
from ppg.models import AccountMail, User, WorkMail
from programmes.models import Alert, Cohort

QUIET = timedelta(minutes=15)  # nobody gets two e-mails about what came in within it


def tell(cohort: Cohort, needs: P, *, owner: User | None = None) -> None:
    """Something came in. Call it inside the transaction of what it is about, where nobody of the team did it: those
    who want to know at once, and may do what is next, hear of it. Of what somebody has taken on only they and the lead
    do. For everybody else it is due, and stands in the morning's e-mail.

    Rows are added and none is changed: two who come in at the same moment wait for nobody."""
    there = User.objects.joined().filter(work_mail=WorkMail.AT_ONCE, teams__cohort=cohort, teams__left_on=None)
    recipients = [user for user in there if can(user, needs) and (owner in (None, user) or user.role == Role.LEAD)]
    Alert.objects.bulk_create(Alert(user=user, cohort=cohort, needs=needs.name) for user in recipients)


def tell_waiting(now: datetime) -> int:
    """Everybody who has waited long enough; how many were written to."""
    alerts = Alert.objects.filter(user=OuterRef("pk"))
    people = User.objects.filter(Exists(alerts)).exclude(Exists(_lately(now).filter(user=OuterRef("pk"))))
    return sum(_tell_one(key, now) for key in list(people.order_by("pk").values_list("pk", flat=True)))


@transaction.atomic
def _tell_one(key: int, now: datetime) -> bool:
    """One e-mail for all that waits. It is written in the transaction that takes the alerts away: a worker that dies
    loses nothing and tells nothing twice. Of two workers the second one waits here, and finds nothing."""
    user = User.objects.select_for_update(no_key=True).get(pk=key)
    if _lately(now).filter(user=user).exists():
        return False
    alerts = list(Alert.objects.filter(user=user))
    seen = Cohort.objects.visible_to(user).filter(pk__in={one.cohort_id for one in alerts})
    groups = set(seen.values_list("pk", flat=True))
    owed = any(_may(user, one.needs) for one in alerts if one.cohort_id in groups)
    Alert.objects.filter(pk__in=[one.pk for one in alerts]).delete()
    if not owed or not user.can_sign_in or user.work_mail != WorkMail.AT_ONCE:
        return False
    post(Kind.NEWS, user, site=public_site(), at=now)
    return True


def _may(user: User, needs: str) -> bool:
    """A permission that the next version has no more is nobody's."""
    permission = Permission.__members__.get(needs)
    return permission is not None and can(user, permission)


def _lately(now: datetime) -> QuerySet[AccountMail]:
    return AccountMail.objects.filter(kind=Kind.NEWS, happened_at__gt=now - QUIET)


@transaction.atomic
def tell_all(now: datetime) -> int:
    """The morning's e-mail to everybody who wants it and has not got today's; how many. What is due is counted while it
    is sent, and who has nothing due gets none (`facts`)."""
    midnight = timezone.localtime(now, timezone.get_default_timezone()).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    todays = AccountMail.objects.filter(kind=Kind.DUE, user=OuterRef("pk"), happened_at__gte=midnight)
    people = list(User.objects.joined().exclude(work_mail=WorkMail.OFF).exclude(Exists(todays)))
    for user in people:
        post(Kind.DUE, user, site=public_site(), at=now)
    return len(people)
