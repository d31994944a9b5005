"""Forms for typing in paper sheets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.answering.forms import AnswerForm, name_of, quote_name_of
from feedback.models import Question
from feedback.paper.piles import EXTRA, FIRST, MOST_SHEETS, SECOND, Difference, Sheet
from ppg.forms.fields import ChoiceRadios, GovForm, NumberField


class PileForm(GovForm):
    """How many sheets there are."""

    submit_label = gettext_lazy("Start typing")
    one_effect = True

    sheets = NumberField(
        label=gettext_lazy("How many sheets are in the pile?"),
        min_value=1,
        max_value=MOST_SHEETS,
        error_messages={"required": gettext_lazy("Count the sheets and enter how many there are")},
    )


class SheetForm(AnswerForm):
    """One sheet. `extra` fields stand first: what is on the sheet beside the answers. All may be left out but those."""

    form_tag = False
    form_action = ""

    def __init__(
        self,
        questions: Iterable[Question],
        *args: Any,
        extra: Mapping[str, forms.Field] | None = None,
        sheet: Sheet | None = None,
        **kwargs: Any,
    ):
        questions, self.extra = list(questions), dict(extra or {})
        super().__init__(questions, *args, initial=_as_initial(questions, sheet or {}), **kwargs)
        for question in self.questions:
            self.fields[name_of(question)].required = False
        del self.fields["nonce"]
        self.fields = {**self.extra, **self.fields}

    def clean(self) -> dict[str, Any]:
        data = super(AnswerForm, self).clean() or self.cleaned_data
        if not self.errors and not super().payload():
            raise ValidationError(_("Nothing is chosen. If the sheet is blank, press “This sheet is blank”."))
        return data

    def sheet(self) -> Sheet:
        """As `feedback.paper.piles` keeps it."""
        beside = {f"{EXTRA}{name}": self.cleaned_data[name] for name in self.extra if self.cleaned_data[name]}
        return {**self.payload(), **beside}


def _as_initial(questions: Iterable[Question], sheet: Sheet) -> dict[str, Any]:
    initial: dict[str, Any] = {name.removeprefix(EXTRA): value for name, value in sheet.items() if name[0] == EXTRA}
    for question in questions:
        value = sheet.get(question.slug)
        if isinstance(value, dict):
            initial[quote_name_of(question)] = value["may_quote"]
            value = value["text"]
        initial[name_of(question)] = value
    return initial


class DifferencesForm(GovForm):
    """Which of two typings is right, answer by answer."""

    form_tag = False
    mark_optional = False

    def __init__(self, differences: Sequence[Difference], *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for difference in differences:
            self.fields[difference.key] = ChoiceRadios(
                label=_("Sheet %(n)s: %(question)s") % {"n": difference.sheet, "question": difference.asked},
                choices=[(FIRST, difference.first), (SECOND, difference.second)],
                hints={FIRST: _("typed first"), SECOND: _("typed second")},
                error_messages={"required": _("Choose what stands on sheet %(n)s") % {"n": difference.sheet}},
            )
