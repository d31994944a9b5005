"""Which piles somebody may open, and where two typings of one differ."""

from __future__ import annotations

from django.db.models import QuerySet

from feedback.models import Form, PaperPile
from feedback.paper import piles
from feedback.paper.delivery import typing_of
from ppg.models import User


def piles_of(user: User) -> QuerySet[PaperPile]:
    """A pile is open to whoever types it, as long as they are in the team, and to nobody else."""
    return PaperPile.objects.filter(typed_by=user, form__in=Form.objects.visible_to(user))


def differences(pile: PaperPile) -> list[piles.Difference]:
    """Of a pile that was typed twice; otherwise none."""
    typing = typing_of(pile.form)
    if not pile.second or not typing:
        return []
    asked = {name: str(field.label) for name, field in typing.extra(pile.form).items()}  # noqa: S610  # no query
    return piles.differences(asked, pile.form.questionnaire.questions.all(), pile.first, pile.second)
