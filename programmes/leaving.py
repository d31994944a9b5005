"""What somebody who leaves the service has open in groups and guides, as its page tells it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from ppg.access.permissions import P
from ppg.accounts.leaving import Holding, Kind, Leaver
from ppg.accounts.leaving.drafts import kind_of_drafts
from ppg.models import User
from programmes.handing_over.actions import hand_over
from programmes.handing_over.queries import Group, groups_of
from programmes.models import Guide
from programmes.team.rules import Job


def holdings(leaver: Leaver, staff: Sequence[User]) -> Iterable[Holding]:
    for group in groups_of(leaver):
        yield Holding(
            key=f"group-{group.cohort.code}",
            what=_what(group),
            takers=tuple(one for one in staff if group.may_take(one)),
            needed=group.needed,
            open=tuple(kind.in_words(n) for kind, n in group.tasks),
            remarks=tuple(_remarks(group)),
            record=group,
        )


def _what(group: Group) -> str:
    words = {"group": group.cohort.name, "job": group.member.get_job_display() if group.member else ""}
    if group.member is None:
        return _("%(group)s: they are not in its team any more") % words
    return _("%(group)s: %(job)s") % words


def _remarks(group: Group) -> Iterable[str]:
    job = group.member.job if group.member and group.leaves else ""
    if group.over:
        yield _("The group is over: its sessions are past and its report is published.")
        yield _("What is open needs somebody.") if group.tasks else _("It needs nobody.")
        if job == Job.LEAD and group.alone_as(Job.LEAD):
            yield _("Without a lead nobody can answer its people when they ask what is held about them.")
    elif job == Job.LEAD and group.alone_as(Job.LEAD):
        yield _("They are its only programme lead.")
    elif job == Job.FACILITATOR and group.alone_as(Job.FACILITATOR):
        yield _("They are its only facilitator.")
    yield from group.remarks


def _draft(guide: Guide) -> str:
    return _("Draft of the guide “%(guide)s” (%(programme)s)") % {"guide": guide, "programme": guide.programme}


TEAMS = Kind("teams", holdings, hand_over)
DRAFTS = kind_of_drafts(
    "guide",
    P.GUIDE_EDIT,
    lambda: Guide.versions.filter(state=Guide.State.DRAFT).select_related("programme"),
    _draft,
)
