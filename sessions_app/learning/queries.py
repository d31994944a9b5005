"""Sessions beside the version of the guide they were copied from: out of the database, for `learned`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db.models import Prefetch

from ppg.models import User
from programmes.agenda.changes import Part
from programmes.models import Cohort, Guide
from sessions_app.learning.learned import Copied, Reason
from sessions_app.models import Adaptation, Session, SessionItem, SessionStep, took_place
from sessions_app.running.clock import Happened, outcomes_at, replay


def key_of(item: SessionItem) -> str:
    """What an item of a session is known by: the key of the guide's item, or its own code where it was added."""
    return item.source.key if item.source else item.code


def items_of(session: Session) -> list[SessionItem]:
    return list(session.items.select_related("source").prefetch_related("uses_in_order__resource"))


def agenda_of(items: Iterable[SessionItem], steps: Iterable[SessionStep] = ()) -> list[Part]:
    """What the group planned to do, in order; and where the session was run to its end, what it did: without what
    was left out, and in the minutes that were needed where these are more than a little off the plan's."""
    items = list(items)
    ran = outcomes_at(items, stand) if (stand := replay(items, steps)[0][-1]).ended_at else []
    left_out = {outcome.item.pk for outcome in ran if outcome.happened == Happened.LEFT_OUT or outcome.took == 0}
    took = {
        outcome.item.pk: outcome.took for outcome in ran if outcome.happened in (Happened.SHORTENED, Happened.EXTENDED)
    }
    return [
        replace(Part.of(item, key_of(item)), minutes=took.get(item.pk) or item.minutes)
        for item in items
        if item.pk not in left_out and ((ran and item.counted) or not item.left_out)
    ]


def plan_of(guide: Guide) -> list[Part]:
    return [Part.of(item, item.key) for item in guide.items.all()]


def copies_of(guide: Guide, reader: User, now: datetime) -> list[Copied]:
    """Every session of this guide that a group has held, in whichever version. What is only planned teaches nothing
    yet, and those that were added are no copies.

    Groups whose team the reader is not in have no name and give no reasons. The same number of queries however many.
    """
    items = SessionItem.objects.select_related("source", "remark").prefetch_related("uses_in_order")
    why = Adaptation.objects.filter(kind=Adaptation.Kind.AGENDA).select_related("item__source")
    sessions = (
        Session.objects.filter(guide__programme=guide.programme_id, guide__number=guide.number, extra=False)
        .filter(took_place(now))
        .select_related("cohort", "guide")
        .prefetch_related(
            Prefetch("items", items), Prefetch("adaptations", why), "steps", "guide__items__uses_in_order"
        )
        .order_by("starts_at", "pk")
    )
    seen = set(Cohort.objects.visible_to(reader).values_list("pk", flat=True))
    return [copied(session, session.cohort_id in seen) for session in sessions]


def copied(session: Session, is_seen: bool) -> Copied:
    return Copied(
        session=session.code,
        group=session.cohort.name if is_seen else "",
        planned=plan_of(session.guide) if session.guide else [],
        agenda=agenda_of(session.items.all(), session.steps.all()),
        reasons=reasons_of(session) if is_seen else [],
    )


def reasons_of(session: Session) -> list[Reason]:
    """What was said when the plan was changed, and after the evening about each part."""
    reasons = [
        Reason(
            key_of(adaptation.item) if adaptation.item else "",
            adaptation.why,
            adaptation.by_group,
            frozenset(adaptation.after),
        )
        for adaptation in session.adaptations.all()
    ]
    remarks = [(item, getattr(item, "remark", None)) for item in session.items.all()]
    reasons += [Reason(key_of(item), remark.why, remark.by_group) for item, remark in remarks if remark and remark.why]
    return reasons
