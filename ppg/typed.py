"""Text that people type, paste or bring in a list: cleaned where it is stored, isolated where it is shown.

Signs that nobody sees can turn the direction of what stands beside them, make two names look the same, or be a name
that shows nothing. `clean` takes them out and leaves what writing needs. Letters that run from the right do the like by
nature: `Words` are put into an element of their own, so that the sentence around them stays as it is.
docs/decisions/letters-that-deceive.md
"""

from __future__ import annotations

import re
import unicodedata

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

ZWNJ, ZWJ, KEYCAP, FLAG, TAG_END = "\u200c", "\u200d", "\u20e3", "\U0001f3f4", "\U000e007f"
# Format signs that are seen: they stand around the number that follows.
SEEN = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
# Seen by nobody, although Unicode calls them letters, marks or symbols: fillers, and Braille without a dot.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Scripts whose words need joiners, by the first word of their letters' names.
JOINING = frozenset(
    [
        "ADLAM",
        "ARABIC",
        "BALINESE",
        "BENGALI",
        "BRAHMI",
        "CHAKMA",
        "DEVANAGARI",
        "GRANTHA",
        "GUJARATI",
        "GURMUKHI",
        "JAVANESE",
        "KANNADA",
        "KHMER",
        "MALAYALAM",
        "MANDAIC",
        "MONGOLIAN",
        "MYANMAR",
        "NEWA",
        "NKO",
        "ORIYA",
        "SINHALA",
        "SYRIAC",
        "TAMIL",
        "TELUGU",
        "TIBETAN",
        "TIRHUTA",
    ]
)
VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
TAGS = re.compile("[\U000e0020-\U000e007f]")
MONGOLIAN = re.compile("[\u180b-\u180d\u180f]")
LINES = re.compile("\r\n?|[\u0085\u2028\u2029]")
DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """Without signs that nobody sees, but for joiners inside words and emoji; composed (NFC); empty where nothing in it
    would be seen. Cleaned twice it is the same. New lines and tabs stay; a form's own rules are asked afterwards."""
    if text.isascii() and text.isprintable():
        return text
    before, now = None, LINES.sub("\n", text)
    while now != before:
        before, now = now, unicodedata.normalize("NFC", _without_unseen(unicodedata.normalize("NFC", now)))
    return now if any(is_seen(sign) for sign in now) else ""


def is_seen(sign: str) -> bool:
    """Whether a sign by itself leaves anything on the page."""
    return not (sign.isspace() or sign in UNSEEN or _is_unseen(sign) or sign in (ZWJ, ZWNJ) or VARIATIONS.match(sign))


def _is_unseen(sign: str) -> bool:
    """Format and control signs, halves of signs, and what is no sign at all."""
    kind = unicodedata.category(sign)
    if kind == "Cf":
        return sign not in SEEN
    if kind == "Cc":
        return sign not in "\n\t"
    return kind == "Cs" or (ord(sign) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF


def _without_unseen(text: str) -> str:
    kept: list[str] = []
    for position, sign in enumerate(text):
        if sign in (ZWJ, ZWNJ):
            if _joins(kept, _next_seen(text, position), sign):
                kept.append(sign)
        elif VARIATIONS.match(sign) or MONGOLIAN.match(sign):
            if kept and _varies(kept[-1], sign, text[position + 1 : position + 2]):
                kept.append(sign)
        elif TAGS.match(sign):
            if kept and (kept[-1] == FLAG or TAGS.match(kept[-1])) and kept[-1] != TAG_END:
                kept.append(sign)
        elif not _is_unseen(sign):
            kept.append(sign)
    return "".join(kept)


def _next_seen(text: str, position: int) -> str:
    return next((sign for sign in text[position + 1 :] if sign not in UNSEEN and is_seen(sign)), "")


def _joins(kept: list[str], following: str, joiner: str) -> bool:
    """Between two letters of a script that needs it, or between two emoji."""
    if not kept or not following:
        return False
    if _is_letter_that_joins(kept[-1]) and _is_letter_that_joins(following):
        return True
    return joiner == ZWJ and _is_emoji(kept[-1]) and _is_emoji(following)


def _is_letter_that_joins(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" and unicodedata.name(sign, "").split(" ")[0] in JOINING


def _is_emoji(sign: str) -> bool:
    """Near enough: symbols, skin tones, and the sign that asks for a picture."""
    return sign == "\ufe0f" or (sign > "\u2000" and sign not in UNSEEN and unicodedata.category(sign) in ("So", "Sk"))


def _varies(before: str, sign: str, following: str) -> bool:
    """Whether the sign before has other shapes: Chinese letters, Mongolian ones, emoji, and digits in a keycap."""
    name = unicodedata.name(before, "").split(" ")[0]
    if MONGOLIAN.match(sign):
        return name == "MONGOLIAN"
    if sign >= "\U000e0100" or sign < "\ufe0e":
        return name == "CJK"
    return (before != "\ufe0f" and _is_emoji(before)) or before in "‼⁉©®™↔" or following == KEYCAP


# --- Where it is shown --------------------------------------------------------------------------------------


class Words(str):
    """What somebody typed, as it comes out of the database: text like any other, and on a page in an element of its own
    where letters run from the right. Templates and `format_html` do that by themselves. In attributes and titles, which
    hold no elements, write `{{ name|plain }}`."""

    __slots__ = ()

    def __html__(self) -> SafeString:
        if self.isascii():
            return escape(str(self))
        bare = escape(DIRECTION.sub("", self))
        turns = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in self)
        return mark_safe(f"<bdi>{bare}</bdi>") if turns else bare  # noqa: S308  escaped above


def isolated(text: str) -> str:
    """The same where there are no elements: in a sentence of a message, in an e-mail, in a calendar."""
    bare = DIRECTION.sub("", text)
    turns = any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in bare)
    return f"\u2068{bare}\u2069" if turns else bare
