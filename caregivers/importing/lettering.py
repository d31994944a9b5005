"""Letters of a file that are a byte each. Programs of Windows and of old Macs wrote them differently, and nothing in
the file says which of them it was: “Zoë O’Brien” of a Mac is “Zo‘ OÕBrien” to Windows. So the one is taken that makes
better words. Nearly all files are of Windows, and where one is not, staff are asked to look."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

WINDOWS, MAC = "cp1252", "mac_roman"
WORD = re.compile(r"[^\s,;\"]*[^\x00-\x7f][^\s,;\"]*")
MOST_WORDS = 2_000
ANYWHERE = "’–—…"  # Windows has them inside words: O’Brien, Mon–Fri
OPENING = "‘“"
NO_NAMES = "ªºƒΩπµı"
SIGNS = "”£€«»§°·½¼¾²³®©™•\u00a0"
SHOWN = 5
LONGEST = 40


@dataclass(frozen=True)
class Decoded:
    text: str
    odd: bool  # to be looked at


def of_one_byte(data: bytes) -> Decoded | None:
    """The text. None if no program writes such bytes."""
    mac = data.decode(MAC)  # knows every byte
    try:
        windows = data.decode(WINDOWS)
    except UnicodeDecodeError:
        return Decoded(mac, odd=True) if is_text(mac) else None
    badly = oddity(windows)
    if oddity(mac) < badly:
        return Decoded(mac, odd=True)
    return Decoded(windows, odd=badly > 0)


def words_of(texts: Iterable[str]) -> list[str]:
    """The first that differ, with letters beyond A to Z."""
    words = (match[0][:LONGEST] for text in texts for match in WORD.finditer(text))
    return list(dict.fromkeys(islice(words, MOST_WORDS)))[:SHOWN]


def is_text(text: str) -> bool:
    return oddity(text) * 4 <= len(WORD.findall(text))


def oddity(text: str) -> int:
    """How many of the words with letters beyond A to Z are not written by anybody."""
    words = [match[0] for _number, match in zip(range(MOST_WORDS), WORD.finditer(text), strict=False)]
    return sum(map(is_odd, words))


def is_odd(word: str) -> bool:
    """A capital inside a word that has small letters, an opening mark behind a letter, a sign in a word."""
    for before, sign, after in zip(f" {word}", word, f"{word} "[1:], strict=False):
        if sign.isascii() or sign in ANYWHERE:
            continue
        if sign.isalpha():
            odd = sign in NO_NAMES or (sign.isupper() and before.isalpha() and not word.isupper())
        elif sign in OPENING:
            odd = before.isalnum()
        else:
            odd = sign not in SIGNS or (before.isalpha() and after.isalpha())
        if odd:
            return True
    return False
