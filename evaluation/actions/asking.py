"""Asking before and after: rounds, links, and answers that come in."""

from __future__ import annotations

from datetime import datetime, time

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Place, SafeWay
from evaluation import collect
from evaluation.jobs import LINK_LASTS, send_wave_link
from evaluation.measures import own_measure
from evaluation.models import PseudonymKey, Response, Wave, WaveLink
from feedback import actions as answering
from feedback import sealing
from feedback.models import Form, Way
from ppg import audit
from ppg.jobs import enqueue_on_commit
from ppg.links import digest, new_code
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort


@transaction.atomic
def open_wave(*, cohort: Cohort, point: str, by: User | None) -> Wave:
    """Puts our measure before the people of a cohort. Pressed twice, it is the same wave.

    The questions after are those that were asked before, though a newer version may be there by then.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if wave := Wave.objects.filter(cohort=cohort, point=point).first():
        return wave
    first = Wave.objects.filter(cohort=cohort).select_related("measure__questionnaire").order_by("pk").first()
    measure = first.measure if first else own_measure()
    form = Form.objects.create(questionnaire=measure.questionnaire, cohort=cohort, key=sealing.new_key())
    wave = Wave.objects.create(cohort=cohort, measure=measure, point=point, form=form)
    audit.record(by, audit.Verb.CREATED, wave, cohort=cohort, fields=["point"])
    return wave


@transaction.atomic
def make_link(*, wave: Wave, place: Place, by: User | None, token: str = "", at: datetime | None = None) -> str:
    """A personal link to the questions; every earlier one of this person stops working. Returns its token."""
    now, token = at or timezone.now(), token or new_code()
    wave = _open_for(wave, place, now)
    if not WaveLink.objects.filter(token_hash=digest(token)).exists():
        WaveLink.objects.live(now).filter(wave=wave, place=place).update(revoked_at=now)
        link = WaveLink.objects.create(wave=wave, place=place, token_hash=digest(token), expires_at=now + LINK_LASTS)
        audit.record(by, audit.Verb.CREATED, link, person=place.caregiver, cohort=wave.cohort)
    return token


@transaction.atomic
def send_links(*, wave: Wave, by: User, site: str, at: datetime | None = None) -> int:
    """E-mails the link to everybody who agreed, has not answered, and said that e-mail is safe. Returns how many."""
    now = at or timezone.now()
    if not wave.is_open(now):
        raise Refused(_("These questions have closed."))
    agreed, done = collect.consenting_places(wave.cohort), answered(wave)
    people = Place.objects.filter(cohort=wave.cohort).in_group().select_related("caregiver")
    told = [
        place
        for place in people
        if place.pk in agreed - done and place.caregiver.email and SafeWay.EMAIL in place.caregiver.safe_ways
    ]
    for place in told:
        enqueue_on_commit(send_wave_link, wave.code, place.code, site)
        audit.record(by, audit.Verb.CHANGED, wave, person=place.caregiver, cohort=wave.cohort, fields=["sent"])
    return len(told)


def answered(wave: Wave) -> set[int]:
    """Places of those who have answered: that they did, never what."""
    return set(WaveLink.objects.filter(wave=wave, used_at__isnull=False).values_list("place", flat=True))


@transaction.atomic
def receive(
    *,
    wave: Wave,
    place: Place,
    answers: dict[str, int | str],
    nonce: str,
    way: str = Way.ONLINE,
    by: User | None = None,
    at: datetime | None = None,
) -> bool:
    """Seals one person's answers under their pseudonym. False: they had answered before, and that counts.

    The wave is locked, so that two devices at once leave one answer.
    """
    now = at or timezone.now()
    wave = _open_for(wave, place, now)
    links = WaveLink.objects.filter(wave=wave, place=place)
    if links.exclude(used_at=None).exists():
        return False
    key, _made = PseudonymKey.objects.get_or_create(place=place, defaults={"pseudonym": new_code()})
    answering.receive(form=wave.form, answers=answers, nonce=nonce, way=way, pseudonym=key.pseudonym, at=now)
    # To the day: the order of answering could else be laid beside other orders.
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    if not links.update(used_at=today):
        WaveLink.objects.create(wave=wave, place=place, token_hash=digest(new_code()), used_at=today)
    if by:  # written down from paper or the phone: that somebody did is in the trail, as with any form they fill in
        audit.record(by, audit.Verb.CREATED, wave, person=place.caregiver, cohort=wave.cohort, fields=["answers"])
    return True


def _open_for(wave: Wave, place: Place, now: datetime) -> Wave:
    """The wave, locked, if this person may be asked; a sentence otherwise."""
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form", "cohort").get(pk=wave.pk)
    if not wave.is_open(now):
        raise answering.Closed(_("These questions have closed."))
    if place.cohort_id != wave.cohort_id or place.pk not in collect.consenting_places(wave.cohort):
        raise Refused(_("This person has not agreed to the evaluation, so they are not asked."))
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, at: datetime | None = None) -> Wave:
    """Takes no more answers; opens the box and writes the answers under their pseudonyms. Pressed twice: no more."""
    now = at or timezone.now()
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form").get(pk=wave.pk)
    form = answering.close_form(form=wave.form, by=by, at=now)
    rows = answering.write_submissions(form, answering.open_form_box(form))
    Response.objects.bulk_create(
        Response(wave=wave, pseudonym=payload["pseudonym"], submission=submission) for payload, submission in rows
    )
    WaveLink.objects.live(now).filter(wave=wave).update(revoked_at=now)
    return wave
