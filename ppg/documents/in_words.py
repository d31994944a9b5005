"""What no font of our PDFs shows, told in words: a box in its place tells nobody anything.

Pictures are told although there are fonts for them, since a screen reader can say words as well. They are told by name,
and so are letters of a script that we have no font for: whoever reads the file gets all that was written.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from django.utils.translation import ngettext

from ppg import typed
from ppg.documents import faces

PICTURE = "[\U0001f000-\U0001f3fa\U0001f400-\U0001faff]"
CHANGED = "[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"  # colour of skin, way of drawing, flags' letters
MOST = 30  # told by name in one document; where there are more they say little
JOINED = "\u200d"
ONE = re.compile(f"(?:{PICTURE}|(?<={JOINED})[\u2190-\u2bff])")
TOGETHER = re.compile(f"{PICTURE}{CHANGED}*(?:{JOINED}(?:{PICTURE}|[\u2190-\u2bff]){CHANGED}*)*")
SPACES = re.compile("[\x0b\x0c\x1c-\x1f\x85\u1680\u2028\u2029]")  # those that no font has


def all_in_words(text: str) -> str:
    """The whole of a document, as it can be printed."""
    # A letter and its accent may be in different files when they stand one by one.
    text = pictures_in_words(unicodedata.normalize("NFC", SPACES.sub(" ", text)))
    unknown = {sign for sign in set(text) if not _is_printable(sign)}
    if not unknown:
        return text
    words_for = _by_name if sum(text.count(sign) for sign in unknown) <= MOST else _by_number
    return re.sub(f"[{re.escape(''.join(sorted(unknown)))}]+", words_for, text)


def pictures_in_words(text: str) -> str:
    """“Thank you 👍🏽” becomes “Thank you (thumbs up sign)”. Where there are too many they are left out."""
    replacement: str | Callable[[re.Match[str]], str] = ""
    if len(TOGETHER.findall(text)) <= MOST:
        replacement = _picture
    return re.sub(CHANGED, "", TOGETHER.sub(replacement, text))


def signs_for_words(text: str) -> str:
    """Those signs of a text that stand in words where it is printed, once each: for whoever typed them."""
    text = unicodedata.normalize("NFC", text)
    signs = TOGETHER.findall(text) + [sign for sign in TOGETHER.sub("", text) if not _is_printable(sign)]
    return " ".join(dict.fromkeys(sign for sign in signs if typed.is_seen(sign[0])))


def _picture(match: re.Match[str]) -> str:
    return _bracketed(unicodedata.name(sign, "").lower() for sign in ONE.findall(match[0]))


def _is_printable(sign: str) -> bool:
    """Spaces and signs of direction need no font."""
    return faces.has(sign) or sign.isspace() or (unicodedata.category(sign) == "Cf" and sign not in typed.SEEN)


def _by_name(match: re.Match[str]) -> str:
    return _bracketed(unicodedata.name(sign, f"sign {ord(sign):x}").lower() for sign in _seen(match))


def _by_number(match: re.Match[str]) -> str:
    seen = _seen(match)
    said = ngettext("%(n)s sign that cannot be printed", "%(n)s signs that cannot be printed", len(seen))
    letter = next((sign for sign in seen if sign.isalpha()), "")
    if letter:
        said = ngettext(
            "%(n)s letter of %(script)s that cannot be printed",
            "%(n)s letters of %(script)s that cannot be printed",
            len(seen),
        )
    script = unicodedata.name(letter or " ").split(" ")[0].capitalize()
    return _bracketed([said % {"n": len(seen), "script": script}] if seen else [])


def _seen(match: re.Match[str]) -> list[str]:
    return [sign for sign in match[0] if typed.is_seen(sign)]


def _bracketed(words: Iterable[str]) -> str:
    said = ", ".join(word for word in words if word)
    return f"({said})" if said else ""
