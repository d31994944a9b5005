"""For an administrator who has lost phone and recovery codes, where there is no other one to help."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from ppg.access.refusals import Refused
from ppg.accounts.factor import actions
from ppg.models import User


class Command(BaseCommand):
    help = "Removes somebody's second factor and recovery codes; they set up new ones when they sign in next."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email", help="the address they sign in with")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.joined().filter(email=options["email"].strip().lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in with “{options['email']}”.")
        try:
            actions.reset(user=user, by=None)
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"{user.name} sets up a new second factor when they sign in next, and is told by e-mail.")
