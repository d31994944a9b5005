"""What becomes of a sheet that was sent: the same on every public page that takes answers."""

from __future__ import annotations

from typing import Any, Protocol

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy

from feedback.answering.actions import Closed
from feedback.answering.forms import AnswerForm
from feedback.languages.texts import Language
from feedback.sealing import Answers
from feedback.slips.tries import tried_out
from ppg.access.refusals import Refused
from ppg.limits import too_many_in_memory
from ppg.links.views import ended

MOST_SENDS = 60  # from one address: a venue's wifi is one address for everybody in the room
WITHIN_SECONDS = 600
TOO_MANY = gettext_lazy("Too many answers came from here just now. Wait ten minutes, then press Send again.")


class Keep(Protocol):
    def __call__(self, *, answers: Answers, nonce: str) -> Any: ...


def take_in(
    request: HttpRequest,
    form: AnswerForm,
    keep: Keep,
    *,
    thanks: str,
    counted_as: str = "",
    over: type[Refused] = Closed,
) -> HttpResponse | int:
    """The page to go on to, or the status of this one, which comes back with the form saying why.

    `counted_as`: the limit this page counts under; empty where the page has counted already. `over`: what `keep`
    raises when no answer will be taken here any more.
    """
    good = form.is_valid()
    if tried_out(request, form):
        return 429
    if not good:
        return 422 if form.is_bound else 200
    if counted_as and too_many_in_memory(request, counted_as, most=MOST_SENDS, seconds=WITHIN_SECONDS):
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


def in_language(language: Language | None) -> str:
    """The end of an address that stays in the language somebody chose: no cookie remembers it."""
    return f"?lang={language.code}" if language else ""
