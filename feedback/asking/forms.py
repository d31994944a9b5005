"""What a second person says who closes a form before its time."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from ppg.forms.fields import GovForm, Tick


class CloseEarlyForm(GovForm):
    submit_label = gettext_lazy("Close the form now")
    submit_style = "warning"

    was_not_there = Tick(
        label=gettext_lazy("I was not in the room"),
        required=True,
        error_messages={"required": gettext_lazy("Only somebody who was not in the room can close it now")},
    )
