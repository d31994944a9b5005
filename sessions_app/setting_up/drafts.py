"""What was typed on the way to a new group, kept in the signed-in person's session between the pages.

Each draft has a key, which stands in the addresses of both pages: Back, reload and a second tab find their own.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

KEPT = "set_up"
MOST = 5


def get(request: HttpRequest, key: str) -> dict[str, Any] | None:
    return request.session.get(KEPT, {}).get(key)


def keep(request: HttpRequest, key: str, draft: dict[str, Any]) -> None:
    """The oldest go when there are more than a person would have open."""
    drafts = {name: value for name, value in request.session.get(KEPT, {}).items() if name != key}
    request.session[KEPT] = dict([*drafts.items(), (key, draft)][-MOST:])


def drop(request: HttpRequest, key: str) -> None:
    request.session[KEPT] = {name: value for name, value in request.session.get(KEPT, {}).items() if name != key}
