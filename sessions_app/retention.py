"""When a group's time is over: a set time after its last session personal data goes, and the figures stay.

Nothing goes by itself. A person presses, having seen what will go; the page and the command show what is due.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers import rights_queries
from caregivers.actions import rights
from caregivers.models import Caregiver, Erased, Message
from ppg import audit, service
from ppg.models import User
from ppg.refusals import Refused
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
    found = []
    for pk, group in cohorts.items():
        people, until = people_in[pk], max(over[pk], today)
        going = frozenset(person for person in people if needed[person] <= until)
        found.append(Group(group, last[pk], over[pk], going, len(people) - len(going)))
    return sorted(found, key=lambda group: (group.over_on, group.cohort.pk))


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
    counts = rights_queries.counts(people_of(group))
    if messages := _messages(group).count():
        counts[_("Messages written to the group")] = messages
    return counts


def _messages(group: Group) -> QuerySet[Message]:
    """What was written to the whole group goes with its people; while somebody stays it stays."""
    messages = Message.objects.filter(cohort=group.cohort)
    return messages.none() if group.staying else messages


@transaction.atomic
def remove(*, group: Group, seen: int, by: User | None, at: datetime | None = None) -> int:
    """Removes the details of a group whose time is over; says of how many people. `seen` is how many the page
    showed: if others are due by now, nothing goes and the page is to be looked at again."""
    now = at or timezone.now()
    Cohort.objects.select_for_update().get(pk=group.cohort.pk)
    current = group_of(group.cohort.code, timezone.localdate(now))
    if current is None or not current.going:
        return 0  # pressed twice
    if not current.is_due(timezone.localdate(now)):
        raise Refused(_("The time of this group is not over yet."))
    if current.people != seen:
        raise Refused(_("Something has changed since you looked. Look again at what goes."))
    _messages(current).delete()
    for person in people_of(current).order_by("pk"):
        rights.erase(caregiver=person, by=by, why=Erased.Why.TIME, at=now)
    audit.record(by, audit.Verb.CHANGED, group.cohort, cohort=group.cohort, fields=["retention"])
    return current.people


def total(found: Iterable[Group]) -> dict[str, int]:
    """What would go of all these together, in words and numbers."""
    counted: Counter[str] = Counter()
    for group in found:
        counted.update(preview(group))
    return dict(counted)
