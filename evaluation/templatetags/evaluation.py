"""How numbers and written text are shown, alike in page and PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import template
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from evaluation import words
from evaluation.figures.calculation import percent
from evaluation.figures.shapes import Benefit, WayCount
from feedback.models import Way

register = template.Library()
register.filter(words.source_name)
register.filter(words.method_name)


@register.filter
def score(value: float | None) -> str:
    """One decimal: 2.3. A score is no more exact than that."""
    return "" if value is None else number_format(round(value + 0.0, 1), 1)


@register.filter
def signed(value: float) -> str:
    """A change, with its sign: +0.5, −0.3, 0.0."""
    shown = round(value, 1)
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return f"{sign}{number_format(abs(shown), 1)}"


@register.filter
def whole(value: float) -> str:
    """A median of whole numbers: 4, or 4.5."""
    return number_format(value, 0 if value == int(value) else 1)


@register.filter
def n_of(n: int, of: int) -> str:
    """5 of 8; from ten people on with the percentage: 12 of 20 (60%)."""
    share = percent(n, of)
    counts = _("%(n)s of %(of)s") % {"n": n, "of": of}
    return counts if share is None else f"{counts} ({share}%)"


@register.filter
def ways(counts: tuple[WayCount, ...]) -> str:
    """How answers came: "7 online, 5 on paper", or "online, on paper" where the counts are held back."""
    names = {value: str(label).lower() for value, label in Way.choices}
    return ", ".join(
        names.get(row.way, row.way) if row.n is None else f"{row.n} {names.get(row.way, row.way)}" for row in counts
    )


@register.filter
def prose(text: str) -> SafeString:
    """What was typed, as paragraphs and lists: an empty line ends a paragraph, lines that begin with - make a list."""
    parts = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        words: list[str] = []
        items: list[str] = []
        for line in block.splitlines():
            if (match := re.match(r"\s*[-*•]\s+(.*)", line)) is not None:
                items.append(match[1])
            elif items:
                items[-1] += f" {line.strip()}"
            else:
                words.append(line.strip())
        if words:
            parts.append(format_html('<p class="govuk-body" dir="auto">{}</p>', " ".join(words)))
        if items:
            rows = format_html_join("", "<li>{}</li>", ((item,) for item in items))
            parts.append(format_html('<ul class="govuk-list govuk-list--bullet">{}</ul>', rows))
    return mark_safe("".join(parts))  # noqa: S308  each part was escaped


@register.filter
def in_words(benefits: Sequence[Benefit], when: str = "word") -> list[str]:
    """For how many it got better, where only a word is told: a sentence for each word, with its areas.

    when: "word", after the programme; "later", three months later.
    """
    sentences = {
        "most": _("Most people were better off than before: %(areas)s."),
        "some": _("Some people were better off than before: %(areas)s."),
        "few": _("Few people were better off than before: %(areas)s."),
    }
    areas = {
        word: [str(benefit.title).lower() for benefit in benefits if getattr(benefit, when) == word]
        for word in sentences
    }
    return [sentences[word] % {"areas": get_text_list(titles, _("and"))} for word, titles in areas.items() if titles]
