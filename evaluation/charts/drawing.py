"""What every chart is drawn with: size, colours and the template. See `evaluation.charts`."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from ppg.documents.in_words import pictures_in_words

WIDTH = 290  # of every chart, in its own units: fits a page of 320 px without being made smaller
LONGEST, LINE = 39, 16  # letters that fit above a bar, and from one line of a label to the next

# On white: better 7.1, worse 7.9, grey 4.9 to one; the pale grey carries dark text only.
BETTER, WORSE, SAME, TRACK, INK, QUIET = "#12505b", "#8a3b12", "#c9d1d3", "#e6eaeb", "#0b0c0c", "#50585c"
COLOURS = {"better": BETTER, "worse": WORSE, "same": SAME, "track": TRACK, "ink": INK, "quiet": QUIET}


def stack(labels: Sequence[str], height: int, baseline: int) -> tuple[list[dict[str, Any]], int]:
    """Where each row begins under its label of one line or two, and how high all of them are together.

    height, baseline: of a row with a label of one line, and of that label in it. A label longer than two lines ends
    with an ellipsis; the whole of it stands in the description.
    """
    rows: list[dict[str, Any]] = []
    y = 4
    for label in labels:
        lines = textwrap.wrap(pictures_in_words(label), LONGEST, max_lines=2, placeholder="…") or [""]
        y += LINE * (len(lines) - 1)
        at = [baseline - LINE * above for above in reversed(range(len(lines)))]
        rows.append({"y": y, "lines": [{"text": text, "y": up} for text, up in zip(lines, at, strict=True)]})
        y += height
    return rows, y - 4


def draw(kind: str, title: str, words: str, height: int, **context: Any) -> SafeString:
    given = {"title": title, "words": words, "height": height, "all": WIDTH, "colour": COLOURS}
    return SafeString(render_to_string(f"evaluation/charts/{kind}.svg", given | context))
