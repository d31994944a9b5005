"""Typing in paper sheets: a pile is begun, typed sheet by sheet, perhaps typed again, and sent once.

No audit row: the trail would say how many answered on paper, and when. See docs/decisions/paper-piles.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering.actions import spent_nonce
from feedback.asking.actions import locked, show_if_enough
from feedback.models import Form, PaperPile, Questionnaire, Way
from feedback.paper import piles
from feedback.paper.delivery import Typing, typing_of
from feedback.paper.queries import differences
from feedback.slips.codes import is_on, nonce_of
from feedback.slips.forms import SlipField
from feedback.slips.queries import sheet_of
from ppg.access.refusals import Refused
from ppg.models import User

SLIP = f"{piles.EXTRA}slip"


def begin_pile(*, form: Form, sheets: int, by: User) -> PaperPile:
    if form.opened_with_id:
        raise Refused(_("The answers of this form have been opened. Type these sheets in with the group’s next form."))
    if typing_of(form) is None:
        raise Refused(_("Sheets of this form are typed in one person at a time."))
    return PaperPile.objects.create(form=form, typed_by=by, first=[None] * min(sheets, piles.MOST_SHEETS))


@transaction.atomic
def type_sheet(*, pile: PaperPile, again: bool, number: int, sheet: piles.Sheet) -> None:
    """Keeps what stands on one sheet; typed once more, the newer counts. A sheet that is not in the pile is nothing."""
    held = _held(pile)
    sheets: piles.Sheets = (held.second if again else held.first) if held else []
    if held is None or not 1 <= number <= len(sheets):
        return
    if other := sheet_with_slip(sheets, number, sheet.get(SLIP)):
        raise Refused(
            _("You typed this code on sheet %(n)s as well. Look at both slips; leave it empty if you cannot tell.")
            % {"n": other}
        )
    if held.form.key:
        sealing.seal(held.form, {"way": Way.PAPER, "answers": sheet})  # said now, not when the paper is put away
    sheets[number - 1] = sheet
    held.save(update_fields=["first", "second"])


def sheet_with_slip(sheets: piles.Sheets, number: int, slip: str | None) -> int | None:
    """Another sheet of the pile that this slip was typed with: of the two only the first would count, unsaid."""
    typed = {other: (sheet or {}).get(SLIP) for other, sheet in enumerate(sheets, start=1) if other != number}
    return next((other for other, its in typed.items() if slip and its == slip), None)


@transaction.atomic
def resize(*, pile: PaperPile, more: bool) -> None:
    """One more sheet than was counted; or the pile ends with the last sheet that was typed."""
    held = _held(pile)
    if held is None:
        return
    if more and len(held.first) < piles.MOST_SHEETS:
        held.first.append(None)
        if held.second:
            held.second.append(None)
    elif not more and not held.second:
        held.first = [sheet for sheet in held.first if sheet is not None] or [None]
    held.save(update_fields=["first", "second"])


@transaction.atomic
def type_again(*, pile: PaperPile, again: bool) -> None:
    """Begins the second typing, or gives it up. Begun twice, what was typed since stays."""
    held = _held(pile)
    if held is None or (again and (held.second or piles.next_sheet(held.first))):
        return
    held.second = [None] * len(held.first) if again else []
    held.save(update_fields=["second"])


def _held(pile: PaperPile) -> PaperPile | None:
    """The pile as it is now, for this transaction alone; None if it was sent or thrown away meanwhile."""
    return (
        PaperPile.objects.select_for_update(of=["self"])
        .filter(pk=pile.pk)
        .select_related("form__questionnaire", "form__cohort")
        .first()
    )


@transaction.atomic
def send_pile(*, pile: PaperPile, chosen: Mapping[str, str], at: datetime | None = None) -> bool:
    """All sheets go where they belong, in an order nobody knows, and the pile is no more. False: sent before."""
    locked(pile.form.cohort_id)  # first, as in closing: the two happen one after the other
    held = _held(pile)
    if held is None:
        return False
    typing = typing_of(held.form)
    if typing is None or piles.next_sheet(held.first) or piles.next_sheet(held.second):
        raise Refused(_("Type all sheets first."))
    different = differences(held)
    if any(difference.key not in chosen for difference in different):
        raise Refused(_("Choose for each difference which answer is right."))
    sheets = piles.settled(held.first, held.second, different, chosen)
    sealing.shuffle(sheets)
    typing.deliver(held.form, sheets, at or timezone.now())
    held.delete()
    return True


def discard_pile(*, pile: PaperPile) -> None:
    """Nothing of it is kept; the sheets are still there on paper."""
    PaperPile.objects.filter(pk=pile.pk).delete()


def _slip(form: Form) -> dict[str, forms.Field]:
    """The code of the slip that lies with the sheet. A sheet without one is typed in all the same."""
    if not form.slips:
        return {}
    hint = _("Leave it empty if no slip lies with the sheet. Then it does not count towards those that are needed.")
    return {"slip": SlipField(sheet_of(form), label=_("The code of its slip"), required=False, help_text=hint)}


def _into_box(form: Form, sheets: list[piles.Sheet], at: datetime) -> None:
    """Seals the sheets into the form's box, or, where that was opened meanwhile, into the one that follows it.

    A sheet counts by its slip until somebody has begun to count the slips that were left over: those are void from then
    on. A slip that was used before, on a phone or on another sheet, is used once: the first sheet counts.
    """
    box = Form.objects.select_for_update().get(pk=_box_of(form).pk)
    if box.sealed.count() + len(sheets) > answering.MOST_ANSWERS:
        raise Refused(_("This form cannot take so many answers."))
    slips = sheet_of(box) if box.pk == form.pk and box.slips else None
    if slips and slips.is_being_counted:
        slips = None
    for sheet in sheets:
        answers = dict(sheet)
        slip = answers.pop(SLIP, "")
        answers = sealing.answered(answers)
        if not answers:
            continue
        payload: sealing.Payload = {"way": Way.PAPER, "answers": answers}
        if box.slips:
            payload["slip"] = bool(slips and slip and is_on(slips, slip))
        if slips and payload.get("slip"):
            spent = spent_nonce(box, nonce_of(slips, slip))
            if box.spent.filter(nonce_hash=spent.nonce_hash).exists():
                continue
            spent.save(force_insert=True)
        sealing.seal(box, payload).save(force_insert=True)
    if box.closed_at:
        show_if_enough(box)


def _box_of(form: Form) -> Form:
    if form.opened_with_id is None:
        return form
    later = Form.objects.unopened().filter(cohort=form.cohort_id, questionnaire=form.questionnaire_id)
    if box := later.order_by("-pk").first():
        return box
    if form.session_id is None:
        raise Refused(_("The answers of this form were opened before these sheets were sent. They cannot be added."))
    raise Refused(_("The answers of this form were opened meanwhile. These sheets go with the group’s next form."))


ANONYMOUS = Typing(extra=_slip, deliver=_into_box)


def typing_of_anonymous(form: Form) -> Typing | None:
    """Forms without a name: questions alone are typed in, and the sheets go into the box."""
    return ANONYMOUS if form.questionnaire.kind in (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL) else None
