"""How allauth signs our people in: no sign-up, neutral words, limits of our own, everything in the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ppg.accounts import devices, proof, slowing
from ppg.accounts.passwords import actions as passwords
from ppg.audit_trail import audit
from ppg.models import User


class AccountAdapter(DefaultAccountAdapter):
    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right. Try again."),
        "too_many_login_attempts": _("Too many tries. Wait five minutes, then try again."),
        "incorrect_password": _("That is not your password. Try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def populate_username(self, request: HttpRequest, user: User) -> None:
        """People are known by their e-mail address only."""

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """In place of allauth's limit, which anybody could use to shut a colleague out."""
        self.attempt = slowing.try_password(request, credentials.get("email") or "")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> User | None:
        user: User | None = super().authenticate(request, **credentials)
        if user:
            self.attempt.succeeded()
        return user

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        self.attempt.failed()

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        audit.record(user, audit.Verb.SIGNED_IN, user)
        response = super().post_login(request, user, **kwargs)
        if not proof.lacks_factor(request):
            devices.remember(request, response, user)
        came = (kwargs.get("signal_kwargs") or {}).get("sociallogin")
        if came and settings.COUNCIL_ASKS_FACTOR and not came.state.get("fresh"):
            proof.forget(request)  # signed in at the council since the morning: what is asked twice asks
        return response

    def logout(self, request: HttpRequest) -> None:
        user: Any = request.user
        audit.record(user, audit.Verb.SIGNED_OUT, user)
        super().logout(request)

    def get_login_stages(self) -> list[str]:
        return ["ppg.accounts.signing_in.views.FactorStage"]

    def set_password(self, user: User, password: str) -> None:
        """Chosen by whoever holds the link that was sent to them."""
        passwords.choose(user=user, password=password, by=None)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A request never talks to the mail server."""
        raise NotImplementedError(f"{template_prefix}: write it with ppg.accounts.mail.post, the worker sends it.")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages ("Successfully signed in as …") would show an address on a shared screen."""
