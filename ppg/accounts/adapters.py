"""How allauth signs our people in: no sign-up, neutral words, each sign-in and new password in the trail."""

from __future__ import annotations

from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ppg import audit
from ppg.accounts import mail
from ppg.models import User
from ppg.refusals import Refused


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

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> Any:
        audit.record(user, audit.Verb.SIGNED_IN, user)
        return super().post_login(request, user, **kwargs)

    @transaction.atomic
    def set_password(self, user: User, password: str) -> None:
        """Every new password comes by here, changed by its owner or chosen by a link for a new one.

        Of two who use one link at the same moment, the second finds another password than its link was made for.
        """
        held = User.objects.select_for_update().get(pk=user.pk)
        if held.password != user.password:
            raise Refused(_("The password was changed meanwhile. Ask for a new link if it was not you."))
        had_one = bool(held.password) and held.has_usable_password()
        user.set_password(password)
        user.save(update_fields=["password"])  # nothing else of what was read before: they may be blocked by now
        audit.record(user, audit.Verb.CHANGED, user, fields=["password"])
        if had_one:
            mail.post(mail.Kind.PASSWORD_CHANGED, user)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A request never talks to the mail server."""
        raise NotImplementedError(f"{template_prefix}: write it with ppg.accounts.mail.post, the worker sends it.")

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """allauth's own messages ("Successfully signed in as …") would show an address on a shared screen."""
