"""Files of a byte a letter: those of old Macs are told from those of Windows, and said."""

from __future__ import annotations

import pytest

from caregivers.importing import files, lettering

WINDOWS = [
    "Zoë O’Brien",
    "José Müller",
    "FRANÇOIS",
    "Renée – mornings",
    "“call me”, £5",
    "Siân",
    "Bjørn Łuk".replace("Ł", "L"),
]


@pytest.mark.parametrize("text", WINDOWS)
def test_a_file_of_windows_is_read_without_a_word(text):
    found = files.read(f"Name,Phone\n{text},1\n".replace(", £5", " £5").encode("cp1252"))
    assert found.sheet.rows[0][1][0] == text.replace(", £5", " £5") and not found.odd_letters


@pytest.mark.parametrize("text", ["Zoë O’Brien", "José Müller", "Renée", "Siân and Benoît", "Françoise Lefèvre", "Ærø"])
def test_a_file_of_an_old_mac_is_read_and_staff_look_at_it(text):
    found = files.read(f"Name,Phone\n{text},1\n".encode("mac_roman"))
    assert found.sheet.rows[0][1][0] == text
    assert found.odd_words == [word for word in text.split() if not word.isascii()]


def test_where_windows_makes_no_sense_either_staff_look_at_it():
    found = files.read("Name\nA¶b\n".encode("cp1252"))
    assert found.odd_words == ["A¶b"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_file_that_says_its_letters_needs_no_look(encoding):
    assert not files.read("Name\nZo‘ OÕBrien\n".encode(encoding)).odd_letters


def test_one_endless_word_is_read_as_soon_as_any():
    text = "a" * 100_000
    assert lettering.of_one_byte(f"{text} é".encode("cp1252")).text == f"{text} é"
