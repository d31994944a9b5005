"""Puts what commands print into the documents: from each mark “printed by `manage.py …`” to its `<!-- end -->`."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

PRINTED = re.compile(r"(<!-- \w+: printed by `manage\.py (\w+)`[^>]*-->\n).*?(<!-- end -->)", re.S)


def pasted(text: str) -> str:
    return PRINTED.sub(lambda match: f"{match[1]}{printed(match[2])}\n{match[3]}", text)


def printed(command: str) -> str:
    out = io.StringIO()
    call_command(command, stdout=out)
    return out.getvalue().strip()


class Command(BaseCommand):
    help = "Pastes into README.md and docs/ what other commands print for them."

    def handle(self, *args: Any, **options: Any) -> None:
        for path in documents(settings.BASE_DIR):
            before = path.read_text(encoding="utf-8")
            if (after := pasted(before)) != before:
                path.write_text(after, encoding="utf-8")
                self.stdout.write(str(path.relative_to(settings.BASE_DIR)))


def documents(folder: Path) -> list[Path]:
    return [folder / "README.md", *sorted((folder / "docs").rglob("*.md"))]
