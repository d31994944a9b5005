"""The fields in which an agenda is typed, a guide's and a session's alike."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.fields import LongTextField, NumberField
from programmes.agenda import prompts

MOST_MINUTES = 300


class LinesField(LongTextField):
    """One thing a line; cleans to a list."""

    def __init__(self, *, most: int = 160, **kwargs: Any):
        self.most = most
        super().__init__(required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        lines = prompts.lines_from_text(super().clean(value))
        if any(len(line) > self.most for line in lines):
            raise forms.ValidationError(
                _("Each line of “%(label)s” can have up to %(most)d letters and spaces")
                % {"label": self.label, "most": self.most}
            )
        return lines


class PromptsField(LongTextField):
    """Prompts in two levels, one a line; cleans to what `AgendaItem.prompts` holds."""

    def prepare_value(self, value: Any) -> Any:
        return prompts.prompts_as_text(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        return prompts.prompts_from_text(super().clean(value))


def minutes_field(**kwargs: Any) -> NumberField:
    return NumberField(label=gettext_lazy("Minutes"), min_value=1, max_value=MOST_MINUTES, **kwargs)
