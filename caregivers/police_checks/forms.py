"""The form for the outcome of a police check."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    PoliceCheck,
)
from ppg.forms.dates import ten_years_ago, today
from ppg.forms.fields import ChoiceRadios, DateField, GovForm


class CheckForm(GovForm):
    submit_label = _("Save the outcome")
    one_effect = True

    outcome = ChoiceRadios(
        label=_("Outcome"),
        choices=PoliceCheck.Outcome.choices,
        hints={
            "asked": _("We have asked the police and wait for the answer"),
            "clear": _("They can have a place"),
            "concern": _("They cannot have a place. Write down no details here"),
        },
    )
    on = DateField(label=_("Date"), earliest=ten_years_ago, latest=today)
