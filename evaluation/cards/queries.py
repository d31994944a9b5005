"""What a code leads to: its card, the name its answers lie under, and the round that takes answers now."""

from __future__ import annotations

import base64
from datetime import datetime

from django.utils.crypto import salted_hmac

from evaluation.models import Card, Mode, Wave
from evaluation.rounds import plans
from feedback.models import Form
from ppg.links import typed_codes as cards


def hash_of(code: str) -> str:
    """What is kept of a code. Forty bits could be tried out one by one, so the installation's secret is in it."""
    return salted_hmac("evaluation.cards.hash", code, algorithm="sha256").hexdigest()


def pseudonym_of(code: str) -> str:
    """The name under which a card's answers lie: the same in every round, and not to be had from its row."""
    made = salted_hmac("evaluation.cards.pseudonym", code, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(made[:16]).decode().rstrip("=")


def card_with(code: str) -> Card | None:
    """The card with this code (see `cards.typed`)."""
    return (
        Card.objects.filter(code_hash=hash_of(code)).select_related("cohort").first() if cards.is_code(code) else None
    )


def wave_for(card: Card, now: datetime) -> Wave | None:
    """The round that takes answers now; of several the one that was opened last."""
    if card.withdrawn or plans.mode_of(card.cohort) != Mode.CODED:
        return None
    waves = Wave.objects.filter(cohort=card.cohort_id, form__in=Form.objects.open(now))
    return waves.select_related("form__questionnaire", "cohort").order_by("-pk").first()
