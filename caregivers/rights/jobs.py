"""The file that is handed over to somebody, drawn in the background."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django_tasks import task

from caregivers.models import Caregiver
from caregivers.rights import handover
from ppg.documents.pdf import render_pdf


@task()
def make_handover(code: str) -> None:
    """The PDF of everything held about one person, kept encrypted for an hour. Erased meanwhile, there is nothing."""
    with transaction.atomic():  # all of it as it is at one moment
        person = Caregiver.objects.filter(code=code).first()
        html = handover.file_of(person, timezone.now()).as_html() if person else ""
    if person:
        handover.keep_pdf(person, render_pdf(html))
