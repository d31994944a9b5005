"""What one cell of a list says: its text in, the value out, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from caregivers.importing.columns import NAMES
from caregivers.importing.faults import Kind, Wrong, quoted
from caregivers.models import HandoutsBy, PoliceCheck, Referral, SafeWay

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
BROKEN = {"#N/A", "#REF", "#NAME", "#VALUE", "#DIV/0", "#NUM", "#NULL"}
# How people write that there is nothing to write; in a text of their own words “none” may be the answer.
NO_SIGNS = re.compile(r"[-–—―−‐‑_.?/\\*\s]+|n\.?\s?/\s?a\.?", re.IGNORECASE)
NOTHING = {
    *("na", "n a", "none", "nil", "null", "no", "blank", "tbc", "not known", "unknown", "none known"),
    *("not applicable", "not available", "not given", "not provided", "not stated", "not recorded"),
    *("none given", "none provided"),
}
UNNAMED = {"not known", "unknown", "name not known", "name unknown", "not given", "tbc"}
NO_CONTACT = re.compile(r"no (e ?mail|phone|mobile|number|telephone|address)( \w+)?")
SHARE_OF_A_DAY = re.compile(r"0?\.\d{3,}")


def words(text: str) -> str:
    """For comparing: small letters, one blank between words, no hyphens or full stops."""
    return " ".join(re.sub(r"[-_.]", " ", text.casefold()).split())


def something(name: str, text: str) -> str:
    """What the cell of a field says; nothing where it says so, as “n/a” does."""
    said = words(text)
    if NO_SIGNS.fullmatch(text) or (name in NAMES and said in UNNAMED):
        return ""
    if name in NAMES or name in TEXTS:
        return text
    return "" if said in NOTHING or NO_CONTACT.fullmatch(said) else text


def no_formula(text: str) -> str:
    if text.startswith("="):
        raise Wrong(Kind.FORMULA, _("is a formula. Copy the column and paste it back as values."))
    if text.rstrip("!?").upper() in BROKEN:
        raise Wrong(Kind.FORMULA, _("is a formula that went wrong. Put the value in its place."))
    return text


def needed(name: str, written: str = "") -> str:
    """`written` is what stands in the cell."""
    if not name and written:
        raise Wrong(Kind.NAME_MISSING, _("“%(text)s” is no name.") % {"text": quoted(written)})
    if not name:
        raise Wrong(Kind.NAME_MISSING, _("there is no name."))
    return name


def short(text: str, most: int, kind: Kind = Kind.LONG) -> str:
    if len(text) > most:
        sizes = {"size": len(text), "most": most}
        raise Wrong(kind, _("has %(size)d letters and spaces. Up to %(most)d fit.") % sizes)
    return text


def own_words(text: str, most: int) -> str:
    """A text as it stands, which may be a time that was written without its format."""
    if SHARE_OF_A_DAY.fullmatch(text):
        sentence = _("“%(text)s” is the number that a spreadsheet keeps for a time. Format the column as a time.")
        raise Wrong(Kind.NUMBER, sentence % {"text": quoted(text)})
    return short(text, most)


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
