"""Paper sheets while they are typed in: how far a pile is, what two typings differ in, and what is sent in the end.

A sheet is what `AnswerForm.payload` gives, question's slug → answer; what is asked beside the questions stands in it
under a name beginning with "+". An empty sheet was blank. Sheets not typed yet are None. Nothing here sees a database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from feedback.models import Question
from ppg.typed import comparison_key

MOST_SHEETS = 60  # in one pile: more is typed in two
EXTRA = "+"

Sheet = dict[str, Any]
Sheets = list[Sheet | None]

FIRST, SECOND = "first", "second"


@dataclass(frozen=True)
class Difference:
    """One answer that was typed in two ways. `name` is the question's slug, or that of what is asked beside them."""

    sheet: int  # from 1, as the sheets lie in the pile
    name: str
    asked: str
    first: str
    second: str

    @property
    def key(self) -> str:
        return f"d-{self.sheet}-{self.name.removeprefix(EXTRA)}"


def next_sheet(sheets: Sheets) -> int | None:
    """The number of the first one that is not typed yet, from 1."""
    return next((number for number, sheet in enumerate(sheets, start=1) if sheet is None), None)


def differences(
    asked: Mapping[str, str], questions: Iterable[Question], first: Sheets, second: Sheets
) -> list[Difference]:
    """`asked` names what is asked beside the questions. How words are spaced, and which apostrophe or dash was
    typed, does not count."""
    by_slug = {question.slug: question for question in questions}
    names = {f"{EXTRA}{name}": label for name, label in asked.items()}
    names |= {slug: question.text for slug, question in by_slug.items()}
    rows = []
    for number, (sheet, again) in enumerate(zip(first, second, strict=True), start=1):
        for name, label in names.items():
            given = (sheet or {}).get(name), (again or {}).get(name)
            if _alike(given[0]) != _alike(given[1]):
                words = [in_words(by_slug.get(name), value) for value in given]
                rows.append(Difference(number, name, label, *words))
    return rows


def _alike(value: Any) -> Any:
    if isinstance(value, str):
        return comparison_key(value, capitals=True)
    return {name: _alike(part) for name, part in value.items()} if isinstance(value, dict) else value


def in_words(question: Question | None, value: Any) -> str:
    """An answer as it stands beside another one."""
    if value in (None, "", []):
        return _("Left out")
    return question.in_words(value) if question else str(value)


def settled(first: Sheets, second: Sheets, differences: Sequence[Difference], chosen: Mapping[str, str]) -> list[Sheet]:
    """The sheets as they are sent: the first typing, with the second one's answer wherever that was chosen.

    Blank ones are no answers and are left out.
    """
    sheets = [dict(sheet or {}) for sheet in first]
    for difference in differences:
        if chosen[difference.key] == SECOND:
            sheet, right = sheets[difference.sheet - 1], (second[difference.sheet - 1] or {}).get(difference.name)
            sheet.pop(difference.name, None)
            if right is not None:
                sheet[difference.name] = right
    return [sheet for sheet in sheets if sheet]
