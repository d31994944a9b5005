"""The e-mail or text with the way to one's own answers. Safe to repeat: the later link is the one that opens."""

from __future__ import annotations

from datetime import timedelta

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from caregivers import safe
from caregivers.links import mail as link_mail
from caregivers.models import LinkMail
from evaluation.models import AnswersLink, PseudonymKey
from evaluation.own_answers import queries
from ppg.service_details import service

LINK_LASTS = timedelta(days=7)


@task()
def send_answers_link(place_code: str, site: str, tries: int = 1) -> None:
    """Where it goes is read again here. The link is made here: a queue that held its token could be read, and so could
    a page that showed it."""
    keys = PseudonymKey.objects.filter(place__code=place_code, place__caregiver__erased_at=None)
    key = keys.select_related("place__caregiver", "place__cohort").first()
    way = queries.way_of(key) if key else ""
    if key is None or not way:
        return
    place, now = key.place, timezone.now()
    AnswersLink.objects.filter(place=place, needs_code=False).revoke(now)
    link, token = AnswersLink.objects.issue(place=place, expires_at=now + LINK_LASTS)
    words = {"service": service.current(), "address": site + reverse("own_answers", args=[token])}
    text = render_to_string("evaluation/email/own_answers.txt", words).strip()
    about, person, cohort = LinkMail.About.ANSWERS, place.caregiver, place.cohort
    if way == safe.Way.TEXT:
        put_off = link_mail.send_text(person=person, cohort=cohort, about=about, link=link, text=text)
    else:
        subject = _("Your details")
        put_off = link_mail.send(person=person, cohort=cohort, about=about, link=link, subject=subject, text=text)
    if put_off and not link_mail.try_again(send_answers_link, (place_code, site), tries):
        link_mail.keep(person, cohort, about, LinkMail.Fate.FAILED)
