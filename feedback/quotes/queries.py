"""What may be quoted, what may stand in a report today, and why not."""

from __future__ import annotations

from hashlib import sha256

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from caregivers.models import Caregiver, Consent, ConsentKind, Place
from feedback.models import Answer, Quote
from ppg.models import User
from programmes.models import Cohort


def who_agreed(cohort: Cohort) -> QuerySet[Caregiver]:
    """People of this group, those who have left it too, whose consent to be quoted stands."""
    ever = Place.objects.filter(cohort=cohort).exclude(taken_on=None)
    agreed = Consent.objects.filter(caregiver__places__in=ever).standing(ConsentKind.QUOTES)
    return Caregiver.objects.filter(pk__in=agreed.values("caregiver"), erased_at=None).order_by("name")


def standing(cohort: Cohort) -> QuerySet[Quote]:
    """What may stand in a report today: signed off, not taken out, and whoever said it still agrees."""
    consents = Consent.objects.filter(caregiver__places__cohort=cohort).standing(ConsentKind.QUOTES)
    allowed = Q(caregiver__in=consents.values("caregiver")) | Q(caregiver=None, answer__may_quote=True)
    return Quote.objects.filter(allowed, cohort=cohort, taken_out_at=None).exclude(signed_off_by=None)


def why_not_choose(answer: Answer) -> str:
    """Why this comment cannot be quoted, or nothing."""
    if not answer.may_quote:
        return _("Whoever wrote this did not say that it may be quoted.")
    if getattr(answer, "quote", None):
        return _("These words are among the quotes already.")
    return ""


def unsigned(cohort: Cohort) -> int:
    """How many wait for a second person."""
    return Quote.objects.filter(cohort=cohort, taken_out_at=None, signed_off_by=None).count()


def why_not_sign(quote: Quote, user: User) -> str:
    """Why this person cannot sign it off, or nothing."""
    if quote.taken_out_at:
        return _("These words were taken out.")
    if quote.signed_off_by_id:
        return _("These words are signed off already.")
    if quote.chosen_by_id == user.pk:
        return _("You chose these words. Somebody else of the team reads them and signs them off.")
    return ""


def stamp(quote: Quote) -> str:
    """Which words somebody has read: they sign off those and no others."""
    return sha256(quote.words.encode()).hexdigest()[:22]
