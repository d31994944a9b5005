"""By which way somebody may be reached, and why not.

The one place that decides it: what somebody said is safe is read here before anything is shown as "will be sent", and
once more in the moment of sending.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Caregiver, MessageCopy, Place, Referral, SafeWay
from ppg.typed import email_key, phone_key, takes_texts
from programmes.models import Cohort

Way, Why = MessageCopy.Way, MessageCopy.Why

NEEDED = ("code", "name", "liked_name", "phone", "email", "safe_ways", "safe_when", "registered_at")
NEEDS_PHONE = {SafeWay.TEXT, SafeWay.CALL, SafeWay.VOICEMAIL}


def people(cohort: Cohort) -> QuerySet[Referral]:
    """Everybody referred to the group and not erased, with `place_state` (or None); one query."""
    state = Place.objects.filter(caregiver=OuterRef("caregiver"), cohort=OuterRef("cohort")).values("state")[:1]
    return (
        cohort.referrals.filter(caregiver__erased_at=None)
        .select_related("caregiver")
        .annotate(place_state=Subquery(state))
        .only("code", "cohort_id", *(f"caregiver__{name}" for name in NEEDED))
        .order_by("id")
    )


def counted(cohort: Cohort) -> QuerySet[Referral]:
    """Those of them who have not declined or left."""
    return people(cohort).filter(Q(place_state=None) | ~Q(place_state=Place.State.LEFT))


def ways_to(caregiver: Caregiver) -> list[str]:
    """The ways in which somebody may be written to. E-mail goes before a text: it costs nothing and holds more."""
    email = SafeWay.EMAIL in caregiver.safe_ways and caregiver.email
    text = SafeWay.TEXT in caregiver.safe_ways and caregiver.phone and takes_texts(caregiver.phone)
    return [*([Way.EMAIL] if email else []), *([Way.TEXT] if text else [])]


def way_to(caregiver: Caregiver) -> tuple[str, str]:
    """How to write to somebody, and where there is no way the reason."""
    if ways := ways_to(caregiver):
        return ways[0], ""
    safe = set(caregiver.safe_ways)
    if SafeWay.TEXT in safe and caregiver.phone:
        return Way.NONE, Why.LANDLINE
    return Way.NONE, Why.NO_ADDRESS if safe & {SafeWay.EMAIL, SafeWay.TEXT} else Why.NOT_SAFE


def fingerprints(caregiver: Caregiver) -> dict[str, str]:
    """Way → a keyed hash of the address or number: tells later whether it is still the same, and not what it was."""
    ways = {Way.EMAIL: email_key(caregiver.email), Way.TEXT: phone_key(caregiver.phone)}
    return {str(way): _fingerprint(way, to) for way, to in ways.items() if to}


def same_as(caregiver: Caregiver, made: Collection[str]) -> set[str]:
    """The ways whose address or number is still the one of these fingerprints. Those that were made before numbers were
    compared by what is dialled hold them as they were typed."""
    same = {way for way, now in fingerprints(caregiver).items() if now in made}
    as_typed = "".join(caregiver.phone.split())
    if as_typed and _fingerprint(Way.TEXT, as_typed) in made:
        same.add(str(Way.TEXT))
    return same


def _fingerprint(way: str, to: str) -> str:
    return salted_hmac("caregivers.reach", f"{way}\n{to}", algorithm="sha256").hexdigest()


def cannot_text(safe_ways: Collection[str], phone: str) -> bool:
    """Whether somebody would have texts at a number that takes none."""
    return SafeWay.TEXT in safe_ways and bool(phone) and not takes_texts(phone)


CANNOT_TEXT = gettext_lazy("This number cannot take a text. Enter a mobile number, or untick text")


def may_ring(caregiver: Caregiver) -> bool:
    return SafeWay.CALL in caregiver.safe_ways or not reach(caregiver).asked


def why_in_words(caregiver: Caregiver, why: str) -> str:
    if why == Why.LEFT:
        return _("Left or declined")
    if why == Why.NO_ADDRESS:
        return _("We have no address or number for the way that is safe")
    if why == Why.LANDLINE:
        return _("Their number cannot take a text")
    if why == Why.NOT_SAFE:
        return _("E-mail and text are not safe") if reach(caregiver).asked else _("Not asked yet what is safe")
    return ""


@dataclass(frozen=True)
class Reach:
    """How somebody may be reached, in the words that stand beside their name before anybody dials."""

    safe: list[str]
    not_safe: list[str]
    asked: bool  # whether they were asked at all

    @property
    def none(self) -> bool:
        return self.asked and not self.safe


def reach(caregiver: Caregiver) -> Reach:
    return Reach(
        safe=[str(way.label) for way in SafeWay if way in caregiver.safe_ways],
        not_safe=[str(way.label) for way in SafeWay if way not in caregiver.safe_ways],
        # When they registered, or before it: with their expression of interest, or in a list that was brought in.
        asked=caregiver.registered_at is not None or bool(caregiver.safe_ways),
    )
