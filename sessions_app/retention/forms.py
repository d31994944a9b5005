"""Keeping a group's details longer: until when, and why."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from ppg.forms.dates import today
from ppg.forms.fields import DateField, GovForm, TextField
from sessions_app.retention.queries import MOST_MONTHS_LONGER, months_after


def tomorrow() -> date:
    return today() + timedelta(days=1)


def last_day() -> date:
    return months_after(today(), MOST_MONTHS_LONGER)


class HoldForm(GovForm):
    submit_label = _("Keep longer")
    one_effect = True
    until = DateField(
        label=_("Keep them until"),
        help_text=_("At most 12 months from today"),
        earliest=tomorrow,
        latest=last_day,
        error_messages={"required": _("Enter the day until which they are kept")},
    )
    why = TextField(
        label=_("Why?"),
        max_length=200,
        help_text=_("Do not name anyone in the reason. It is kept permanently."),
        error_messages={"required": _("Say why, in a few words")},
    )
