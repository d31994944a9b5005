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
from ppg import typed
from ppg.typed import Words, clean, comparison_key, isolated
from tests.factories import CaregiverFactory

DIRECTIONS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u034f\u115f\u1160\u180e\u200b\u2060\u2061\u2064\u206a\ufeff\ufff9\U000e0001\U000e0041"
INVISIBLE += "\u17b4\u2065\ufff0\ufffc\U0001d159\U00016fe4\U000e0002\U000e0fff"
GAPS = "\u00a0\u2007\u202f\u2800\u3164\uffa0"

# Letters, numbers, signs and pictures of any script: whatever of these stands in a name shows something.
SHOWING = st.characters(categories=["L", "N", "P", "S"], exclude_characters=f"{INVISIBLE}{GAPS}\U00013441\U00013442")
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


def test_a_flood_of_joiners_takes_no_longer_than_one_of_letters():
    """Looked through anew for each of them it would hold the server for minutes."""
    assert clean("é" + "\u200d" * 20_000) == "é"


@given(ANYTHING)
def test_no_sign_that_turns_direction_is_left_and_all_is_composed(text):
    left = clean(text)
    assert not set(left) & set(DIRECTIONS + INVISIBLE.replace("\U000e0041", "")) and "\x00" not in left
    assert unicodedata.is_normalized("NFC", left)
    left.encode()  # no half of a sign


@given(st.text(st.sampled_from(f"{DIRECTIONS}{INVISIBLE}{GAPS}\u200c\u200d\ufe0f\u180b\u3000 \n")))
def test_a_text_of_invisible_signs_alone_is_empty(text):
    assert clean(text) == "" or text.isascii()
    assert typed.answer(text) is None and typed.answer({"text": text, "may_quote": True}) is None


@pytest.mark.parametrize("given", [0, 3, [], [0, 2], "Fine", {"text": "Fine", "may_quote": True}])
def test_an_answer_that_shows_something_stays(given):
    assert typed.answer(given) == given


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
        "🙂\u200d↔\ufe0f",  # an arrow that is no picture by itself
        "\U0001fae8\u200d🔥",  # a picture that is newer than Python's list
        "李\u3000明",
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
        ("Rosa\x0bMarsh", "Rosa\nMarsh"),  # a new line of Word
        ("Ro\u115fsa", "Rosa"),
        ("Rosa\ufffc", "Rosa"),  # dictated on a phone
        ("Rosa\u00a0Marsh", "Rosa Marsh"),
        ("Rosa\u3164Marsh", "Rosa Marsh"),
    ],
)
def test_what_deceives_goes(typed, kept):
    assert clean(typed) == kept


# --- Where it is compared ---------------------------------------------------------------------------------

NAMES = st.text(st.sampled_from("aAéñßİıłøςΣ'- \u00a0علیيکअक्षि李ﬁ½①👩🏽\u0301\u0323") | SHOWING, max_size=12)
LOOKS_THE_SAME = {"'": "’‘ʼ´`′", "-": "‐–—−", " ": "\u00a0\u202f\u3000"}


def disguised(data: st.DataObject, name: str) -> str:
    """The same name as another keyboard and another programme would write it."""
    other = unicodedata.normalize(data.draw(st.sampled_from(["NFC", "NFD"])), name)
    signs = (data.draw(st.sampled_from(sign + LOOKS_THE_SAME.get(sign, ""))) for sign in other)
    unseen = st.text(st.sampled_from(f"{DIRECTIONS}\u00ad\u200b\u2060\ufeff"), max_size=2)
    return "".join(f"{data.draw(unseen)}{sign}" for sign in signs)


@given(st.data(), NAMES)
def test_what_looks_the_same_is_compared_as_the_same(data, name):
    assert comparison_key(disguised(data, name)) == comparison_key(name)


@given(ANYTHING | NAMES)
@example("ﬁ\u0301")
@example("\u00b4\u0323")
def test_a_key_of_a_key_is_the_same(text):
    assert comparison_key(comparison_key(text)) == comparison_key(text) == comparison_key(clean(text))


@given(ANYTHING, SHOWING, ANYTHING)
def test_a_name_that_shows_something_has_a_key(before, shown, after):
    assert comparison_key(before + shown + after) or shown == "ـ"


@pytest.mark.parametrize(
    ("name", "spelling"),
    [
        ("Siobhan O’Brien", "siobhan  o'brien"),
        ("Anne–Marie", "ANNE-MARIE"),
        ("Zoe\u0308", "Zoë"),
        ("علي", "علی"),  # an Arabic and a Persian keyboard
        ("می\u200cخواهم", "میخواهم"),
        ("ＲＯＳＡ", "Rosa"),
        ("Rosa\u00a0Marsh", "Rosa Marsh"),
    ],
)
def test_two_spellings_of_a_name_are_one(name, spelling):
    assert comparison_key(name) == comparison_key(spelling)


