"""What no font shows, told in words."""

import pytest

from ppg.documents.in_words import MOST, all_in_words, pictures_in_words


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Thank you 👍🏽", "Thank you (thumbs up sign)"),
        ("Hello 👩‍👧!", "Hello (woman, girl)!"),
        ("I ❤️ it, ☐ no", "I (heavy black heart) it, (ballot box) no"),
        ("김 is my name", "(hangul syllable gim) is my name"),
        ("𠮷野 \U00020000", "(cjk unified ideograph-20bb7)野 (cjk unified ideograph-20000)"),
        ("a sign of my own: \ue000", "a sign of my own: (sign e000)"),
        ("e\u0301 and \u1e63\u0301", "é and ṣ́"),
        ("one\u2028two\u1680three\x0b", "one two three "),
        ("葛\U000e0100", "葛"),
        ("می‌خواهم ", "می‌خواهم "),
        ("\u2067أمينة\u2069, 12\u00a0kg", "\u2067أمينة\u2069, 12\u00a0kg"),
        ("\u3164\u2800", ""),
        ("<p class='a'>Zażółć &amp; co.</p>", "<p class='a'>Zażółć &amp; co.</p>"),
    ],
)
def test_it_is_told_by_name(typed, printed):
    assert all_in_words(typed) == printed


def test_many_letters_are_counted_and_the_script_is_named():
    assert all_in_words("김" * (MOST + 1)) == "(31 letters of Hangul that cannot be printed)"
    assert all_in_words("☐" * MOST + " ☐") == "(30 signs that cannot be printed) (1 sign that cannot be printed)"


def test_many_pictures_are_left_out():
    assert pictures_in_words("😀 " * MOST + "ok") == "(grinning face) " * MOST + "ok"
    assert pictures_in_words("😀 " * (MOST + 1) + "ok").strip() == "ok"
