"""E-mails to caregivers, sent in the background. Subjects are neutral: somebody else may see the screen."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from caregivers.links import mail
from caregivers.links.actions import OWN_PAGE_LASTS, issue
from caregivers.models import Caregiver, ErasedMeanwhile, LinkMail, PersonalLink, SafeWay
from ppg.service_details import service
from programmes.models import Cohort


@task()
def send_own_page(code: str, cohort_code: str, site: str, tries: int = 1) -> None:
    """The link to their own page, to somebody who said that e-mail is safe.

    The link is made here: a queue that held its token could be read. Sent twice, there are two links, both good.
    """
    person = Caregiver.objects.filter(code=code).first()
    if person is None or not person.email or SafeWay.EMAIL not in person.safe_ways:
        return
    cohort = Cohort.objects.get(code=cohort_code)
    purpose, ends = PersonalLink.Purpose.OWN_PAGE, timezone.now() + OWN_PAGE_LASTS
    try:
        link, token = issue(caregiver=person, cohort=cohort, purpose=purpose, expires_at=ends)
    except ErasedMeanwhile:
        return
    words = {"service": service.current(), "address": site + reverse("own_page", args=[token])}
    text = render_to_string("caregivers/links/own_page.txt", words)
    about = LinkMail.About.OWN_PAGE
    put_off = mail.send(person=person, cohort=cohort, about=about, link=link, subject=_("Your details"), text=text)
    if put_off and not mail.try_again(send_own_page, (code, cohort_code, site), tries):
        mail.keep(person, cohort, about, LinkMail.Fate.FAILED)
