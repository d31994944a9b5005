"""Forms of before and after: how a group is asked, its cards, a card's code, and answers that staff write down."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.actions import MOST_CARDS, card_with
from evaluation.asking import cards, plans
from evaluation.asking.measures import OWN
from evaluation.models import Card, Measure, Mode
from feedback.forms import AnswerForm
from feedback.models import Way
from ppg.formfields import ChoiceRadios, GovForm, NumberField, TextField

SPARES = 4

LINKS_EXPLAINED = gettext_lazy(
    "Everybody gets a link of their own. Their answers lie under a random name, and only the computer knows whose it "
    "is. You see who has answered, never what, and you can remind people."
)
CARDS_EXPLAINED = gettext_lazy(
    "Everybody draws a sealed card with a code and keeps it. Nothing ties a code to a person. You see nothing until "
    "the questions have closed, then how many answered. You cannot remind anybody, and a lost card is lost."
)
NOT_OURS = gettext_lazy("That is not a card of ours. Look at it once more: letters and numbers as printed.")


class PlanForm(GovForm):
    submit_label = gettext_lazy("Keep this choice")

    mode = ChoiceRadios(
        label=gettext_lazy("How should people answer?"),
        choices=Mode.choices,
        hints={Mode.CONFIDENTIAL: LINKS_EXPLAINED, Mode.CODED: CARDS_EXPLAINED},
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        others = {row.questionnaire.slug: row for row in plans.measures() if row.questionnaire.slug != OWN}
        self.measures: dict[str, Measure | None] = {OWN: None, **others}
        titles = [(OWN, _("Our own short measure")), *((slug, one.questionnaire.title) for slug, one in others.items())]
        self.fields["measure"] = ChoiceRadios(
            label=_("Which questions?"), choices=titles, hints={OWN: _("Ten statements and a goal, three minutes")}
        )

    def measure(self) -> Measure | None:
        """None: our own."""
        return self.measures[self.cleaned_data["measure"]]


class CardsForm(GovForm):
    submit_label = gettext_lazy("Make the cards")
    one_effect = True

    n = NumberField(
        label=gettext_lazy("How many cards?"),
        help_text=gettext_lazy("One for each person, and some spare ones: eight fit on a page"),
        min_value=1,
        max_value=MOST_CARDS,
    )


class CodeField(TextField):
    """A card's code, as it may be typed: small letters, spaces, with or without the hyphen. Gives our own spelling."""

    def __init__(self, **kwargs: Any):
        super().__init__(width=20, max_length=60, **kwargs)
        self.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        code = cards.typed(super().clean(value))
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


class WrittenDownForm(AnswerForm):
    """The same questions, for answers given on paper or spoken."""

    submit_label = gettext_lazy("Keep these answers")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        way = ChoiceRadios(
            label=_("How were these answers given?"),
            choices=[(Way.PAPER, Way.PAPER.label), (Way.SPOKEN, _("By phone, or read out"))],
        )
        self.fields = {"way": way, **self.fields}
