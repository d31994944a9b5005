"""The report's text, and answers that staff write down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.sections import ALL, MOST_LINES
from feedback.forms import AnswerForm
from feedback.models import Way
from ppg.formfields import ChoiceRadios, GovForm, LongTextField


class ReportForm(GovForm):
    """One box for each section. `seen` says which saved text the page was opened with."""

    form_tag = False
    one_effect = True
    mark_optional = False

    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for section in ALL:
            self.fields[section.key] = LongTextField(
                label=section.title,
                help_text=section.hint,
                max_length=section.longest,
                rows=4 if section.longest < 1000 else 10,
                count=True,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for section in ALL:
            lines = [line for line in data.get(section.key, "").splitlines() if line.strip()]
            if len(lines) > MOST_LINES:
                sentence = _("“%(label)s” can have up to %(most)s lines; you typed %(n)s")
                self.add_error(section.key, sentence % {"label": section.title, "most": MOST_LINES, "n": len(lines)})
        return data

    def need(self, keys: list[str]) -> None:
        """Marks the sections without which nothing is published."""
        for section in ALL:
            if section.key in keys:
                sentence = _("Write “%(label)s” before you publish") % {"label": section.title}
                self.add_error(section.key, ValidationError(sentence))

    def text(self) -> dict[str, str]:
        return {section.key: self.cleaned_data[section.key] for section in ALL}


class WrittenDownForm(AnswerForm):
    """The same questions, for answers given on paper or spoken."""

    submit_label = gettext_lazy("Keep these answers")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        way = ChoiceRadios(
            label=_("How were these answers given?"),
            choices=[(Way.PAPER, Way.PAPER.label), (Way.SPOKEN, _("By phone, or read out"))],
        )
        self.fields = {"way": way, **self.fields}
