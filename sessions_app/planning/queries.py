"""What stands in the way of changing a plan: a session that was held, and a group that meets once at a time."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.time_of_day import day_and_clock
from programmes.models import Cohort
from sessions_app.models import Session, SessionStep, register_taken


def begun(sessions: Iterable[Session]) -> list[int]:
    """Which of them were started and not set back to their beginning."""
    taken_back = Q(kind=SessionStep.Kind.UNDO)
    counts = SessionStep.objects.filter(session__in=sessions).order_by().values("session")
    counts = counts.annotate(left=Count("id", filter=~taken_back) - Count("id", filter=taken_back))
    return list(counts.filter(left__gt=0).values_list("session", flat=True))


def held(sessions: Iterable[Session]) -> list[int]:
    """Which of them the register says were held. That a day is over does not: a session that fell through is cancelled
    the morning after."""
    keys = [one.pk for one in sessions]
    return list(Session.objects.filter(register_taken(), pk__in=keys).order_by("pk").values_list("pk", flat=True))


def why_fixed(sessions: Iterable[Session]) -> str:
    """Why the date of one of them can no longer be changed, or nothing."""
    by_pk = {one.pk: one for one in sessions}
    run = [*begun(by_pk.values()), *(pk for pk, one in by_pk.items() if one.closed_at)]
    if run:
        return _("“%(session)s” has begun or is over. Its date cannot be changed.") % {"session": by_pk[run[0]]}
    if taken := held(by_pk.values()):
        return _(
            "The register of “%(session)s” is ticked, so it was held. "
            "If that is wrong, undo the ticks first, then change the date."
        ) % {"session": by_pk[taken[0]]}
    return ""


def why_agenda_fixed(session: Session) -> str:
    """Why the agenda can no longer be planned, or nothing."""
    if session.closed_at:
        return _("This session is over. Its agenda stays as it was.")
    if begun([session]):
        return _("This session has begun. Its agenda is changed on the page it is run with.")
    return ""


def refuse_if_held(sessions: Iterable[Session]) -> None:
    if why := why_fixed(sessions):
        raise Refused(why)


def refuse_if_at_once(cohort: Cohort, going: Iterable[Session]) -> None:
    """A group meets once at a time."""
    going = list(going)
    others = list(cohort.sessions.taking_place().exclude(pk__in=[one.pk for one in going if one.pk]))
    for one in going:
        for other in others:
            if one.starts_at < other.ends_at and other.starts_at < one.ends_at:
                raise Refused(
                    _("The group meets then already: “%(session)s” is on %(when)s.")
                    % {
                        "session": other,
                        "when": day_and_clock(other.starts_at),
                    }
                )
