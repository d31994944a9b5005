"""The form that keeps two people apart."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver
from ppg.forms.fields import GovForm


class ApartForm(GovForm):
    """Who the other is, found by group. Asks for nothing else, and must not."""

    submit_label = _("Keep them apart")
    one_effect = True

    other = forms.ChoiceField(
        label=_("Who must not be in the same group?"),
        error_messages={
            "required": _("Choose the other person"),
            "invalid_choice": _("Choose a person from the list"),
        },
    )

    def __init__(self, *args: Any, people: dict[str, list[Caregiver]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {one.code: one for group in people.values() for one in group}
        groups = [(group, [(one.code, one.name) for one in members]) for group, members in people.items()]
        self.fields["other"].choices = [("", _("Choose a person")), *groups]  # type: ignore[attr-defined]

    def clean_other(self) -> Caregiver:
        return self.people[self.cleaned_data["other"]]
