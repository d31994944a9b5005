"""The council's texts on a page."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from caregivers.wordings import BLANK

register = template.Library()


@register.simple_tag(takes_context=True)
def words(context: template.Context, text: Any) -> SafeString | str:
    """A piece of a text. Where the page says `marked`, to staff, what the council has to fill in stands out."""
    if not context.get("marked"):
        return str(text)
    text, found, at = str(text), [], 0
    for blank in BLANK.finditer(text):
        found += [(text[at : blank.start()],), (format_html('<mark class="blank">{}</mark>', blank[0]),)]
        at = blank.end()
    return format_html_join("", "{}", [*found, (text[at:],)])
