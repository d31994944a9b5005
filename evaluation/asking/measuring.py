"""Changing how a measure is scored, beside its questions. A published version never changes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.asking.measures import OWN, own_measure, spec_of
from evaluation.asking.scoring import MeasureSpec
from evaluation.models import Measure, MeasureItem
from feedback import editing, fingerprints, questionnaires
from feedback.models import Frozen, Question, Questionnaire
from ppg import audit
from ppg.models import User

COUNTABLE = (Question.Kind.SCALE, Question.Kind.CHOICE, Question.Kind.NUMBER)
RAW, SCALED = re.compile(r"[0-9]{1,4}"), re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,6})?")
FIELDS = ("method", "first_counts", "least_answered", "lookup", "licence")


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
    draft = editing.the_draft([questionnaire])
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
    editing.touch(draft, by, None)
    audit.record(by, audit.Verb.CHANGED, draft, fields=[*fields, "items"])
    return measure


def facts(questionnaire: Questionnaire) -> Any:
    """Of the scoring, as JSON."""
    measure = Measure.objects.get(questionnaire=questionnaire)
    items = measure.items.order_by("question__slug").values_list("question__slug", "domain", "reverse")
    return [{name: getattr(measure, name) for name in FIELDS}, [list(item) for item in items]]


def fingerprint(questionnaire: Questionnaire) -> str:
    return fingerprints.digest(facts(questionnaire))


# --- What keeps it from being published ------------------------------------------------------------------


def problems(draft: Questionnaire) -> list[str]:
    measure = Measure.objects.get(questionnaire=draft)
    found = []
    if draft.slug != OWN and not measure.licence:
        found.append(_("These questions are not ours. Enter the reference of the licence for them."))
    items = measure.items.select_related("question")
    if any(item.question.kind not in COUNTABLE for item in items):
        found.append(_("A question that is answered with words or with several ticks cannot count for a score."))
    elif not items:
        found.append(_("Say what the questions count for: no score can be made yet."))
    else:
        found += lookup_problems(spec_of(measure))
    return found


def lookup_problems(spec: MeasureSpec) -> list[str]:
    """Whether a table from raw to scaled scores fits the questions: each raw score there can be, and no other."""
    if not spec.lookup:
        return []
    if spec.method != Measure.Method.SUM:
        return [_("A table from raw to scaled scores goes with a sum, not with a mean.")]
    if len(spec.domains()) != 1:
        return [_("A table from raw to scaled scores is for questions that all count for the same.")]
    there_can_be = set(possible(spec))
    missing, other = sorted(there_can_be - set(spec.lookup)), sorted(set(spec.lookup) - there_can_be)
    found = []
    if missing:
        found.append(_("The table lacks these raw scores: %(scores)s.") % {"scores": listed(missing)})
    if other:
        found.append(_("The table has raw scores that nobody can have: %(scores)s.") % {"scores": listed(other)})
    return found


def possible(spec: MeasureSpec) -> range:
    """Every raw sum of a measure of one domain."""
    items = spec.items
    lowest = sum(item.low + item.shift for item in items)
    return range(lowest, sum(item.high + item.shift for item in items) + 1)


def listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:8])
    return shown if len(numbers) <= 8 else _("%(some)s and %(n)d more") % {"some": shown, "n": len(numbers) - 8}


class BadTable(ValueError):
    """A line that cannot be read, in a sentence."""


def lookup_from_text(text: str) -> dict[str, str]:
    """A table typed or pasted: on each line a raw score and its scaled one, with =, a comma, a semicolon, a tab or a
    space between them. A first line of headings is left out. Scaled scores keep their digits as they were typed."""
    table: dict[str, str] = {}
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        for mark in "=,;\t":
            line = line.replace(mark, " ")
        parts = line.replace('"', "").split()
        if number == 1 and not any(part[0].isdigit() for part in parts):
            continue
        if len(parts) != 2 or not RAW.fullmatch(parts[0]) or not SCALED.fullmatch(parts[1]):
            raise BadTable(_("Line %(n)d of the table must be two numbers, like 7 = 7.00") % {"n": number})
        raw = str(int(parts[0]))
        if raw in table:
            raise BadTable(_("The raw score %(raw)s is in the table twice") % {"raw": raw})
        table[raw] = parts[1]
    return table


def lookup_as_text(lookup: Mapping[str, Any]) -> str:
    return "\n".join(f"{raw} = {scaled}" for raw, scaled in sorted(lookup.items(), key=lambda pair: int(pair[0])))


def register() -> None:
    questionnaires.SHIPPED[OWN] = own_measure
    questionnaires.BESIDE[Questionnaire.Kind.MEASURE] = questionnaires.Beside(
        started=started,
        problems=problems,
        facts=facts,
        page="evaluation:measure",
        label=gettext_lazy("How it is scored"),
        preview="evaluation/answer.html",
    )
