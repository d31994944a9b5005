"""Measures as data: the one that ships, and how a measure in the database is scored."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.asking.scoring import ItemSpec, MeasureSpec
from evaluation.figures.rows import DomainSpec
from evaluation.models import Domain, Measure, MeasureItem
from feedback import questionnaires
from feedback.forms import HIGHEST
from feedback.models import Question, Questionnaire
from ppg import shipped

OWN = "before-and-after"
GOAL = "goal"  # the domain of the personal goal


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
        defaults = {"kind": Question.Kind.SCALE, "options": data["scale"]}
        question = Question.objects.create(questionnaire=questionnaire, position=position, **(defaults | row))
        MeasureItem.objects.create(measure=measure, question=question, **counts)
    questionnaires.freeze(questionnaire)
    return measure


def spec_of(measure: Measure) -> MeasureSpec:
    """How the measure is scored, in the order of its questions. One query."""
    items = measure.items.select_related("question").order_by("question__position")
    return MeasureSpec(
        items=tuple(item_spec(measure, item) for item in items),
        method=measure.method,
        least_answered=measure.least_answered,
        lookup={int(raw): float(scaled) for raw, scaled in measure.lookup.items()},
    )


def item_spec(measure: Measure, item: MeasureItem) -> ItemSpec:
    """Answers are kept from 0 on, whatever the first of them counts; 0 to 10 counts as it is."""
    is_number = item.question.kind == Question.Kind.NUMBER
    return ItemSpec(
        key=item.question.slug,
        domain=item.domain or GOAL,
        low=0,
        high=HIGHEST if is_number else len(item.question.options) - 1,
        reverse=item.reverse,
        shift=0 if is_number else measure.first_counts,
    )


def domains_of(spec: MeasureSpec) -> list[DomainSpec]:
    """The measure's domains with their titles and the ends of their scores."""
    titles = {**{value: str(label) for value, label in Domain.choices}, GOAL: _("Their own goal")}
    return [DomainSpec(key, titles[key], *spec.range(key)) for key in spec.domains()]
