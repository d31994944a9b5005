"""Forms about places and the group's size."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.places.rules import OFFER_LASTS
from ppg.forms.fields import DateField, GovForm, NumberField, TextField

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

    def __init__(self, *args: Any, goes_first: bool, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.initial.setdefault("until", usual_day())
        if goes_first:
            self.fields["why_first"] = WhyFirstForm.base_fields["why_first"]

    def offered(self) -> dict[str, Any]:
        """The keywords of `actions.offer` that were filled in: the offer ends when the day does."""
        ends = datetime.combine(self.cleaned_data["until"] + timedelta(days=1), time.min)
        return {"until": timezone.make_aware(ends), "why_first": self.cleaned_data.get("why_first", "")}


class SizeForm(GovForm):
    submit_label = _("Save the size")

    places = NumberField(label=_("Places in this group"), min_value=1)


class WhyFirstForm(GovForm):
    """The order of the waiting list may be passed over with a reason."""

    submit_label = _("Go on")
    one_effect = True

    why_first = TextField(
        label=_("Why does this person go first?"),
        help_text=_("A few words, such as “cannot come in the next run of the group”. It is kept in their record."),
        max_length=200,
        error_messages={"required": _("Say why this person goes first")},
    )
