"""The teams that somebody who is invited starts in: what an administrator's invitation asks and does."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from ppg.access.permissions import Role
from ppg.accounts.starting_groups import Groups
from ppg.models import User
from programmes.models import Cohort
from programmes.team import actions as team
from programmes.team.rules import FITS


def choices() -> list[tuple[str, str]]:
    return list(Cohort.objects.order_by("name").values_list("code", "name"))


def why_not(role: str, codes: list[str]) -> str:
    """Some roles have no job in a group: they reach every group, or none."""
    if not codes or job_of(role):
        return ""
    return _("The role “%(role)s” does not go with a group. Choose no group.") % {"role": Role(role).label}


def job_of(role: str) -> str:
    """The job that the role names; nothing where it names none."""
    return next((job for job, roles in FITS.items() if roles[0] == role), "")


def join(user: User, codes: Iterable[str], by: User) -> None:
    for cohort in Cohort.objects.filter(code__in=list(codes)).order_by("pk"):
        team.join(cohort=cohort, user=user, job=job_of(user.role), by=by)


GROUPS = Groups(choices, why_not, join, team.forget)
