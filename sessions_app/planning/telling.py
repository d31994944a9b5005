"""What the group is told of a change of dates: a day and a time, and nothing that tells a stranger more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ppg.time_of_day import clock
from sessions_app.models import Adaptation, Session

Kind = Adaptation.Kind
TOGETHER = timedelta(minutes=1)  # one press that moved several is kept as several changes, in a moment


def to_tell(session: Session, changes: Iterable[Adaptation], now: datetime) -> str:
    """The words for the group about the newest change of dates (of `changes`, the newest first); nothing where none was
    made, or where the session is over."""
    of_dates = (one for one in changes if one.kind in (Kind.MOVED, Kind.CANCELLED, Kind.ADDED))
    newest = next(of_dates, None)
    if newest is None or session.starts_at < now:
        return ""
    if session.cancelled_at:
        return _("We do not meet on %(day)s.") % {"day": date_format(timezone.localtime(session.starts_at), "l j F")}
    if newest.kind == Kind.ADDED:
        return _("We also meet on %(when)s.") % {"when": _when(session.starts_at)}
    if newest.kind == Kind.CANCELLED:
        return _("We do meet on %(when)s.") % {"when": _when(session.starts_at)}
    return _moved(newest, _moved_with(session, newest))


def _moved(newest: Adaptation, sessions: Sequence[Session]) -> str:
    if len(sessions) > 1:
        days = "\n".join(f"• {_when(one.starts_at)}" for one in sessions)
        return _("The days have changed. We meet on:") + "\n" + days
    before = timezone.localtime(datetime.fromisoformat(newest.before["starts_at"]))
    words = {"before": date_format(before, "l j F"), "when": _when(datetime.fromisoformat(newest.after["starts_at"]))}
    return _("We do not meet on %(before)s. We meet on %(when)s instead.") % words


def _moved_with(session: Session, newest: Adaptation) -> list[Session]:
    """Those that were moved by the same press and still take place, in the order of their days."""
    changes = Adaptation.objects.filter(
        session__cohort=session.cohort_id,
        kind=Kind.MOVED,
        by=newest.by_id,
        why=newest.why,
        at__range=(newest.at - TOGETHER, newest.at + TOGETHER),
    )
    going = Session.objects.filter(pk__in=changes.values("session")).taking_place()
    return list(going.order_by("starts_at"))


def _when(moment: datetime) -> str:
    here = timezone.localtime(moment)
    words = {"day": date_format(here, "l j F"), "time": clock(here)}
    return _("%(day)s at %(time)s") % words
