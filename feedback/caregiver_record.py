"""What feedback holds under a caregiver's name: suggestions they put their name to. All else is anonymous."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from caregivers.record_parts import Held, RecordPart
from feedback.models import Suggestion
from feedback.quotes import actions as quotes


def held(caregiver: Caregiver) -> Held:
    suggestions = Suggestion.objects.filter(caregiver=caregiver).select_related("cohort", "recap")
    return {
        _("Suggestions you put your name to"): [
            {
                _("Group"): str(suggestion.cohort),
                _("What you asked for"): suggestion.text,
                _("How it came"): suggestion.get_way_display(),
                _("What happened"): suggestion.get_answer_display(),
                _("What we did, or why not"): suggestion.why,
                _("How the group reads it"): suggestion.told_as,
            }
            for suggestion in suggestions
        ]
    }


def counts(caregivers: QuerySet[Caregiver]) -> Mapping[str, int]:
    return {_("Suggestions with their name"): Suggestion.objects.filter(caregiver__in=caregivers).count()}


def erase(caregiver: Caregiver, at: datetime, keep_figures: bool) -> None:
    """At their request their words go. When the time is over the suggestion stays as one that nobody made."""
    theirs = Suggestion.objects.filter(caregiver=caregiver)
    if keep_figures:
        theirs.update(caregiver=None)
    else:
        theirs.delete()


PARTS = [
    RecordPart("suggestions", held=held, counts=counts, erase=erase),
    RecordPart("quotes", withdrawn=quotes.withdrawn),
]
