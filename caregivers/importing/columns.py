"""Which columns of a list mean something to us, and how others head them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver


@dataclass(frozen=True)
class Field:
    """Something a column can hold. `most` is how many letters and spaces fit."""

    label: Any
    headings: tuple[str, ...]  # as `plain` leaves them
    most: int = 0


def fits(name: str) -> int:
    return getattr(Caregiver._meta.get_field(name), "max_length", 0)


FIELDS: dict[str, Field] = {
    "name": Field(_("Name"), ("name", "full name", "names"), fits("name")),
    "first_name": Field(_("First name"), ("first name", "firstname", "forename", "forenames", "given name")),
    "surname": Field(_("Surname"), ("surname", "last name", "lastname", "family name")),
    "liked_name": Field(
        _("Name they like to be called"),
        ("name they like to be called", "known as", "preferred name", "likes to be called", "nickname", "called"),
        fits("liked_name"),
    ),
    "phone": Field(
        _("Phone"),
        (
            "phone",
            "phone no",
            "phone number",
            "telephone",
            "telephone no",
            "telephone number",
            "tel",
            "tel no",
            "mobile",
            "mobile no",
            "mobile number",
            "mobile phone",
            "contact number",
        ),
        fits("phone"),
    ),
    "email": Field(_("E-mail"), ("e mail", "email", "email address", "e mail address", "mail"), fits("email")),
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
TEMPLATE = [name for name in FIELDS if name not in ("first_name", "surname")]

# "Parent's phone" and "Carer e-mail" are the phone and the e-mail: everybody in the list is a parent or carer.
WHOSE = re.compile(r"\b(the|their|of|parent|parents|carer|carers|caregiver|caregivers|person)\b")
CHILD = re.compile(
    r"\b(child|childs|children|childrens|kids?|sons?|daughters?|young (person|persons|people|peoples)|yp|yps"
    r"|pupils?|students?|siblings?|boys?|girls?|school|year group)\b"
)


def plain(heading: str) -> str:
    """A heading in small letters, without signs: "Tel. No:" is "tel no"."""
    text = heading.casefold().replace("’", "'").replace("'s", "")
    text = re.sub(r"[^\w]+|_", " ", text).strip()
    return re.sub(r"\bchild (care|minder|minding)\b", r"child\1", text)


def about_a_child(heading: str) -> bool:
    """No record about a child: such a column is dropped as the file is read."""
    return bool(CHILD.search(plain(heading)))


def guess(headings: Sequence[str]) -> dict[str, int]:
    """Field → its column, by the headings. The first column of a meaning has it, exact words before near ones."""
    columns: dict[str, int] = {}
    for shorten in (False, True):
        for column, heading in enumerate(headings):
            if column in columns.values() or about_a_child(heading):
                continue
            words = plain(heading)
            words = " ".join(WHOSE.sub(" ", words).split()) if shorten else words
            field = next((name for name, field in FIELDS.items() if words in field.headings), None)
            if field and field not in columns:
                columns[field] = column
    if "name" in columns:  # a list with a full name needs no parts of it
        columns.pop("first_name", None)
        columns.pop("surname", None)
    return columns


def letter(column: int) -> str:
    """What a spreadsheet calls a column: 0 is A, 26 is AA."""
    text = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text
