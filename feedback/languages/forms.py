"""Which language, and what is said in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.languages.texts import ALL, Text
from ppg.forms.fields import GovForm, LongTextField, TextField

MOST_LETTERS = 2000  # other languages take more room than English: the longest text here has half as many


class LanguageForm(GovForm):
    """Which language to begin."""

    language = forms.ChoiceField(label=gettext_lazy("Add a language"))

    def __init__(self, *args: Any, without: Iterable[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        names = sorted((str(one.name), one.code) for one in ALL.values() if one.code not in set(without))
        self.fields["language"].choices = [("", _("Choose one"))] + [(code, name) for name, code in names]  # type: ignore[attr-defined]


class TranslationForm(GovForm):
    """A field for each piece of text, with its English above it. Empty ones are still missing."""

    submit_label = gettext_lazy("Save")
    mark_optional = False

    def __init__(self, *args: Any, texts: Iterable[Text], code: str, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.texts = list(texts)
        language = ALL[code]
        field: forms.CharField
        for text in self.texts:
            common = {"label": text.english, "help_text": text.where, "required": False}
            field = LongTextField(max_length=MOST_LETTERS, rows=2, **common) if text.is_long else TextField(**common)
            field.widget.attrs |= {"lang": language.code, "dir": language.direction}
            self.fields[f"t-{text.key}"] = field

    def said(self) -> dict[str, str]:
        return {text.key: self.cleaned_data[f"t-{text.key}"].strip() for text in self.texts}
