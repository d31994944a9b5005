"""Changing the council's texts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caregivers.models import ConsentWording
from caregivers.text_blocks import blocks
from ppg.forms.fields import GovForm, LongTextField

LONGEST = 20_000
LONGEST_STATEMENT = 150


class WordingForm(GovForm):
    """The whole text. `seen`, the version it was written from, travels along to the press that publishes."""

    submit_label = _("See it as it will be shown")

    text = LongTextField(label=_("Text"), max_length=LONGEST, rows=24, error_messages={"required": _("Write the text")})
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, current: ConsentWording, **kwargs: Any) -> None:
        self.current = current
        super().__init__(*args, **kwargs)
        self.fields["text"].help_text = HINT_OF_CONSENT if current.is_consent else HINT
        if current.is_consent:
            self.fields["text"].widget.attrs["rows"] = 10

    def clean_text(self) -> str:
        text = "\n".join(line.rstrip() for line in self.cleaned_data["text"].strip().splitlines())
        if text.count("[") != text.count("]"):
            raise ValidationError(_("A square bracket is opened and not closed, or closed and not opened"))
        if self.current.is_consent:
            statement, _line, explanation = text.partition("\n")
            if len(statement) > LONGEST_STATEMENT:
                raise ValidationError(_("The first line is what people say yes to: 150 letters and spaces at most"))
            if not explanation.strip():
                raise ValidationError(_("Say in a second line what it means, and what happens when they take it back"))
        elif blocks(text)[0].kind != "heading":
            raise ValidationError(_("Begin with a heading: a line that starts with # and a space"))
        return text


class PublishForm(WordingForm):
    """What was previewed, on its way to being published. Nothing to fill in."""

    one_effect = True
    submit_label = _("Publish this version")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget = forms.HiddenInput()


HINT = _(
    "A line that starts with # and a space is a heading, with - and a space a line of a list, and with | a row of a "
    "table. What stands [in square brackets] is still to be filled in."
)
HINT_OF_CONSENT = _(
    "The first line is what people say yes to. The lines after it say what it means, and what happens when they take "
    "it back. What stands [in square brackets] is still to be filled in."
)
