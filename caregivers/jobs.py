"""E-mails to caregivers, sent in the background. Subjects are neutral: somebody else may see the screen."""

from __future__ import annotations

from datetime import timedelta

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from caregivers.models import Caregiver, PersonalLink, SafeWay
from ppg import service
from programmes.models import Cohort

OWN_PAGE_LASTS = timedelta(days=365)


@task()
def send_own_page(code: str, cohort_code: str, site: str) -> None:
    """The link to their own page, to somebody who said that e-mail is safe.

    The link is made here: a queue that held its token could be read. Sent twice, there are two links, both good.
    """
    person = Caregiver.objects.get(code=code)
    if not person.email or SafeWay.EMAIL not in person.safe_ways:
        return
    _link, token = PersonalLink.objects.issue(
        caregiver=person,
        cohort=Cohort.objects.get(code=cohort_code),
        purpose=PersonalLink.Purpose.OWN_PAGE,
        expires_at=timezone.now() + OWN_PAGE_LASTS,
    )
    ours = service.current()
    words = {"service": ours, "address": site + reverse("own_page", args=[token])}
    send_mail(
        subject=_("Your details"),
        message=render_to_string("caregivers/email/own_page.txt", words),
        from_email=None,
        recipient_list=[person.email],
    )
