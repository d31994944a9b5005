"""The form behind the poster: somebody would like to hear from us."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    SafeWay,
)
from caregivers.safe import CANNOT_TEXT, NEEDS_PHONE, cannot_text
from ppg.forms.back import KeptForBack
from ppg.forms.fields import ChoiceCheckboxes, EmailField, GovForm, PhoneField, TextField


class InterestForm(KeptForBack, GovForm):
    """Somebody would like to hear from us. Who they are called and how to reach them: nothing that invites a story."""

    mark_optional = False
    submit_label = _("Send")
    one_effect = True

    name = TextField(
        label=_("What should we call you?"),
        help_text=_("A first name is enough"),
        max_length=120,
        autocomplete="nickname",
        error_messages={"required": _("Enter a name we can call you")},
    )
    phone = PhoneField(
        label=_("Phone number"),
        help_text=_("A phone number or an e-mail address: one of the two will do"),
        required=False,
    )
    email = EmailField(label=_("E-mail address"), max_length=200, required=False)
    safe_ways = ChoiceCheckboxes(
        label=_("Which ways to reach you are safe?"),
        help_text=_("Tick a way only if nobody else will see or hear it. We use no other way."),
        choices=SafeWay.choices,
        error_messages={"required": _("Tick one way that is safe, or call us instead")},
    )
    safe_when = TextField(
        label=_("When is it safe?"),
        help_text=_("Such as “weekdays before 3pm”. You can leave this out"),
        max_length=200,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        safe = set(cleaned_data.get("safe_ways", ()))
        reach = [cleaned_data.get("phone"), cleaned_data.get("email")]
        if not any(reach) and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("Enter a phone number or an e-mail address"))
            return cleaned_data
        if safe & NEEDS_PHONE and not cleaned_data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter a phone number, or untick text, call and voicemail"))
        if cannot_text(safe, cleaned_data.get("phone", "")):
            self.add_error("phone", CANNOT_TEXT)
        if SafeWay.EMAIL in safe and not cleaned_data.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address, or untick e-mail"))
        return cleaned_data
