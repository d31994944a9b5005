"""An answer comes in, and is sealed."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import sealing
from feedback.models import Form, SpentNonce, Way
from feedback.slips.codes import is_on, nonce_of
from feedback.slips.forms import NOT_OURS
from feedback.slips.queries import sheet_of
from ppg.access.refusals import Refused

MOST_ANSWERS = 200  # in one form: a stuck machine or a prank ends here, a group of eight never does


class Closed(Refused):
    """The form takes no more answers."""


@transaction.atomic
def receive(
    *,
    form: Form,
    answers: sealing.Answers,
    nonce: str,
    way: str = Way.ONLINE,
    pseudonym: str = "",
    slip: str = "",
    at: datetime | None = None,
) -> bool:
    """Seals one person's answers into the form's box. False: this sheet was received before, and that one counts.

    A form that is answered by slips takes nothing without one. The slip's code is then the nonce: it is used once, on
    whichever page, and the second time looks the same.
    No audit row, no time, nothing of the request. The form's row is locked: an answer is in the box before it
    closes or refused, and of two sendings of a sheet the second sees the first.
    """
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
    if form.sealed.count() >= MOST_ANSWERS:
        raise Refused(_("This form cannot take more answers. Please tell the people who gave it to you."))
    payload: sealing.Payload = {"way": str(way), "answers": answers}
    if form.slips:
        payload["slip"] = True
    if pseudonym:
        payload["pseudonym"] = pseudonym
    sealing.seal(form, payload).save(force_insert=True)
    spent.save(force_insert=True)
    return True


def spent_nonce(form: Form, nonce: str) -> SpentNonce:
    """The row that says so, not yet saved."""
    return SpentNonce(form=form, nonce_hash=sha256(nonce.encode()).hexdigest())
