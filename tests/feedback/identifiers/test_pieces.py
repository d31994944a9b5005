"""What stands out in somebody's words."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from feedback.identifiers.pieces import Piece, names_in, pieces


def marked(text, *names):
    return [(piece.text, piece.why) for piece in pieces(text, names) if piece.why]


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("I felt heard. It helped.", []),
        ("It was OK, and I’m glad.", []),
        ("We met in Ipswich on Mondays", [("Ipswich", "capital"), ("Mondays", "capital")]),
        ("He was 14 on the 3rd", [("14", "number"), ("3rd", "number")]),
        ("My three lads", [("three", "word")]),
        ("my son’s school", [("son’s", "word"), ("school", "word")]),
        ("“Never” they said", []),
        ("Sam Lee came. Then I left", [("Sam", "capital"), ("Lee", "capital")]),
    ],
)
def test_capitals_numbers_and_words_for_the_one_person_are_marked(text, marks):
    assert marked(text) == marks


@pytest.mark.parametrize("text", ["Sam said so", "so sam said", "it was Sam’s idea", "Ms Example laughed"])
def test_a_name_we_know_is_marked_however_it_is_written(text):
    assert "name" in [why for _word, why in marked(text, "Sam Example")]


def test_each_name_is_told_once():
    assert names_in("Lee and Sam, then Lee", ["Sam Example", "Lee"]) == ["Lee", "Sam"]


@settings(max_examples=25)
@given(st.text(max_size=80))
def test_the_pieces_put_together_are_the_words(text):
    assert "".join(piece.text for piece in pieces(text, ["Sam"])) == text
    assert all(piece != Piece("") for piece in pieces(text))
