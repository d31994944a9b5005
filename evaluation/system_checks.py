"""System checks: thresholds that would show single people are said at the start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from evaluation.disclosure.suppression import SHARED, SHARED_FLOOR, TEAM, TEAM_FLOOR


@register()
def figures_rest_on_enough_people(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    rules = [("TEAM_LEAST", TEAM_FLOOR, TEAM), ("SHARED_LEAST", SHARED_FLOOR, SHARED)]
    errors: list[CheckMessage] = [
        Error(
            f"{name} is {getattr(settings, name)}. A figure on so few people would show single answers.",
            hint=f"Set it to {floor} or more; {default} is the default.",
            id=f"evaluation.E00{number}",
        )
        for number, (name, floor, default) in enumerate(rules, start=1)
        if getattr(settings, name) < floor
    ]
    if settings.SHARED_LEAST < settings.TEAM_LEAST:
        sentence = "SHARED_LEAST is lower than TEAM_LEAST, so more would leave the team than the team may see."
        errors.append(Error(sentence, hint="Set it to TEAM_LEAST or more.", id="evaluation.E003"))
    return errors
