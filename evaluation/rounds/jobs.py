"""E-mails and texts with a personal link to the questions. Each is safe to repeat."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from caregivers import safe
from caregivers.links import mail as link_mail
from caregivers.models import Caregiver, ErasedMeanwhile, LinkMail, Place
from evaluation.models import Wave, WaveLink
from evaluation.rounds import plans, reminding
from ppg.service_details import service

LINK_LASTS = timedelta(days=60)


@task()
def send_wave_link(wave_code: str, place_code: str, site: str, tries: int = 1) -> None:
    """The link to the questions, to somebody who agreed to the evaluation, by e-mail or text as they said is safe.

    All of it is read again here, as they may have answered or told us something else since. The link is made here: a
    queue that held its token could be read. Whoever was written to within three days is left alone.
    """
    wave = Wave.objects.select_related("form", "cohort").get(code=wave_code)
    place = Place.objects.select_related("caregiver").get(code=place_code)
    person, now = place.caregiver, timezone.now()
    answered = WaveLink.objects.filter(wave=wave, place=place, used_at__isnull=False).exists()
    if answered or not wave.is_open(now) or plans.is_coded(wave) or place.pk not in plans.may_be_asked(wave):
        return
    way, _why = reminding.way_to(person)
    if not way or person.pk in reminding.written_lately(wave, now):
        return
    try:
        with transaction.atomic():
            Caregiver.objects.hold(person.pk)
            link, token = WaveLink.objects.issue(wave=wave, place=place, expires_at=now + LINK_LASTS)
    except ErasedMeanwhile:
        return
    words = {"service": service.current(), "address": site + reverse("measure_answer", args=[token])}
    about, args = LinkMail.About.QUESTIONS, (wave_code, place_code, site)
    if way == safe.Way.TEXT:
        text = render_to_string("evaluation/email/questions_text.txt", words).strip()
        put_off = link_mail.send_text(person=person, cohort=wave.cohort, about=about, link=link, text=text)
    else:
        text = render_to_string("evaluation/email/questions.txt", words)
        put_off = link_mail.send(
            person=person, cohort=wave.cohort, about=about, link=link, subject=_("A few questions"), text=text
        )
    if put_off and not link_mail.try_again(send_wave_link, args, tries):
        link_mail.keep(person, wave.cohort, about, LinkMail.Fate.FAILED)
