"""QR codes, drawn on the page itself: no image to fetch."""

from __future__ import annotations

from typing import Any

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr(address: str, title: Any, side: int = 0) -> SafeString:
    """As wide as its place, or `side` pixels; `title` is what a screen reader says. Quiet zone included."""
    code = segno.make_qr(address, error="m")
    svg = code.svg_inline(omitsize=True, border=4, light="#fff", title=str(title), svgclass="qr", lineclass="")
    size = f' width="{side}" height="{side}"' if side else ""
    return mark_safe(svg.replace("<svg ", f'<svg role="img"{size} ', 1))  # noqa: S308  # segno escapes the title
