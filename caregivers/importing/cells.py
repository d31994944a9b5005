"""What one cell of a list says: its text in, the value out, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.importing.columns import FIELDS
from caregivers.models import HandoutsBy, PoliceCheck, Referral, SafeWay
from ppg.forms.fields import PhoneField, month_number

TEXTS = (
    "liked_name",
    "safe_when",
    "language",
    "access_needs",
    "childcare",
    "travel",
    "refreshments",
    "allergies",
    "availability",
)
EARLIEST = date(2000, 1, 1)
BROKEN = {"#N/A", "#REF", "#NAME", "#VALUE", "#DIV/0", "#NUM", "#NULL"}
SHOWN = 40  # letters of a cell that a fault repeats


class Kind(Enum):
    """What can be wrong with a row; the value is the heading under which such faults stand."""

    NAME_MISSING = gettext_lazy("No name")
    NAME_LONG = gettext_lazy("Name too long")
    PHONE = gettext_lazy("Not a telephone number")
    EMAIL = gettext_lazy("Not an e-mail address")
    SOURCE = gettext_lazy("How they reached us: not known")
    SOURCE_MISSING = gettext_lazy("How they reached us: nothing said")
    DATE = gettext_lazy("Not a date")
    DATE_MISSING = gettext_lazy("No date")
    FUTURE = gettext_lazy("A date in the future")
    SAFE_WAY = gettext_lazy("Safe way: not known")
    SAFE_WAY_BARE = gettext_lazy("Safe way without number or address")
    HANDOUTS = gettext_lazy("Handouts: not known")
    HANDOUTS_BARE = gettext_lazy("Handouts by e-mail without an address")
    OUTCOME = gettext_lazy("Police check: outcome not known")
    CHECK_HALF = gettext_lazy("Police check: only half is there")
    LONG = gettext_lazy("Text too long")
    FORMULA = gettext_lazy("A formula in place of a value")
    TWICE = gettext_lazy("Twice in the list")
    KNOWN = gettext_lazy("Already in the group’s list")


class Wrong(Exception):
    def __init__(self, kind: Kind, what: str) -> None:
        super().__init__(what)
        self.kind, self.what = kind, what


def quoted(text: str) -> str:
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def words(text: str) -> str:
    """For comparing: small letters, one blank between words, no hyphens or full stops."""
    return " ".join(re.sub(r"[-_.]", " ", text.casefold()).split())


def no_formula(text: str) -> str:
    if text.startswith("="):
        raise Wrong(Kind.FORMULA, _("is a formula. Copy the column and paste it back as values."))
    if text.rstrip("!?").upper() in BROKEN:
        raise Wrong(Kind.FORMULA, _("is a formula that went wrong. Put the value in its place."))
    return text


def needed(name: str) -> str:
    if not name:
        raise Wrong(Kind.NAME_MISSING, _("there is no name."))
    return name


def short(text: str, most: int, kind: Kind = Kind.LONG) -> str:
    if len(text) > most:
        sizes = {"size": len(text), "most": most}
        raise Wrong(kind, _("has %(size)d letters and spaces. Up to %(most)d fit.") % sizes)
    return text


def phone(text: str) -> str:
    """As typed, but for the 0 that spreadsheets take from the front of a number."""
    if re.fullmatch(r"[1237]\d{9}", text):
        text = f"0{text}"
    try:
        return PhoneField(required=False).clean(text)
    except ValidationError:
        sentence = _("“%(text)s” is not a telephone number. Write it like 01632 960 001.")
        raise Wrong(Kind.PHONE, sentence % {"text": quoted(text)}) from None


def email(text: str) -> str:
    try:
        if text:
            validate_email(text)
    except ValidationError:
        sentence = _("“%(text)s” is not an e-mail address. Write it like name@example.org.")
        raise Wrong(Kind.EMAIL, sentence % {"text": quoted(text)}) from None
    return short(text, FIELDS["email"].most)


# --- Words of a list ---------------------------------------------------------------------------------


def table(choices: Iterable[tuple[str, Any]], **others: str) -> dict[str, str]:
    """What may stand in the cell → our value: the words of our pages, our short ones, and what others write."""
    found = {words(str(label)): value for value, label in choices}
    found |= {words(value): value for value, _label in choices}
    return found | {words(text.replace("_", " ")): value for text, value in others.items()}


def sources() -> dict[str, str]:
    others = {"youth_justice": "caseload", "youth_justice_service": "caseload", "yjs": "caseload"}
    more = {
        "parenting": "parenting",
        "self_referral": "interest",
        "poster": "interest",
        "early_help_team": "early_help",
    }
    return table(Referral.Source.choices, **others, **more)


def ways() -> dict[str, str]:
    others = {"sms": "text", "text": "text", "texts": "text", "phone": "call", "telephone": "call", "calls": "call"}
    return table(
        SafeWay.choices, **others, email="email", e_mail="email", voice_mail="voicemail", answerphone="voicemail"
    )


def one_of(choices: Iterable[Any]) -> str:
    return ", ".join(f"“{label}”" for label in choices)


def source(text: str, default: str = "") -> str:
    if not text:
        if default:
            return default
        raise Wrong(Kind.SOURCE_MISSING, _("nothing says how this person reached us."))
    if found := sources().get(words(text)):
        return found
    sentence = _("“%(text)s” is none of %(choices)s.")
    raise Wrong(Kind.SOURCE, sentence % {"text": quoted(text), "choices": one_of(Referral.Source.labels)})


def safe_ways(text: str) -> list[str]:
    """Several in one cell, with commas or “and” between them. None at all is an answer too."""
    known = ways()
    if words(text) in ("", "none", "no"):
        return []
    chosen = []
    for part in filter(None, (words(part) for part in re.split(r"[,;/+&\n]|\band\b", text, flags=re.IGNORECASE))):
        if part not in known:
            sentence = _("“%(text)s” is none of %(choices)s.")
            raise Wrong(Kind.SAFE_WAY, sentence % {"text": quoted(part), "choices": one_of(SafeWay.labels)})
        chosen.append(known[part])
    return [way for way in SafeWay.values if way in chosen]


def handouts(text: str) -> str:
    if not text:
        return ""
    if found := table(HandoutsBy.choices, e_mail="email", printed="paper").get(words(text)):
        return found
    sentence = _("“%(text)s” is none of %(choices)s.")
    raise Wrong(Kind.HANDOUTS, sentence % {"text": quoted(text), "choices": one_of(HandoutsBy.labels)})


def outcome(text: str) -> str:
    """Our three words only: a guess could let somebody in. The cell is not repeated, it may tell what nobody
    may write down here."""
    if not text:
        return ""
    if found := table(PoliceCheck.Outcome.choices).get(words(text)):
        return found
    raise Wrong(
        Kind.OUTCOME, _("only %(choices)s can be brought in.") % {"choices": one_of(PoliceCheck.Outcome.labels)}
    )


# --- Dates -------------------------------------------------------------------------------------------

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?")
SPOKEN = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[\s./-]+(\d{1,2}|[^\W\d]+)\.?,?[\s./-]+(\d{4}|\d{2})")


def day(text: str) -> date:
    """27/3/2026, 27.3.26, 27 March 2026 or 2026-03-27: the day before the month, as dates are written here."""
    try:
        if match := ISO.fullmatch(text):
            value = date(int(match[1]), int(match[2]), int(match[3]))
        elif match := SPOKEN.fullmatch(text):
            year = int(match[3]) + (2000 if len(match[3]) == 2 else 0)
            value = date(year, month_number(match[2]), int(match[1]))
        else:
            raise ValueError(text)
        if value < EARLIEST:
            raise ValueError(text)
    except ValueError:
        sentence = _("“%(text)s” is not a date of this century. Write it like 27/3/2026.")
        raise Wrong(Kind.DATE, sentence % {"text": quoted(text)}) from None
    return value


def past_day(text: str, today: date) -> date | None:
    """A day up to today, or none."""
    if not text:
        return None
    found = day(text)
    if found > today:
        raise Wrong(Kind.FUTURE, _("“%(text)s” is in the future.") % {"text": quoted(text)})
    return found


def received(text: str, today: date, default: date | None) -> date:
    if found := past_day(text, today) or default:
        return found
    raise Wrong(Kind.DATE_MISSING, _("there is no date."))
