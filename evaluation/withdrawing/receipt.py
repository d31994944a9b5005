"""What withdrawn answers were in before and cannot be called back: for the receipt, and for whoever took data.

It says what and when, never who. Caregivers read it, by a link that somebody else may open: no group and no name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from caregivers.models import Caregiver, ConsentKind, Place
from evaluation.data.queries import taken
from evaluation.models import AcrossReport, Card, Report, ReportVersion
from evaluation.reports import editions
from ppg.models import AuditEntry
from programmes.models import Cohort


@dataclass(frozen=True)
class Span:
    """While a consent stood. Its end is read off before the locks are held, so what came out meanwhile is later, but
    marked by that very withdrawal."""

    until: datetime
    since: datetime | None = None

    def when(self, moment: str) -> Q:
        after = Q(**{f"{moment}__gte": self.since}) if self.since else Q()
        return after & (Q(**{f"{moment}__lte": self.until}) | Q(superseded_at__lte=self.until))


@dataclass(frozen=True)
class Out:
    """Reports of one kind that came out: their codes, oldest first, and when the last one did."""

    codes: Sequence[str]
    last: datetime


def consent_lines(caregiver: Caregiver, kind: str, at: datetime) -> list[str]:
    """For the receipt of a consent that was taken back: what of their group came out or was taken while it stood."""
    given = caregiver.consents.filter(kind=kind, given=True, at__lte=at).order_by("at").first()
    if kind not in (ConsentKind.EVALUATION, ConsentKind.QUOTES) or given is None:
        return []
    places = Place.objects.filter(caregiver=caregiver).exclude(taken_on=None)
    groups = list(Cohort.objects.filter(pk__in=places.values("cohort")))
    span = Span(at, given.at)
    return _quoted_in(groups, span) if kind == ConsentKind.QUOTES else _answers_in(groups, span)


def card_lines(card: Card) -> list[str]:
    """The same for a card that was taken out. When is not written down: at the latest when answers were last taken out
    of its group."""
    last = Report.objects.filter(cohort=card.cohort_id).values_list("withdrawn_at", flat=True).first()
    return _answers_in([card.cohort], Span(last or timezone.now()))


def _quoted_in(groups: Sequence[Cohort], span: Span) -> list[str]:
    return _reports([(_of_their_group, _versions(groups, span))], span)


def _answers_in(groups: Sequence[Cohort], span: Span) -> list[str]:
    kinds = [
        (_of_their_group, _versions(groups, span)),
        (_of_others, _others(groups, span)),
        (_over_several, _over(groups, span)),
    ]
    return [*_reports(kinds, span), *_data(groups, span)]


def _versions(groups: Sequence[Cohort], span: Span) -> Out | None:
    return _out(ReportVersion.objects.filter(report__cohort__in=groups), "published_at", span)


def _others(groups: Sequence[Cohort], span: Span) -> Out | None:
    """Versions of other groups whose edition to share tells one of these together with theirs. Somebody is in one
    group, seldom in two."""
    keys = {key for group in groups for key in editions.pooled_versions(group).values_list("pk", flat=True)}
    versions = ReportVersion.objects.filter(pk__in=keys).exclude(report__cohort__in=groups)
    return _out(versions, "published_at", span)


def _over(groups: Sequence[Cohort], span: Span) -> Out | None:
    ready = AcrossReport.objects.over([group.pk for group in groups]).filter(state=AcrossReport.State.DONE)
    return _out(ready, "finished_at", span)


def _out(rows: QuerySet[Any], moment: str, span: Span) -> Out | None:
    dated = list(rows.filter(span.when(moment)).order_by(moment).values_list("code", moment))
    return Out([code for code, _at in dated], dated[-1][1]) if dated else None


def _reports(kinds: Iterable[tuple[Any, Out | None]], span: Span) -> list[str]:
    """A line for each kind, with the last download of any of them that we know of."""
    reports = [(words, out) for words, out in kinds if out]
    downloads = AuditEntry.objects.filter(
        verb=AuditEntry.Verb.DOWNLOADED,
        what__in=[ReportVersion._meta.model_name, AcrossReport._meta.model_name],
        ref__in=[code for _words, out in reports for code in out.codes],
        at__lte=span.until,
    )
    last = dict(downloads.order_by().values_list("ref").annotate(Max("at")))
    lines = []
    for words, out in reports:
        n, copied = len(out.codes), [last[code] for code in out.codes if code in last]
        lines.append(f"{words(n, out.last)} {_copies(n, max(copied) if copied else None)}")
    return lines


def _of_their_group(n: int, last: datetime) -> str:
    words = ngettext("A report that came out on %(day)s.", "%(n)s reports. The last one came out on %(day)s.", n)
    return words % {"n": n, "day": _day(last)}


def _of_others(n: int, last: datetime) -> str:
    words = ngettext(
        "A report of another group, with numbers of your group in it. It came out on %(day)s.",
        "%(n)s reports of other groups, with numbers of your group in them. The last one came out on %(day)s.",
        n,
    )
    return words % {"n": n, "day": _day(last)}


def _over_several(n: int, last: datetime) -> str:
    words = ngettext(
        "A report over several groups that came out on %(day)s.",
        "%(n)s reports over several groups. The last one came out on %(day)s.",
        n,
    )
    return words % {"n": n, "day": _day(last)}


def _copies(n: int, last: datetime | None) -> str:
    if last is None:
        return ngettext("Somebody may have printed it.", "Somebody may have printed them.", n)
    words = ngettext(
        "Copies of it were made. The last one we know of was on %(last)s.",
        "Copies of them were made. The last one we know of was on %(last)s.",
        n,
    )
    return words % {"last": _day(last)}


def _data(groups: Sequence[Cohort], span: Span) -> list[str]:
    times = taken(groups).filter(at__lte=span.until)
    if span.since:
        times = times.filter(at__gte=span.since)
    totals = times.aggregate(n=Count("pk"), last=Max("at"))
    if not totals["n"]:
        return []
    words = ngettext(
        "Data of the group, without names, was taken on %(day)s.",
        "Data of the group, without names, was taken %(n)s times. The last time we know of was %(day)s.",
        totals["n"],
    )
    return [words % {"n": totals["n"], "day": _day(totals["last"])}]


def _day(moment: datetime) -> str:
    return date_format(timezone.localdate(moment), "j F Y")
