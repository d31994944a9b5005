"""Whether a form can be opened yet, and whose paper sheets are not in its box when it closes."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback.models import Form
from ppg.models import User
from programmes.models import Cohort


def why_not_final(cohort: Cohort, at: datetime) -> str:
    """Why the form after the programme cannot be opened yet, or nothing: it can from the last session's day on."""
    last = cohort.sessions.taking_place().order_by("starts_at").last()
    if last is None:
        return _("This group has no session yet.")
    if last.day <= timezone.localdate(at):
        return ""
    return _("The form opens on the day of the last session: %(day)s.") % {"day": date_format(last.day, "j F Y")}


def typists(form: Form) -> list[str]:
    """Who has sheets of this form typed and not sent."""
    names = User.objects.filter(pk__in=form.piles.values("typed_by")).order_by("name")
    return [str(person) for person in names]
