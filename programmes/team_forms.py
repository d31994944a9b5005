"""Who of a group's team does something, and by when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ppg.formfields import DateField, GovForm
from ppg.models import User

NOBODY = [("", _("Nobody yet"))]


class WithOwner(GovForm):
    """`owner` offers the people of `team` and cleans to a user or None."""

    owner = forms.ChoiceField(label=_("Who does it"), required=False)

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = {str(user.pk): user for user in team}
        self.fields["owner"].choices = [*NOBODY, *((pk, user.name) for pk, user in self.team.items())]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        return self.team.get(self.cleaned_data["owner"])


class PlanForm(WithOwner):
    submit_label = _("Save")

    due_on = DateField(label=_("By when"), required=False)
    field_order = ("due_on", "owner")
