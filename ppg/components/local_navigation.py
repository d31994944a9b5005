"""Where one goes within what a page is about, a group say, on every page that is about it.

What a page is about only a higher app knows. It looks at what the page is given to show:

    navigations.add(of_a_group)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from ppg.hooks import Hook


@dataclass(frozen=True)
class Destination:
    """`current` is "page" where we are on it, "true" where we are on a page below it."""

    label: str
    url: str
    current: str = ""


@dataclass(frozen=True)
class LocalNavigation:
    """`name` is what a screen reader calls it by."""

    name: str
    destinations: Sequence[Destination]


navigations: Hook[Callable[[HttpRequest, Mapping[str, Any]], LocalNavigation | None]] = Hook(
    "The navigation of what a page is about, told by what the page is given to show.", key=lambda build: build
)


def local_navigation(request: HttpRequest, page: Mapping[str, Any]) -> LocalNavigation | None:
    """The first that knows what the page is about; none where there is but one place to go."""
    for build in navigations:
        found = build(request, page)
        if found and len(found.destinations) > 1:
            return found
    return None
