"""Passwords, as their owners type them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ppg.accounts import slowing
from ppg.forms.fields import GovForm, TextField
from ppg.models import User


class PasswordField(TextField):
    """Pasted freely, every character counts, and never shown again."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.PasswordInput, "strip": False, "autocomplete": "new-password", **kwargs})


class NewPasswordForm(GovForm):
    submit_label = _("Save the password")
    mark_optional = False
    password1 = PasswordField(
        label=_("New password"),
        help_text=_("12 characters or more, better 15. Three words that do not belong together are easy to remember."),
        error_messages={"required": _("Choose a password")},
    )
    password2 = PasswordField(
        label=_("The new password once more"), error_messages={"required": _("Enter the password once more")}
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        super().__init__(*args, **kwargs)

    def clean_password1(self) -> str:
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", _("The two passwords are not the same. Enter the new one once more."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    field_order = ["oldpassword", "password1", "password2"]
    oldpassword = PasswordField(
        label=_("Your password now"),
        autocomplete="current-password",
        error_messages={"required": _("Enter your password")},
    )

    def clean_oldpassword(self) -> str:
        attempt = slowing.try_own_password(self.user)
        if not self.user.check_password(self.cleaned_data["oldpassword"]):
            attempt.failed()
            raise ValidationError(_("That is not your password. Try again."))
        attempt.succeeded()
        return self.cleaned_data["oldpassword"]
