"""The kinds of questions: a class for each, which says all that sets it apart. A new kind is a new class here.

Everything else asks `Question.behaviour` and never for a kind by its name. The classes lie below the models, so that a
model, a page and a figure ask the same one; as a Django model field does, a kind makes its own form field.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from ppg.forms.fields import ChoiceCheckboxes, ChoiceRadios, LongTextField

HIGHEST = 10  # of the numbers from 0
MOST_LETTERS = 1000  # of words
TOO_LONG = "This is too long. Please write less."

KINDS: dict[str, Kind] = {}  # by name, in the order in which they are offered


class AnswerRadios(ChoiceRadios):
    """One of several, as a number."""

    def clean(self, value: Any) -> int | str:
        value = super().clean(value)
        return int(value) if value != "" else ""


class AnswerTicks(ChoiceCheckboxes):
    """Any of several, as numbers in order."""

    def clean(self, value: Any) -> list[int]:
        return sorted({int(one) for one in super().clean(value)})


class Kind:
    """How a question is answered. Unless a kind says otherwise, an answer is the place of one option, from 0.

    `options` are a question's `labels`, `given` is an answer as its envelope holds it (`feedback.sealing.Given`).
    """

    name: ClassVar[str]  # as `Question.kind` stores it: seven letters at most
    label: ClassVar[Promise]
    hint: ClassVar[Promise | str] = ""  # under its label, where a question is written

    is_words: ClassVar[bool] = False  # stands apart from the sheet, is read one by one and never counted
    is_number: ClassVar[bool] = False  # counts for a score as it is; the place of an option, from what the first counts
    takes_several: ClassVar[bool] = False  # one sheet may have several answers to it
    is_ordered: ClassVar[bool] = False  # a higher number is more of it, so there is a median
    in_scores: ClassVar[bool] = True  # a measure may be made of it
    in_report: ClassVar[bool] = True  # the report shows how many gave which answer

    paper_template: ClassVar[str] = "feedback/kinds/paper_options.html"
    results_template: ClassVar[str] = "feedback/kinds/results_counts.html"

    # By name, what stands beside such a question, and what may be wrong with its answer: translated with the questions
    # (`feedback.languages.texts`).
    page: ClassVar[Mapping[str, str]] = {}
    mistakes: ClassVar[Mapping[str, str]] = {}

    def __init_subclass__(cls) -> None:
        KINDS[cls.name] = cls()

    def clean_options(self, words: list[str], points: int | None) -> list[str]:
        """What was typed as its options, as `Question.options` stores them. `points`: of a scale with words at its
        ends."""
        if len(words) < 2:
            raise ValidationError(_("Give at least two answers, one a line"))
        return words

    def choices(self, options: Sequence[str]) -> list[str]:
        """Every answer that can be chosen, in words, in the place of its number."""
        return list(options)

    def help_text(self, hint: str, options: Sequence[str], page: Mapping[str, str], foreign: bool) -> str:
        """What stands under the question. `page`: what stands around the questions in their language; `foreign`: no
        word of ours stands beside them."""
        return hint

    def field(self, options: Sequence[str], **common: Any) -> forms.Field:
        """Cleans to what its envelope holds; what was left out is empty."""
        return AnswerRadios(choices=list(enumerate(self.choices(options))), **common)

    def stored(self, given: Any) -> list[dict[str, Any]]:
        """The fields of each `Answer` that it becomes."""
        return [{"number": int(given)}]

    def in_words(self, given: Any, options: Sequence[str]) -> str:
        """As people read it. An answer that is none of the choices is read as its number."""
        choices = self.choices(options)
        return choices[given] if 0 <= given < len(choices) else str(given)


class Scale(Kind):
    name = "scale"
    label = gettext_lazy("Scale with words")
    hint = gettext_lazy("From the least to the most")
    is_ordered = True

    def clean_options(self, words: list[str], points: int | None) -> list[str]:
        if not points:
            return super().clean_options(words, points)
        if len(words) != 2:
            raise ValidationError(_("For a scale with points, give two words: for its lowest and its highest"))
        return [words[0], *[""] * (points - 2), words[1]]


class Choice(Kind):
    name = "choice"
    label = gettext_lazy("One of several")


class Several(Kind):
    """Any of the options: a list of their places in the envelope, an `Answer` for each afterwards."""

    name = "several"
    label = gettext_lazy("Any of several")
    takes_several = True
    in_scores = in_report = False
    paper_template = "feedback/kinds/paper_ticks.html"
    page: ClassVar[Mapping[str, str]] = {"tick": gettext_noop("Tick all that fit.")}

    def help_text(self, hint: str, options: Sequence[str], page: Mapping[str, str], foreign: bool) -> str:
        return hint or page.get("tick", "") or _("Tick all that fit.")

    def field(self, options: Sequence[str], **common: Any) -> forms.Field:
        return AnswerTicks(choices=list(enumerate(self.choices(options))), **common)

    def stored(self, given: Any) -> list[dict[str, Any]]:
        return [{"number": number} for number in given]

    def in_words(self, given: Any, options: Sequence[str]) -> str:
        """One answer, or the whole list of them."""
        numbers = given if isinstance(given, list) else [given]
        return ", ".join(super(Several, self).in_words(number, options) for number in numbers)


class Number(Kind):
    """0 to 10. Its options are the words at the two ends, or none."""

    name = "number"
    label = gettext_lazy("0 to 10")
    hint = gettext_lazy("Eleven numbers, with a word for 0 and one for 10")
    is_number = is_ordered = True
    in_report = False
    paper_template = "feedback/kinds/paper_numbers.html"

    def clean_options(self, words: list[str], points: int | None) -> list[str]:
        if len(words) not in (0, 2):
            raise ValidationError(_("Give two words, for 0 and for 10, or none"))
        return words

    def choices(self, options: Sequence[str]) -> list[str]:
        return [str(number) for number in range(HIGHEST + 1)]

    def help_text(self, hint: str, options: Sequence[str], page: Mapping[str, str], foreign: bool) -> str:
        ends = "0: %(low)s. 10: %(high)s." if foreign else _("0 means: %(low)s. 10 means: %(high)s.")
        words = ends % {"low": options[0], "high": options[-1]} if options else ""
        return " ".join(filter(None, [hint, words]))

    def field(self, options: Sequence[str], **common: Any) -> forms.Field:
        return super().field(options, inline=True, **common)


class Text(Kind):
    """Words: text, or text with the tick that they may be quoted (`feedback.sealing.Quotable`)."""

    name = "text"
    label = gettext_lazy("In their own words")
    hint = gettext_lazy("A box to write in")
    is_words = True
    in_scores = in_report = False
    paper_template = "feedback/kinds/paper_lines.html"
    results_template = "feedback/kinds/results_words.html"
    mistakes: ClassVar[Mapping[str, str]] = {"too_long": TOO_LONG}

    def clean_options(self, words: list[str], points: int | None) -> list[str]:
        return []

    def choices(self, options: Sequence[str]) -> list[str]:
        return []

    def field(self, options: Sequence[str], **common: Any) -> forms.Field:
        return LongTextField(max_length=MOST_LETTERS, rows=4, **common)

    def stored(self, given: Any) -> list[dict[str, Any]]:
        if isinstance(given, dict):
            return [{"text": given["text"], "may_quote": given["may_quote"]}]
        return [{"text": str(given)}]

    def in_words(self, given: Any, options: Sequence[str]) -> str:
        return _("%(words)s (may be quoted)") % {"words": given["text"]} if isinstance(given, dict) else str(given)
