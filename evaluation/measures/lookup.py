"""Tables from raw to scaled scores, as owners of measures give them. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from evaluation.measures.scoring import MeasureSpec
from evaluation.models import Measure

RAW, SCALED = re.compile(r"[0-9]{1,4}"), re.compile(r"-?[0-9]{1,4}(\.[0-9]{1,6})?")


def lookup_problems(spec: MeasureSpec) -> list[str]:
    """Whether a table from raw to scaled scores fits the questions: each raw score there can be, and no other."""
    if not spec.lookup:
        return []
    if spec.method != Measure.Method.SUM:
        return [_("A table from raw to scaled scores goes with a sum, not with a mean.")]
    if len(spec.domains()) != 1:
        return [_("A table from raw to scaled scores is for questions that all count for the same.")]
    there_can_be = set(possible(spec))
    missing, other = sorted(there_can_be - set(spec.lookup)), sorted(set(spec.lookup) - there_can_be)
    problems = []
    if missing:
        problems.append(_("The table lacks these raw scores: %(scores)s.") % {"scores": listed(missing)})
    if other:
        problems.append(_("The table has raw scores that nobody can have: %(scores)s.") % {"scores": listed(other)})
    return problems


def possible(spec: MeasureSpec) -> range:
    """Every raw sum of a measure of one domain."""
    items = spec.items
    lowest = sum(item.low + item.shift for item in items)
    return range(lowest, sum(item.high + item.shift for item in items) + 1)


def listed(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:8])
    return shown if len(numbers) <= 8 else _("%(some)s and %(n)d more") % {"some": shown, "n": len(numbers) - 8}


class BadTable(ValueError):
    """A line that cannot be read, in a sentence."""


def lookup_from_text(text: str) -> dict[str, str]:
    """A table typed or pasted: on each line a raw score and its scaled one, with =, a comma, a semicolon, a tab or a
    space between them. A first line of headings is left out. Scaled scores keep their digits as they were typed."""
    table: dict[str, str] = {}
    for number, line in enumerate((line for line in text.splitlines() if line.strip()), start=1):
        for mark in "=,;\t":
            line = line.replace(mark, " ")
        parts = line.replace('"', "").split()
        if number == 1 and not any(part[0].isdigit() for part in parts):
            continue
        if len(parts) != 2 or not RAW.fullmatch(parts[0]) or not SCALED.fullmatch(parts[1]):
            raise BadTable(_("Line %(n)d of the table must be two numbers, like 7 = 7.00") % {"n": number})
        raw = str(int(parts[0]))
        if raw in table:
            raise BadTable(_("The raw score %(raw)s is in the table twice") % {"raw": raw})
        table[raw] = parts[1]
    return table


def lookup_as_text(lookup: Mapping[str, Any]) -> str:
    return "\n".join(f"{raw} = {scaled}" for raw, scaled in sorted(lookup.items(), key=lambda pair: int(pair[0])))
