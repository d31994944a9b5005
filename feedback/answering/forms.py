"""Forms made of questions."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy

from feedback.answering.actions import NOTHING
from feedback.languages.queries import Said
from feedback.models import Question
from feedback.sealing import Answers, answered
from ppg.forms.back import SEND
from ppg.forms.fields import GovForm, Tick

MAY_QUOTE = gettext_lazy("You may use these words in a report, without my name")
NONCE = re.compile(r"[A-Za-z0-9_-]{16,64}")


class NonceField(forms.CharField):
    """Made with the sheet: the same sheet sent again carries the same one. See `actions.receive`.

    A sheet without a proper one was not made by us; it gets a fresh one and counts once.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=new_nonce)

    def clean(self, value: Any) -> str:
        return value if isinstance(value, str) and NONCE.fullmatch(value) else new_nonce()


def new_nonce() -> str:
    return secrets.token_urlsafe(16)


class AnswerForm(GovForm):
    """A questionnaire as a form: each question with the field of its kind.

    `payload()` gives what was answered, question's slug → answer, as `actions.receive` takes it.
    """

    submit_label: Any = gettext_lazy("Send")
    # Back finds the sheet again, its nonce with it, so that sending it once more is not a second answer.
    form_action = SEND
    mark_optional = False  # the page says once that every question may be left out

    def __init__(
        self,
        questions: Iterable[Question],
        *args: Any,
        csrf: bool = True,
        said: Said | None = None,
        slip: forms.Field | None = None,
        **kwargs: Any,
    ):
        """`said`: the questions are those of this translation, and so is what stands around them. `slip`: asked first,
        where the page's address does not say it."""
        super().__init__(*args, **kwargs)
        self.csrf = csrf
        self.language = said.language if said else None
        page = said.page if said else {}
        self.submit_label = page.get("send", self.submit_label)
        self.nothing = page.get("nothing", NOTHING)
        if self.language:
            spoken = {"lang": self.language.code, "dir": self.language.direction}
            self.summary_words = {"heading": page.get("put_right", ""), **spoken}
        self.questions = list(questions)
        if slip:
            self.fields["slip"] = slip
        for question in self.questions:
            field = field_of(question, page, foreign=self.language is not None)
            field.error_messages |= sentences_in(page)
            self.fields[name_of(question)] = field
            if question.quotable:
                self.fields[quote_name_of(question)] = Tick(label=page.get("quote", MAY_QUOTE))
        self.fields["nonce"] = NonceField()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.disable_csrf = not self.csrf
        if self.language:
            helper.attrs = {"lang": self.language.code, "dir": self.language.direction}
            helper.form_action = f"{self.form_action}&lang={self.language.code}"
        return helper

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and not self.payload():
            raise ValidationError(self.nothing)
        return data

    def payload(self) -> Answers:
        given: Answers = {}
        for question in self.questions:
            value = self.cleaned_data[name_of(question)]
            if value in ("", None, []):
                continue
            if question.quotable and self.cleaned_data[quote_name_of(question)]:
                value = {"text": value, "may_quote": True}
            given[question.slug] = value
        return answered(given)

    @property
    def nonce(self) -> str:
        return self.cleaned_data["nonce"]

    @property
    def slip(self) -> str:
        """The code of the slip, where it was asked for."""
        return self.cleaned_data.get("slip", "")


def name_of(question: Question) -> str:
    return f"q-{question.slug}"


def quote_name_of(question: Question) -> str:
    """The tick under words that may be quoted."""
    return f"quote-{question.slug}"


def sentences_in(page: Mapping[str, str]) -> dict[str, str]:
    """What is wrong, in the language of a translated page; on other pages the sentences of `ppg.forms.fields` stand."""
    answer_this, too_long = page.get("answer_this"), page.get("too_long")
    said = {"required": answer_this, "invalid_choice": answer_this, "max_length": too_long}
    return {code: sentence for code, sentence in said.items() if sentence}


def field_of(question: Question, page: Mapping[str, str], foreign: bool) -> forms.Field:
    """That of its kind. `page`: what stands around it in its language; `foreign`: no word of ours stands beside it."""
    hint = question.behaviour.help_text(question.hint, question.labels, page, foreign)
    return question.behaviour.field(question.labels, label=question.text, required=question.required, help_text=hint)
