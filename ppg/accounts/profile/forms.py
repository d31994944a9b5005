from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import GovForm, TextField


class NameForm(GovForm):
    submit_label = _("Save")
    name = TextField(
        label=_("Your name"),
        help_text=_("As colleagues see it"),
        max_length=120,
        autocomplete="name",
        error_messages={"required": _("Enter your name")},
    )

    def clean_name(self) -> str:
        """One line: it stands in the trail and in e-mails."""
        return " ".join(self.cleaned_data["name"].split())
