"""A caregiver's record: what higher apps add to it, and its events in time order.

Caregivers know neither sessions nor answers. An app that holds something about a caregiver registers a `RecordPart`
in its `AppConfig.ready()`:

    record.add(RecordPart("register", events=register_events))
    record.add(RecordPart("reports", withdrawn=mark_superseded))
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import (
    Caregiver,
    Consent,
    EmergencyContact,
    FollowUp,
    How,
    KeptApart,
    LinkMail,
    Message,
    MessageCopy,
    PersonalLink,
    PoliceCheck,
    Slot,
    SlotAnswer,
)
from ppg.models import User


@dataclass(frozen=True)
class Event:
    """One line of the record: when (a date where the time does not matter), what, and a little more."""

    at: date | datetime
    text: str
    detail: str = ""
    url: str = ""

    @property
    def has_time(self) -> bool:
        return isinstance(self.at, datetime)


Held = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True)
class RecordPart:
    """`events(caregiver, user)` tells what happened, as far as the user may see it.

    `withdrawn(caregiver, kind, at)` runs in the transaction of a withdrawal, so that it takes effect at once.
    `left_behind(caregiver, kind, at)` says what was made from a consent before it was taken back and cannot be called
    back, in sentences to the caregiver.
    `held(caregiver)` is everything held about them, by heading: a list of rows (words → plain value); other people's
    names are not in it. `counts(caregivers)` is how much of what will go, in words and numbers, for many at once.
    `erase(caregiver, at, keep_figures)` runs in the transaction that erases them; with `keep_figures` (their time is
    over) what the group's figures are made of stays, without anybody behind it.
    """

    name: str
    events: Callable[[Caregiver, User], Iterable[Event]] | None = None
    withdrawn: Callable[[Caregiver, str, datetime], None] | None = None
    left_behind: Callable[[Caregiver, str, datetime], Iterable[str]] | None = None
    held: Callable[[Caregiver], Held] | None = None
    counts: Callable[[QuerySet[Caregiver]], Mapping[str, int]] | None = None
    erase: Callable[[Caregiver, datetime, bool], None] | None = None


parts: list[RecordPart] = []


def add(part: RecordPart) -> None:
    parts.append(part)


def tell_withdrawn(caregiver: Caregiver, kind: str, at: datetime) -> None:
    for part in parts:
        if part.withdrawn:
            part.withdrawn(caregiver, kind, at)


def left_behind(last: Consent) -> list[str]:
    """What a consent that was taken back has left behind, for the receipt."""
    found: list[str] = []
    for part in parts:
        if part.left_behind:
            found.extend(part.left_behind(last.caregiver, last.kind, last.at))
    return found


def counts(caregivers: QuerySet[Caregiver]) -> dict[str, int]:
    """How much of what goes when these people are erased; nothing of which there is none."""
    found = _own_counts(caregivers)
    for part in parts:
        if part.counts:
            found |= part.counts(caregivers)
    return {words: number for words, number in found.items() if number}


def counts_of(caregiver: Caregiver) -> dict[str, int]:
    return counts(Caregiver.objects.filter(pk=caregiver.pk))


def _own_counts(caregivers: QuerySet[Caregiver]) -> dict[str, int]:
    people = {"caregiver__in": caregivers}
    return {
        _("People: names, ways to reach them, and what they told us"): caregivers.count(),
        _("Emergency contacts"): EmergencyContact.objects.filter(**people).count(),
        _("Police checks"): PoliceCheck.objects.filter(**people).count(),
        _("Marks that keep two people apart"): KeptApart.objects.filter(
            Q(first__in=caregivers) | Q(second__in=caregivers)
        ).count(),
        _("Personal links"): PersonalLink.objects.filter(**people).count(),
        _("Answers about times"): SlotAnswer.objects.filter(**people).count(),
        _("What became of links that were sent"): LinkMail.objects.filter(**people).count(),
        _("Messages to them"): MessageCopy.objects.filter(**people).count(),
        _("Calls and visits still to do, and what was agreed in those done"): FollowUp.objects.filter(**people).count(),
    }


def erase_all(caregiver: Caregiver, at: datetime, keep_figures: bool) -> None:
    for part in parts:
        if part.erase:
            part.erase(caregiver, at, keep_figures)


def timeline(caregiver: Caregiver, user: User) -> list[Event]:
    """Everything that happened, newest first."""
    found = list(own_events(caregiver, user))
    for part in parts:
        if part.events:
            found.extend(part.events(caregiver, user))
    return sorted(found, key=_moment, reverse=True)


def _moment(event: Event) -> datetime:
    if isinstance(event.at, datetime):
        return event.at
    return timezone.make_aware(datetime.combine(event.at, time.min))


def own_events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """Referrals, places and follow-ups in the groups this person may see, checks, registration, consents."""
    for referral in caregiver.referrals.visible_to(user).select_related("cohort"):
        yield Event(referral.received_on, _("Referred to %(group)s") % {"group": referral.cohort}, str(referral))
        if referral.contacted_on:
            yield Event(referral.contacted_on, _("First talked to"), str(referral.cohort))
    for check in caregiver.checks.select_related("recorded_by"):
        yield Event(check.on, _("Police check: %(outcome)s") % {"outcome": check}, str(check.recorded_by or ""))
    if caregiver.registered_at:
        yield Event(caregiver.registered_at, _("Registered"), caregiver.get_registered_how_display())
    for consent in caregiver.consents.select_related("recorded_by", "wording"):
        text = _("Agreed: %(kind)s") if consent.given else _("Not agreed: %(kind)s")
        yield Event(consent.at, text % {"kind": consent}, told(consent))
    for place in caregiver.places.visible_to(user).select_related("cohort"):
        if place.taken_on:
            yield Event(place.taken_on, _("Place taken in %(group)s") % {"group": place.cohort}, place.why_first)
        if place.waiting_since:
            yield Event(place.waiting_since, _("On the waiting list of %(group)s") % {"group": place.cohort})
        if place.left_on:
            text = _("Left %(group)s") if place.taken_on else _("Declined a place in %(group)s")
            yield Event(place.left_on, text % {"group": place.cohort})
    for follow_up in caregiver.follow_ups.visible_to(user):
        words = {"kind": follow_up, "outcome": follow_up.get_outcome_display().lower()}
        text = _("%(kind)s: %(outcome)s") if follow_up.done_at else _("%(kind)s: to do")
        detail = follow_up.next_step or follow_up.get_reason_display()
        yield Event(follow_up.done_at or follow_up.offered_on, text % words, detail, follow_up.get_absolute_url())
    yield from heard_and_told(caregiver, user)


def heard_and_told(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """Which times they said would suit them, and what was written to them."""
    slots = Slot.objects.visible_to(user)
    for answer in caregiver.slot_answers.filter(slot__in=slots).select_related("slot__cohort"):
        words = {"when": answer.slot, "answer": answer}
        yield Event(answer.at, _("Can come on %(when)s: %(answer)s") % words, str(answer.slot.cohort))
    messages = Message.objects.visible_to(user)
    for copy in caregiver.message_copies.filter(message__in=messages).select_related("message"):
        words = {"about": copy.message, "state": copy}
        detail = copy.get_way_display() if copy.way else copy.get_why_display()
        url = copy.message.get_absolute_url()
        yield Event(copy.changed_at or copy.message.sent_at, _("%(about)s: %(state)s") % words, detail, url)
    for mail in caregiver.link_mails.visible_to(user):
        yield Event(mail.at, _("Link to %(what)s: %(fate)s") % _words(mail), HELP.get(mail.fate, ""))


HELP: dict[str, Any] = {
    LinkMail.Fate.FAILED: gettext_lazy("Check the address or the number, or give them the link in another way."),
    LinkMail.Fate.UNKNOWN: gettext_lazy("Ask them whether it came, in a way that is safe."),
}


def _words(mail: LinkMail) -> dict[str, str]:
    return {"what": mail.get_about_display(), "fate": mail.get_fate_display()}


def told(consent: Consent) -> str:
    """ "Wording 1, online" or "Wording 1, spoken, written down by Ann Lee"."""
    how = How(consent.how).label.lower()
    by = consent.recorded_by
    words = {"version": consent.wording.version, "how": how, "by": by}
    if by:
        return _("Wording %(version)s, %(how)s, written down by %(by)s") % words
    return _("Wording %(version)s, %(how)s, by themselves") % words
