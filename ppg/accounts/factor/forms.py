"""What is typed to show that it is you."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ppg.formfields import GovForm, TextField


class CodeForm(GovForm):
    """A code of the app, or a recovery code."""

    submit_label = _("Continue")
    mark_optional = False
    code = TextField(
        label=_("Code"),
        help_text=_("6 figures from your app, or one of your recovery codes"),
        max_length=40,
        width=10,
        autocomplete="one-time-code",
        inputmode="numeric",
        error_messages={"required": _("Enter the code from your app")},
    )


class NewAppForm(CodeForm):
    code = TextField(
        label=_("Code from the app"),
        help_text=_("6 figures. A new one comes every 30 seconds."),
        max_length=40,
        width=10,
        autocomplete="one-time-code",
        inputmode="numeric",
        error_messages={"required": _("Enter the code that the app shows now")},
    )


class PasskeyForm(forms.Form):
    """What the browser says after its own questions."""

    credential = forms.JSONField(max_length=20_000)


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
