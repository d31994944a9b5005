"""Whoever tries out codes of slips is stopped; a good code leaves no row anywhere that says when it came."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from feedback.slips.forms import WRONG
from ppg.limits import network, spend, used_up

MOST_CODES, WITHIN_SECONDS = 100, 600  # from one address: a venue's wifi is one address for the whole group
TOO_MANY = gettext_lazy("Too many codes came from here just now. Wait ten minutes, then try again.")


def tried_out(request: HttpRequest, form: Any, by: str = "") -> bool:
    """Of a form that asks for a slip's code and was looked at: whether there were too many wrong ones. Then it says so,
    and not whether this one was right. `by`: who is signed in, and types in paper sheets from whichever network."""
    if "slip" not in form.fields or not form.is_bound:
        return False
    who = by or network(request)
    over = used_up("wrong slip", who, most=MOST_CODES, seconds=WITHIN_SECONDS)
    if not over and form.has_error("slip", WRONG):
        over = spend("wrong slip", who, most=MOST_CODES, seconds=WITHIN_SECONDS) is not None
    if over:
        form.errors.pop("slip", None)
        form.add_error(None, TOO_MANY)
    return over
