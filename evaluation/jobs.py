"""What the worker does for evaluation: PDFs, and e-mails with a personal link. Each is safe to repeat."""

from __future__ import annotations

from datetime import timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from caregivers import link_mail
from caregivers.models import LinkMail, Place, SafeWay
from evaluation import collect
from evaluation.figures import Figures
from evaluation.models import ReportVersion, Wave, WaveLink
from evaluation.report import cover_of, print_html
from ppg import service
from ppg.pdf import render_pdf

LINK_LASTS = timedelta(days=60)


@task()
def make_pdf(code: str) -> None:
    """Draws a version's PDF. If it was superseded while we drew, the next job draws it again with the notice."""
    version = ReportVersion.objects.get(code=code)
    pdf = render_pdf(print_html(cover_of(version), Figures.from_dict(version.figures), version.text))
    ReportVersion.objects.filter(code=code, superseded_at=version.superseded_at).update(pdf=pdf)


@task()
def send_wave_link(wave_code: str, place_code: str, site: str, tries: int = 1) -> None:
    """The link to the questions, to somebody who agreed to the evaluation and said that e-mail is safe.

    The link is made here: a queue that held its token could be read. Sent twice, there are two links, both good.
    """
    wave = Wave.objects.select_related("form", "cohort").get(code=wave_code)
    place = Place.objects.select_related("caregiver").get(code=place_code)
    person, now = place.caregiver, timezone.now()
    answered = WaveLink.objects.filter(wave=wave, place=place, used_at__isnull=False).exists()
    if answered or not wave.is_open(now) or place.pk not in collect.consenting_places(wave.cohort):
        return
    if not person.email or SafeWay.EMAIL not in person.safe_ways:
        return
    link, token = WaveLink.objects.issue(wave=wave, place=place, expires_at=now + LINK_LASTS)
    words = {"service": service.current(), "address": site + reverse("measure_answer", args=[token])}
    text, about = render_to_string("evaluation/email/questions.txt", words), LinkMail.About.QUESTIONS
    put_off = link_mail.send(
        person=person, cohort=wave.cohort, about=about, link=link, subject=_("A few questions"), text=text
    )
    if put_off and not link_mail.try_again(send_wave_link, (wave_code, place_code, site), tries):
        link_mail.keep(person, wave.cohort, about, LinkMail.Fate.FAILED)
