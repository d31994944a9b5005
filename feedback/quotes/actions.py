"""Words that may stand in a report: chosen by one person, signed off by a second, taken out when consent is.

Two ways lead here, and no third: a comment whose writer ticked on the same sheet that it may be quoted, and what
somebody said in the focus group, with their own consent to be quoted, which stands. Words of nobody who could agree,
or take it back, are not quoted. See docs/decisions/quotes.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, ConsentKind
from feedback.models import Answer, FocusGroup, Quote, Theme
from feedback.quotes.queries import stamp, who_agreed, why_not_choose, why_not_sign
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.hooks import Hook
from ppg.models import User
from programmes.models import Cohort

# Called in the transaction that takes quotes out, with their codes, the cohorts' keys and the time: whoever printed
# their words takes them out there too.
TakenOut = Callable[[set[str], set[int], datetime], None]
when_taken_out: Hook[TakenOut] = Hook("What follows when quotes are taken out: they are taken out elsewhere too.")


@transaction.atomic
def choose(*, answer: Answer, cohort: Cohort, words: str, themes: Iterable[Theme], by: User) -> Quote:
    """An anonymous comment, as it will stand."""
    held = Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    if why := why_not_choose(held):
        raise Refused(why)
    return _make(Quote(cohort=cohort, answer=held, words=words, chosen_by=by), themes)


@transaction.atomic
def quote_somebody(
    *, focus_group: FocusGroup, caregiver: Caregiver, words: str, themes: Iterable[Theme], by: User
) -> Quote:
    """What somebody said in the focus group, with their consent; it is asked again under their row's lock, so that a
    withdrawal comes before or after."""
    Caregiver.objects.hold(caregiver.pk)
    if not who_agreed(focus_group.cohort).filter(pk=caregiver.pk).exists():
        raise Refused(_("This person has not agreed to be quoted, or has taken it back."))
    quote = Quote(cohort=focus_group.cohort, focus_group=focus_group, caregiver=caregiver, words=words, chosen_by=by)
    return _make(quote, themes)


def _make(quote: Quote, themes: Iterable[Theme]) -> Quote:
    quote.save()
    quote.themes.set(themes)
    audit.record(
        quote.chosen_by, audit.Verb.CREATED, quote, person=quote.caregiver, cohort=quote.cohort, fields=["words"]
    )
    return quote


@transaction.atomic
def change(*, quote: Quote, words: str, themes: Iterable[Theme], by: User) -> Quote:
    """Other words are read again: whoever changed them chose them, and what was signed off is so no more. Versions
    published before keep the words that were signed off then."""
    held = _held(quote)
    if held.taken_out_at:
        raise Refused(_("These words were taken out."))
    held.themes.set(themes)
    if held.words != words:
        held.words, held.chosen_by, held.signed_off_by = words, by, None
        held.save(update_fields=["words", "chosen_by", "signed_off_by"])
        audit.record(by, audit.Verb.CHANGED, held, person=held.caregiver, cohort=held.cohort, fields=["words"])
    return held


@transaction.atomic
def sign_off(*, quote: Quote, seen: str, by: User) -> Quote:
    """A second person has read these very words. Pressed twice by one person, it is once."""
    held = _held(quote)
    if held.signed_off_by_id == by.pk:
        return held
    if why := why_not_sign(held, by):
        raise Refused(why)
    if seen != stamp(held):
        raise Refused(_("The words were changed after you opened this page. Read them again, then sign off."))
    held.signed_off_by = by
    held.save(update_fields=["signed_off_by"])
    audit.record(by, audit.Verb.CHANGED, held, person=held.caregiver, cohort=held.cohort, fields=["signed_off_by"])
    return held


@transaction.atomic
def drop(*, quote: Quote, by: User, at: datetime | None = None) -> None:
    """The team no longer wants it to stand. An anonymous comment may be chosen again."""
    held = _held(quote)
    if not held.taken_out_at:
        _take_out(Quote.objects.filter(pk=held.pk), at or timezone.now())
        audit.record(
            by, audit.Verb.CHANGED, held, person=held.caregiver, cohort=held.cohort, fields=["taken_out_at", "words"]
        )
    Quote.objects.filter(pk=held.pk).update(answer=None)


def withdrawn(caregiver: Caregiver, kind: str, at: datetime) -> None:
    """Runs in the transaction of a withdrawal: their words stand in nothing from here on."""
    if kind == ConsentKind.QUOTES:
        _take_out(Quote.objects.filter(caregiver=caregiver, taken_out_at=None), at)


def erase(caregiver: Caregiver, at: datetime) -> None:
    """Runs in the transaction that erases them: no words, and nothing that says whose they were."""
    theirs = Quote.objects.filter(caregiver=caregiver)
    _take_out(theirs.filter(taken_out_at=None), at)
    theirs.update(words="", caregiver=None)


def _held(quote: Quote) -> Quote:
    return (
        Quote.objects.select_for_update(of=("self",), no_key=True)
        .select_related("caregiver", "cohort")
        .get(pk=quote.pk)
    )


def _take_out(quotes: QuerySet[Quote], at: datetime) -> None:
    # Not against those who only point at a quote: whoever chooses one holds the report, which we wait for below.
    found = list(quotes.select_for_update(of=("self",), no_key=True))
    if not found:
        return
    Quote.objects.filter(pk__in=[quote.pk for quote in found]).update(taken_out_at=at, words="")
    codes, cohorts = {quote.code for quote in found}, {quote.cohort_id for quote in found}
    for tell in when_taken_out:
        tell(codes, cohorts, at)
