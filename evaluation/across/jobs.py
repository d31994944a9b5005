"""Making a report over many groups, in the background."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django_tasks import task

from evaluation.across import actions
from evaluation.across import counts as across_counts
from evaluation.across.context import print_html
from evaluation.across.pool import Pool
from evaluation.across.rows import Group, Reader, in_chunks, keys_of
from evaluation.disclosure.counts import Counts
from evaluation.figures.shapes import Figures
from evaluation.models import AcrossReport
from ppg.documents.pdf import render_pdf

MOST_READINGS = 10  # one anew for each withdrawal meanwhile: ten thousand groups take two minutes


@task()
def make(code: str) -> None:
    """Safe to repeat: it starts over, unless somebody is at it. Cancelled, it stops after a few groups."""
    report = actions.begin(code, timezone.now())
    if report is None:
        return
    try:
        _make(report)
    except Exception:
        actions.fail(report)
        raise


def _make(report: AcrossReport) -> None:
    for _reading in range(MOST_READINGS):
        made = read(report)
        if made is None:
            return
        whole, counts, groups = made
        shown = actions.keep(report, whole, counts, groups)
        if shown is not None:
            return actions.finish(report, render_pdf(print_html(report, shown, groups)))
        if not actions.read_anew(report):
            return
    raise RuntimeError(f"Somebody withdrew during each of {MOST_READINGS} readings.")


def read(report: AcrossReport) -> tuple[Figures, Counts, list[Group]] | None:
    """Everything, nothing held back yet; None where nobody waits for it any more."""
    keys, read = keys_of(report), 0
    pool, counts, reader, groups = Pool(), Counts(), Reader(timezone.now()), []
    for some in in_chunks(keys):
        if not actions.go_on(report, read, len(keys), some):
            return None
        for group, chunk in reader.read(some):
            pool.add(chunk)
            across_counts.add(counts, group.code, chunk)
            groups.append(group)
        read += len(some)
    return pool.figures(), counts, groups


def sweep(now: datetime) -> int:
    """Reports whose worker died are begun again by another."""
    codes = actions.lost(now)
    for code in codes:
        make.enqueue(code)
    return len(codes)
