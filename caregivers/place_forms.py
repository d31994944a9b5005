"""Forms about places, the group's size and who is kept apart."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.forms import WhyFirstForm
from caregivers.models import Caregiver
from caregivers.places import OFFER_LASTS
from ppg.formfields import DateField, GovForm, NumberField

OFFER_LASTS_AT_MOST = timedelta(days=60)


def tomorrow() -> date:
    return timezone.localdate() + timedelta(days=1)


def latest_day() -> date:
    return timezone.localdate() + OFFER_LASTS_AT_MOST


def usual_day() -> date:
    return timezone.localdate() + OFFER_LASTS


class OfferForm(GovForm):
    """Until when a place is kept; and why, where somebody else is next."""

    submit_label = _("Offer the place")
    one_effect = True

    until = DateField(
        label=_("Keep the place until the end of"),
        help_text=_("After that day the offer ends by itself, and the next person is shown to you"),
        earliest=tomorrow,
        latest=latest_day,
    )

    def __init__(self, *args: Any, passes_somebody: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", usual_day())
        if passes_somebody:
            self.fields["why_first"] = WhyFirstForm.base_fields["why_first"]

    def offered(self) -> dict[str, Any]:
        """The keywords of `actions.offer` that were filled in: the offer ends when the day does."""
        ends = datetime.combine(self.cleaned_data["until"] + timedelta(days=1), time.min)
        return {"until": timezone.make_aware(ends), "why_first": self.cleaned_data.get("why_first", "")}


class SizeForm(GovForm):
    submit_label = _("Save the size")

    places = NumberField(label=_("Places in this group"), min_value=1)


class ApartForm(GovForm):
    """Who the other is, found by group. Asks for nothing else, and must not."""

    submit_label = _("Keep them apart")
    one_effect = True

    other = forms.ChoiceField(
        label=_("Who must not be in the same group?"),
        error_messages={
            "required": _("Choose the other person"),
            "invalid_choice": _("Choose a person from the list"),
        },
    )

    def __init__(self, *args: Any, people: dict[str, list[Caregiver]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.people = {one.code: one for group in people.values() for one in group}
        groups = [(group, [(one.code, one.name) for one in members]) for group, members in people.items()]
        self.fields["other"].choices = [("", _("Choose a person")), *groups]  # type: ignore[attr-defined]

    def clean_other(self) -> Caregiver:
        return self.people[self.cleaned_data["other"]]
