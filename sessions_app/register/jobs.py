"""Apologies of days that are over: they count as absences from the next day on, whoever else was ticked."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from caregivers.models import Place
from sessions_app.models import RegisterMark, Session, register_taken, start_of
from sessions_app.register.absences import reconsider_all

LOOK_BACK = timedelta(days=14)  # a worker that stood still for a while finds what it missed


def days_over(now: datetime) -> int:
    """Raises the calls of those who sent apologies for a session whose register nobody took; of how many sessions. By
    the worker, at night. Where the register was taken its first tick has done it; and a call is there once."""
    today = start_of(timezone.localdate(now))
    apologies = RegisterMark.objects.filter(session=OuterRef("pk")).apologies()
    sessions = Session.objects.taking_place().filter(starts_at__gte=today - LOOK_BACK, starts_at__lt=today)
    sessions = sessions.filter(Exists(apologies), ~register_taken()).order_by("starts_at", "pk")
    for session in sessions.select_related("cohort"):
        count_apologies(session, now)
    return len(sessions)


@transaction.atomic
def count_apologies(session: Session, now: datetime) -> None:
    session.lock()
    away = session.marks.apologies().values("place")
    reconsider_all(Place.objects.filter(pk__in=away), session.cohort, None, now)
