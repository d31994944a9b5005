from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import ChoiceRadios, GovForm, TextField
from ppg.models import WorkMail


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


class WorkMailForm(GovForm):
    submit_label = _("Save")
    work_mail = ChoiceRadios(
        label=_("When do you want to hear that work waits for you?"),
        help_text=_("They say how much is due and no more: no name, and not what it is about."),
        choices=[
            (WorkMail.OFF, _("Never: I look for myself")),
            (WorkMail.DAILY, _("Once a day: on working days at 7 in the morning, if something is due")),
            (
                WorkMail.AT_ONCE,
                _("At once: also when something comes in, at most one e-mail in 15 minutes"),
            ),
        ],
        error_messages={"required": _("Choose when you want to hear")},
    )
