"""What somebody who leaves the service has open in a group goes to somebody of its team."""

from __future__ import annotations

from ppg.accounts.leaving import Holding, Leaver
from ppg.models import User
from programmes.handing_over.queries import Group
from programmes.team import actions as team
from programmes.team.rules import Job


def hand_over(leaver: Leaver, holding: Holding, to: User | None, by: User) -> None:
    """Held first: whoever is chosen is in the team, with the job where it needs one, before the other goes."""
    group: Group = holding.record
    team.lock(group.cohort)
    if to:
        _bring_in(group, to, by)
    if group.leaves:
        team.leave(cohort=group.cohort, user=leaver.user, to=to, by=by, over=group.over)
    elif to:
        team.hand_over(group.cohort, leaver.user, to, by, [kind for kind, _n in group.tasks])


def _bring_in(group: Group, to: User, by: User) -> None:
    there = team.works_with(group.cohort, to)
    if group.leaderless and (group.member or not there):
        team.change_job(cohort=group.cohort, user=to, job=Job.LEAD, by=by)
    elif group.member and not there:
        team.join(cohort=group.cohort, user=to, job=group.member.job, by=by)
