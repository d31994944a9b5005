"""Prints the rooms of each app and what lives there, as their docstrings say it, for docs/rooms.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

NO_ROOMS = {"migrations", "management", "templatetags", "__pycache__"}


def tables() -> str:
    foundation, *apps = settings.OUR_APPS
    return "\n".join(line for app in (*apps, foundation) for line in table(settings.BASE_DIR / app)).strip()


def table(app: Path) -> Iterator[str]:
    """A folder a line, then each module that stands at the app's root."""
    yield from (f"## {app.name}", "", "| where | what |", "|---|---|")
    for place in sorted(app.iterdir(), key=lambda path: (path.is_file(), path.name)):
        if place.is_dir() and place.name not in NO_ROOMS and (place / "__init__.py").exists():
            yield f"| `{place.name}/` | {sentence(place / '__init__.py')} |"
        elif place.suffix == ".py" and (words := sentence(place)):
            yield f"| `{place.name}` | {words} |"
    yield ""


def sentence(module: Path) -> str:
    """The first paragraph of a module's docstring, on one line; empty where it has none."""
    docstring = ast.get_docstring(ast.parse(module.read_text())) or ""
    return " ".join(docstring.split("\n\n")[0].split()).replace("|", "\\|")


class Command(BaseCommand):
    help = "Prints the rooms of each app and what lives there, for docs/rooms.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(tables())
