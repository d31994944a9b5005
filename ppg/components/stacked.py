"""A table whose rows become blocks on a phone: each value beside the words of its column's head.

Roles are written out, as a table that is laid out otherwise is no table any more for some screen readers; the words of
the head come from an attribute, so what is printed or read aloud is the table as it was.
"""

from __future__ import annotations

import re
from html import escape, unescape
from itertools import count

from django.utils.html import strip_tags

HEAD = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
TAG = re.compile(r"<(thead|tbody|tr|th|td)\b([^>]*)>")
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}


def stacked(content: str) -> str:
    """The same thead and tbody, each cell with its role and with the words of its head. Without colspan or rowspan."""
    head, body, rest = content.partition("<tbody")
    words = [" ".join(unescape(strip_tags(cell)).split()) for cell in HEAD.findall(head)]
    columns = count()

    def marked(match: re.Match[str]) -> str:
        nonlocal columns
        name, attributes = match.groups()
        if name == "tr":
            columns = count()
        if name == "th":
            role = "rowheader" if 'scope="row"' in attributes else "columnheader"
            next(columns)
            return f'<th role="{role}"{attributes}>'
        label = f' data-label="{escape(words[next(columns)])}"' if name == "td" else ""
        return f'<{name} role="{ROLES[name]}"{label}{attributes}>'

    return TAG.sub(marked, head + body + rest)
