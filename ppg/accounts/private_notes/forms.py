"""The box for private notes."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import GovForm, LongTextField, number_in


class NotesForm(GovForm):
    submit_label = _("Save")
    mark_optional = False

    text = LongTextField(label=_("Your notes"), max_length=20_000, rows=14, required=False)
    version = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_version(self) -> int:
        """The one that the page showed; anything else is no version."""
        version = number_in(self.cleaned_data["version"])
        return -1 if version is None else version
