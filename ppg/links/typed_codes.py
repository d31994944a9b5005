"""Codes that people type from paper: sealed cards, slips. Pure.

A code is some random signs (nine on a card) and a check sign, printed in two halves: "7KM3P-9XRT4". The 23 signs leave
out vowels, so that no code is a word, and one or both of those that are taken for one another (0 and O, 1, I and L,
2 and Z, 5 and S, 8 and B, 6 and G, U and V).
"""

from __future__ import annotations

from collections.abc import Callable

ALPHABET = "23456789CDFHJKMNPRTVWXY"
BASE = len(ALPHABET)
RANDOM_SIGNS = 9
CODES = BASE**RANDOM_SIGNS  # 1.8 million million, 40.7 bits


def code_of(number: int, signs: int = RANDOM_SIGNS) -> str:
    """The code for a number below `BASE**signs`; greater ones begin again."""
    values = []
    for _ in range(signs):
        number, value = divmod(number, BASE)
        values.append(value)
    return "".join(ALPHABET[value] for value in [*values, _check(values)])


def codes_from(made: Callable[[str], bytes], how_many: int, signs: int = RANDOM_SIGNS) -> list[str]:
    """So many different codes, always the same ones. `made`: random bytes for a number, as "0", "1" and so on."""
    codes: dict[str, None] = {}
    number = 0
    while len(codes) < how_many:
        codes[code_of(int.from_bytes(made(str(number))), signs)] = None
        number += 1
    return list(codes)


def _check(values: list[int]) -> int:
    """The last value, which brings the weighted sum (weights 1, 2, …, 10) to a multiple of 23.

    As in ISBN-10, with another prime. A wrong sign changes the sum by weight × difference and a swap of neighbours
    by the difference of their values: never by a multiple of 23, as all of these are smaller and 23 is prime. So every
    single wrong sign and every swap of two is found.
    """
    total = sum(weight * value for weight, value in enumerate(values, start=1))
    last = len(values) + 1
    return -total * pow(last, -1, BASE) % BASE


def typed(text: str) -> str:
    """What somebody typed, in our spelling: capitals, without spaces and hyphens of any kind."""
    return "".join(sign for sign in text.upper() if sign.isalnum())


def is_code(text: str, signs: int = RANDOM_SIGNS) -> bool:
    """Whether this (see `typed`) can be printed by us: right signs, right length, right check sign."""
    if len(text) != signs + 1 or any(sign not in ALPHABET for sign in text):
        return False
    values = [ALPHABET.index(sign) for sign in text]
    return sum(weight * value for weight, value in enumerate(values, start=1)) % BASE == 0


def printed(code: str) -> str:
    """As it stands on paper."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"
