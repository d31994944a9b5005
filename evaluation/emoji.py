"""Emoji in print. Few computers have a font for them that a PDF may carry, and a box in their place tells nobody
anything; so what they show is written out, which a screen reader can say as well."""

from __future__ import annotations

import re
import unicodedata

PICTURE = "[\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
CHANGED = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"  # colour of skin, way of drawing, flags' letters
MOST = 30  # told in one document; where there are more they say little, and are left out
JOINED = "\u200d"
ONE = re.compile(f"(?:{PICTURE}|(?<={JOINED})[\u2190-\u2bff])")
TOGETHER = re.compile(f"{PICTURE}{CHANGED}*(?:{JOINED}(?:{PICTURE}|[\u2190-\u2bff]){CHANGED}*)*")


def in_words(text: str) -> str:
    """“Thank you 👍🏽” becomes “Thank you (thumbs up sign)”."""
    replacement = _character_names if len(TOGETHER.findall(text)) <= MOST else ""
    return re.sub(CHANGED, "", TOGETHER.sub(replacement, text))


def _character_names(match: re.Match[str]) -> str:
    names = [unicodedata.name(character, "").lower() for character in ONE.findall(match[0])]
    words = ", ".join(name for name in names if name)
    return f"({words})" if words else ""
