"""An e-mail with somebody's own link: sent once more where that is right, and what became of it kept for the record."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django_tasks.base import Task

from caregivers.models import Caregiver, ErasedMeanwhile, LinkMail
from ppg.links.codes import SecretLink, new_code
from ppg.sending import mail, texts
from programmes.models import Cohort

MOST_TRIES = 3
PAUSE = timedelta(minutes=2)


def send(*, person: Caregiver, cohort: Cohort, about: str, link: SecretLink, subject: str, text: str) -> bool:
    """Whether it may be tried again later: then nothing is kept of this try. A link that did not leave is ended."""
    return _sent(
        lambda: mail.send(to=person.email, subject=subject, text=text, ref=new_code()), person, cohort, about, link
    )


def send_text(*, person: Caregiver, cohort: Cohort, about: str, link: SecretLink, text: str) -> bool:
    """The same as a text message, to those for whom a text is safe and an e-mail is not."""
    return _sent(lambda: texts.send(to=person.phone, text=text, ref=new_code()), person, cohort, about, link)


def _sent(go: Callable[[], None], person: Caregiver, cohort: Cohort, about: str, link: SecretLink) -> bool:
    fate = LinkMail.Fate.SENT
    try:
        go()
    except mail.NotSent as error:
        type(link)._base_manager.filter(pk=link.pk).update(revoked_at=timezone.now())
        if error.later:
            return True
        fate = LinkMail.Fate.FAILED
    except mail.FateUnknown:
        fate = LinkMail.Fate.UNKNOWN
    keep(person, cohort, about, fate)
    return False


def try_again(job: Task, args: tuple[str, ...], tries: int) -> bool:
    """Puts the job off for a while; False where it was tried often enough, or the queue cannot wait."""
    if tries >= MOST_TRIES or not job.get_backend().supports_defer:
        return False
    job.using(run_after=timezone.now() + PAUSE * tries).enqueue(*args, tries + 1)
    return True


def keep(person: Caregiver, cohort: Cohort, about: str, fate: str) -> None:
    """What became of it; nothing of somebody who was erased while it went."""
    with suppress(ErasedMeanwhile), transaction.atomic():
        Caregiver.objects.hold(person.pk)
        LinkMail.objects.create(caregiver=person, cohort=cohort, about=about, fate=fate, at=timezone.now())
