"""Who is in the team of a group, who was, and who could be."""

from __future__ import annotations

from django.db.models import QuerySet

from ppg.access.permissions import P, can
from ppg.models import User
from programmes.models import Cohort, TeamMember
from programmes.team.rules import FITS, Job


def members(cohort: Cohort) -> list[TeamMember]:
    """Those who work with the group now, job by job."""
    found = cohort.team.filter(left_on=None).select_related("user")
    return sorted(found, key=lambda member: (Job.values.index(member.job), member.user.name))


def left(cohort: Cohort) -> QuerySet[TeamMember]:
    """Those who did, the last to go first."""
    return cohort.team.exclude(left_on=None).select_related("user").order_by("-left_on", "-id")


def who_could(cohort: Cohort) -> list[User]:
    """Everybody whose role fits some job and who is not in the team."""
    roles = {role for fitting in FITS.values() for role in fitting}
    there = cohort.team.filter(left_on=None).values("user")
    return list(User.objects.filter(is_active=True, role__in=roles).exclude(pk__in=there).order_by("name"))


def team_who_may(cohort: Cohort, permission: P) -> list[User]:
    """Those who work with the group now and whose role allows it."""
    members = cohort.team.filter(left_on=None).select_related("user").order_by("user__name")
    return [member.user for member in members if can(member.user, permission)]
