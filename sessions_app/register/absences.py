"""Two absences in a row raise a call by themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.db.models import FilteredRelation, Q
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp, Place
from ppg.models import User
from sessions_app.models import ABSENT, ATTENDED, MarkState, RegisterMark, Session

CALL_WITHIN = timedelta(days=2)


def after_tick(place: Place, before: RegisterMark | None, made: RegisterMark, by: User, at: datetime | None) -> None:
    """Raises or takes back the call of this person, in the transaction of the tick. Two queries more, and only
    where the tick says or corrects an absence."""
    if made.state not in ABSENT and (before is None or before.state not in ABSENT):
        return
    cohort = made.session.cohort
    calls = FollowUp.objects.filter(caregiver=place.caregiver_id, cohort=cohort, reason=FollowUp.Reason.ABSENT)
    raised = {call.session_number: call for call in calls.select_related("caregiver", "cohort")}
    number, mistaken = call_for(history(place), {known: call.done_at is not None for known, call in raised.items()})
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


def history(place: Place) -> list[tuple[int, bool]]:
    """The group's sessions in the order of their days, up to the last this person was ticked in: number, and whether
    they were away. Without a tick they were not, as far as we know. Cancelled sessions do not count. One that was
    added by hand is not for everybody: missing it says nothing."""
    sessions = Session.objects.filter(cohort=place.cohort_id, cancelled_at=None).annotate(
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
