"""What a page's source says, however its template is wrapped."""

from __future__ import annotations

import re


def on_one_line(html: str) -> str:
    """Without white space at either side of a tag, and with one space between words and between attributes."""
    return re.sub(r" ?([<>]) ?", r"\1", " ".join(html.split()))
