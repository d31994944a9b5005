"""When a group's time is over: a set time after its last session personal data goes, and the figures stay.

Nothing goes by itself. A person presses, having seen what will go; the page and the command show what is due.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Message
from caregivers.rights import queries as rights
from ppg.service_details import service
from programmes.models import Cohort
from sessions_app.models import Session


@dataclass(frozen=True)
class Group:
    """One group of which somebody's details are still kept."""

    cohort: Cohort
    last_on: date  # its last session; or when it was set up, where it never met
    over_on: date
    going: frozenset[int]  # caregivers, by key, in no other group whose time is not over
    staying: int

    @property
    def people(self) -> int:
        return len(self.going)

    def is_due(self, today: date) -> bool:
        return self.over_on <= today


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def groups(today: date) -> list[Group]:
    """Every group with people in it, the first to be over first. Three queries, however many."""
    members = _members()
    cohorts = Cohort.objects.in_bulk({cohort for cohort, _person in members})
    lasts: dict[int, datetime] = {}
    for cohort, starts_at in (
        Session.objects.filter(cohort__in=cohorts).taking_place().values_list("cohort", "starts_at")
    ):
        lasts[cohort] = max(starts_at, lasts.get(cohort, starts_at))
    last = {pk: timezone.localdate(lasts[pk]) if pk in lasts else cohort.made_on for pk, cohort in cohorts.items()}
    months = service.current().keep_months
    over = {pk: months_after(day, months) for pk, day in last.items()}
    needed: dict[int, date] = {}  # until when each person's details are kept
    people_in: dict[int, list[int]] = {}
    for cohort_id, person in members:
        people_in.setdefault(cohort_id, []).append(person)
        needed[person] = max(over[cohort_id], needed.get(person, over[cohort_id]))
    rows = []
    for pk, group in cohorts.items():
        people, until = people_in[pk], max(over[pk], today)
        going = frozenset(person for person in people if needed[person] <= until)
        rows.append(Group(group, last[pk], over[pk], going, len(people) - len(going)))
    return sorted(rows, key=lambda group: (group.over_on, group.cohort.pk))


def _members() -> set[tuple[int, int]]:
    """(cohort, caregiver) of everybody who is not erased."""
    here = Caregiver.objects.filter(erased_at=None)
    referred = here.exclude(referrals=None).values_list("referrals__cohort", "pk")
    placed = here.exclude(places=None).values_list("places__cohort", "pk")
    return set(referred) | set(placed)


def due(today: date) -> list[Group]:
    return [group for group in groups(today) if group.is_due(today) and group.going]


def group_of(code: str, today: date) -> Group | None:
    return next((group for group in groups(today) if group.cohort.code == code), None)


def people_of(group: Group) -> QuerySet[Caregiver]:
    return Caregiver.objects.filter(pk__in=group.going, erased_at=None)


def preview(group: Group) -> dict[str, int]:
    """What will go, in words and numbers, without a name."""
    counts = rights.counts(people_of(group))
    if messages := messages_of(group).count():
        counts[_("Messages written to the group")] = messages
    return counts


def messages_of(group: Group) -> QuerySet[Message]:
    """What was written to the whole group goes with its people; while somebody stays it stays."""
    messages = Message.objects.filter(cohort=group.cohort)
    return messages.none() if group.staying else messages


def total(groups: Iterable[Group]) -> dict[str, int]:
    """What would go of all these together, in words and numbers."""
    counted: Counter[str] = Counter()
    for group in groups:
        counted.update(preview(group))
    return dict(counted)
