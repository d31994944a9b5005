"""Forms on the way from a referral to a place: asking to hear from us, the first call, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.models import Referral, SafeWay
from caregivers.safe import NEEDS_PHONE
from caregivers.stages import Stage
from ppg.formfields import ChoiceCheckboxes, ChoiceRadios, DateField, EmailField, GovForm, PhoneField, TextField
from ppg.models import User
from programmes.models import Cohort
from programmes.team_forms import WithOwner


class InterestForm(GovForm):
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
        told = super().clean() or self.cleaned_data
        safe = set(told.get("safe_ways", ()))
        reach = [told.get("phone"), told.get("email")]
        if not any(reach) and not {"phone", "email"} & set(self.errors):
            self.add_error("phone", _("Enter a phone number or an e-mail address"))
            return told
        if safe & NEEDS_PHONE and not told.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter a phone number, or untick text, call and voicemail"))
        if SafeWay.EMAIL in safe and not told.get("email") and "email" not in self.errors:
            self.add_error("email", _("Enter an e-mail address, or untick e-mail"))
        return told


class ContactForm(GovForm):
    """The first call: whether somebody was reached, and what they said to it in one word."""

    submit_label = _("Save")
    one_effect = True
    GO_ON, NO, NOT_REACHED = "yes", "no", "not_reached"

    reached = ChoiceRadios(
        label=_("What became of it?"),
        choices=[
            (GO_ON, _("We talked, and they would like to go on")),
            (NO, _("We talked, and they said no, thank you")),
            (NOT_REACHED, _("Not reached")),
        ],
        hints={NO: _("That is fine. They can come back to it at any time")},
        reveals={NOT_REACHED: ["again_on"]},
        error_messages={"required": _("Say whether you reached them")},
    )
    again_on = DateField(
        label=_("When will you try again?"),
        help_text=_("With a date the call goes on the list. For example, 27 3 2026"),
        required=False,
        earliest=timezone.localdate,
    )
    on = DateField(label=_("Which day was it?"), latest=timezone.localdate)


class OwnerForm(WithOwner):
    """Whose turn it is. Nobody named: the lead of the group."""

    mark_optional = False
    submit_label = _("Save")

    def __init__(self, *args: Any, team: Iterable[User], lead: User | None, **kwargs: Any) -> None:
        super().__init__(*args, team=team, **kwargs)
        field = self.fields["owner"]
        field.label = _("Who does the next step?")
        if lead:
            nobody = _("Nobody by name: the lead, %(name)s") % {"name": lead.name}
            field.choices = [("", nobody), *field.choices[1:]]  # type: ignore[attr-defined]


class BoardFilter(GovForm):
    """What the board over all groups shows."""

    form_method = "get"
    mark_optional = False
    ON_THE_WAY, EVERYBODY = "", "all"

    stage = forms.ChoiceField(
        label=_("Stage"),
        required=False,
        choices=[
            (ON_THE_WAY, _("On the way to a place")),
            *((stage.value, stage.short) for stage in Stage),
            (EVERYBODY, _("Everybody")),
        ],
    )
    source = forms.ChoiceField(
        label=_("How they reached us"), required=False, choices=[("", _("Any way")), *Referral.Source.choices]
    )
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, *args: Any, groups: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {cohort.code: cohort for cohort in groups}
        names = [(code, cohort.name) for code, cohort in self.groups.items()]
        self.fields["group"].choices = [("", _("All my groups")), *names]  # type: ignore[attr-defined]

    def clean_group(self) -> Cohort | None:
        return self.groups.get(self.cleaned_data["group"])
