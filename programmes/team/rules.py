"""Whose role goes with which job in a team, and who cannot leave it now."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.access.permissions import Role
from ppg.models import User
from programmes.models import TeamMember

Job = TeamMember.Job

# Whose role goes with which job. A lead may run the sessions too.
FITS: dict[str, tuple[str, ...]] = {
    Job.LEAD: (Role.LEAD,),
    Job.FACILITATOR: (Role.FACILITATOR, Role.LEAD),
    Job.PARENT: (Role.PARENT,),
    Job.MANAGER: (Role.MANAGER,),
    Job.EVALUATION: (Role.EVALUATOR,),
}

# A reminder on the team's page; nobody is asked for proof.
BRINGS = [
    gettext_lazy("A good understanding of how children are exploited to move and sell drugs"),
    gettext_lazy("Respect for each family's culture, and the wish to learn about it"),
    gettext_lazy("Practice in working with parents, with communities and with services alike"),
    gettext_lazy("The other tools of the county lines pathfinder, read"),
    gettext_lazy("Skills in leading a group"),
    gettext_lazy("Ways of talking that help people change, such as motivational interviewing and CBT"),
    gettext_lazy("Restorative skills: helping people to put things right between them"),
]


def why_not_job(user: User, job: str) -> str:
    """Why this job is not for them, or nothing."""
    if user.role in FITS[job]:
        return ""
    words = {"name": user.name, "role": user.get_role_display(), "job": Job(job).label}
    return _("%(name)s signs in as “%(role)s”. That does not go with the job “%(job)s”.") % words


def why_not_leave(team: Iterable[TeamMember], member: TeamMember) -> str:
    """Why this member cannot go now, or nothing. Somebody who may no longer sign in leads nothing."""
    others = (one for one in team if one.job == Job.LEAD and one.user_id != member.user_id)
    if member.job != Job.LEAD or any(one.user.can_sign_in for one in others):
        return ""
    return _("%(name)s is the only programme lead. Add another lead first.") % {"name": member.user.name}
