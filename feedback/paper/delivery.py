"""How the sheets of a form are typed in, and where they go: whoever asks with a form says it of that form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django import forms

from feedback.models import Form
from feedback.paper import piles
from ppg.hooks import Hook


@dataclass(frozen=True)
class Typing:
    """How the sheets of a form are typed in: what is asked beside the questions, and where they go when sent.

    `deliver(form, sheets, at)` runs in the transaction that ends the pile; the sheets come shuffled, and what was
    asked beside the questions stands in them under "+name".
    """

    extra: Callable[[Form], dict[str, forms.Field]]
    deliver: Callable[[Form, list[piles.Sheet], datetime], None]


# Each knows some forms and says None of the others.
ways: Hook[Callable[[Form], Typing | None]] = Hook("How paper sheets of a form are typed in, and where they go.")


def typing_of(form: Form) -> Typing | None:
    """None: sheets of this form are not typed in as a pile."""
    return next((typing for find in ways if (typing := find(form))), None)
