"""When a group's time is over: a set time after its last session personal data goes, and the figures stay.

It goes by itself, 14 days after a warning of that day and those people (`Group.goes_now`), unless somebody keeps it
longer and says why (`RetentionHold`). What was not warned of never goes by itself.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Message
from caregivers.rights import queries as rights
from ppg.service_details import service
from programmes.models import Cohort
from sessions_app.models import RetentionHold, RetentionWarning, Session

WARNED_BEFORE = timedelta(days=14)
# A warning that no worker has looked at for so long counts no more: the database was put back to an older state, or
# nothing ran and nobody may have heard. It is given again.
LOOKED_AT = timedelta(days=3)
MOST_MONTHS_LONGER = 12  # than otherwise, or than the day on which somebody decides it


@dataclass(frozen=True)
class Group:
    """One group of which somebody's details are still kept."""

    cohort: Cohort
    last_on: date  # its last session; or when it was set up, where it never met
    months_over_on: date  # by the months of the setting alone
    going: frozenset[int]  # caregivers, by key, in no other group whose time is not over
    staying: int
    hold: RetentionHold | None = None
    warning: RetentionWarning | None = None

    @property
    def over_on(self) -> date:
        return max(self.months_over_on, self.hold.until) if self.hold else self.months_over_on

    def longer(self, today: date) -> tuple[date, date]:
        """The first and the last day until which it can be kept longer."""
        otherwise = max(today, self.months_over_on)
        return otherwise + timedelta(days=1), months_after(otherwise, MOST_MONTHS_LONGER)

    @property
    def people(self) -> int:
        return len(self.going)

    def is_due(self, today: date) -> bool:
        return self.over_on <= today

    def is_warned(self, today: date) -> bool:
        """Of this very day, and of everybody who goes."""
        warning = self.warning
        return (
            warning is not None
            and warning.over_on == self.over_on
            and self.going <= frozenset(warning.people)
            and today - warning.looked_on <= LOOKED_AT
        )

    def is_to_be_warned_of(self, today: date) -> bool:
        return bool(self.going) and self.over_on - WARNED_BEFORE <= today and not self.is_warned(today)

    def goes_on(self, today: date) -> date | None:
        """The day on which it goes by itself; not known before it is warned of, where that comes late."""
        if self.warning and self.is_warned(today):
            return max(self.over_on, self.warning.warned_on + WARNED_BEFORE)
        return self.over_on if today <= self.over_on - WARNED_BEFORE else None

    def goes_now(self, today: date) -> bool:
        day = self.goes_on(today)
        return bool(self.going) and self.is_warned(today) and day is not None and day <= today


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or that month's last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def groups(today: date) -> list[Group]:
    """Every group with people in it, the first to be over first. The same few queries, however many."""
    members = _members()
    cohorts = Cohort.objects.in_bulk({cohort for cohort, _person in members})
    holds = {hold.cohort_id: hold for hold in RetentionHold.objects.standing().select_related("made_by")}
    warnings = {warning.cohort_id: warning for warning in RetentionWarning.objects.all()}
    last = _last_days(cohorts)
    months = service.current().keep_months
    people_in: dict[int, set[int]] = {}
    for cohort_id, person in members:
        people_in.setdefault(cohort_id, set()).add(person)
    empty = [
        Group(cohort, last[pk], months_after(last[pk], months), frozenset(), 0, holds.get(pk), warnings.get(pk))
        for pk, cohort in cohorts.items()
    ]
    needed: dict[int, date] = {}  # until when each person's details are kept
    for group in empty:
        for person in people_in[group.cohort.pk]:
            needed[person] = max(group.over_on, needed.get(person, group.over_on))
    rows = [_with_people(group, people_in[group.cohort.pk], needed, today) for group in empty]
    return sorted(rows, key=lambda group: (group.over_on, group.cohort.pk))


def _last_days(cohorts: dict[int, Cohort]) -> dict[int, date]:
    lasts: dict[int, datetime] = {}
    for cohort, starts_at in (
        Session.objects.filter(cohort__in=cohorts).taking_place().values_list("cohort", "starts_at")
    ):
        lasts[cohort] = max(starts_at, lasts.get(cohort, starts_at))
    return {pk: timezone.localdate(lasts[pk]) if pk in lasts else cohort.made_on for pk, cohort in cohorts.items()}


def _with_people(group: Group, people: set[int], needed: dict[int, date], today: date) -> Group:
    until = max(group.over_on, today)
    going = frozenset(person for person in people if needed[person] <= until)
    return replace(group, going=going, staying=len(people) - len(going))


def _members() -> set[tuple[int, int]]:
    """(cohort, caregiver) of everybody who is not erased."""
    here = Caregiver.objects.filter(erased_at=None)
    referred = here.exclude(referrals=None).values_list("referrals__cohort", "pk")
    placed = here.exclude(places=None).values_list("places__cohort", "pk")
    return set(referred) | set(placed)


def due(today: date) -> list[Group]:
    return [group for group in groups(today) if group.is_due(today) and group.going]


def to_be_warned_of(today: date) -> list[Group]:
    return [group for group in groups(today) if group.is_to_be_warned_of(today)]


def going_soon(today: date) -> list[Group]:
    """Those that go by themselves within 14 days, or as soon as they are warned of."""
    return [group for group in groups(today) if group.going and group.over_on - WARNED_BEFORE <= today]


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
