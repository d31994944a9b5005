"""How a password is tried."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from ppg.models import User


class OneTry(AuthenticationBackend):
    """Finds a person by the address of their account alone, so a password is tried once, known address or not.

    allauth asks its own table of addresses first. An address that somebody had before, or that was never told to us,
    would sign them in by it, and would shut out whoever has that address now.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        return self._check_password(User.objects.filter(email=email.lower()).first(), password)
