"""Identifiers: what in somebody's words could tell who they are. Pure: it only points; people decide.

A machine cannot know what tells a group of eight who is speaking. It finds what often does: names we know, words that
begin with a capital, numbers and dates, ages and months. The rest is for the two people who read the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ppg.typed import comparison_key

WORD = re.compile(r"[^\W\d_]+(?:[’'‘`´ʼ‐‑-][^\W\d_]+)*|\d+(?:[.,:/]\d+)*(?:st|nd|rd|th)?")
# Written with a capital by everybody.
ALWAYS_CAPITAL = frozenset({"i", "i'm", "i've", "i'd", "i'll", "ok", "tv"})
# Spoken numbers and ages, and who or what there is only one or two of.
SPOKEN = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty son daughter twins sister brother nephew niece grandson granddaughter
husband wife ex school college church mosque temple"""
IDENTIFYING = frozenset(SPOKEN.split())
SENTENCE_ENDS = ".!?\n…"


@dataclass(frozen=True)
class Piece:
    """A part of the words. `why`: "name", "capital", "number", "word"; empty where nothing stands out."""

    text: str
    why: str = ""


def pieces(text: str, names: Iterable[str] = ()) -> list[Piece]:
    """The words in order, cut where something stands out; put together they are the text again."""
    known = {comparison_key(part) for name in names for part in WORD.findall(name) if len(part) > 1}
    parts: list[Piece] = []
    end = 0
    for match in WORD.finditer(text):
        why = _why(match.group(), known, begins=_by_rule(text, match))
        if not why:
            continue
        if match.start() > end:
            parts.append(Piece(text[end : match.start()]))
        parts.append(Piece(match.group(), why))
        end = match.end()
    return [*parts, Piece(text[end:])] if end < len(text) else parts


def _why(word: str, known: set[str], begins: bool) -> str:
    as_key = comparison_key(word)
    forms = {as_key, as_key.split("'")[0]}
    if word[0].isdigit():
        return "number"
    if forms & known:
        return "name"
    if forms & IDENTIFYING:
        return "word"
    if word[0].isupper() and not begins and as_key not in ALWAYS_CAPITAL:
        return "capital"
    return ""


def _by_rule(text: str, match: re.Match[str]) -> bool:
    """Whether its capital only says that a sentence begins: not where the next word has one too, as names do."""
    before = text[: match.start()].rstrip(" \t“”\"‘’'(-–")
    after = WORD.match(text, match.end() + 1)
    named = bool(after and after.group()[0].isupper() and comparison_key(after.group()) not in ALWAYS_CAPITAL)
    return (not before or before[-1] in SENTENCE_ENDS) and not (named and text[match.end()] == " ")


def names_in(text: str, names: Iterable[str]) -> list[str]:
    """Names of people we know that stand in the words, each once, in their order."""
    return list(dict.fromkeys(piece.text for piece in pieces(text, names) if piece.why == "name"))
