"""How a password is tried."""

from __future__ import annotations

from allauth.account.auth_backends import AuthenticationBackend

from ppg.models import User


class OneTry(AuthenticationBackend):
    """Tries a password once, as long as for an address that nobody has.

    allauth looks in its own table of addresses too, finds the same person there, and tries the password again: a
    known address took twice the time of an unknown one.
    """

    def _authenticate_by_email(self, email: str, password: str) -> User | None:
        return self._check_password(User.objects.filter(email=email.lower()).first(), password)
