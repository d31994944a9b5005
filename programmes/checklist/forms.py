"""Who does something of a checklist or a list of calls, and by when."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ppg.forms.dates import in_three_years, ten_years_ago
from ppg.forms.fields import DateField
from programmes.team.forms import WithOwner


class PlanForm(WithOwner):
    submit_label = _("Save")

    due_on = DateField(label=_("By when"), earliest=ten_years_ago, latest=in_three_years, required=False)
    field_order = ("due_on", "owner")
