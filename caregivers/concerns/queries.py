"""Concerns and information: who may write about whom, who is reminded, what waits, what may go. Reading only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from caregivers.models import Caregiver, Concern, Information, Restricted
from caregivers.names import people_of
from ppg.access.permissions import P, Role, can
from ppg.models import User
from ppg.service_details import service
from programmes.models import Cohort, TeamMember

REMIND_EVERY = timedelta(days=3)
KINDS: tuple[type[Restricted], ...] = (Concern, Information)


def groups(user: User) -> QuerySet[Cohort]:
    """In which the person may write something down: every one for the safeguarding lead, for others their teams'."""
    if user.role == Role.SAFEGUARDING and can(user, P.CONCERN):
        return Cohort.objects.all()
    return Cohort.objects.visible_to(user)


def people(cohort: Cohort, user: User) -> dict[str, tuple[Caregiver, str]]:
    """Whom it can be about, by code. Who may not see the people of a group gets no list of their names."""
    return people_of(cohort) if can(user, P.PEOPLE_SEE) else {}


def name_of(thing: Restricted) -> str:
    return thing.caregiver.name if thing.caregiver else ""


def safeguarding_leads() -> QuerySet[User]:
    return User.objects.joined().filter(role=Role.SAFEGUARDING)


def leads_of(cohorts: Iterable[int]) -> QuerySet[User]:
    """Who stands in where the service has no safeguarding lead: the leads of these groups, by the groups' keys."""
    led = TeamMember.objects.filter(cohort__in=cohorts, job=TeamMember.Job.LEAD, left_on=None)
    return User.objects.joined().filter(pk__in=led.values("user"), role=Role.LEAD)


def to_remind(kind: type[Restricted], now: datetime) -> QuerySet[Restricted]:
    """Open ones of which nobody was told yet, or not for three days."""
    due = Q(reminded_at=None) | Q(reminded_at__lte=now - REMIND_EVERY)
    return kind.objects.open().filter(due)


def methods_told(cohort: Cohort) -> dict[str, int]:
    """`Information.Method` → in how many entries of this group it is tagged; those never told of are left out.

    Counts of one and two are among them: whoever shows them holds small numbers back.
    """
    rows = Information.objects.filter(cohort=cohort).order_by().values_list("methods", flat=True)
    found = Counter(method for methods in rows for method in set(methods))
    return {method.value: found[method.value] for method in Information.Method if found[method.value]}


def kept_since(now: datetime) -> datetime:
    years = service.current().keep_concern_years
    try:
        return now.replace(year=now.year - years)
    except ValueError:  # the 29th of February
        return now.replace(year=now.year - years, day=28)
