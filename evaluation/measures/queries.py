"""How a measure in the database is scored, and what is missing in a draft of one."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from evaluation.figures.rows import DomainSpec
from evaluation.measures.lookup import lookup_problems
from evaluation.measures.scoring import ItemSpec, MeasureSpec
from evaluation.models import Domain, Measure, MeasureItem
from feedback.kinds import KINDS
from feedback.models import Questionnaire
from ppg.versions import digest

OWN = "before-and-after"
GOAL = "goal"  # the domain of the personal goal
COUNTABLE = [kind.name for kind in KINDS.values() if kind.in_scores]
FIELDS = ("method", "first_counts", "least_answered", "lookup", "licence")


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
    return ItemSpec(
        key=item.question.slug,
        domain=item.domain or GOAL,
        low=0,
        high=len(item.question.choices) - 1,
        reverse=item.reverse,
        shift=0 if item.question.behaviour.is_number else measure.first_counts,
    )


def domains_of(spec: MeasureSpec) -> list[DomainSpec]:
    """The measure's domains with their titles and the ends of their scores."""
    titles = {**{value: str(label) for value, label in Domain.choices}, GOAL: _("Their own goal")}
    return [DomainSpec(key, titles[key], *spec.range(key)) for key in spec.domains()]


def facts(questionnaire: Questionnaire) -> Any:
    """Of the scoring, as JSON."""
    measure = Measure.objects.get(questionnaire=questionnaire)
    items = measure.items.order_by("question__slug").values_list("question__slug", "domain", "reverse")
    return [{name: getattr(measure, name) for name in FIELDS}, [list(item) for item in items]]


def fingerprint(questionnaire: Questionnaire) -> str:
    return digest(facts(questionnaire))


def problems(draft: Questionnaire) -> list[str]:
    measure = Measure.objects.get(questionnaire=draft)
    sentences = []
    if draft.slug != OWN and not measure.licence:
        sentences.append(_("These questions are not ours. Enter the reference of the licence for them."))
    items = measure.items.select_related("question")
    if not all(item.question.behaviour.in_scores for item in items):
        sentences.append(_("A question that is answered with words or with several ticks cannot count for a score."))
    elif not items:
        sentences.append(_("Say what the questions count for: no score can be made yet."))
    else:
        sentences += lookup_problems(spec_of(measure))
    return sentences
