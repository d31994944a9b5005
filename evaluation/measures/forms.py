"""What a lead types about scoring."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.measures.actions import Counts
from evaluation.measures.lookup import BadTable, lookup_as_text, lookup_from_text
from evaluation.measures.queries import GOAL
from evaluation.models import Domain, Measure, MeasureItem
from feedback.models import Question
from feedback.questions.forms import SeenField
from ppg.forms.fields import ChoiceRadios, GovForm, LongTextField, NumberField, TextField, Tick

NOTHING = ""
COUNTS_FOR = [
    (NOTHING, gettext_lazy("Nothing: it makes no score")),
    *Domain.choices,
    (GOAL, gettext_lazy("Their own goal, by itself")),
]


class ScoringForm(GovForm):
    """For each question what it counts for, then how the score is made of them."""

    form_tag = False
    mark_optional = False

    method = ChoiceRadios(label=gettext_lazy("The score is the"), choices=Measure.Method.choices)
    first_counts = ChoiceRadios(
        label=gettext_lazy("The first answer of a question counts"),
        choices=[(0, "0"), (1, "1")],
        inline=True,
        help_text=gettext_lazy("As in the owner’s instructions. It makes no difference to how much somebody changes."),
    )
    least_answered = NumberField(
        label=gettext_lazy("Least number of answers for a score"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy(
            "Of the questions that count for the same. Those left out count as the mean of the others."
        ),
    )
    lookup = LongTextField(
        label=gettext_lazy("Table from raw to scaled scores"),
        required=False,
        rows=8,
        max_length=8000,
        help_text=gettext_lazy(
            "Only where the owner gives one. A line for each raw score, like 7 = 7.00, or pasted from a spreadsheet."
        ),
    )
    licence = TextField(
        label=gettext_lazy("Licence"),
        max_length=250,
        required=False,
        help_text=gettext_lazy("Its reference, or where the owner allows its use. Not needed for our own questions."),
    )
    seen = SeenField()

    def __init__(self, *args: Any, questions: Iterable[Question], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.questions = list(questions)
        asked: dict[str, forms.Field] = {}
        for question in self.questions:
            asked[f"domain-{question.slug}"] = forms.ChoiceField(
                label=question.text, choices=COUNTS_FOR, required=False
            )
            asked[f"reverse-{question.slug}"] = Tick(label=_("A high answer means that things are bad"))
        self.fields = {**asked, **self.fields}

    def rows(self) -> list[tuple[Question, forms.BoundField, forms.BoundField]]:
        return [
            (question, self[f"domain-{question.slug}"], self[f"reverse-{question.slug}"]) for question in self.questions
        ]

    def clean_first_counts(self) -> int:
        return int(self.cleaned_data["first_counts"])

    def clean_lookup(self) -> dict[str, str]:
        try:
            return lookup_from_text(self.cleaned_data["lookup"])
        except BadTable as error:
            raise ValidationError(str(error)) from error

    def counts(self) -> dict[str, Counts]:
        values = self.cleaned_data
        return {
            question.slug: Counts("" if domain == GOAL else domain, values[f"reverse-{question.slug}"])
            for question in self.questions
            if (domain := values[f"domain-{question.slug}"]) != NOTHING
        }

    def scoring(self) -> dict[str, Any]:
        return {
            name: self.cleaned_data[name] for name in ("method", "first_counts", "least_answered", "lookup", "licence")
        }


def first_values(measure: Measure, items: Iterable[MeasureItem]) -> dict[str, Any]:
    """The scoring as the form shows it."""
    values: dict[str, Any] = {
        "method": measure.method,
        "first_counts": measure.first_counts,
        "least_answered": measure.least_answered,
        "lookup": lookup_as_text(measure.lookup),
        "licence": measure.licence,
    }
    for item in items:
        values[f"domain-{item.question.slug}"] = item.domain or GOAL
        values[f"reverse-{item.question.slug}"] = item.reverse
    return values
