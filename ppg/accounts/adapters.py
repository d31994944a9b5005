"""How allauth signs our people in: no sign-up, neutral words, limits of our own, everything in the audit trail."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.utils import url_str_to_user_pk
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ppg import audit
from ppg.accounts import devices, slowing
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
        devices.remember(request, response, user)
        return response

    def logout(self, request: HttpRequest) -> None:
        user: Any = request.user
        audit.record(user, audit.Verb.SIGNED_OUT, user)
        super().logout(request)

    def set_password(self, user: User, password: str) -> None:
        """By themselves, signed in; or by whoever holds the link that was sent to them."""
        super().set_password(user, password)
        themselves = self.request is not None and self.request.user == user
        by, verb = (user, audit.Verb.CHANGED) if themselves else (None, audit.Verb.RESET)
        audit.record(by, verb, user, fields=["password"])
        slowing.begin_anew(user)

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link carries the person's random code, where allauth would write their number."""
        number, _dash, token = key.partition("-")
        code = User.objects.values_list("code", flat=True).get(pk=url_str_to_user_pk(number))
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": code, "key": token})
        return self.request.build_absolute_uri(path)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages ("Successfully signed in as …") would show an address on a shared screen."""
