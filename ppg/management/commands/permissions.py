"""Prints the permission table as Markdown, for the README."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ppg.access.permissions import GRANTS, Permission, Role


def table() -> str:
    """A row for each permission, a column for each role."""
    lines = ["| may | " + " | ".join(str(role.label) for role in Role) + " |", "|---|" + ":-:|" * len(Role)]
    for permission in Permission:
        ticks = ["✓" if permission in GRANTS[role] else "" for role in Role]
        lines.append(f"| {permission.value} | " + " | ".join(ticks) + " |")
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Prints who may do what, as a table for the README."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
