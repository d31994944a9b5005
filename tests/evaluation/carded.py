"""A group that answers by cards: its codes, its rounds, and somebody with a card."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from evaluation.cards import actions as cards_actions
from evaluation.cards import codes as cards
from evaluation.models import Wave
from evaluation.rounds import actions as rounds
from feedback.answering.forms import new_nonce
from tests.evaluation.conftest import answers

KEY = "3f1d1c1e-58a1-4c11-9a51-111111111111"


@pytest.fixture
def codes(cohort, lead) -> list[str]:
    rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    return cards_actions.make_cards(cohort=cohort, n=12, key=KEY, by=lead)


@pytest.fixture
def before(codes, cohort) -> Wave:
    return rounds.open_wave(cohort=cohort, point="before", by=None)


@pytest.fixture
def use() -> Callable[..., None]:
    """`use(wave, code, level)`: whoever holds this card answers."""

    def answer(wave: Wave, code: str, level: int, way: str = "online") -> None:
        cards_actions.receive_by_card(wave=wave, code=code, answers=answers(level), nonce=new_nonce(), way=way)

    return answer


@pytest.fixture
def both(held, codes, before, cohort, use) -> list[Wave]:
    """Seven cards before and after, an eighth before only; both rounds are closed."""
    after = rounds.open_wave(cohort=cohort, point="after", by=None)
    for k, code in enumerate(codes[:8]):
        use(before, code, k % 3)
        if k < 7:
            use(after, code, k % 3 + 1)
    return [rounds.close_wave(wave=wave, by=None) for wave in (before, after)]


def page(code: str) -> str:
    return reverse("card_answer", args=[cards.printed(code)])


def sent(level: int = 2) -> dict[str, Any]:
    return {f"q-{slug}": value for slug, value in answers(level).items()}
