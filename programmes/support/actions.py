"""Support given to the team of a group: that it was offered, held or not wanted, and when. Never what was said."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.accounts.leaving import hold_at_work
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort, SupportRequest, TeamMember, TeamSupport
from programmes.support.rules import why_not


@transaction.atomic
def record(
    *, member: TeamMember, kind: str, offered_on: date, by: User, held_on: date | None = None, not_wanted: bool = False
) -> TeamSupport:
    """That it was offered, and what became of it. Whoever asked for support has been answered."""
    if why := why_not(member, kind):
        raise Refused(why)
    made = TeamSupport.objects.create(
        member=member, kind=kind, offered_on=offered_on, held_on=held_on, not_wanted=not_wanted, recorded_by=by
    )
    audit.record(by, audit.Verb.CREATED, made, cohort=member.cohort, fields=["kind", "offered_on"])
    SupportRequest.objects.of(member.user).open().update(met_by=made)
    return made


@transaction.atomic
def change(
    *, support: TeamSupport, offered_on: date, by: User, held_on: date | None = None, not_wanted: bool = False
) -> TeamSupport:
    """What became of it, or a date put right."""
    held = TeamSupport.objects.select_for_update(of=("self",)).get(pk=support.pk)
    values = {"offered_on": offered_on, "held_on": held_on, "not_wanted": not_wanted}
    changed = [name for name, value in values.items() if getattr(held, name) != value]
    if changed:
        for name in changed:
            setattr(held, name, values[name])
        held.recorded_by = by
        held.save()
        audit.record(by, audit.Verb.CHANGED, held, cohort=support.member.cohort, fields=changed)
    return held


@transaction.atomic
def remove(*, support: TeamSupport, by: User) -> None:
    """Recorded by mistake."""
    if TeamSupport.objects.filter(pk=support.pk).delete()[0]:
        audit.record(by, audit.Verb.CHANGED, support, cohort=support.member.cohort, fields=["removed"])


@transaction.atomic
def ask(*, by: User, cohort: Cohort | None = None) -> SupportRequest:
    """They would like support. Asked twice, it is asked once. The lead of this group sees it; without one, of the group
    that they came to last."""
    hold_at_work(by)
    asked = SupportRequest.objects.of(by).open().first()
    if asked:
        return asked
    teams = by.teams.filter(job=TeamMember.Job.PARENT).order_by(F("left_on").desc(nulls_first=True), "-pk")
    member = teams.filter(cohort=cohort).first() or teams.first()
    if member is None:
        raise Refused(_("You are not in the team of a group yet. Ask the programme lead."))
    made = SupportRequest.objects.create(member=member, asked_on=timezone.localdate())
    audit.record(by, audit.Verb.CREATED, made, cohort=member.cohort)
    return made


@transaction.atomic
def withdraw(*, by: User) -> None:
    """They need it no more. What has been answered stays."""
    hold_at_work(by)
    for asked in SupportRequest.objects.of(by).open().select_related("member__cohort"):
        audit.record(by, audit.Verb.CHANGED, asked, cohort=asked.member.cohort, fields=["removed"])
        asked.delete()
