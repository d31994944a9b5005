"""A telephone number and an e-mail address as they stand in lists: with what another program wrote around them, or two
in one cell."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from caregivers.importing.columns import FIELDS
from caregivers.importing.faults import Kind, Wrong, quoted
from ppg import typed
from ppg.forms.fields import PhoneField

WITHOUT_NOUGHT = re.compile(r"[1237]\d{9}")
LOST_FIGURES = re.compile(r"\d([.,]\d+)?E\+?\d+", re.IGNORECASE)
BETWEEN_NUMBERS = re.compile(r"[/;,|\n]|\b(?:or|and)\b|&", re.IGNORECASE)
MOST_WRITTEN = 400  # letters, names and all; what is longer is not looked through
MOST_FIGURES = 18  # one number with whatever is dialled before it
FEWEST_FIGURES = 6

IN_BRACKETS = re.compile(r"[<\[](?:mailto:)?\s*([^<>\[\]\s]+@[^<>\[\]\s]+?)\s*[>\]]", re.IGNORECASE)
BETWEEN_ADDRESSES = re.compile(r"[;,|\n]|\s/\s|\s(?:or|and|&)\s|(?<=\.\w\w)/|(?<=\.\w\w\w)/", re.IGNORECASE)


def phone(text: str) -> str:
    """As it was typed, but for the 0 that spreadsheets take from the front of a number."""
    plain = typed.without_label(typed.in_plain_signs(text))
    if WITHOUT_NOUGHT.fullmatch(plain):
        plain = f"0{plain}"
    try:
        return PhoneField(required=False).clean(plain)
    except ValidationError:
        raise _no_phone(plain, quoted(text)) from None


def _no_phone(plain: str, shown: str) -> Wrong:
    words = {"text": shown}
    if LOST_FIGURES.fullmatch(plain):
        sentence = _("“%(text)s” has lost its last figures. Format the column as text and enter the number again.")
        return Wrong(Kind.PHONE, sentence % words)
    numbers = [part for part in BETWEEN_NUMBERS.split(plain) if figures_in(part) >= FEWEST_FIGURES]
    if len(numbers) > 1 or figures_in(plain) > MOST_FIGURES:
        sentence = _("“%(text)s” is more than one telephone number. Keep the one that is safe to ring.")
        return Wrong(Kind.SEVERAL, sentence % words)
    if figures_in(plain) >= FEWEST_FIGURES and re.search(r"[^\W\d_]", plain):
        sentence = _("“%(text)s” has words beside the number. Keep the number, and put the words into another column.")
        return Wrong(Kind.PHONE, sentence % words)
    return Wrong(Kind.PHONE, _("“%(text)s” is not a telephone number. Write it like 01632 960 001.") % words)


def figures_in(text: str) -> int:
    return sum(sign.isdigit() for sign in text)


def email(text: str) -> str:
    """The address alone: “Rosa <rosa@example.org>;” and “mailto:rosa@example.org” are that of Rosa."""
    addresses = addresses_in(text)
    if sum("@" in address for address in addresses) > 1:
        sentence = _("“%(text)s” is more than one e-mail address. Keep the one that is safe to write to.")
        raise Wrong(Kind.SEVERAL, sentence % {"text": quoted(text)})
    address = addresses[0] if len(addresses) == 1 else text
    try:
        if text:
            validate_email(address)
    except ValidationError:
        sentence = _("“%(text)s” is not an e-mail address. Write it like name@example.org.")
        raise Wrong(Kind.EMAIL, sentence % {"text": quoted(text)}) from None
    if len(address) > FIELDS["email"].most:
        sizes = {"size": len(address), "most": FIELDS["email"].most}
        raise Wrong(Kind.LONG, _("has %(size)d letters and spaces. Up to %(most)d fit.") % sizes)
    return address


def addresses_in(text: str) -> list[str]:
    """Each once, without what programs write around it."""
    if len(text) > MOST_WRITTEN:
        return [text]
    words = text.split()
    only_addresses = len(words) > 1 and all("@" in word for word in words)
    parts = IN_BRACKETS.findall(text) or (words if only_addresses else BETWEEN_ADDRESSES.split(text))
    bare = (typed.email(part).partition("?")[0].strip(" \t.;,'\"<>") for part in parts)
    return list({address.casefold(): address for address in bare if address}.values())
