"""The edition to share, and the cohorts that stand together in it where each alone is too small.

Cohorts stand together in blocks, in the order in which their reports were first published: as soon as those since the
last block are enough together, the report that brings them there closes the block. Blocks never overlap and a later
version shows the same block, so whatever is added up or taken away among shared editions is whole blocks.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from evaluation.across import releases
from evaluation.across.rows import Reader
from evaluation.across.suppression import has_figures, suppress
from evaluation.collecting import collect
from evaluation.disclosure import thresholds
from evaluation.disclosure.counts import Counts
from evaluation.disclosure.interim import settled
from evaluation.disclosure.pooling import closes, is_small, without
from evaluation.disclosure.suppression import shared as hold_back_to_share
from evaluation.figures.shapes import Figures
from evaluation.models import Mode, Report, ReportVersion
from programmes.models import Cohort

MOST = 12  # cohorts read for a block that has not closed


def preview(cohort: Cohort, now: datetime) -> Figures:
    """The figures of the edition to share, as it would be published now.

    What a preview tells is kept nowhere, so nothing can be compared with it. Of several groups together it tells what
    has been published, and nothing before; and so of what is told by versions only (`evaluation.disclosure.interim`).
    """
    alone = _held_back(cohort, collect.whole(cohort, now), collect.shown(cohort, now), [], now)
    made = _less_releases(alone, cohort, [], now)[0]
    last = ReportVersion.objects.filter(report__cohort=cohort).order_by("number").last()
    together = pooled_versions(cohort).filter(superseded_at=None).order_by("pk").last()
    pooled = together and _shared(together)
    return replace(settled(made, _shared(last) if last else None), pooled=pooled.pooled if pooled else None)


def _shared(version: ReportVersion) -> Figures | None:
    """What an edition to share tells, unless somebody has withdrawn since."""
    stored = version.shared_figures if version.superseded_at is None else None
    return None if stored is None else Figures.from_dict(stored)


def with_counts(cohort: Cohort, now: datetime, team: Figures) -> tuple[Figures, bytes | None]:
    """The figures of the edition to share, as a version is published with, and what each group added to what is told of
    several together in it; None: nothing is. team: the figures of the team's edition."""
    whole = collect.whole(cohort, now)
    others = _block(cohort) if is_small(whole, thresholds.shared()) else []
    return _less_releases(_held_back(cohort, whole, team, others, now), cohort, others, now)


def _held_back(cohort: Cohort, whole: Figures, team: Figures, others: list[Cohort], now: datetime) -> Figures:
    report = Report.objects.filter(cohort=cohort).first()
    versions = ReportVersion.objects.exclude(shared_figures=None).filter(report__cohort__in=[cohort, *others])
    editions = [
        (of, Figures.from_dict(data))
        for of, data in versions.values_list("report__cohort", "shared_figures").order_by("pk")
        if data is not None
    ]
    return hold_back_to_share(
        whole,
        thresholds.shared(),
        team=team,
        pooled=_together([cohort, *others], now) if others else None,
        pooled_before=[edition.pooled for _of, edition in editions if edition.pooled],
        earlier=[edition for of, edition in editions if of == cohort.pk],
        told_before=report.told_before if report else [],
    )


def _less_releases(made: Figures, cohort: Cohort, others: list[Cohort], now: datetime) -> tuple[Figures, bytes | None]:
    """Less what may not stand beside reports over many groups, which may be over some of these."""
    if has_figures(made):  # seldom, of a group of eight: all that was told of several is looked through for it
        made = _suppress(made, releases.counts_of([cohort], Reader(now)))
    if made.pooled is None:
        return made, None
    counts = releases.counts_of([cohort, *others], Reader(now))
    pooled = _suppress(made.pooled, counts)
    if not pooled.domains:
        return replace(made, pooled=None), None
    return replace(made, pooled=pooled), counts.to_bytes()


def _suppress(made: Figures, counts: Counts) -> Figures:
    made = suppress(made, counts, releases.prior(counts, releases.keys()))
    return replace(made, domains=tuple(domain for domain in made.domains if domain.change))


def pooled_versions(cohort: Cohort) -> QuerySet[ReportVersion]:
    """Versions, of whichever group, whose edition to share tells this one together with others."""
    if not _first_versions(cohort).filter(report__cohort=cohort).exists():
        return ReportVersion.objects.none()
    versions = ReportVersion.objects.filter(report__cohort__in=[cohort, *_block(cohort)])
    return versions.filter(shared_figures__pooled__cohorts__isnull=False)


def _block(cohort: Cohort) -> list[Cohort]:
    """The others in this cohort's block, whether it has closed or is about to; none where it is open."""
    first = _first_versions(cohort)
    mine = first.filter(report__cohort=cohort).values_list("pk", flat=True).first()
    closing = first.filter(shared_figures__pooled__cohorts__isnull=False)
    before = closing if mine is None else closing.filter(pk__lt=mine)
    members = first.filter(shared_figures__domains=[]).filter(pk__gt=before.values_list("pk", flat=True).last() or 0)
    if mine is not None:
        last = closing.filter(pk__gte=mine).values_list("pk", flat=True).first()
        if last is None:
            return []
        members = members.filter(pk__lte=last)
    codes = members.exclude(report__cohort=cohort).values_list("report__cohort", flat=True)[:MOST]
    return list(Cohort.objects.filter(pk__in=list(codes)).order_by("pk"))


def _first_versions(cohort: Cohort) -> QuerySet[ReportVersion]:
    """Of the same programme. Answers under a card cannot be put with others'."""
    versions = ReportVersion.objects.filter(number=1, report__cohort__programme=cohort.programme_id)
    return versions.exclude(report__cohort__evaluation_plan__mode=Mode.CODED).order_by("pk")


def _together(cohorts: list[Cohort], now: datetime) -> Figures | None:
    wholes = [collect.whole(cohort, now) for cohort in cohorts]
    if not closes(wholes, thresholds.team(), thresholds.shared()):
        return None
    return without(collect.together(cohorts, now), _gone(cohorts, wholes))


def _gone(cohorts: list[Cohort], wholes: list[Figures]) -> set[str]:
    """Domains told of one of these cohorts on other answers than there are now."""
    now = {
        cohort.pk: {domain.key: domain.pairs for domain in whole.domains}
        for cohort, whole in zip(cohorts, wholes, strict=True)
    }
    keys: set[str] = set()
    for told_before in Report.objects.filter(cohort__in=cohorts).values_list("told_before", flat=True):
        keys |= {key for bases in told_before for key in bases}
    versions = ReportVersion.objects.filter(report__cohort__in=cohorts).values_list("report__cohort", "figures")
    for cohort, data in versions:
        domains = [domain for domain in Figures.from_dict(data).domains if domain.change]
        keys |= {domain.key for domain in domains if now[cohort].get(domain.key) != domain.pairs}
    return keys
