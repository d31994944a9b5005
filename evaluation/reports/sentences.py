"""What the data says, in plain sentences that a writer may take into the report or leave. Pure: `Figures` in.

The text of a report is the same in both editions, so sentences are made of the figures of the edition to share: what
may not leave the team is in none of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from evaluation.figures.calculation import percent
from evaluation.figures.shapes import DomainFigures, Figures, QuestionFigures
from evaluation.reports.sections import IN_SHORT


@dataclass(frozen=True)
class Sentence:
    """section: where it belongs. key: which sentence it is, the same while the numbers change."""

    key: str
    section: str
    text: str


# What can only be said of a group that meets no more: how many came to how much of it, and how much of it there was.
AT_THE_END = {"completed", "held"}


def suggested(figures: Figures, *, is_over: bool) -> list[Sentence]:
    """figures: the edition to share. is_over: the group has had its last session."""
    every = [*_came(figures), *_changed_for_people(figures), *_answered(figures), *_done(figures)]
    return [one for one in every if is_over or one.key not in AT_THE_END]


def by_section(rows: list[Sentence]) -> dict[str, list[Sentence]]:
    sections: dict[str, list[Sentence]] = {}
    for row in rows:
        sections.setdefault(row.section, []).append(row)
    return sections


def _share(n: int, of: int) -> str:
    part = percent(n, of)
    share = _("%(n)s of %(of)s") % {"n": n, "of": of}
    return share if part is None else f"{share} ({part}%)"


def _came(figures: Figures) -> Iterator[Sentence]:
    """How many were invited, started and completed may always be told."""
    reach = figures.reach
    if reach.offered and figures.sessions_held:
        sentence = _("%(share)s people who were offered a place came at least once.")
        yield Sentence("started", IN_SHORT.key, sentence % {"share": _share(reach.started, reach.offered)})
    if reach.started and figures.sessions_held:
        sentence = _("%(share)s people who started came to at least two thirds of the sessions.")
        yield Sentence("completed", IN_SHORT.key, sentence % {"share": _share(reach.completed, reach.started)})


def _changed_for_people(figures: Figures) -> Iterator[Sentence]:
    """In numbers where there are enough people, else in a word."""
    numbers = {domain.key: domain for domain in figures.domains}
    words = {
        "most": _("Most people who answered before and after gave better answers afterwards on “%(title)s”."),
        "some": _("Some people who answered before and after gave better answers afterwards on “%(title)s”."),
        "few": _("Few people who answered before and after gave better answers afterwards on “%(title)s”."),
    }
    for benefit in figures.benefits:
        text = _better(numbers.get(benefit.key)) or words[benefit.word] % {"title": benefit.title}
        yield Sentence(f"change-{benefit.key}", "learned", text)


def _better(domain: DomainFigures | None) -> str:
    if domain is None or domain.change is None or domain.change.better is None:
        return ""
    sentence = _("%(share)s people who answered before and after gave better answers afterwards on “%(title)s”.")
    return sentence % {"share": _share(domain.change.better, domain.pairs), "title": domain.title}


def _answered(figures: Figures) -> Iterator[Sentence]:
    for row in figures.feedback.questions:
        if row.counts and (text := _most_frequent(row)):
            yield Sentence(f"asked-{row.key}", "learned", text)


def _most_frequent(row: QuestionFigures) -> str:
    counts = row.counts or ()
    most = max(counts)
    if not most or counts.count(most) > 1:
        return ""
    words = {"question": row.text, "answer": row.options[counts.index(most)], "share": _share(most, row.n)}
    return _("Asked “%(question)s”, %(share)s answered “%(answer)s”.") % words


def _done(figures: Figures) -> Iterator[Sentence]:
    """Sessions and their items are no people."""
    if figures.sessions_held:
        sentence = _("%(share)s planned sessions were held.")
        words = {"share": _("%(n)s of %(of)s") % {"n": figures.sessions_held, "of": figures.sessions_planned}}
        yield Sentence("held", "changed", sentence % words)
    if n := figures.delivery.changed:
        sentence = ngettext(
            "%(n)s part of a session was not done as planned.",
            "%(n)s parts of sessions were not done as planned.",
            n,
        )
        yield Sentence("not-as-planned", "changed", sentence % {"n": n})
    if n := figures.delivery.by_group:
        sentence = ngettext(
            "%(n)s change was made because the group asked for it.",
            "%(n)s changes were made because the group asked for them.",
            n,
        )
        yield Sentence("asked-for", "changed", sentence % {"n": n})
    made, answered = figures.suggestions.made, figures.suggestions.answered
    if made and answered is not None:
        sentence = _("%(share)s suggestions that the group made got an answer.")
        yield Sentence("suggestions", "changed", sentence % {"share": _share(answered, made)})
