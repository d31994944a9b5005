"""Which columns of a list mean something to us, and how others head them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from caregivers.importing.children import ADULT_WORDS, CHILD_WORDS, EITHER_WORDS, says_a_caregiver
from caregivers.models import Caregiver
from ppg.typed import clean


@dataclass(frozen=True)
class Field:
    """Something a column can hold. `most` is how many letters and spaces fit."""

    label: Any
    headings: tuple[str, ...]  # as `plain` leaves them
    most: int = 0


def fits(name: str) -> int:
    return getattr(Caregiver._meta.get_field(name), "max_length", 0)


FIELDS: dict[str, Field] = {
    "name": Field(
        _("Name"), ("name", "full name", "names", "full names", "contact name", "contact person"), fits("name")
    ),
    "first_name": Field(
        _("First name"), ("first name", "first names", "forename", "forenames", "given name", "given names")
    ),
    "surname": Field(_("Surname"), ("surname", "surnames", "last name", "last names", "family name")),
    "liked_name": Field(
        _("Name they like to be called"),
        ("name they like to be called", "known as", "preferred name", "likes to be called", "nickname", "called"),
        fits("liked_name"),
    ),
    "phone": Field(
        _("Phone"),
        (
            *("phone", "phone no", "phone number", "telephone", "telephone no", "telephone number", "tel", "tel no"),
            *(
                "tel number",
                "mobile",
                "mobile no",
                "mobile number",
                "mobile phone",
                "mobile phone number",
                "mobile tel",
            ),
            *("mob", "mob no", "mob number", "cell", "cell phone", "contact no", "contact number", "contact phone"),
            *("contact tel", "contact tel no", "contact telephone", "contact telephone no", "contact telephone number"),
            *("contact mobile", "best number", "number to call", "mobile telephone", "tel mobile", "phone mobile"),
        ),
        fits("phone"),
    ),
    "email": Field(
        _("E-mail"),
        (
            *("e mail", "email", "email address", "e mail address", "email add", "mail", "contact email"),
            *("contact e mail", "email id", "emails"),
        ),
        fits("email"),
    ),
    "source": Field(
        _("How they reached us"),
        ("how they reached us", "source", "referral source", "referred by", "referrer", "referred from", "came from"),
    ),
    "received_on": Field(
        _("When they reached us"),
        (
            "when they reached us",
            "date",
            "referral date",
            "date of referral",
            "date referred",
            "referred on",
            "received",
            "date received",
            "received on",
            "referral received",
            "date of contact",
        ),
    ),
    "safe_ways": Field(
        _("Safe ways to reach them"),
        ("safe ways to reach them", "safe ways", "safe way", "safe contact", "safe to contact by", "contact by"),
    ),
    "safe_when": Field(
        _("When it is safe"), ("when it is safe", "safe times", "safe time", "safe when"), fits("safe_when")
    ),
    "language": Field(_("Language"), ("language", "first language", "preferred language"), fits("language")),
    "access_needs": Field(_("Access needs"), ("access needs", "access", "accessibility"), fits("access_needs")),
    "childcare": Field(_("Childcare"), ("childcare", "childcare needs", "childcare needed"), fits("childcare")),
    "travel": Field(_("Travel"), ("travel", "travel needs", "transport", "help to get there"), fits("travel")),
    "refreshments": Field(_("Refreshments"), ("refreshments", "food", "food and drink", "diet"), fits("refreshments")),
    "allergies": Field(_("Allergies"), ("allergies", "allergy"), fits("allergies")),
    "availability": Field(
        _("When they can come"), ("when they can come", "availability", "available"), fits("availability")
    ),
    "handouts_by": Field(
        _("Handouts"), ("handouts", "handouts by", "handout preference", "handouts by e mail or on paper")
    ),
    "check_outcome": Field(
        _("Police check: outcome"),
        ("police check outcome", "police check", "check outcome", "outcome of police check", "check"),
    ),
    "check_on": Field(
        _("Police check: date"), ("police check date", "check date", "date of police check", "date of check")
    ),
}
# Whose name it is stands in one column or in its parts.
NAME_PARTS = ("first_name", "surname")
WHOLE_NAME = ("name", *NAME_PARTS)
NAMES = (*WHOLE_NAME, "liked_name")
TEMPLATE = [name for name in FIELDS if name not in NAME_PARTS]
# What is a caregiver's own in the list of a family, where the child may have one as well.
PERSONAL = {*NAMES, "phone", "email"}

# "Parent's phone" and "Carer e-mail" are the phone and the e-mail: everybody in the list is a parent or carer.
WHOSE = re.compile(rf"\b({'|'.join(ADULT_WORDS)}|adult|the|their|of|or|and|person|main|primary|preferred)\b")
OTHERS = "dob birth age date number address gender id ref details initials title postcode relationship middle legal of"
CAPITALS = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])"
)  # where a word begins inside another: ChildName, YPName, Child1
MOST_HEADING = 200  # letters; nothing longer is a heading
LONGEST_JOINED = 40


@cache
def vocabulary() -> frozenset[str]:
    """The words of headings, by which such as are written together are told apart."""
    ours = " ".join(heading for field in FIELDS.values() for heading in field.headings)
    words = {*ours.split(), *CHILD_WORDS, *ADULT_WORDS, *EITHER_WORDS, *OTHERS.split()}
    return frozenset(word for word in words if len(word) > 1)


def apart(word: str) -> str:
    """ "childname" is "child name"; a word that is not made of ours stays as it is."""
    if word in vocabulary() or len(word) > LONGEST_JOINED:
        return word
    ways: list[str | None] = ["", *[None] * len(word)]  # how the first letters are made of our words
    for end in range(1, len(word) + 1):
        for begin in range(end - 1):
            if ways[begin] is not None and word[begin:end] in vocabulary():
                ways[end] = f"{ways[begin]} {word[begin:end]}".strip()
                break
    return ways[-1] or word


@lru_cache(maxsize=4096)
def plain(heading: str) -> str:
    """A heading in small letters, without signs, a blank between words: "Tel. No:" is "tel no", "YPName" "yp name"."""
    text = unicodedata.normalize("NFKC", clean(heading[:MOST_HEADING])).replace("’", "'").replace("(s)", "s")
    text = re.sub(r"D[oO]B", " dob ", text)
    text = CAPITALS.sub(" ", text).casefold().replace("'s", "")
    words = " ".join(apart(word) for word in re.sub(r"[^\w]+|_", " ", text).split())
    return re.sub(r"\bchild (care|minder|minding)\b", r"child\1", words)


@lru_cache(maxsize=4096)
def meaning(heading: str) -> str:
    """The field of a heading, or nothing: by its own words, then without those in brackets, of whom it is, and which of
    several."""
    bare = re.sub(r"\([^)]*\)|\[[^]]*\]", " ", heading) if len(heading) <= MOST_HEADING else ""
    for text in (heading, bare):
        words = plain(text)
        near = " ".join(WHOSE.sub(" ", words).split())
        for said in (words, re.sub(r" \d+$", "", near)):
            if said in by_heading():
                return by_heading()[said]
        if words and not near and says_a_caregiver(words):
            return "name"  # “Parent/carer”
    return ""


@cache
def by_heading() -> dict[str, str]:
    return {heading: name for name, field in FIELDS.items() for heading in field.headings}


def exact(heading: str) -> bool:
    return plain(heading) in by_heading()


def guess(headings: Sequence[str], without: Sequence[int] = (), groups: Sequence[str] = ()) -> dict[str, int]:
    """Field → its column, by the headings. Of several with one meaning that which says it is a caregiver's has it, then
    the first in our very words. Columns `without` have none; `groups` are the headings above the headings."""
    columns: dict[str, int] = {}
    left = [column for column in range(len(headings)) if column not in without and meaning(headings[column])]
    grown = [column for column in left if says_a_caregiver(plain(of_group(headings, groups, column)))]
    for some in (grown, [column for column in left if exact(headings[column])], left):
        for column in some:
            if column not in columns.values():
                columns.setdefault(meaning(headings[column]), column)
    if "name" in columns:  # a list with a full name needs no parts of it
        for part in NAME_PARTS:
            columns.pop(part, None)
    return columns


def of_group(headings: Sequence[str], groups: Sequence[str], column: int) -> str:
    """A heading with the one above it: “Parent” over “Name”."""
    return f"{groups[column]} {headings[column]}".strip() if groups else headings[column]


def letter(column: int) -> str:
    """What a spreadsheet calls a column: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
