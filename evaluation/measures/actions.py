"""Loading the measure that ships, and changing how one is scored. A published version never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from evaluation.measures.queries import COUNTABLE, FIELDS, OWN, fingerprint
from evaluation.models import Measure, MeasureItem
from feedback.kinds import Scale
from feedback.models import Frozen, Question, Questionnaire
from feedback.questions import actions as editing
from feedback.questions import fingerprints, questionnaires
from ppg.audit_trail import audit
from ppg.files import shipped
from ppg.models import User
from ppg.versions import touch


@dataclass(frozen=True)
class Counts:
    """What one question counts for: a domain ("" is the personal goal), and whether a high answer is bad."""

    domain: str
    reverse: bool = False


def started(draft: Questionnaire, source: Questionnaire | None) -> None:
    """The scoring of a new draft: that of the version it was copied from."""
    if source is None:
        Measure.objects.create(questionnaire=draft)
        return
    was = source.measure
    measure = Measure.objects.create(questionnaire=draft, **{name: getattr(was, name) for name in FIELDS})
    questions = {question.slug: question for question in draft.questions.all()}
    MeasureItem.objects.bulk_create(
        MeasureItem(measure=measure, question=questions[item.question.slug], domain=item.domain, reverse=item.reverse)
        for item in was.items.select_related("question")
    )


@transaction.atomic
def save_scoring(
    *, questionnaire: Questionnaire, by: User, counts: Mapping[str, Counts], seen: str, **fields: Any
) -> Measure:
    """`counts`: question's slug → what it counts for; who is not in it does not count."""
    draft = editing.the_draft(editing.locked(questionnaire, by))  # not published while its scoring is written
    measure = Measure.objects.select_for_update().get(questionnaire=draft)
    if draft.is_frozen():
        raise Frozen
    if seen != fingerprint(draft):
        raise fingerprints.meanwhile(draft, by)
    for name, value in fields.items():
        setattr(measure, name, value)
    measure.save()
    measure.items.all().delete()
    MeasureItem.objects.bulk_create(
        MeasureItem(measure=measure, question=question, domain=what.domain, reverse=what.reverse)
        for question in draft.questions.filter(kind__in=COUNTABLE)
        if (what := counts.get(question.slug))
    )
    touch(draft, by, None)
    audit.record(by, audit.Verb.CHANGED, draft, fields=[*fields, "items"])
    return measure


def own_measure() -> Measure:
    """Our own short measure, in the version in use; the first one is read from fixtures/."""
    current = Measure.objects.filter(questionnaire__slug=OWN, questionnaire__state=Questionnaire.State.CURRENT)
    return current.select_related("questionnaire").first() or load(OWN)


@transaction.atomic
def load(slug: str) -> Measure:
    """The first version of a measure, from fixtures/<slug>.yaml. Nothing changes where it is there already."""
    data = shipped.read(settings.BASE_DIR / "fixtures" / f"{slug}.yaml")
    questionnaire, made = Questionnaire.objects.get_or_create(
        slug=slug, version=1, defaults={"kind": data["kind"], "title": data["title"]}
    )
    if not made:
        return questionnaire.measure
    measure = Measure.objects.create(
        questionnaire=questionnaire, method=data["method"], least_answered=data["least_answered"]
    )
    for position, row in enumerate(data["questions"], start=1):
        counts = {"domain": row.pop("domain"), "reverse": row.pop("reverse", False)}
        defaults = {"kind": Scale.name, "options": data["scale"]}
        question = Question.objects.create(questionnaire=questionnaire, position=position, **(defaults | row))
        MeasureItem.objects.create(measure=measure, question=question, **counts)
    questionnaires.freeze(questionnaire)
    return measure
