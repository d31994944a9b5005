"""Django's own command, which asks for nothing that an account here needs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError


class Command(BaseCommand):
    help = "Not used here: see first_administrator."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("anything", nargs="*", help="is not looked at")

    def run_from_argv(self, argv: list[str]) -> None:
        super().run_from_argv(argv[:2])  # also with Django's options

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError(
            "Accounts are made by invitation here, so that everybody has a second factor. For the first one run: "
            "manage.py first_administrator name@council.example"
        )
