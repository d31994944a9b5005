"""What registration has not told yet, and where it is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver, ConsentKind, Referral
from caregivers.safe import reach


@dataclass(frozen=True)
class Question:
    label: str | Promise
    url: str


def still_to_ask(caregiver: Caregiver, referral: Referral, *, contacts: int, consents: Iterable[str]) -> list[Question]:
    """`contacts` is how many emergency contacts are known, `consents` the kinds they were asked about. Before they have
    registered it is all asked by the form of registration."""
    registered = caregiver.registered_at is not None
    details = reverse("caregivers:details", args=[caregiver.code])
    form = details if registered else reverse("caregivers:register_by_staff", args=[referral.code])
    unknown = {
        "phone": (_("phone"), not caregiver.phone),
        "safe_ways": (_("which ways are safe"), not reach(caregiver).asked),
        "allergies": (_("allergies"), not caregiver.allergies),
        "handouts_by": (_("handouts by e-mail or on paper"), not caregiver.handouts_by),
        "contact1_name": (_("emergency contact"), not contacts),
    }
    questions = [Question(label, f"{form}#id_{field}") for field, (label, asked) in unknown.items() if asked]
    if ConsentKind.EVALUATION not in set(consents):
        consent = reverse("caregivers:consent", args=[caregiver.code, ConsentKind.EVALUATION])
        questions.append(Question(_("consent to the evaluation"), consent if registered else form))
    return questions
