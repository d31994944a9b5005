"""The council's texts on a page."""

from __future__ import annotations

import re
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from caregivers.text_blocks import BLANK

register = template.Library()
PARTS = re.compile(
    rf"(?P<blank>{BLANK.pattern})"
    r"|(?P<web>https?://[^\s<>\[\]\"]*[\w/])"
    r"|(?P<mail>[\w.+-]+@[\w-]+(?:\.[\w-]+)+)"
)


@register.simple_tag(takes_context=True)
def words(context: template.Context, text: Any) -> SafeString | str:
    """A piece of a text, with its addresses as links. Where the page says `marked`, to staff, what the council has to
    fill in stands out."""
    marked, text, found, at = context.get("marked"), str(text), [], 0
    for part in PARTS.finditer(text):
        found += [(text[at : part.start()],), (_drawn(part, bool(marked)),)]
        at = part.end()
    return format_html_join("", "{}", [*found, (text[at:],)])


def _drawn(part: re.Match[str], marked: bool) -> SafeString | str:
    """The page of another site opens in a tab of its own: the text may stand above a form that is half filled in."""
    if part["web"]:
        link = '<a class="govuk-link" href="{0}" target="_blank" rel="noopener noreferrer">{0}</a>'
        return format_html(link, part["web"])
    if part["mail"]:
        return format_html('<a class="govuk-link" href="mailto:{0}">{0}</a>', part["mail"])
    return format_html('<mark class="blank">{}</mark>', part[0]) if marked else part[0]
