"""Prints the list of hooks as Markdown, for docs/hooks.md."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ppg import hooks


def table() -> str:
    """A row for each hook: where it stands, what it is for, and the apps that add to it."""
    lines = ["| hook | what it is for | who adds |", "|---|---|---|"]
    for hook in hooks.every():
        apps = dict.fromkeys(f"`{module.partition('.')[0]}`" for module in hook.added_by)
        lines.append(f"| `{hook.name}` | {hook.use} | {', '.join(apps)} |")
    return "\n".join(lines)


class Command(BaseCommand):
    help = "Prints what lower apps let higher ones add, as a table for docs/hooks.md."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(table())
