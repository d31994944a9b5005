"""What was delivered, as rows for the figures: sessions against their plan, and suggestions that got an answer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Set
from datetime import datetime

from django.db.models import Count, Q, prefetch_related_objects

from evaluation.figures.rows import SessionRow
from evaluation.figures.shapes import Suggestions
from feedback.models import Suggestion
from programmes.models import Cohort
from sessions_app.closing import changes as closing
from sessions_app.models import Session
from sessions_app.models.running import COURSE
from sessions_app.running.clock import Happened, final_outcomes


def rows(sessions: Iterable[Session], held: Set[int], now: datetime) -> list[SessionRow]:
    """held: keys of the sessions that were held. The same number of queries however many sessions."""
    sessions = list(sessions)
    prefetch_related_objects(sessions, *COURSE)
    return [_row(session, session.pk in held, now) for session in sessions]


def _row(session: Session, held: bool, now: datetime) -> SessionRow:
    items = list(session.items.all())
    outcomes = final_outcomes(items, session.steps.all(), session.ends_at, now) if held else []
    if not outcomes:
        return SessionRow(session.number, session.title, session.minutes, held=held)
    changes = closing.changes(items, outcomes, session.adaptations.all())
    return SessionRow(
        session.number,
        session.title,
        session.minutes,
        held=held,
        took=sum(outcome.actual or 0 for outcome in outcomes),
        planned=sum(outcome.planned for outcome in outcomes if outcome.happened != Happened.ADDED),
        items=Counter(outcome.happened.value for outcome in outcomes),
        reasons=sum(bool(change.why.strip()) for change in changes),
        by_group=sum(change.by_group for change in changes),
    )


def suggestions(cohort: Cohort) -> Suggestions:
    counts = Suggestion.objects.filter(cohort=cohort).aggregate(
        made=Count("pk"), answered=Count("pk", filter=~Q(answer=""))
    )
    return Suggestions(made=counts["made"], answered=counts["answered"])
