"""An answer comes in, and is sealed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback import sealing
from feedback.models import Form, SpentNonce, Way
from feedback.slips.codes import is_on, nonce_of
from feedback.slips.forms import NOT_OURS
from feedback.slips.queries import sheet_of
from ppg.access.refusals import Refused

NOTHING = gettext_lazy("Answer at least one question before you send.")
MOST_ANSWERS = 1200  # in one form, whoever sent them


class Closed(Refused):
    """The form takes no more answers."""


def room_for(from_here: int) -> int:
    """How full a box may be for a network's so-and-so-many-th sheet of the day: 1200 for the first, 150 for the eighth.

    So whoever floods it shuts it to themselves long before they shut it to others. Three networks that send what they
    can leave 60 sheets, and a room of eight on one wifi still finds room beside those of a dozen such networks.
    """
    return MOST_ANSWERS // max(from_here, 1)


@transaction.atomic
def receive(
    *,
    form: Form,
    answers: sealing.Answers,
    nonce: str,
    way: str = Way.ONLINE,
    pseudonym: str = "",
    slip: str = "",
    from_here: int = 0,
    at: datetime | None = None,
) -> bool:
    """Seals one person's answers into the form's box. False: this sheet was received before, and that one counts; or
    it came by the open link, as the `from_here`-th of its network, and the box has no room for it (`room_for`).

    A form that is answered by slips takes nothing without one. The slip's code is then the nonce: it is used once, on
    whichever page, and the second time looks the same.
    No audit row, no time, nothing of the request. The form's row is locked: an answer is in the box before it
    closes or refused, and of two sendings of a sheet the second sees the first. A sheet on which nothing is seen is
    refused, and its slip stays good.
    """
    answers = sealing.answered(answers)
    if not answers:
        raise Refused(str(NOTHING))
    form = Form.objects.select_for_update().get(pk=form.pk)
    if not form.is_open(at or timezone.now()):
        raise Closed(_("This form has closed."))
    if form.slips:
        sheet = sheet_of(form)
        if sheet is None or not is_on(sheet, slip):
            raise Refused(str(NOT_OURS))
        nonce = nonce_of(sheet, slip)
    spent = spent_nonce(form, nonce)
    if form.spent.filter(nonce_hash=spent.nonce_hash).exists():
        return False
    kept = form.sealed.count() < room_for(from_here)
    if not kept and not from_here:
        raise Refused(_("This form cannot take more answers. Please tell the people who gave it to you."))
    payload: sealing.Payload = {"way": str(way), "answers": answers}
    if form.slips:
        payload["slip"] = True
    if pseudonym:
        payload["pseudonym"] = pseudonym
    sealed = sealing.seal(form, payload)
    sealed.save(force_insert=True)
    spent.save(force_insert=True)
    if not kept:  # written and taken out again: it takes as long as one that is kept
        sealed.delete()
        spent.delete()
    return kept


def spent_nonce(form: Form, nonce: str) -> SpentNonce:
    """The row that says so, not yet saved."""
    return SpentNonce(form=form, nonce_hash=sha256(nonce.encode()).hexdigest())
