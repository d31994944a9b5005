"""Paper sheets of a group with cards, typed in as a pile: each has its code beside the answers."""

from __future__ import annotations

from datetime import datetime

from django import forms
from django.utils.translation import gettext as _

from evaluation.cards import actions
from evaluation.cards.forms import CardField
from evaluation.models import Wave
from evaluation.rounds import plans
from feedback.models import Form, Questionnaire
from feedback.paper.delivery import Typing
from feedback.paper.piles import EXTRA, Sheet


def typing_of(form: Form) -> Typing | None:
    if form.questionnaire.kind != Questionnaire.Kind.MEASURE:
        return None
    wave = Wave.objects.filter(form=form).select_related("cohort").first()
    return BY_CARD if wave and plans.is_coded(wave) else None


def _code(form: Form) -> dict[str, forms.Field]:
    return {"code": CardField(cohort=form.cohort_id, label=_("Code on the card"))}


def _deliver(form: Form, sheets: list[Sheet], at: datetime) -> None:
    by_code = [(sheet.get(f"{EXTRA}code", ""), _answers(sheet)) for sheet in sheets]
    actions.receive_sheets(wave=Wave.objects.get(form=form), sheets=by_code)


def _answers(sheet: Sheet) -> Sheet:
    return {name: given for name, given in sheet.items() if not name.startswith(EXTRA)}


BY_CARD = Typing(_code, _deliver)
