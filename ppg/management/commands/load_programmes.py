"""Put the programmes that come with the product into the database."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from feedback.questions import questionnaires
from programmes.shipped.actions import load_shipped


class Command(BaseCommand):
    help = "Load the programmes and questions that come with the product. Those already there stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--again",
            action="store_true",
            help="put programmes that were changed back as they came (groups keep theirs)",
        )

    def handle(self, *args: Any, again: bool = False, **options: Any) -> None:
        for programme in load_shipped(again=again):
            self.stdout.write(f"{programme}: {programme.guides.count()} sessions")
        questionnaires.load_shipped()
