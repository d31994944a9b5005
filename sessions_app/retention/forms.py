"""Keeping a group's details longer: until when, and why."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.dates import today
from ppg.forms.fields import DateField, GovForm, TextField, spoken
from sessions_app.retention.queries import Group


class HoldForm(GovForm):
    submit_label = gettext_lazy("Keep longer")
    one_effect = True
    until = DateField(
        label=gettext_lazy("Keep them until"),
        earliest=today,  # the group's own limits stand below
        latest=today,
        error_messages={"required": gettext_lazy("Enter the day until which they are kept")},
    )
    why = TextField(
        label=gettext_lazy("Why?"),
        max_length=200,
        help_text=gettext_lazy("Do not name anyone in the reason. It is kept permanently."),
        error_messages={"required": gettext_lazy("Say why, in a few words")},
    )

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        until: Any = self.fields["until"]
        until.earliest, until.latest = group.longer(today())
        until.help_text = _("12 months longer at most: %(day)s") % {"day": spoken(until.latest)}
