"""allauth's forms, with what we leave out."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, UserTokenForm
from allauth.core import context
from django.core.exceptions import ValidationError

from ppg.accounts import slowing
from ppg.models import User


class SignInForm(LoginForm):
    """E-mail address and password, nothing to be remembered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)


class CodeTokenForm(UserTokenForm):
    """Finds the person of a link for a new password by their code."""

    def _get_user(self, uidb36: str) -> User | None:
        return User.objects.filter(code=uidb36).first()


class AskForLinkForm(ResetPasswordForm):
    """Asks for a link for a new password, so many times."""

    def clean_email(self) -> str:
        email: str = super().clean_email()
        if wait := slowing.ask_for_link(context.request, email):
            raise ValidationError(wait.sentence, code="wait")
        return email


class NewPasswordForm(ChangePasswordForm):
    """The old password can be tried a few times, then there are waits."""

    def clean_oldpassword(self) -> str:
        attempt = slowing.try_own_password(self.user)
        password: str = super().clean_oldpassword()
        attempt.succeeded()
        return password
