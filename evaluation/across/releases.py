"""What was released of several groups in one figure: reports over many groups, and blocks in editions to share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import QuerySet

from evaluation.across.counts import Release, add, note, note_withdrawal
from evaluation.across.group_tables import GroupTables
from evaluation.across.rows import AT_ONCE, Reader, in_chunks
from evaluation.across.suppression import PriorReleases
from evaluation.disclosure import thresholds
from evaluation.disclosure.combining import SingleGroups
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.differencing import compared
from evaluation.figures.shapes import Figures
from evaluation.models import AcrossReport, Report, ReportVersion
from programmes.models import Cohort, Programme

Key = tuple[str, int]


def hold() -> None:
    """Until the transaction ends nobody else tells something of several groups: of two at once neither would know what
    the other tells. Nor does anybody withdraw from it meanwhile."""
    list(Programme.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


def keys(besides: AcrossReport | None = None) -> list[Key]:
    """Of everything released so far."""
    reports = AcrossReport.objects.exclude(counts=None).exclude(figures=None)
    if besides:
        reports = reports.exclude(pk=besides.pk)
    versions = ReportVersion.objects.exclude(pooled_counts=None)
    return [
        *(("report", pk) for pk in reports.order_by("pk").values_list("pk", flat=True)),
        *(("version", pk) for pk in versions.order_by("pk").values_list("pk", flat=True)),
    ]


def prior(counts: Counts, release_keys: Iterable[Key]) -> PriorReleases:
    """What is known already of these groups, to compare their figures with.

    release_keys: of everything released before.
    """
    inside, outside, group_tables = SingleGroups(thresholds.team()), SingleGroups(thresholds.shared()), GroupTables()
    overlapping = _overlapping(counts, release_keys)
    every = [counts, *(release.counts for release in overlapping)]
    codes = sorted({code for known in every for code in known.groups})
    for some in (codes[start : start + AT_ONCE] for start in range(0, len(codes), AT_ONCE)):
        versions = ReportVersion.objects.filter(report__cohort__code__in=some).order_by("pk")
        for code, figures, shared in versions.values_list("report__cohort__code", "figures", "shared_figures"):
            note(inside, every, code, figures)
            if code in counts.groups:
                group_tables.note(code, figures)
            if shared:
                note(outside, every, code, shared)
        reports = Report.objects.filter(cohort__code__in=some).exclude(told_before=[])
        for code, told_before in reports.values_list("cohort__code", "told_before"):
            for past in told_before:
                note_withdrawal(inside, code, past)
                note_withdrawal(outside, code, past)
    return PriorReleases(overlapping, thresholds.shared(), inside, outside, group_tables)


def compared_with_releases(cohort: Cohort, figures: Figures) -> Figures:
    """A group's own figures, less what differs by a few from what it added to a report over many: somebody may take all
    the other groups' away from that report, and hold what is left against these."""
    for past in _releases_of(cohort):
        figures = compared(figures, thresholds.team(), [_as_added(past, cohort, figures)], [])
    return figures


def _releases_of(cohort: Cohort) -> list[Release]:
    counts = Counts()
    counts.add(cohort.code, {})
    return [past for past in _overlapping(counts, keys()) if cohort.code in past.counts.groups]


def _as_added(past: Release, cohort: Cohort, now: Figures) -> Figures:
    """Today's figures, with the numbers of registers and notes that this group added to those told then."""

    def added(*column: str) -> int:
        return past.counts.of(cohort.code, column)

    numbers = {session.number for session in past.figures.sessions if session.present is not None}
    methods = {row.method for row in past.figures.methods}
    return replace(
        now,
        sessions=tuple(
            replace(session, present=added("present", str(session.number)))
            if session.number in numbers and session.present is not None
            else session
            for session in now.sessions
        ),
        methods=tuple(
            replace(row, n=added("method", row.method)) if row.method in methods else row for row in now.methods
        ),
    )


def _overlapping(counts: Counts, release_keys: Iterable[Key]) -> list[Release]:
    """Of these what is over some of the same groups, or over groups of one that is: differences go that far."""
    rest = list(_counts(release_keys))
    entries: list[tuple[Key, Counts]] = []
    reached = set(counts.groups)
    while near := [entry for entry in rest if not reached.isdisjoint(entry[1].groups)]:
        rest = [entry for entry in rest if reached.isdisjoint(entry[1].groups)]
        entries += near
        reached.update(code for _key, theirs in near for code in theirs.groups)
    figures = {
        key: Figures.from_dict(data) for key, data in _stored([key for key, _theirs in entries], FIGURES) if data
    }
    return [Release(figures[key], theirs) for key, theirs in entries if key in figures]


def _counts(release_keys: Iterable[Key]) -> Iterator[tuple[Key, Counts]]:
    return ((key, Counts.from_bytes(bytes(data))) for key, data in _stored(release_keys, COUNTS) if data)


COUNTS = {"report": "counts", "version": "pooled_counts"}
FIGURES = {"report": "figures__figures", "version": "shared_figures__pooled"}


def _stored(release_keys: Iterable[Key], where: Mapping[str, str]) -> Iterator[tuple[Key, Any]]:
    """Some at a time: there may be thousands, and each may be over thousands of groups."""
    wanted = list(release_keys)
    rows: dict[str, QuerySet[Any]] = {"report": AcrossReport.objects.all(), "version": ReportVersion.objects.all()}
    for kind, column in where.items():
        for some in in_chunks([pk for of, pk in wanted if of == kind]):
            for pk, data in rows[kind].filter(pk__in=some).order_by("pk").values_list("pk", column):
                yield (kind, pk), data


def counts_of(cohorts: Iterable[Cohort], reader: Reader) -> Counts:
    counts = Counts()
    for some in in_chunks([cohort.pk for cohort in cohorts]):
        for group, chunk in reader.read(some):
            add(counts, group.code, chunk)
    return counts
