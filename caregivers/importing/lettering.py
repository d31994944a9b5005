"""Letters of a file that are a byte each. Programs of Windows and of old Macs wrote them differently, and nothing in
the file says which of them it was: “Zoë O’Brien” of a Mac is “Zo‘ OÕBrien” to Windows. So the one is taken that makes
better words. Nearly all files are of Windows, and where one is not, staff are asked to look."""

from __future__ import annotations

import re
from dataclasses import dataclass

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
class Found:
    text: str
    odd_words: list[str]


def of_one_byte(data: bytes) -> Found | None:
    """The text, and words to look at. None if no program writes such bytes."""
    mac = data.decode(MAC)  # knows every byte
    try:
        windows = data.decode(WINDOWS)
    except UnicodeDecodeError:
        return Found(mac, words_of(mac)) if is_text(mac) else None
    badly = oddity(windows)
    if oddity(mac) < badly:
        return Found(mac, words_of(mac))
    return Found(windows, words_of(windows) if badly else [])


def words_of(text: str) -> list[str]:
    """The first that differ, with letters beyond A to Z."""
    return list(dict.fromkeys(match[0][:LONGEST] for match in WORD.finditer(text[:200_000])))[:SHOWN]


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