@pytest.mark.parametrize(
    ("name", "spelling"), [("Zoë", "Zoe"), ("Rosa", "Rose"), ("राम", "रोमा"), ("Rosa Marsh", "RosaMarsh")]
)
def test_two_names_that_look_different_stay_two(name, spelling):
    assert comparison_key(name) != comparison_key(spelling)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Zoë  O’Neil-Smith", ["zoe", "oneil", "smith"]),
        ("Zoe O`Neil–Smith", ["zoe", "oneil", "smith"]),
        ("Łukasz Ørsted", ["lukasz", "orsted"]),
        ("Işık", ["isik"]),
        ("राम", ["राम"]),
    ],
)
def test_somebody_is_found_as_people_type_their_name(name, words):
    assert typed.search_words(name) == words


@pytest.mark.parametrize(
    "pasted",
    [
        "Rosa.O’Brien@example.org",
        "mailto:rosa.o'brien@example.org",
        "Rosa O’Brien <rosa.o'brien@example.org>;",
        "\u202arosa.o'brien＠example.org\u202c ",
    ],
)
def test_an_address_that_was_pasted_is_the_same_one(pasted):
    assert typed.email_key(pasted) == "rosa.o'brien@example.org"


# --- Telephone numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("07700 900 982", "07700 900 982"),
        ("07700–900–982", "07700-900-982"),
        ("07700.900.982", "07700.900.982"),
        ("(07700) 900982", "(07700) 900982"),
        ("+44 (0)7700 900982", "+44 (0)7700 900982"),
        ("0044 7700 900982", "0044 7700 900982"),
        ("٠٧٧٠٠ ٩٠٠٩٨٢", "07700 900982"),
        ("০৭৭০০ ৯০০৯৮২", "07700 900982"),
        ("（０７７００）９００９８２", "(07700)900982"),
        ("\u202a+44\u00a07700 900\u00ad982\u202c", "+44 7700 900982"),
        ("tel:07700900982", "07700900982"),
        ("Mob. 07700 900982", "07700 900982"),
    ],
)
def test_a_number_is_kept_as_its_owner_writes_it_in_plain_figures(text, kept):
    assert typed.phone(text) == kept and typed.phone(kept) == kept
    assert typed.phone_key(text) == typed.phone_key(kept) == typed.dialled(text) == "+447700900982"


@pytest.mark.parametrize(
    ("text", "dials", "takes_texts"),
    [
        ("07700 900982", "+447700900982", True),
        ("07624 123456", "+447624123456", True),  # the Isle of Man
        ("01632 960001", "+441632960001", False),
        ("020 7946 0000", "+442079460000", False),
        ("0300 123 4567", "+443001234567", False),
        ("0800 1111", "+448001111", False),
        ("070 1234 5678", "+447012345678", False),
        ("076 1234 5678", "+447612345678", False),  # a pager
        ("01632 960001 ext 12", "+441632960001;ext=12", False),
        ("+48 600 123 456", "+48600123456", True),
        ("0048 22 123 45 67", "+48221234567", False),
        ("+353 87 123 4567", "+353871234567", True),
        ("+353 (0)1 234 5678", "+35312345678", False),
        ("+1 212 555 0123", "+12125550123", True),  # nobody can tell there
        ("+92 300 1234567", "+923001234567", True),
    ],
)
def test_a_number_of_here_and_abroad_is_dialled_and_may_take_texts(text, dials, takes_texts):
    assert typed.dialled(typed.phone(text)) == dials and typed.takes_texts(text) == takes_texts


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1", "invalid"),
        ("Rosa", "invalid"),
        ("07700 900982 (ask for Rosa)", "invalid"),
        ("+999 123456", "invalid"),
        ("07700 90098", "short"),
        ("07700 9009822", "long"),
        ("07700 900982 / 01632 960001", "long"),
        ("960001", "area_code"),
    ],
)
def test_what_nobody_could_ring_is_refused_with_its_reason(text, why):
    with pytest.raises(typed.NotAPhone) as refused:
        typed.phone(text)
    assert refused.value.why == why and not typed.takes_texts(text)


def test_a_number_stored_before_there_was_a_cleaning_is_still_dialled():
    assert typed.dialled("960 001") == "960001" and typed.phone_key("960-001") == "960001"
    assert typed.dialled("٩٦٠٠٠١") == "960001" and typed.phone_key("12") == ""


@given(ANYTHING)
def test_whatever_is_typed_as_a_number_is_kept_or_refused(text):
    try:
        kept = typed.phone(text)
    except typed.NotAPhone:
        return
    assert kept.isascii() and typed.phone(kept) == kept


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
