"""What is typed to show that it is you."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import GovForm, TextField


class CodeField(TextField):
    """A few figures, which phones offer to fill in."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=40, width=10, autocomplete="one-time-code", inputmode="numeric", **kwargs)


class CodeForm(GovForm):
    """A code of the app, or a recovery code."""

    submit_label = _("Continue")
    mark_optional = False
    code = CodeField(
        label=_("Code"),
        help_text=_("6 figures from your app, or one of your recovery codes"),
        error_messages={"required": _("Enter the code from your app")},
    )


class NewAppForm(CodeForm):
    code = CodeField(
        label=_("Code from the app"),
        help_text=_("6 figures. A new one comes every 30 seconds."),
        error_messages={"required": _("Enter the code that the app shows now")},
    )


class PasskeyForm(forms.Form):
    """What the browser says after its own questions."""

    credential = forms.CharField(max_length=20_000)

    def clean_credential(self) -> dict[str, Any]:
        """A few kilobytes of JSON, or nothing that a browser said."""
        try:
            said = json.loads(self.cleaned_data["credential"])
        except (ValueError, RecursionError):
            raise ValidationError(_("Your browser did not finish.")) from None
        if not isinstance(said, dict):
            raise ValidationError(_("Your browser did not finish."))
        return said


class ConfirmForm(GovForm):
    """One field for both: no password is as short as a code."""

    submit_label = _("Continue")
    mark_optional = False
    secret = TextField(
        label=_("Your password, or a code from your app"),
        max_length=200,
        widget=forms.PasswordInput,
        autocomplete="current-password",
        error_messages={"required": _("Enter your password, or the code from your app")},
    )
