"""How much is held about people, said before they are erased; and what the ledger of the erased should hold."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from caregivers import record_parts
from caregivers.models import (
    Caregiver,
    Consent,
    EmergencyContact,
    Erased,
    FollowUp,
    KeptApart,
    LinkMail,
    MessageCopy,
    PersonalLink,
    PoliceCheck,
    SlotAnswer,
)
from ppg.backups import ledger

WITHDREW = "withdrew:"


def counts(caregivers: QuerySet[Caregiver]) -> dict[str, int]:
    """How much of what goes when these people are erased; nothing of which there is none."""
    found = _own_counts(caregivers)
    for part in record_parts.parts:
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


def known_lines() -> list[ledger.Line]:
    """The ledger as the database knows it."""
    erased = [ledger.Line(row.code, row.at, row.why) for row in Erased.objects.order_by("at", "id")]
    taken_back = Consent.objects.current().filter(given=False).values_list("caregiver__code", "at", "kind")
    return erased + [ledger.Line(code, at, f"{WITHDREW}{kind}") for code, at, kind in taken_back]
