"""Each view says exactly one of these; `ppg.middleware.SignInRequired` enforces it.

A view that says none is refused to everybody, and the guard test names it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ppg.permissions import Permission

View = Callable[..., Any]
PUBLIC = "public"
SIGNED_IN = "signed in"


def requires(permission: Permission, *, hidden: bool = False) -> Callable[[View], View]:
    """Only for people whose role grants this; the view still looks the record up by `visible_to`.

    `hidden`: for everybody else there is no such page (404 instead of 403).
    """

    def mark(view: View) -> View:
        view.access = permission  # type: ignore[attr-defined]
        view.hidden = hidden  # type: ignore[attr-defined]
        return view

    return mark


def signed_in(view: View) -> View:
    """For every member of staff."""
    view.access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """For anybody who has the link."""
    view.access = PUBLIC  # type: ignore[attr-defined]
    return view
