"""A time as people say it."""

from __future__ import annotations

from datetime import time

from django.utils.formats import time_format
from django.utils.translation import gettext as _

from caregivers.models import Slot


def spoken(slot: Slot) -> str:
    """ "Monday at 6pm", as people say it."""
    return _("%(day)s at %(time)s") % {"day": slot.get_weekday_display(), "time": at(slot.starts)}


def at(moment: time) -> str:
    return time_format(moment, "P").replace(" a.m.", "am").replace(" p.m.", "pm")
