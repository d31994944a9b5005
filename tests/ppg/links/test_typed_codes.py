"""Codes on cards: no slip of the finger makes another card of one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ppg.links import typed_codes as cards

CODES = [cards.code_of(number) for number in (0, 1, 22, cards.CODES - 1, 1234567890123)]
EVERY_SIGN = string.ascii_uppercase + string.digits


@pytest.mark.parametrize("code", CODES)
def test_every_single_wrong_sign_is_found(code):
    for place, sign in enumerate(code):
        for wrong in EVERY_SIGN.replace(sign, ""):
            assert not cards.is_code(code[:place] + wrong + code[place + 1 :])


@pytest.mark.parametrize("code", CODES)
def test_every_swap_of_neighbours_is_found(code):
    for place in range(len(code) - 1):
        swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        assert swapped == code or not cards.is_code(swapped)


def test_for_all_codes_and_not_those_few_only():
    """The check is a sum of products, so what a change does to it does not depend on the other signs: these are all
    changes that there are."""
    base, length = cards.BASE, cards.RANDOM_SIGNS + 1
    differences = range(1, base)
    assert all(weight * d % base for weight in range(1, length + 1) for d in differences)
    assert all((weight - (weight + 1)) * d % base for weight in range(1, length) for d in differences)


@given(st.integers(0, cards.CODES - 1))
@settings(max_examples=25)
def test_a_code_is_good_however_it_is_typed(number):
    code = cards.code_of(number)
    assert cards.is_code(code) and len(code) == 10
    for text in (cards.printed(code), code.lower(), " ".join(code), f" {code[:3]} – {code[3:]}\n"):
        assert cards.typed(text) == code


@given(st.integers(0, cards.CODES - 1), st.integers(0, cards.CODES - 1))
@settings(max_examples=25)
def test_two_numbers_are_two_codes(first, second):
    assert (cards.code_of(first) == cards.code_of(second)) == (first == second)


def test_there_are_more_than_forty_bits_and_no_sign_looks_like_another():
    assert cards.CODES > 2**40
    for alike in ("0OQ", "1IL", "2Z", "5S", "8B", "6G", "UV"):
        assert len(set(alike) & set(cards.ALPHABET)) <= 1
    assert not set("AEIOU") & set(cards.ALPHABET), "no code is a word"


@pytest.mark.parametrize("text", ["", "2", "22222222222", "hello", "22222-2222", "²²²²²-²²²²²", "٢" * 10])
def test_anything_else_is_no_code(text):
    assert not cards.is_code(cards.typed(text))
