"""Each view says exactly one of these; `ppg.every_request.middleware.SignInRequired` enforces it.

A view that says none is refused to everybody, and the guard test names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ppg.access.permissions import Permission

View = Callable[..., Any]
PUBLIC = "public"
SIGNED_IN = "signed in"
FILE = "file"  # asked again before a download: afterwards its page opens, where it is pressed once more


def requires(permission: Permission, *, hidden: bool = False, again: bool | str = False) -> Callable[[View], View]:
    """Only for people whose role grants this; the view still looks the record up by `visible_to`.

    `hidden`: for everybody else there is no such page (404 instead of 403).
    `again`: whoever signed in some time ago gives their password or a code once more; FILE for a download.
    """

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        view.hidden = hidden  # type: ignore[attr-defined]
        view.again = again  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: View) -> View:
    """For every member of staff."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def asked_again(view: View) -> View:
    """For every member of staff, once they have given their password or a code again."""
    view.again = True  # type: ignore[attr-defined]
    return signed_in(view)


def before_factor(view: View) -> View:
    """Over one of the others: it opens also to who has no second factor yet, since it leads to one or away."""
    view.before_factor = True  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """For anybody who has the link."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view


def stays_open(view: View) -> View:
    """Over one of the others: of a session whose evening was opened in this browser it goes on when the rest of the
    account has closed (`ppg.access.lasting`)."""
    view.stays_open = True  # type: ignore[attr-defined]
    return view
