"""Somebody reached us: adding them, the first call, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    Referral,
)
from ppg.forms.dates import in_a_year, ten_years_ago, today
from ppg.forms.fields import ChoiceRadios, DateField, EmailField, GovForm, PhoneField, TextField
from ppg.models import User
from programmes.team.forms import WithOwner


class ContactForm(GovForm):
    """The first call: whether somebody was reached, and what they said to it in one word."""

    submit_label = _("Save")
    one_effect = True
    GO_ON, NO, NOT_REACHED = "yes", "no", "not_reached"

    reached = ChoiceRadios(
        label=_("What happened?"),
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
        earliest=today,
        latest=in_a_year,
    )
    on = DateField(label=_("Which day was it?"), earliest=ten_years_ago, latest=today)


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


class ReferForm(GovForm):
    """Somebody reached us: the little that is known at the start."""

    submit_label = _("Add this person")
    one_effect = True

    name = TextField(label=_("Name"), max_length=120, error_messages={"required": _("Enter a name")})
    liked_name = TextField(label=_("Name they like to be called"), max_length=60, required=False)
    phone = PhoneField(label=_("Phone"), required=False, autocomplete="off")
    email = EmailField(label=_("E-mail"), max_length=200, required=False, autocomplete="off")
    source = ChoiceRadios(label=_("How they reached us"), choices=Referral.Source.choices)
    received_on = DateField(label=_("When they reached us"), earliest=ten_years_ago, latest=today)
