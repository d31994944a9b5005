"""Into the team of a group and out of it; who goes on with what was open."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort, TeamMember
from programmes.team.owned import Owned, open_of, owned
from programmes.team.queries import members
from programmes.team.rules import why_not_job, why_not_leave


@transaction.atomic
def join(*, cohort: Cohort, user: User, job: str, by: User) -> TeamMember:
    """Into the team. The same press again changes nothing. They are held first, as where somebody is blocked."""
    user = leaving.hold([user])[user.pk]
    lock(cohort)
    if there := cohort.team.filter(user=user, left_on=None).first():
        if there.job == job:
            return there
        raise Refused(_("%(name)s is in the team already.") % {"name": user.name})
    if why := "" if user.is_active else _("%(name)s may not sign in any more.") % {"name": user.name}:
        raise Refused(why)
    if why := why_not_job(user, job):
        raise Refused(why)
    made = TeamMember.objects.create(cohort=cohort, user=user, job=job)
    audit.record(by, audit.Verb.CHANGED, user, cohort=cohort, fields=["team", job])
    return made


@transaction.atomic
def change_job(*, cohort: Cohort, user: User, job: str, by: User) -> TeamMember:
    """Somebody of the team does another job from today on; what they have open stays theirs."""
    user = leaving.hold([user])[user.pk]
    lock(cohort)
    there = cohort.team.filter(user=user, left_on=None).exclude(job=job).first()
    if there and (why := why_not_job(user, job)):
        raise Refused(why)
    if there:
        there.left_on = timezone.localdate()
        there.save(update_fields=["left_on"])
    return join(cohort=cohort, user=user, job=job, by=by)


@transaction.atomic
def leave(
    *,
    cohort: Cohort,
    user: User,
    by: User,
    to: User | None = None,
    at: datetime | None = None,
    over: bool = False,
) -> None:
    """Out of the team, and out of the group's pages with their next request. What they have open goes to `to`.
    A group that is `over` can do without a lead."""
    lock(cohort)
    team = members(cohort)
    member = next((one for one in team if one.user_id == user.pk), None)
    if member is None:
        return  # pressed twice
    if not over and (why := why_not_leave(team, member)):
        raise Refused(why)
    has_open = open_of(cohort, user)
    if has_open.tasks:
        if to not in has_open.takers:
            raise Refused(_("Say who of the team goes on with what %(name)s has open.") % {"name": user.name})
        hand_over(cohort, user, to, by)
    member.left_on = timezone.localdate(at or timezone.now())
    member.save(update_fields=["left_on"])
    audit.record(by, audit.Verb.CHANGED, user, cohort=cohort, fields=["left_on", "team"])


def hold(cohort: Cohort, owner: User) -> None:
    """First in a transaction that gives somebody something to do: they are in the team until it ends, so that nothing
    comes to them in the moment in which they hand over what they have."""
    lock(cohort)
    if not works_with(cohort, owner):
        raise Refused(_("%(name)s is not in the team any more. Choose somebody else.") % {"name": owner.name})


def works_with(cohort: Cohort, user: User) -> bool:
    return cohort.team.filter(user=user, left_on=None).exists()


def lock(cohort: Cohort) -> None:
    """Two leads who leave at once would leave nobody."""
    Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)


def hand_over(cohort: Cohort, from_user: User, to: User, by: User, kinds: Iterable[Owned] = owned) -> None:
    """In the caller's transaction, which holds the group."""
    for kind in kinds:
        tasks = kind.open_of(from_user).filter(cohort=cohort)
        for task in tasks.order_by("pk").select_for_update(of=("self",)):
            task.owner = to
            task.save(update_fields=["owner"])
            person = getattr(task, "caregiver", None)
            audit.record(by, audit.Verb.CHANGED, task, person=person, cohort=cohort, fields=["owner"])


def forget(user: User) -> None:
    """A group is not left without a lead."""
    for member in TeamMember.objects.filter(user=user, left_on=None).select_related("cohort", "user"):
        if why := why_not_leave(members(member.cohort), member):
            raise Refused(why)
    TeamMember.objects.filter(user=user).delete()
