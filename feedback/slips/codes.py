"""What is printed on slips, and what is kept of one that was used. Made from the sheet's key: no slip has a row."""

from __future__ import annotations

import hmac

from feedback.models import SlipSheet
from ppg.links import typed_codes

SIGNS = 6  # and a check sign: 27 bits, good for a day, and who tries some out is stopped


def codes_of(sheet: SlipSheet) -> list[str]:
    """The codes of a sheet's slips, always the same ones; none once its answers were opened."""
    made = sheet.made if sheet.key else 0
    return typed_codes.codes_from(lambda number: _digest(sheet, f"slip {number}"), made, SIGNS)


def is_on(sheet: SlipSheet | None, code: str) -> bool:
    """Whether this (see `typed_codes.typed`) is the code of one of its slips."""
    return sheet is not None and code in codes_of(sheet)


def nonce_of(sheet: SlipSheet, code: str) -> str:
    """What a sheet with this slip carries in place of a nonce. Not the code itself, which is short enough to be tried
    out on the hashes of what was used."""
    return _digest(sheet, f"used {code}").hex()


def _digest(sheet: SlipSheet, words: str) -> bytes:
    return hmac.digest(sheet.key.encode(), words.encode(), "sha256")
