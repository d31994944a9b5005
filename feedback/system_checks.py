"""System checks: what would fail at the worst moment is said at the start."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

from feedback.results.least_answers import LEAST_FLOOR


@register()
def enough_people_answer(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if settings.FEEDBACK_LEAST < LEAST_FLOOR:
        sentence = f"FEEDBACK_LEAST is {settings.FEEDBACK_LEAST}. With so few answers, who wrote what would be plain."
        return [Error(sentence, hint=f"Set it to {LEAST_FLOOR} or more; 5 is the default.", id="feedback.E001")]
    return []
