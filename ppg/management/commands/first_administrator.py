"""Lets the first administrator in: prints a link that sets a password and a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from ppg.access.permissions import Role
from ppg.accounts.joining import actions
from ppg.links.codes import public_site
from ppg.models import User
from ppg.time_of_day import day_and_clock


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
        now = timezone.now()
        with transaction.atomic():
            user = self.invited(email, options["name"].strip())
            token = actions.new_link(user, None, now)
            self.forget_others(user)
        self.stdout.write(f"Open this link to set up the account of {user.email}:\n")
        self.stdout.write(f"  {public_site()}{reverse('join', args=[token])}\n")
        until = day_and_clock(timezone.localtime(now) + timedelta(days=settings.INVITATION_DAYS), "l j F")
        self.stdout.write(f"It works once, until {until}.")

    def invited(self, email: str, name: str) -> User:
        if there := User.objects.administrators().first():
            raise CommandError(
                f"There is an administrator already, {there.name}: they invite everybody else, under Staff accounts. "
                "If they have lost their phone and their recovery codes, run: manage.py reset_factor ADDRESS"
            )
        waiting = User.objects.invited().filter(email=email, role=Role.ADMINISTRATOR).first()
        if waiting:
            waiting.name = name or waiting.name
            waiting.save(update_fields=["name"])
            return waiting
        if why := actions.why_not_invite(email):
            raise CommandError(why)
        return actions.invite(
            name=name or email.partition("@")[0], email=email, role=Role.ADMINISTRATOR, by=None, site=""
        )

    def forget_others(self, user: User) -> None:
        """Somebody mistyped an address: that link ends, and nobody stays whom only this command has invited."""
        for other in User.objects.invited().filter(role=Role.ADMINISTRATOR).exclude(pk=user.pk):
            if not other.invitations.exclude(invited_by=None).exists():
                actions.take_back(user=other, by=None)
