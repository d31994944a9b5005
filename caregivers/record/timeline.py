"""What happened with one person, in the order in which it was recorded: what we know, and what higher apps add."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers import record_parts
from caregivers.consents.queries import evidence
from caregivers.models import (
    Caregiver,
    LinkMail,
    Message,
    Slot,
)
from caregivers.record.recorded import Recorded
from caregivers.record_parts import Event
from ppg.models import User


def timeline(caregiver: Caregiver, user: User) -> list[Event]:
    """Everything that happened, what was recorded last first."""
    found = list(own_events(caregiver, user))
    for part in record_parts.parts:
        if part.events:
            found.extend(part.events(caregiver, user))
    return sorted(found, key=lambda event: event.moment, reverse=True)


def own_events(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """Referrals, places and follow-ups in the groups this person may see, checks, registration, consents."""
    recorded = Recorded(caregiver)
    for referral in caregiver.referrals.visible_to(user).select_related("cohort"):
        text, moment = _("Referred to %(group)s") % {"group": referral.cohort}, recorded.referral(referral)
        yield Event(referral.received_on, text, str(referral), recorded=moment)
        if referral.contacted_on:
            moment = recorded.contacted(referral)
            yield Event(referral.contacted_on, _("First talked to"), str(referral.cohort), recorded=moment)
    checks = list(caregiver.checks.select_related("recorded_by").order_by("id"))
    for check, moment in zip(checks, recorded.checks(checks), strict=True):
        text = _("Police check: %(outcome)s") % {"outcome": check}
        yield Event(check.on, text, str(check.recorded_by or ""), recorded=moment)
    if caregiver.registered_at:
        yield Event(caregiver.registered_at, _("Registered"), caregiver.get_registered_how_display())
    for consent in caregiver.consents.select_related("recorded_by", "wording"):
        text = _("Agreed: %(kind)s") if consent.given else _("Not agreed: %(kind)s")
        yield Event(consent.at, text % {"kind": consent}, evidence(consent))
    for place in caregiver.places.visible_to(user).select_related("cohort"):
        if place.taken_on:
            text = _("Place taken in %(group)s") % {"group": place.cohort}
            yield Event(place.taken_on, text, place.why_first, recorded=recorded.taken(place))
        if place.waiting_since:
            yield Event(place.waiting_since, _("On the waiting list of %(group)s") % {"group": place.cohort})
        if place.left_on:
            text = _("Left %(group)s") if place.taken_on else _("Declined a place in %(group)s")
            yield Event(place.left_on, text % {"group": place.cohort}, recorded=recorded.left(place))
    for follow_up in caregiver.follow_ups.visible_to(user):
        words = {"kind": follow_up, "outcome": follow_up.get_outcome_display().lower()}
        text = _("%(kind)s: %(outcome)s") if follow_up.done_at else _("%(kind)s: to do")
        detail = follow_up.next_step or follow_up.get_reason_display()
        moment = None if follow_up.done_at else recorded.offered(follow_up)
        day, url = follow_up.done_at or follow_up.offered_on, follow_up.get_absolute_url()
        yield Event(day, text % words, detail, url, recorded=moment)
    yield from heard_and_told(caregiver, user)


def heard_and_told(caregiver: Caregiver, user: User) -> Iterable[Event]:
    """Which times they said would suit them, and what was written to them."""
    slots = Slot.objects.visible_to(user)
    for answer in caregiver.slot_answers.filter(slot__in=slots).select_related("slot__cohort"):
        words = {"when": answer.slot, "answer": answer}
        yield Event(answer.at, _("Can come on %(when)s: %(answer)s") % words, str(answer.slot.cohort))
    messages = Message.objects.visible_to(user)
    for copy in caregiver.message_copies.filter(message__in=messages).select_related("message__sent_by"):
        words = {"about": copy.message, "state": copy}
        way = copy.get_way_display() if copy.way else copy.get_why_display()
        by = copy.message.sent_by
        detail = f"{way}, {by.name}" if by else way
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
