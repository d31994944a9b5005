"""What each of two people types who count the slips."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

from ppg.forms.fields import GovForm, NumberField


class CountField(NumberField):
    """How many of something there were: 0 to 200."""

    def __init__(self, **kwargs: Any):
        super().__init__(min_value=0, max_value=200, **kwargs)


class CountForm(GovForm):
    submit_label = gettext_lazy("Save what I counted")

    left = CountField(
        label=gettext_lazy("How many slips are left over?"),
        help_text=gettext_lazy("Those that nobody drew. Type the number you wrote down."),
        error_messages={"required": gettext_lazy("Enter how many slips are left over, 0 if none")},
    )
    people = CountField(
        label=gettext_lazy("How many people were in the room?"),
        help_text=gettext_lazy("Without the team. Count visitors too."),
        error_messages={"required": gettext_lazy("Enter how many people were in the room")},
    )
