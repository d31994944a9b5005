"""Two absences in a row raise a call by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import FilteredRelation, Q, QuerySet
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp, Place
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import ABSENT, ATTENDED, ON_THE_DAY, MarkState, RegisterMark, Session, took_place

CALL_WITHIN = timedelta(days=2)


def after_tick(
    place: Place, standing: Mapping[int, RegisterMark], made: RegisterMark, by: User, at: datetime | None
) -> None:
    """Raises or takes back calls, in the transaction of the tick; `standing` are the marks that counted before it, by
    place. Two queries more, and only where the tick says or corrects an absence, or makes the session one that was
    held."""
    before = standing.get(place.pk)
    if made.state in ABSENT or (before and before.state in ABSENT):
        reconsider(place, made.session.cohort, by, at)
    if (made.state in ON_THE_DAY) != bool(before and before.state in ON_THE_DAY):
        others = {key: mark for key, mark in standing.items() if key != place.pk}
        after_first_tick(made.session, others, by, at)


def after_first_tick(session: Session, standing: Mapping[int, RegisterMark], by: User, at: datetime | None) -> None:
    """The register was taken by a tick, or is not taken any more. Apologies that came in for the day count from its
    first tick on, and where nobody is ticked from the next day."""
    day_is_over = session.day < timezone.localdate(at)
    if day_is_over or any(mark.state in ON_THE_DAY for mark in standing.values()):
        return
    apologies = [key for key, mark in standing.items() if mark.state == MarkState.APOLOGIES]
    if apologies:
        reconsider_all(Place.objects.filter(pk__in=apologies), session.cohort, by, at)


def after_dates_change(cohort: Cohort, at: datetime) -> None:
    """Sessions of this group were moved, cancelled or put back, and what was missed with them."""
    away = RegisterMark.objects.filter(session__cohort=cohort).absent().values("place")
    reconsider_all(Place.objects.filter(pk__in=away), cohort, None, at)


def reconsider_all(places: QuerySet[Place], cohort: Cohort, by: User | None, at: datetime | None) -> None:
    for place in places.select_related("caregiver").order_by("pk"):
        reconsider(place, cohort, by, at)


def reconsider(place: Place, cohort: Cohort, by: User | None, at: datetime | None) -> None:
    """Two queries, and those of a call that is raised or taken back. `by` is nobody where the clock says it."""
    calls = FollowUp.objects.filter(caregiver=place.caregiver_id, cohort=cohort, reason=FollowUp.Reason.ABSENT)
    raised = {call.session_number: call for call in calls.select_related("caregiver", "cohort")}
    missed = history(place, at or timezone.now())
    number, mistaken = call_for(missed, {known: call.done_at is not None for known, call in raised.items()})
    if mistaken:
        follow_ups.drop(follow_ups=[raised[known] for known in mistaken], by=by)
    if number is not None:
        follow_ups.offer(
            caregiver=place.caregiver,
            cohort=cohort,
            kind=FollowUp.Kind.CALL,
            reason=FollowUp.Reason.ABSENT,
            session_number=number,
            due_on=timezone.localdate(at) + CALL_WITHIN,
            by=by,
            at=at,
        )


def history(place: Place, now: datetime) -> list[tuple[int, bool]]:
    """The group's sessions in the order of their days, up to the last this person was ticked in: number, and whether
    they were away. Without a tick they were not, as far as we know. Only what took place can be missed. A session that
    was added by hand is not for everybody: missing it says nothing."""
    sessions = Session.objects.filter(took_place(now), cohort=place.cohort_id).annotate(
        tick=FilteredRelation("marks", condition=Q(marks__place=place))
    )
    told = sessions.order_by("starts_at", "tick__made_at", "tick__id").values_list("number", "extra", "tick__state")
    latest = {number: (state, extra) for number, extra, state in told}
    ticked = [at for at, (state, _) in enumerate(latest.values()) if state not in (None, MarkState.OPEN)]
    known = list(latest.items())[: ticked[-1] + 1] if ticked else []
    return [(number, state in ABSENT) for number, (state, extra) in known if not (extra and state not in ATTENDED)]


def call_for(history: Iterable[tuple[int, bool]], calls: Mapping[int | None, bool]) -> tuple[int | None, list[int]]:
    """For which session a call is to be raised now, if any, and which calls were raised by a tick that was wrong.

    `history` is `history()`, `calls` says of each session that raised one whether it is done. A call stands as long
    as its session lies in a row of two absences or more. One is raised when the person is still away, has missed two
    since the row began or since they were last called, and no call is waiting.
    """
    rows: list[list[int]] = [[]]
    for number, away in history:
        if away:
            rows[-1].append(number)
        elif rows[-1]:
            rows.append([])
    away_for = rows[-1]
    standing = {number for row in rows if len(row) > 1 for number in row}
    mistaken = [number for number, done in calls.items() if number is not None and not done and number not in standing]
    called = [place for place, number in enumerate(away_for) if number in calls]
    since = away_for[called[-1] + 1 :] if called else away_for
    waiting = any(number in calls and not calls[number] for number in away_for)
    return (since[1] if len(since) > 1 and not waiting else None), mistaken
