"""Piles of paper sheets for tests."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from feedback import sealing
from feedback.models import Form, PaperPile
from feedback.paper import actions as paper


def url(name: str, of: Form | PaperPile) -> str:
    args = [of.form.code, of.code] if isinstance(of, PaperPile) else [of.code]
    return reverse(f"feedback:{name}", args=args)


def typed(pile: PaperPile, *sheets: dict[str, Any], again: bool = False) -> None:
    for number, sheet in enumerate(sheets, start=1):
        paper.type_sheet(pile=pile, again=again, number=number, sheet=sheet)
    pile.refresh_from_db()


def in_box(form: Form) -> list[sealing.Answers]:
    return sorted((payload["answers"] for payload in sealing.open_box([form])), key=str)
