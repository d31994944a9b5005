"""What an administrator says about somebody."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ppg.access.permissions import Role
from ppg.accounts import starting_groups
from ppg.forms.fields import ChoiceCheckboxes, ChoiceRadios, EmailField, GovForm, TextField

REACH = {
    Role.LEAD: _("Sets up groups, sees everything of their groups, writes the report"),
    Role.FACILITATOR: _("Runs the sessions of their groups"),
    Role.PARENT: _("Co-leads; sees the plan of the session and first names"),
    Role.MANAGER: _("Sees figures and reports of every group, and no people"),
    Role.SAFEGUARDING: _("Reads and closes concerns and the information log"),
    Role.EVALUATOR: _("Takes anonymous data of groups opened to them"),
    Role.ADMINISTRATOR: _("Invites staff, searches the audit trail, removes what is out of date"),
}


class PersonForm(GovForm):
    """Who somebody is. Saving it is another matter."""

    submit_label = _("Save")
    name = TextField(label=_("Name"), max_length=120, error_messages={"required": _("Enter their name")})
    email = EmailField(
        label=_("E-mail address"),
        help_text=_("They sign in with it"),
        autocomplete="off",
        error_messages={"required": _("Enter their e-mail address")},
    )
    role = ChoiceRadios(
        label=_("Role"), choices=Role.choices, hints=REACH, error_messages={"required": _("Choose their role")}
    )

    def clean_email(self) -> str:
        """As people are known by it."""
        return self.cleaned_data["email"].lower()

    def clean_name(self) -> str:
        """One line: it stands in the trail and in e-mails."""
        return " ".join(self.cleaned_data["name"].split())


class InviteForm(PersonForm):
    one_effect = True
    submit_label = _("Send the invitation")
    in_groups = ChoiceCheckboxes(
        label=_("Groups they work with"),
        help_text=_("Leads can add them to more groups later"),
        choices=starting_groups.choices,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not starting_groups.choices():
            del self.fields["in_groups"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        chosen = cleaned.get("in_groups") or []
        if cleaned.get("role") and (why := starting_groups.why_not(cleaned["role"], chosen)):
            self.add_error("in_groups", why)
        return cleaned
