"""System checks: what would fail at the worst moment is said at the start."""

from __future__ import annotations

from typing import Any

from django.core.checks import CheckMessage, Error, register

from ppg.documents.pdf import font_missing


@register()
def a_font_is_there(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if font_missing():
        return [Error("No font is installed, and WeasyPrint crashes without one.", hint="Install fonts-liberation.")]
    return []
