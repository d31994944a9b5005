"""What is typed about cards: how many are made, and the code of one."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.cards.queries import card_with
from evaluation.models import Card
from feedback.counting_out.forms import CountField
from ppg.forms.fields import GovForm, TypedCodeField
from ppg.links import typed_codes as cards

NOT_OURS = gettext_lazy("That is not a card of ours. Look at it once more: letters and numbers as printed.")


class CardCountForm(GovForm):
    """What each of two people types who count the cards."""

    submit_label = gettext_lazy("Save what I counted")

    left = CountField(
        label=gettext_lazy("How many cards are left over?"),
        help_text=gettext_lazy("Those that nobody drew. Count them in your own hands."),
        error_messages={"required": gettext_lazy("Enter how many cards are left over, 0 if none")},
    )
    people = CountField(
        label=gettext_lazy("How many people were there to draw one?"),
        help_text=gettext_lazy("Without the team. If cards were drawn on two days, count everybody once."),
        error_messages={"required": gettext_lazy("Enter how many people were there to draw one")},
    )


class CodeField(TypedCodeField):
    """A card's code."""

    def __init__(self, **kwargs: Any):
        super().__init__(width=20, **kwargs)

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        if code and not cards.is_code(code):
            raise ValidationError(NOT_OURS)
        return code


class CardField(CodeField):
    """The code of a card of this group, on a sheet of paper."""

    def __init__(self, *, cohort: int, **kwargs: Any):
        super().__init__(error_messages={"required": _("Type the code on the sheet")}, **kwargs)
        self.cohort = cohort

    def clean(self, value: Any) -> str:
        code = super().clean(value)
        card = card_with(code)
        if code and (card is None or card.cohort_id != self.cohort):
            raise ValidationError(NOT_OURS)
        return code


class CodeForm(GovForm):
    """On the public pages: no cookie there, so no token. `card` is the card with the code."""

    submit_label = gettext_lazy("Go on")
    card: Card | None = None

    code = CodeField(
        label=gettext_lazy("The code on your card"),
        help_text=gettext_lazy("Ten letters and numbers. Small letters and gaps do not matter."),
        error_messages={"required": gettext_lazy("Type the code on your card")},
    )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.disable_csrf = True
        return helper

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        self.card = card_with(code)
        if self.card is None:
            raise ValidationError(NOT_OURS)
        return code


class TakeOutForm(CodeForm):
    submit_label = gettext_lazy("Take my answers out")
    submit_style = "warning"
