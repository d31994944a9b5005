"""What concerns a parent who co-leads: nothing of it is about the people of the group."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from feedback.suggestions.queries import PublishedAnswer, published_answers
from ppg.access.permissions import Role
from ppg.models import User
from programmes.models import Cohort, ItemLead, SupportRequest, TeamMember, TeamSupport
from sessions_app.models import Session
from sessions_app.session.timeline import Slot, at_times

MOST_ANSWERS = 10


@dataclass(frozen=True)
class Part:
    """The next session, and the items of it that a parent leads, at their times."""

    session: Session
    slots: list[Slot]


def next_part(user: User, now: datetime) -> Part | None:
    """One that was closed is over."""
    session = Session.objects.visible_to(user).upcoming(now).filter(closed_at=None).with_plan().first()
    if session is None:
        return None
    slots = at_times(session.starts_at, session.minutes, session.items.all())
    return Part(session, [one for one in slots if one.item and leads(one.item)])


def next_led(user: User, after: Session) -> Session | None:
    """The first session after this one in which a parent leads something."""
    later = Session.objects.visible_to(user).after(after.starts_at)
    return later.filter(items__lead=ItemLead.PARENT, items__left_out=False).first()


def leads(item: object) -> bool:
    return item.lead == ItemLead.PARENT and not item.left_out  # type: ignore[attr-defined]


def newest_group(user: User) -> Cohort | None:
    """Where no session comes: the group whose team they joined last."""
    return Cohort.objects.visible_to(user).order_by("-team__pk").first()


def colleagues(cohort: Cohort) -> list[User]:
    """Who leads the evening with them: the facilitators, then the leads."""
    jobs = [TeamMember.Job.FACILITATOR, TeamMember.Job.LEAD]
    team = cohort.team.filter(left_on=None, job__in=jobs, user__is_active=True).select_related("user")
    return [one.user for one in sorted(team, key=lambda one: jobs.index(TeamMember.Job(one.job)))]


def safeguarding_leads() -> list[User]:
    return list(User.objects.joined().filter(role=Role.SAFEGUARDING))


def support_of(user: User) -> list[TeamSupport]:
    return list(TeamSupport.objects.of(user).order_by("-offered_on", "-id"))


def asked_for(user: User) -> SupportRequest | None:
    return SupportRequest.objects.of(user).open().first()


def group_asked_for(cohort: Cohort) -> list[PublishedAnswer]:
    """What stands on the group's own page already, which whoever has its code may read."""
    return published_answers(cohort)[:MOST_ANSWERS]
