"""Every component and every field in every state, for people who write pages and for the accessibility check."""

from __future__ import annotations

from datetime import date

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import signed_in
from ppg.forms.dates import in_ten_years
from ppg.forms.fields import (
    ChoiceCheckboxes,
    ChoiceRadios,
    DateField,
    EmailField,
    GovForm,
    LongTextField,
    NumberField,
    PhoneField,
    TextField,
    Tick,
    TimeField,
    YesNo,
)

REACH = [
    ("text", _("Text message")),
    ("call", _("Telephone call")),
    ("email", _("E-mail")),
]
NEEDS = [
    ("ramp", _("No steps")),
    ("interpreter", _("An interpreter")),
    ("other", _("Something else")),
]
PLACES = [("", _("Choose a place")), ("ipswich", "Ipswich"), ("lowestoft", "Lowestoft")]


class EveryField(GovForm):
    submit_label = _("Send to see the errors")
    one_effect = True
    layout = Layout(
        Fieldset(_("One line each"), "name", "email", "places", "start", "at"),
        "area",
        "reach",
        "needs",
        "checked",
        "notes",
        "agreed",
        "quiet",
        "paper",
    )

    name = TextField(
        label=_("Name"),
        help_text=_("As it should stand on the list."),
        autocomplete="name",
    )
    email = EmailField(label=_("E-mail address"), required=False)
    places = NumberField(label=_("Places"), min_value=1, max_value=8)
    start = DateField(
        label=_("First date"),
        help_text=_("For example, 27 3 2026"),
        earliest=date(2020, 1, 1),
        latest=in_ten_years,
    )
    at = TimeField(label=_("Time"))
    area = forms.ChoiceField(label=_("Area"), choices=PLACES)
    reach = ChoiceRadios(
        label=_("Best way to reach them"),
        choices=REACH,
        hints={"text": _("We never say what it is about.")},
        reveals={"text": ["mobile"], "call": ["landline"]},
    )
    mobile = PhoneField(label=_("Mobile number"))
    landline = PhoneField(label=_("Telephone number"), autocomplete="tel-national")
    needs = ChoiceCheckboxes(
        label=_("What helps them to come"),
        help_text=_("Choose all that apply."),
        choices=NEEDS,
        reveals={"other": ["other"]},
        required=False,
    )
    other = TextField(label=_("What else"))
    checked = YesNo(label=_("Is the check clear?"))
    notes = LongTextField(label=_("Notes"), max_length=120, rows=3, count=True, required=False)
    agreed = Tick(
        label=_("They agreed to take part"),
        required=True,
        error_messages={"required": _("Tick when they agreed to take part")},
    )
    quiet = Tick(
        label=_("Some times are not safe"),
        help_text=_("We then call at other times only."),
        reveals=["not_at"],
    )
    not_at = TextField(label=_("Which times are not safe?"))
    paper = forms.FileField(label=_("Paper form"), required=False)


WRONG = {
    "email": "somebody",
    "places": "9",
    "start_day": "31",
    "start_year": "26",
    "at": "quarter past",
    "reach": "text",
    "mobile": "12",
    "needs": ["ramp", "other"],
    "notes": "More than fits. " * 10,
    "quiet": "on",
}


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """`?wrong` shows the fields as they are after a sending that was refused."""
    form = EveryField(WRONG if "wrong" in request.GET else None)
    agenda = [
        (_("Setting up"), 5, "setup"),
        (_("Welcome"), 10, "welcome"),
        (_("A film"), 20, "film"),
        (_("Talking about it"), 25, "discussion"),
        (_("Break"), 10, "break"),
        (_("Closing"), 15, "closing"),
    ]
    return render(
        request,
        "ppg/components/gallery.html",
        {
            "form": form,
            "agenda": agenda,
            "long_agenda": [*agenda, (_("One more film"), 20, "film")],
            "page": Paginator(range(50), 10).page(3),
            "colours": [
                "",
                "grey",
                "green",
                "teal",
                "blue",
                "purple",
                "magenta",
                "red",
                "orange",
                "yellow",
            ],
        },
    )
