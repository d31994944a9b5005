"""What becomes of a sheet that was sent: the same on every public page that takes answers."""

from __future__ import annotations

from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from feedback.answering import actions
from feedback.answering.actions import Closed
from feedback.answering.forms import AnswerForm
from feedback.languages.texts import Language
from feedback.models import Form
from feedback.sealing import Answers
from ppg.access.refusals import Refused
from ppg.limits import DAY, count_in_memory, network, too_many_in_memory
from ppg.links.views import ended

MOST_SENDS = 60  # by one person's own link
WITHIN_SECONDS = 600
TOO_MANY = gettext_lazy("Send was pressed too often just now. Wait ten minutes, then press Send again.")
MOST_LOOKED_AT = 60  # from one network in a day, and 0 to 255 more


class Keep(Protocol):
    def __call__(self, *, answers: Answers, nonce: str) -> Any: ...


def take_in(
    request: HttpRequest,
    form: AnswerForm,
    keep: Keep,
    *,
    thanks: str,
    counted_as: tuple[str, ...] = (),
    over: type[Refused] = Closed,
) -> HttpResponse | int:
    """The page to go on to, or the status of this one, which comes back with the form saying why.

    `counted_as`: whose own link it came by; empty where anybody may send, or the page has counted already. `over`:
    what `keep` raises when no answer will be taken here any more.
    """
    if not form.is_valid():
        return 422 if form.is_bound else 200
    if counted_as and too_many_in_memory(*counted_as, most=MOST_SENDS, seconds=WITHIN_SECONDS):
        form.add_error(None, TOO_MANY)
        return 429
    try:
        keep(answers=form.payload(), nonce=form.nonce)
    except over:
        return ended(request)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return 422
    return redirect(thanks)


def by_open_link(request: HttpRequest, asked: Form) -> Keep:
    """Keeps a sheet that anybody may have sent, where there is room. The page of thanks says nothing about that.

    Where a network sent so many that nobody looks at them any more, the answer comes a little sooner. How many that
    are is left to chance, so that nobody reads from it how many others had sent from there.
    """

    def keep(*, answers: Answers, nonce: str) -> None:
        sent = count_in_memory("sheet", asked.code, network(request), seconds=DAY)
        if sent.count <= MOST_LOOKED_AT + sent.chance:
            actions.receive(form=asked, answers=answers, nonce=nonce, from_here=sent.count)

    return keep


def in_language(language: Language | None) -> str:
    """The end of an address that stays in the language somebody chose: no cookie remembers it."""
    return f"?lang={language.code}" if language else ""
