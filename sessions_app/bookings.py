"""Two groups at once: in the same place, or with the same person who leads them. It is said, with who and what, and
allowed: a venue has two rooms, and somebody may send a colleague."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby

from django.db.models import Prefetch, Q
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.links.codes import digest
from ppg.models import User
from ppg.time_of_day import day_and_clock
from ppg.typed import comparison_key
from programmes.models import Cohort, TeamMember
from sessions_app.models import Session

# Who is in the room. A lead, a manager and an evaluator have many groups on one evening and sit in none.
IN_THE_ROOM = (TeamMember.Job.FACILITATOR, TeamMember.Job.PARENT)
ROLES_IN_THE_ROOM = (Role.FACILITATOR, Role.PARENT)
LONGEST = timedelta(days=1)  # no session lasts longer

Time = tuple[datetime, datetime]  # from, to


@dataclass(frozen=True)
class Group:
    """What a group needs whenever it meets."""

    venue: str
    online_link: str
    people: Collection[User]  # who lead it
    cohort: int | None = None  # None while it is being set up

    @classmethod
    def of(cls, cohort: Cohort) -> Group:
        members = cohort.team.filter(left_on=None, job__in=IN_THE_ROOM).select_related("user")
        return cls(cohort.venue, cohort.online_link, [member.user for member in members], cohort.pk)

    @classmethod
    def to_be(cls, venue: str, online_link: str, team: Iterable[User]) -> Group:
        return cls(venue, online_link, [user for user in team if user.role in ROLES_IN_THE_ROOM])


class Booked(Refused):
    """Somebody has to say that it is meant so. `sentences` is what they are shown, `despite` what their press sends."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences
        self.despite = stands_for(sentences)


def stands_for(sentences: Sequence[str]) -> str:
    return digest("\n".join(sentences)) if sentences else ""


def refuse_unless_meant(cohort: Cohort, going: Iterable[Session], *, by: User, despite: str | None) -> None:
    """`despite` is what the person was shown and pressed all the same; None where nobody looks at a page."""
    if despite is None:
        return
    sentences = clashes(Group.of(cohort), times_of(going), by=by)
    if stands_for(sentences) not in ("", despite):
        raise Booked(sentences)


def times_of(sessions: Iterable[Session]) -> list[Time]:
    return [(one.starts_at, one.ends_at) for one in sessions]


def clashes(group: Group, times: Iterable[Time], *, by: User) -> list[str]:
    """What of the group's is needed elsewhere at these times, a sentence each with all its times, for a person who may
    know the names of their own groups alone. What is over already is nobody's concern. Three queries, however many
    sessions."""
    now = timezone.now()
    times = sorted(time for time in times if time[1] > now)
    if not times:
        return []
    others = list(at_these_times(group, times))
    groups = Cohort.objects.visible_to(by).filter(pk__in={one.cohort_id for one in others})
    named = set(groups.values_list("pk", flat=True))
    needed: dict[str, set[datetime]] = {}
    for starts, ends in times:
        for other in others:
            if other.starts_at < ends and starts < other.ends_at:
                for what in needed_by(other, group, other.cohort_id in named):
                    needed.setdefault(what, set()).add(starts)
    return [_("%(when)s: %(what)s") % {"when": times_in_words(starts), "what": what} for what, starts in needed.items()]


def times_in_words(times: Iterable[datetime]) -> str:
    """17, 24 and 31 December 2026, 6:30pm; 7 January 2027, 6:30pm"""
    months = groupby((timezone.localtime(one) for one in sorted(times)), key=lambda one: day_and_clock(one, "F Y"))
    return "; ".join(f"{get_text_list([str(one.day) for one in days], _('and'))} {month}" for month, days in months)


def at_these_times(group: Group, times: Sequence[Time]) -> Iterable[Session]:
    """Sessions of other groups that may overlap, with the people of this group who lead them."""
    near = Q()
    for starts, ends in times:
        near |= Q(starts_at__lt=ends, starts_at__gt=starts - LONGEST)
    shared = TeamMember.objects.filter(left_on=None, job__in=IN_THE_ROOM, user__in=group.people)
    return (
        Session.objects.taking_place()
        .filter(near, closed_at=None)
        .exclude(cohort=group.cohort)
        .select_related("cohort")
        .prefetch_related(Prefetch("cohort__team", shared.select_related("user"), to_attr="shared"))
        .order_by("starts_at", "pk")
    )


def needed_by(other: Session, group: Group, is_named: bool) -> Iterator[str]:
    words = {"group": other.cohort.name}
    if is_same_place(other.cohort.venue, group.venue):
        if is_named:
            yield _("“%(group)s” meets at the same venue.") % words
        else:
            yield _("another group meets at the same venue.")
    if group.online_link and other.cohort.online_link == group.online_link:
        if is_named:
            yield _("“%(group)s” meets online by the same link.") % words
        else:
            yield _("another group meets online by the same link.")
    for member in other.cohort.shared:  # type: ignore[attr-defined]
        words["name"] = member.user.name
        if is_named:
            yield _("%(name)s is with “%(group)s”.") % words
        else:
            yield _("%(name)s is with another group.") % words


def is_same_place(venue: str, other: str) -> bool:
    """However it is typed, and with the address or without: “The Hub” is “the hub, 1 High Street”."""
    first, second = sorted((words_of(venue), words_of(other)), key=len)
    return bool(first) and second[: len(first)] == first


def words_of(venue: str) -> list[str]:
    return re.findall(r"\w+", comparison_key(venue).replace("'", ""))
