"""What sessions know of somebody who leaves: which groups have met for the last time, and that their calendar ends."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.permissions import P
from ppg.accounts.leaving import Access, Leaver
from ppg.models import User
from sessions_app.calendar.actions import stop_feed
from sessions_app.models import CalendarFeed, Session


def sessions_past(cohorts: Collection[int]) -> set[int]:
    """Of these groups those that have met, and meet no more."""
    every = Session.objects.taking_place().filter(cohort__in=cohorts)
    to_come = every.upcoming(timezone.now()).order_by()
    return set(every.order_by().values_list("cohort", flat=True)) - set(to_come.values_list("cohort", flat=True))


def calendar(leaver: Leaver) -> Iterable[str]:
    live = CalendarFeed.objects.filter(user=leaver.user, revoked_at=None)
    if not leaver.keeps(P.SESSION_SEE) and live.exists():
        yield _("The address of their calendar stops. What calendars fetched before stays in them.")


def end_calendar(leaver: Leaver, by: User) -> None:
    if not leaver.keeps(P.SESSION_SEE):
        stop_feed(by=by, user=leaver.user)


CALENDAR = Access(calendar, end_calendar)
