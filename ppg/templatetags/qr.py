"""QR codes, drawn on the page itself: no image to fetch."""

from __future__ import annotations

from typing import Any

import segno
from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@register.simple_tag
def qr(address: str, title: Any) -> SafeString:
    """As wide as its place (class "qr"), with its quiet zone; `title` is what a screen reader says."""
    code = segno.make_qr(address, error="m")
    svg = code.svg_inline(omitsize=True, border=4, light="#fff", title=str(title), svgclass="qr", lineclass="")
    return mark_safe(svg.replace("<svg ", '<svg role="img" ', 1))  # noqa: S308  # segno escapes the title
