"""What somebody can tell us about themselves, made up from what the registration asks: what is added to `ANSWERS` is
tried by every test that asks here."""

from __future__ import annotations

from typing import Any

from django import forms

from caregivers.models import Caregiver
from caregivers.registering.actions import ANSWERS
from caregivers.registering.forms import DetailsForm

CALLED = ("name", "liked_name")  # what a group's own people may read of each other
LIKE = {"phone": "07700 900982", "email": "rosa@home.example", "handouts_by": "paper"}  # where not anything will do


def chosen_from(name: str) -> list[tuple[str, str]]:
    """What stands to choose from, as it is kept and as it reads; nothing where words are typed."""
    field = DetailsForm.base_fields.get(name)
    choices: Any = field.choices if isinstance(field, forms.ChoiceField | forms.MultipleChoiceField) else []
    reveals = getattr(field, "reveals", {})
    return sorted(((str(value), str(label)) for value, label in choices), key=lambda one: one[0] not in reveals)


def answer(name: str) -> object:
    """What somebody might say; no two say the same. Of answers to choose from, one that asks for more."""
    choices = chosen_from(name)
    said = LIKE.get(name, choices[0][0] if choices else f"Zq {name.replace('_', ' ')}")
    return [said] if isinstance(DetailsForm.base_fields.get(name), forms.MultipleChoiceField) else said


def shown(name: str) -> str:
    """How `answer` stands on a page, and in a list."""
    said = answer(name)
    kept = said[0] if isinstance(said, list) else said
    return dict(chosen_from(name)).get(str(kept), str(kept))


WORDS = [name for name in ANSWERS if hasattr(Caregiver, name) and name not in CALLED and not chosen_from(name)]
CHOSEN = {name: answer(name) for name in ANSWERS if hasattr(Caregiver, name) and chosen_from(name)}
