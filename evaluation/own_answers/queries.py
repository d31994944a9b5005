"""Whose answers there are, by which way they can have them, and for the person alone what they were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from caregivers import safe
from caregivers.models import Caregiver, LinkMail, Place, SafeWay
from evaluation.models import PseudonymKey, Response, Wave
from feedback.models import Answer
from ppg.sending import texts
from ppg.typed import takes_texts

EVERY = timedelta(hours=1)  # a link that did not arrive may be asked for again


@dataclass(frozen=True)
class Kept:
    """That somebody has answered in a group. `way`: how a link reaches them; "" where none is both safe and the one
    we had when they first answered."""

    place: Place
    way: str


def kept(caregiver: Caregiver) -> list[Kept]:
    keys = PseudonymKey.objects.filter(place__caregiver=caregiver).select_related("place__cohort", "place__caregiver")
    return [Kept(key.place, way_of(key)) for key in keys.order_by("place")]


def way_of(key: PseudonymKey) -> str:
    """Staff can change an address and then have a link sent to it. So it goes only where one could have gone when the
    answers were given: to the e-mail or number of that day, and only while it is safe."""
    person = key.place.caregiver
    same = safe.same_as(person, set(key.reach.split()))
    if SafeWay.EMAIL in person.safe_ways and safe.Way.EMAIL in same:
        return str(safe.Way.EMAIL)
    can_text = takes_texts(person.phone) and texts.can_send()
    if SafeWay.TEXT in person.safe_ways and safe.Way.TEXT in same and can_text:
        return str(safe.Way.TEXT)
    return ""


def sent_lately(caregiver: Caregiver, now: datetime) -> bool:
    sent = LinkMail.objects.filter(caregiver=caregiver, about=LinkMail.About.ANSWERS, at__gt=now - EVERY)
    return sent.exclude(fate=LinkMail.Fate.FAILED).exists()


def responses_of(caregiver: Caregiver) -> QuerySet[Response]:
    """Found by the confidential key. Answers under a coded card are nobody's that we know."""
    names = [key.pseudonym for key in PseudonymKey.objects.filter(place__caregiver=caregiver)]
    return Response.objects.filter(pseudonym__in=names)


# --- For the person's own eyes: `tests/guards/test_in_confidence.py` names who may call it -----------------


@dataclass(frozen=True)
class Sheet:
    """What somebody answered in one round: questions in their order, each with the answer in words."""

    title: str
    answers: list[tuple[str, str]]


def own_sheets(place: Place) -> list[Sheet]:
    key = PseudonymKey.objects.filter(place=place).first()
    if key is None:  # they have never answered
        return []
    responses = Response.objects.filter(pseudonym=key.pseudonym, wave__cohort=place.cohort_id)
    rows = list(responses.select_related("wave").prefetch_related("submission__answers__question"))
    order = {point: number for number, point in enumerate(Wave.Point.values)}
    return [_sheet(row) for row in sorted(rows, key=lambda row: order[row.wave.point])]


def _sheet(response: Response) -> Sheet:
    answers = sorted(response.submission.answers.all(), key=lambda answer: answer.question.position)
    return Sheet(str(response.wave), [(str(answer.question), in_words(answer)) for answer in answers])


def in_words(answer: Answer) -> str:
    return str(answer.text if answer.number is None else answer.question.in_words(answer.number))
