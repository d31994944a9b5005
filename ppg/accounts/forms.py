"""allauth's forms, with what we leave out."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, UserTokenForm

from ppg.models import User


class SignInForm(LoginForm):
    """E-mail address and password, nothing to be remembered."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("remember", None)


class CodeTokenForm(UserTokenForm):
    """Finds the person of a link for a new password by their code. Who was blocked since has no link any more."""

    def _get_user(self, uidb36: str) -> User | None:
        return User.objects.filter(code=uidb36, is_active=True).first()
