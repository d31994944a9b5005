"""What every chart is drawn with: size, colours and the template. See `evaluation.charts`."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from evaluation import emoji

WIDTH = 290  # of every chart, in its own units: fits a page of 320 px without being made smaller
LONGEST = 39  # letters that fit above a bar

# On white: better 7.1, worse 7.9, grey 4.9 to one; the pale grey carries dark text only.
BETTER, WORSE, SAME, TRACK, INK, QUIET = "#12505b", "#8a3b12", "#c9d1d3", "#e6eaeb", "#0b0c0c", "#50585c"
COLOURS = {"better": BETTER, "worse": WORSE, "same": SAME, "track": TRACK, "ink": INK, "quiet": QUIET}


def shortened(label: str, longest: int = LONGEST) -> str:
    """What fits in the chart; the whole of it stands in the description."""
    label = emoji.in_words(label)
    return label if len(label) <= longest else label[: longest - 1].rsplit(" ", 1)[0] + "…"


def draw(kind: str, title: str, words: str, height: int, **context: Any) -> SafeString:
    given = {"title": title, "words": words, "height": height, "all": WIDTH, "colour": COLOURS}
    return SafeString(render_to_string(f"evaluation/charts/{kind}.svg", given | context))
