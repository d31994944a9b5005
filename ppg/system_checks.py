"""System checks: what would fail at the worst moment is said at the start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from ppg.documents import faces


@register()
def fonts_are_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if faces.missing():
        return [Error("The fonts that PDFs are made with are not in place.", hint="Run script/install.")]
    return []
