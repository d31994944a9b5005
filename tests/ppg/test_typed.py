"""Text of strangers: without signs that deceive where it is stored, and in an element of its own where it is shown."""

from __future__ import annotations

import unicodedata

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.html import format_html
from hypothesis import example, given
from hypothesis import strategies as st

from caregivers.models import Caregiver
from ppg.typed import Words, clean, isolated
from tests.factories import CaregiverFactory

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u034f\u115f\u1160\u180e\u200b\u2060\u2061\u2064\u206a\ufeff\ufff9\U000e0001\U000e0041"

# Letters, numbers, signs and pictures of any script: whatever of these stands in a name shows something.
SHOWING = st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u115f\u1160\u3164\uffa0\u2800")
ANYTHING = st.text(st.characters() | st.sampled_from(f"{DIRECTIONS}{INVISIBLE}\u200c\u200d\ufe0f\u0301ابکक्षිශ්👩🏽"))


@given(ANYTHING)
@example("\u200d\u200d")
@example("می\u200c\u200d\u200cخواهم")
@example("क्\u200d\u202eष")
@example("e\u200b\u0301")
@example("👩\u200d\ufe0f\u200d👩")
def test_cleaned_twice_it_is_the_same(text):
    assert clean(clean(text)) == clean(text)


@given(ANYTHING, SHOWING, ANYTHING)
def test_a_name_that_shows_something_is_never_emptied(before, shown, after):
    left = clean(before + shown + after)
    assert left.strip() and unicodedata.normalize("NFC", shown)[0] in unicodedata.normalize("NFC", left + shown)
    assert clean(shown)


@given(ANYTHING)
def test_no_sign_that_turns_direction_is_left_and_all_is_composed(text):
    left = clean(text)
    assert not set(left) & set(DIRECTIONS + INVISIBLE.replace("\U000e0041", "")) and "\x00" not in left
    assert unicodedata.is_normalized("NFC", left)
    left.encode()  # no half of a sign


@given(st.text(st.sampled_from(f"{DIRECTIONS}{INVISIBLE}\u200c\u200d\ufe0f\u3164\u2800 \u00a0\n")))
def test_a_text_of_invisible_signs_alone_is_empty(text):
    assert clean(text) == "" or text.isascii()


@pytest.mark.parametrize(
    "name",
    [
        "Zoë O’Brien-Núñez",
        "می\u200cخواهم",  # Persian: without its joiner another word
        "क्\u200dष",  # Hindi
        "ශ්\u200dරී",  # Sinhala
        "👩🏽\u200d🎓 👨\u200d👩\u200d👧 ❤️ 1️⃣ 🏳️\u200d🌈",
        "🏴\U000e0067\U000e0062\U000e0077\U000e006c\U000e0073\U000e007f",  # the flag of Wales
        "葛\U000e0100城",
        "۝١٢",  # a format sign that is seen
        "One line\nand another\tone",
    ],
)
def test_what_writing_needs_stays(name):
    assert clean(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Rosa\u202egro.live", "Rosagro.live"),
        ("Ro\u200bsa", "Rosa"),
        ("Ro\u200dsa", "Rosa"),  # a joiner that Latin letters have no use for: two names would look the same
        ("Zoe\u0308", "Zoë"),
        ("\u2067\u2069", ""),
        ("Rosa\x00", "Rosa"),
        ("Rosa\u2028Marsh", "Rosa\nMarsh"),
    ],
)
def test_what_deceives_goes(typed, kept):
    assert clean(typed) == kept


# --- Where it is shown ------------------------------------------------------------------------------------


def shown(name: str) -> str:
    source = "{% load i18n %}{% blocktranslate with name=name %}Erase {{ name }}{% endblocktranslate %} (1) {{ name }}"
    return Template(source).render(Context({"name": name}))


def test_a_name_that_runs_from_the_right_stands_in_an_element_of_its_own():
    assert shown(Words("ליאת")) == "Erase <bdi>ליאת</bdi> (1) <bdi>ליאת</bdi>"
    assert format_html("{} (2)", Words("علي")) == "<bdi>علي</bdi> (2)"


def test_any_other_name_is_as_it_was_and_markup_is_never_trusted():
    assert shown(Words("Zoë")) == "Erase Zoë (1) Zoë"
    assert "<b>" not in shown(Words("<b>ליאת</b>")) and "<b>" not in shown(Words("<b>Zoë</b>"))


def test_signs_that_were_stored_before_are_not_shown():
    assert shown(Words("Rosa\u202egro.live")) == "Erase Rosagro.live (1) Rosagro.live"


def test_in_an_attribute_and_in_a_sentence_there_are_no_elements():
    name = {"name": Words("علي")}
    assert Template('<a title="{{ name|plain }}">').render(Context(name)) == '<a title="علي">'
    assert isolated("علي") == "\u2068علي\u2069" and isolated("Ro\u202esa") == "Rosa"


# --- Where it is stored -----------------------------------------------------------------------------------


@pytest.mark.django_db
def test_what_a_stranger_types_is_cleaned_before_it_is_kept(browser_of, lead, cohort):
    form = {"name": "Rosa\u202e Marsh\u200b", "source": "hub", "received_on": "2026-03-02"}
    browser_of(lead).post(reverse("caregivers:add", args=[cohort.code]), form)
    assert Caregiver.objects.get().name == "Rosa Marsh"


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["\u202e\u2066", "\u3164", "\u200b \u2060"])
def test_a_name_that_nobody_sees_is_none(browser_of, lead, cohort, name):
    form = {"name": name, "source": "hub", "received_on": "2026-03-02"}
    answer = browser_of(lead).post(reverse("caregivers:add", args=[cohort.code]), form)
    assert answer.status_code == 422 and "Enter a name" in answer.text and not Caregiver.objects.exists()


@pytest.mark.django_db
def test_it_comes_out_of_the_database_as_words_and_what_they_are_called_too(cohort):
    person = Caregiver.objects.get(pk=CaregiverFactory(cohort=cohort, name="علي حسن").pk)
    assert isinstance(person.name, Words) and isinstance(person.called, Words)
    assert f"<bdi>{person.called}</bdi>" in str(format_html("{}", person.called))
