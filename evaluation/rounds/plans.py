"""How a group is asked before and after: by which way, with which measure, until when. Reads only."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils import timezone

from caregivers.models import Consent, ConsentKind, Place
from evaluation.collecting import collect
from evaluation.models import EvaluationPlan, Measure, Mode, Wave
from feedback.models import Questionnaire
from programmes.models import Cohort
from sessions_app.models import Session

LATE = timedelta(days=7)  # opened after its usual end, a round still gets a week
AFTER_LASTS = timedelta(weeks=4)
LATER = timedelta(days=91)  # three months


def mode_of(cohort: Cohort) -> str:
    """Confidential links, unless the lead chose cards."""
    plan = EvaluationPlan.objects.filter(cohort=cohort).only("mode").first()
    return plan.mode if plan else Mode.CONFIDENTIAL


def is_coded(wave: Wave) -> bool:
    return mode_of(wave.cohort) == Mode.CODED


def first_round(cohort: Cohort) -> Wave | None:
    """The one that was opened first. A card counts that was used in it."""
    return Wave.objects.filter(cohort=cohort).select_related("form").order_by("pk").first()


def measures() -> list[Measure]:
    """Those that a group may be asked: the version in use of each."""
    rows = Measure.objects.filter(questionnaire__state=Questionnaire.State.CURRENT).select_related("questionnaire")
    newest = {row.questionnaire.slug: row for row in rows.order_by("questionnaire__version")}
    return sorted(newest.values(), key=lambda row: row.questionnaire.title.casefold())


def may_be_asked(wave: Wave) -> set[int]:
    """Places of those who agreed to the evaluation; three months later also to being contacted."""
    agreed = collect.consenting_places(wave.cohort)
    if wave.point != Wave.Point.LATER:
        return agreed
    standing = Consent.objects.standing(ConsentKind.AFTER).values("caregiver")
    later = Place.objects.filter(cohort=wave.cohort_id, caregiver__in=standing).values_list("pk", flat=True)
    return agreed & set(later)


def closes_at(cohort: Cohort, point: str, now: datetime) -> datetime | None:
    """Before: when the second session begins. After: four weeks after the last one. Later: four weeks after the three
    months. None where there are no dates to go by."""
    sessions = list(Session.objects.taking_place().filter(cohort=cohort, extra=False).order_by("starts_at"))
    if not sessions:
        return None
    if point == Wave.Point.BEFORE:
        usual = sessions[1].starts_at if len(sessions) > 1 else sessions[0].ends_at + LATE
        return usual if usual > now else now + LATE
    wait = LATER if point == Wave.Point.LATER else timedelta()
    return max(now, sessions[-1].ends_at + wait) + AFTER_LASTS


def later_from(cohort: Cohort) -> date | None:
    """The day from which people are asked once more; None while there is no last session."""
    last = Session.objects.taking_place().filter(cohort=cohort, extra=False).order_by("starts_at").last()
    return timezone.localdate(last.ends_at + LATER) if last else None
