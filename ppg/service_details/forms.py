"""The service's own details."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import EmailField, GovForm, NumberField, PhoneField, TextField


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
