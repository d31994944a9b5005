"""The service's own details."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import EmailField, GovForm, LongTextField, NumberField, PhoneField, TextField
from ppg.service_details.school_holidays import read


class ServiceForm(GovForm):
    submit_label = _("Save")

    name = TextField(
        label=_("Public name"),
        help_text=_(
            "It stands on every page and in every e-mail, and somebody else may see the screen. Choose a name that "
            "says nothing about parents, children or the police."
        ),
        max_length=60,
        error_messages={"required": _("Enter a public name")},
    )
    organisation = TextField(label=_("Organisation"), max_length=120, required=False)
    phone = PhoneField(
        label=_("Phone"),
        help_text=_("People are told to call it with questions, and when a link does not work."),
        autocomplete="off",
        required=False,
    )
    email = EmailField(
        label=_("E-mail"),
        help_text=_("Answers to our e-mails go there."),
        autocomplete="off",
        required=False,
    )
    safeguarding_phone = PhoneField(
        label=_("Phone of the safeguarding lead"),
        help_text=_("Parents who co-lead are told to call it when they are worried about somebody."),
        autocomplete="off",
        required=False,
    )
    out_of_hours_phone = PhoneField(
        label=_("Phone out of hours"),
        help_text=_("Of children’s social care in the evening, at night and at weekends: sessions end in the evening."),
        autocomplete="off",
        required=False,
    )
    keep_months = NumberField(
        label=_("Months people’s details are kept after the last session of their group"),
        help_text=_("The privacy notice and the page of what is kept how long have to say the same."),
        min_value=1,
        max_value=120,
    )
    keep_concern_years = NumberField(
        label=_("Years concerns and information are kept after they were closed"), min_value=1, max_value=100
    )
    keep_backup_weeks = NumberField(
        label=_("Weeks backups are kept"),
        help_text=_(
            "One is made every night, older ones are deleted. The page of what is kept how long has to say the same."
        ),
        min_value=1,
        max_value=104,
    )
    school_holidays = LongTextField(
        label=_("School holidays"),
        help_text=_(
            "One a line, like 19 December 2026 to 3 January 2027, Christmas. "
            "Whoever sets up a group or moves a session is told when it falls in one."
        ),
        max_length=4000,
        rows=8,
        required=False,
    )

    def clean_school_holidays(self) -> str:
        rows = list(read(self.cleaned_data["school_holidays"]))
        if wrong := [row for row in rows if isinstance(row, str)]:
            raise forms.ValidationError(
                gettext(
                    "“School holidays”: write each line like 19 December 2026 to 3 January 2027, Christmas. "
                    "This one is not: %(line)s"
                )
                % {"line": wrong[0][:60]}
            )
        return "\n".join(str(row) for row in rows)
