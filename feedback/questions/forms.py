"""What a lead types about questions: text in, values out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.kinds import KINDS
from feedback.models import Question
from ppg.forms.fields import ChoiceRadios, GovForm, LongTextField, NumberField, TextField, Tick

MOST_LETTERS = 250
MOST_OPTIONS = 12
MOST_POINTS = 11


class SeenField(forms.CharField):
    """The fingerprint of what the page showed."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=22)


class NewMeasureForm(GovForm):
    submit_label = gettext_lazy("Begin")
    one_effect = True
    title = TextField(label=gettext_lazy("What is it called?"), max_length=120)


class AboutForm(GovForm):
    title = TextField(
        label=gettext_lazy("Title"), max_length=120, help_text=gettext_lazy("Staff see it. The people asked do not.")
    )
    intro = LongTextField(
        label=gettext_lazy("What stands above the questions"), required=False, rows=3, max_length=1000
    )
    seen = SeenField()


class QuestionForm(GovForm):
    """One question. A scale has all its words, or two words and how many points lie from one to the other."""

    text = TextField(label=gettext_lazy("Question"), max_length=MOST_LETTERS)
    hint = TextField(label=gettext_lazy("Help under it"), max_length=MOST_LETTERS, required=False)
    kind = ChoiceRadios(
        label=gettext_lazy("How is it answered?"),
        choices=[(kind.name, kind.label) for kind in KINDS.values()],
        hints={kind.name: kind.hint for kind in KINDS.values() if kind.hint},
    )
    options = LongTextField(
        label=gettext_lazy("Words of the answers"),
        required=False,
        rows=6,
        max_length=2000,
        help_text=gettext_lazy(
            "One a line; those of a scale lowest first. For 0 to 10, the word for 0 and the word for 10. "
            "Leave it empty for an answer in their own words."
        ),
    )
    points = NumberField(
        label=gettext_lazy("Points of the scale, where only its two ends have words"),
        required=False,
        min_value=3,
        max_value=MOST_POINTS,
    )
    quotable = Tick(
        label=gettext_lazy("Ask whether these words may be quoted without a name"),
        help_text=gettext_lazy("Only for an answer in their own words"),
    )
    seen = SeenField()

    def clean_options(self) -> list[str]:
        lines = [" ".join(line.split()) for line in self.cleaned_data["options"].splitlines() if line.strip()]
        if any(len(line) > MOST_LETTERS for line in lines):
            raise forms.ValidationError(_("Each answer can have up to %(n)d letters") % {"n": MOST_LETTERS})
        if len(lines) > MOST_OPTIONS:
            raise forms.ValidationError(_("There can be up to %(n)d answers") % {"n": MOST_OPTIONS})
        if len(set(lines)) < len(lines):
            raise forms.ValidationError(_("Two answers are the same. Make them different or take one out"))
        return lines

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind, words, points = KINDS.get(data.get("kind", "")), data.get("options"), data.pop("points", None)
        if kind is None or words is None:
            return data
        data["quotable"] = data["quotable"] and kind.is_words
        try:
            data["options"] = kind.clean_options(words, points)
        except forms.ValidationError as error:
            self.add_error("options", error)
        return data


class NewQuestionForm(QuestionForm):
    one_effect = True


def first_values(question: Question) -> dict[str, Any]:
    """A question as the form shows it."""
    ends_only = "" in question.options
    return {
        "text": question.text,
        "hint": question.hint,
        "kind": question.kind,
        "options": "\n".join(word for word in question.options if word),
        "points": len(question.options) if ends_only else None,
        "quotable": question.quotable,
    }


class PublishForm(GovForm):
    submit_label = gettext_lazy("Publish")
    seen = SeenField()
