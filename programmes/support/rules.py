"""Which support is for whom in a team."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from programmes.models import TeamMember, TeamSupport

Kind = TeamSupport.Kind
Job = TeamMember.Job

# For whom each kind of support is. A lead who runs sessions has the facilitator's.
FOR_WHOM: dict[str, tuple[str, ...]] = {
    Kind.CLINICAL: (Job.PARENT,),
    Kind.REFLECTIVE: (Job.PARENT, Job.FACILITATOR, Job.LEAD),
    Kind.AFTER: (Job.PARENT,),
}


def why_not(member: TeamMember, kind: str) -> str:
    """Why this support is not theirs, or nothing."""
    if member.job in FOR_WHOM[kind]:
        return ""
    return str(_("This support is for the parent with lived experience."))
