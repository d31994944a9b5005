"""What is typed about a speaker: text in, values out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.dates import ten_years_ago
from ppg.forms.fields import DateField, GovForm, TextField
from sessions_app.models import SessionItem, Speaker
from sessions_app.planning.forms import WhyForm


class SpeakerForm(GovForm):
    """Who comes from a service."""

    submit_label = gettext_lazy("Save")
    organisation = TextField(label=gettext_lazy("Organisation"), max_length=120, required=False)
    name = TextField(label=gettext_lazy("Name"), max_length=120, required=False)
    contact = TextField(
        label=gettext_lazy("How to reach them"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Work e-mail or phone number. Only leads and facilitators of this group see it."),
    )
    asked_on = DateField(
        label=gettext_lazy("Asked on"), required=False, earliest=ten_years_ago, latest=timezone.localdate
    )
    confirmed_on = DateField(
        label=gettext_lazy("Confirmed on"), required=False, earliest=ten_years_ago, latest=timezone.localdate
    )

    @classmethod
    def about(cls, speaker: Speaker) -> dict[str, Any]:
        return {name: getattr(speaker, name) for name in cls.base_fields}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        asked: date | None = data.get("asked_on")
        confirmed: date | None = data.get("confirmed_on")
        if confirmed and "asked_on" in data and (asked is None or asked > confirmed):
            self.add_error("asked_on", _("“Asked on” must be the day they confirmed, or before it"))
        return data


class AddSpeakerForm(WhyForm, SpeakerForm):
    submit_label = gettext_lazy("Add the speaker")
    field_order = ["item", "service", "organisation", "name", "contact", "asked_on", "confirmed_on", "why", "by_group"]
    item = forms.ChoiceField(
        label=gettext_lazy("In which part do they speak?"),
        error_messages={"required": gettext_lazy("Choose the part they speak in")},
    )
    service = TextField(
        label=gettext_lazy("Service"),
        max_length=80,
        help_text=gettext_lazy("For example, Police"),
        error_messages={"required": gettext_lazy("Enter the service they come from")},
    )

    def __init__(self, *args: Any, items: Sequence[SessionItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = {item.code: item for item in items}
        self.fields["item"].choices = [("", _("Choose one")), *((item.code, item.title) for item in items)]  # type: ignore[attr-defined]

    def clean_item(self) -> SessionItem:
        return self.items[self.cleaned_data["item"]]


class RemoveSpeakerForm(WhyForm):
    submit_label = gettext_lazy("Take off the plan")
    submit_style = "warning"
