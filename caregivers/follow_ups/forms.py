"""Forms about follow-ups."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver, FollowUp
from ppg.forms.dates import in_three_years, today
from ppg.forms.fields import ChoiceRadios, DateField, GovForm, LongTextField, NumberField
from programmes.team.forms import WithOwner

# The talk after a session is written down for everybody at once, on the session's own page.
TO_PLAN = [choice for choice in FollowUp.Kind.choices if choice[0] != FollowUp.Kind.AFTER]
WHY = [(reason.value, reason.label) for reason in (FollowUp.Reason.OFFERED, FollowUp.Reason.ASKED)]


class OfferForm(WithOwner):
    submit_label = _("Put it on the list")
    one_effect = True

    caregiver = forms.ChoiceField(label=_("For whom"), error_messages={"required": _("Choose for whom it is")})
    kind = ChoiceRadios(label=_("What"), choices=TO_PLAN)
    reason = ChoiceRadios(label=_("Why"), choices=WHY)
    due_on = DateField(label=_("By when"), required=False, earliest=today, latest=in_three_years)
    field_order = ("caregiver", "kind", "reason", "due_on", "owner")

    def __init__(self, *args: Any, people: dict[str, tuple[Caregiver, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        names = [(code, name) for code, (_person, name) in people.items()]
        self.fields["caregiver"].choices = [("", _("Choose a person")), *names]  # type: ignore[attr-defined]

    def clean_caregiver(self) -> Caregiver:
        return self.people[self.cleaned_data["caregiver"]][0]


class OutcomeForm(GovForm):
    """What became of it. A date makes the next step a follow-up of its own."""

    submit_label = _("Save")

    outcome = ChoiceRadios(
        label=_("What happened?"),
        choices=FollowUp.Outcome.choices,
        hints={
            "taken": _("You talked, or they answered"),
            "not_wanted": _("That is fine. They can come back to it at any time"),
            "not_reached": _("Say below when to try again"),
        },
        reveals={"taken": ["minutes"]},
    )
    minutes = NumberField(label=_("How many minutes?"), min_value=1, max_value=600, required=False)
    next_step = LongTextField(
        label=_("Next step"),
        help_text=_("What you agreed to do. Write nothing about a child, and nothing they told you in confidence"),
        max_length=500,
        rows=3,
        count=True,
        required=False,
    )
    next_due = DateField(
        label=_("When is the next step due?"),
        help_text=_("With a date it goes on the list. For example, 27 3 2026"),
        earliest=today,
        latest=in_three_years,
        required=False,
    )
    next_kind = ChoiceRadios(label=_("What goes on the list?"), choices=TO_PLAN, required=False)
    layout = Layout("outcome", Fieldset(_("What comes next"), "next_step", "next_due", "next_kind"))

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if cleaned_data.get("next_kind") and not cleaned_data.get("next_due") and "next_due" not in self.errors:
            self.add_error("next_due", ValidationError(_("Say when the next step is due, so that it goes on the list")))
        return cleaned_data
