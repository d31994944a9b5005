"""The form that erases somebody."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import GovForm, Tick


class EraseForm(GovForm):
    submit_label = _("Erase this person")
    submit_style = "warning"
    one_effect = True

    sure = Tick(
        label=_("They asked for this, and I know that it is them"),
        required=True,
        error_messages={"required": _("Tick that they asked for it and that you know that it is them")},
    )
