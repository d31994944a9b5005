"""A theme is there for every group; a new one is made where somebody first needs it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from feedback.models import Theme
from ppg.audit_trail import audit
from ppg.models import User
from ppg.typed import comparison_key


@transaction.atomic
def theme_called(title: str, by: User) -> Theme:
    """The theme of this title, new where there is none. Capitals and another apostrophe make no other theme."""
    title, key = " ".join(title.split()), comparison_key(title)
    if found := next((theme for theme in Theme.objects.all() if comparison_key(theme.title) == key), None):
        return found
    made, new = Theme.objects.get_or_create(title=title)
    if new:
        audit.record(by, audit.Verb.CREATED, made, fields=["title"])
    return made


def themes_in(data: Mapping[str, Any], by: User) -> list[Theme]:
    """What a form with themes holds: those ticked, and the new one."""
    chosen = list(data["themes"])
    if title := data["new_theme"]:
        chosen.append(theme_called(title, by))
    return chosen
