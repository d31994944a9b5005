"""Lets the first administrator in: prints a link that sets a password and a second factor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ppg.accounts.staff import actions
from ppg.models import User
from ppg.permissions import Role


class Command(BaseCommand):
    help = "Prints the link by which the first administrator joins. Run again, it prints a new one and ends the old."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", help="the address they will sign in with")
        parser.add_argument("--name", default="", help="their name; they can change it")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
        except ValidationError:
            raise CommandError(f"“{email}” is not an e-mail address.") from None
        with transaction.atomic():
            user = self.invited(email, options["name"].strip() or email.partition("@")[0])
            token = actions.new_link(user, None, timezone.now())
        self.stdout.write(f"Open this link to set up the account of {user.email}:\n")
        self.stdout.write(f"  {site()}{reverse('join', args=[token])}\n")
        self.stdout.write(f"It works once, until it is used, for {settings.INVITATION_DAYS} days.")

    def invited(self, email: str, name: str) -> User:
        if there := User.objects.administrators().first():
            raise CommandError(
                f"There is an administrator already, {there.name}: they invite everybody else, under Staff accounts."
            )
        waiting = User.objects.invited().filter(email=email, role=Role.ADMINISTRATOR).first()
        if waiting:
            return waiting
        if why := actions.why_not_invite(email):
            raise CommandError(why)
        return actions.invite(name=name, email=email, role=Role.ADMINISTRATOR, by=None, site="")


def site() -> str:
    """Where people reach the product, as far as the settings say."""
    if settings.PRODUCTION:
        return f"https://{settings.ALLOWED_HOSTS[0]}"
    return "http://127.0.0.1:8000"
