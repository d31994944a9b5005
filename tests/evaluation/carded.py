"""Somebody with a card: the page it opens, and what they send."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from ppg.links import typed_codes as cards
from tests.evaluation.conftest import answers


def page(code: str) -> str:
    return reverse("card_answer", args=[cards.printed(code)])


def sent(level: int = 2) -> dict[str, Any]:
    return {f"q-{slug}": value for slug, value in answers(level).items()}
