"""Letters of a file that are a byte each. Programs of Windows and of old Macs wrote them differently, and nothing in
the file says which of them it was: “Zoë O’Brien” of a Mac is “Zo‘ OÕBrien” to Windows. So the one is taken that makes
better words. Nearly all files are of Windows, and where one is not, staff are asked to look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

WINDOWS, MAC = "cp1252", "mac_roman"
WORD = re.compile(r"[^\t-\r\x1c-\x20,;\"]+")  # gaps beyond ASCII are within it: the other program has letters there
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
    words = (word[:LONGEST] for text in texts for word in foreign_words(text))
    return list(dict.fromkeys(islice(words, MOST_WORDS)))[:SHOWN]


def foreign_words(text: str) -> Iterator[str]:
    """Those with letters beyond A to Z: only they are read differently by Windows and Macs."""
    return (match[0] for match in WORD.finditer(text) if not match[0].isascii())


def is_text(text: str) -> bool:
    return oddity(text) * 4 <= sum(1 for _word in foreign_words(text))


def oddity(text: str) -> int:
    """How many of the first words with letters beyond A to Z are not written by anybody."""
    return sum(map(is_odd, islice(foreign_words(text), MOST_WORDS)))


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
