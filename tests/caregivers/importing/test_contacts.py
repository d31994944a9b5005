"""Telephone numbers and e-mail addresses as they stand in lists."""

from __future__ import annotations

import time

import pytest

from caregivers.importing import cells, contacts, dates
from caregivers.importing.faults import Kind, Wrong
from caregivers.importing.files import tidy
from caregivers.importing.rows import known


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("07700 900001", "07700 900001"),
        ("7700900001", "07700900001"),  # a spreadsheet took the 0
        ("07700–900001", "07700-900001"),
        ("07700‑900‑001", "07700-900-001"),
        ("07700\xa0900001", "07700 900001"),
        ("+44 (0)7700 900001", "+44 (0)7700 900001"),
        ("٠٧٧٠٠٩٠٠٠٠١", "07700900001"),
        ("０７７００９００００１", "07700900001"),
        ("Tel: 01632 960001", "01632 960001"),
        ("tel:+447700900001", "+447700900001"),
        ("Mob. 07700 900001", "07700 900001"),
        ("", ""),
    ],
)
def test_a_number_is_read_as_people_write_it(text, number):
    assert contacts.phone(text) == number


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("07700900001 / 01632 960001", Kind.SEVERAL, "more than one telephone number"),
        ("07700 900001 or 07700 900002", Kind.SEVERAL, "more than one telephone number"),
        ("07700 900001, 01632 960001", Kind.SEVERAL, "more than one telephone number"),
        ("07700900001 01632960001", Kind.SEVERAL, "more than one telephone number"),
        ("07700 900001 (evenings)", Kind.PHONE, "has words beside the number"),
        ("4.47701E+11", Kind.PHONE, "has lost its last figures"),
        ("ask Jo", Kind.PHONE, "is not a telephone number"),
        ("999", Kind.PHONE, "is not a telephone number"),
    ],
)
def test_what_is_no_number_is_told_apart(text, kind, said):
    with pytest.raises(Wrong) as wrong:
        contacts.phone(text)
    assert wrong.value.kind is kind and said in wrong.value.what


@pytest.mark.parametrize("text", ["'07700900001", "’07700900001", "'+447700900001", "'(01632) 960001", "'2/9/2026"])
def test_the_apostrophe_that_makes_text_of_a_number_is_no_part_of_it(text):
    assert tidy(text) == text[1:]


def test_other_apostrophes_stay():
    assert [tidy(text) for text in ("O’Brien", "'Abd", "'=A1", "7'")] == ["O’Brien", "'Abd", "'=A1", "7'"]


@pytest.mark.parametrize(
    "text",
    [
        "rosa@example.org",
        "mailto:rosa@example.org",
        "MAILTO:rosa@example.org?subject=Hello",
        "Rosa Marsh <rosa@example.org>",
        "“Marsh, Rosa” <rosa@example.org>;",
        "<rosa@example.org>",
        "Rosa Marsh [mailto:rosa@example.org]",
        "rosa@example.org <mailto:rosa@example.org>",
        "rosa@example.org;",
        "rosa@example.org.",
        " rosa@example.org , ",
        "rosa@example.org; rosa@example.org",
    ],
)
def test_an_address_is_taken_out_of_what_programs_write_around_it(text):
    assert contacts.email(text) == "rosa@example.org"


@pytest.mark.parametrize(
    "text", ["o'neill@example.org", "UPPER+tag@EXAMPLE.ORG", "info@exämple.org", "a/b@example.org"]
)
def test_an_address_stays_as_it_is(text):
    assert contacts.email(text) == text


def test_an_address_has_the_apostrophe_of_addresses_as_in_a_form():
    assert contacts.email("Rosa <mailto:rosa.o’neill@example.org>") == "rosa.o'neill@example.org"


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("rosa@example.org; omar@example.org", Kind.SEVERAL, "more than one e-mail address"),
        ("rosa@example.org or omar@example.org", Kind.SEVERAL, "more than one e-mail address"),
        ("rosa@example.org / omar@example.org", Kind.SEVERAL, "more than one e-mail address"),
        ("rosa@example.org/omar@example.org", Kind.SEVERAL, "more than one e-mail address"),
        ("rosa@example.org omar@example.org", Kind.SEVERAL, "more than one e-mail address"),
        ("Rosa <rosa@example.org>; Omar <omar@example.org>", Kind.SEVERAL, "more than one e-mail address"),
        ("rosa marsh@example.org", Kind.EMAIL, "is not an e-mail address"),
        ("rosa@example.org, at work", Kind.EMAIL, "is not an e-mail address"),
        ("rosa at home", Kind.EMAIL, "is not an e-mail address"),
        (f"{'r' * 60}@{'e' * 60}.{'e' * 60}.{'e' * 60}.{'e' * 60}.org", Kind.LONG, "Up to 200 fit"),
    ],
)
def test_what_is_no_address_is_told_apart(text, kind, said):
    with pytest.raises(Wrong) as wrong:
        contacts.email(text)
    assert wrong.value.kind is kind and said in wrong.value.what


@pytest.mark.parametrize(
    "text",
    ["n/a", "N/A", "n.a.", "none", "None.", "-", "–", "—", "?", "...", "not known", "Unknown", "no e-mail", "nil"],
)
def test_what_says_that_there_is_nothing_is_nothing(text):
    for name in ("phone", "email", "source", "received_on", "safe_ways", "handouts_by", "check_outcome", "check_on"):
        assert cells.something(name, text) == ""


def test_in_words_of_their_own_none_may_be_the_answer():
    assert (
        cells.something("allergies", "None") == "None" and cells.something("access_needs", "not known") == "not known"
    )
    assert cells.something("allergies", "–") == cells.something("allergies", "n/a") == ""


def test_nobody_is_called_not_known_and_somebody_may_be_called_none():
    assert [cells.something("surname", text) for text in ("–", "Not known", "Na", "No")] == ["", "", "Na", "No"]


@pytest.mark.parametrize(
    "other",
    [
        ("rosa  o'marsh", "+44 7700 900001", ""),
        ("Rosa O‘Marsh", "0044 7700900001", ""),
        ("ROSA O’MARSH", "٠٧٧٠٠ ٩٠٠٠٠١", ""),
    ],
)
def test_the_same_person_is_found_however_they_are_written(other):
    assert known(*other) == known("Rosa O’Marsh", "07700 900001", "")


@pytest.mark.parametrize(
    "text", ["<" + "@" * 999, "1 " * 500, "07700 / " * 125, "a@" * 500, "1/9/2026 " + "(" * 990, "." * 1000]
)
def test_the_longest_cell_is_read_at_once(text):
    began = time.process_time()
    for _again in range(50):
        for reader in (contacts.phone, contacts.email, dates.day):
            with pytest.raises(Wrong):
                reader(text)
    assert time.process_time() - began < 1
