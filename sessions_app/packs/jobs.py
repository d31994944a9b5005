"""Packs on their way by e-mail. A delivery is written down as being sent, and committed, before the mail server hears
of it: whoever dies in between leaves an e-mail whose fate is unknown, and nobody sends that one again by itself.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks import task

from caregivers.models import HandoutsBy, Place
from ppg.audit_trail import audit
from ppg.models import User
from ppg.sending import mail, outbox
from ppg.service_details import service
from sessions_app.models import Delivery
from sessions_app.packs import contents as packs

State = Delivery.State
MOST_TRIES = outbox.MOST_TRIES
CANNOT_BE_REACHED = gettext_lazy("The files could not be reached.")
MOST_BYTES = 15_000_000  # of attachments: mail servers refuse more


class CannotBeSent(Exception):
    """Found out before the mail server was asked. `str()` is a sentence for staff."""


@task()
def send_delivery(code: str) -> None:
    """One caregiver's handouts. Run twice, or by two workers at once, it sends once."""
    delivery = claim(code, timezone.now())
    if delivery is None:
        return
    letter = packs.letter(delivery.pack.contents)
    try:
        mail.send(
            to=delivery.place.caregiver.email,
            subject=_("As promised"),
            text=body(letter, catch_up=delivery.catch_up),
            ref=delivery.code,
            attachments=attachments(letter.files),
        )
    except CannotBeSent as why:
        settle(delivery, State.FAILED, str(why))
    except OSError:  # of the store: `mail.send` has its own errors
        again = delivery.tries < MOST_TRIES
        problem = _("The files could not be reached. We try again by ourselves.") if again else CANNOT_BE_REACHED
        settle(delivery, State.WAITING if again else State.FAILED, str(problem))
    except mail.NotSent as error:
        if error.later and delivery.tries < MOST_TRIES:
            settle(delivery, State.WAITING, _("The mail server could not be reached. We try again by ourselves."))
        elif error.later:
            settle(delivery, State.FAILED, _("The mail server could not be reached, or was too busy."))
        else:
            settle(delivery, State.FAILED, _("The mail server did not take it. Check the address on their record."))
    except mail.FateUnknown:
        settle(delivery, State.UNKNOWN, _("The connection broke while it was being sent."))
    else:
        settle(delivery, State.SENT)


# --- From one state to the next -------------------------------------------------------------------------


def claim(code: str, now: datetime) -> Delivery | None:
    """Marks it as being sent, for this worker alone; None where there is nothing to send (any more).

    What the person said is read again: since the pack was made they may have told us that e-mail is not safe.
    """
    with transaction.atomic():
        waiting = Delivery.objects.filter(code=code, state=State.WAITING, way=HandoutsBy.EMAIL)
        held = waiting.select_for_update(of=("self",)).select_related("place__caregiver", "pack__session__cohort")
        delivery = held.first()
        if delivery is None:
            return None
        if delivery.place.state != Place.State.TAKEN:
            waiting.turn(State.FAILED, now, problem=_("They have left the group."))
            return None
        if why_paper := packs.why_not_mail(delivery.place.caregiver):
            waiting.turn(State.WAITING, now, way=HandoutsBy.PAPER, problem=why_paper)
            return None
        if not waiting.turn(State.SENDING, now, tries=F("tries") + 1, problem=""):
            return None
    delivery.tries += 1
    return delivery


def settle(delivery: Delivery, to: str, problem: str = "") -> None:
    """What became of this try. One that was given up meanwhile, and that somebody has sent again, is not touched."""
    tried = Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries)
    if to == State.WAITING:
        tried = tried.filter(state=State.SENDING)
    with transaction.atomic():
        if tried.turn(to, timezone.now(), problem=problem):
            tell(None, delivery, to)


def tell(by: User | None, delivery: Delivery, what: str) -> None:
    """To the audit trail; `by` is None where the service did it by itself."""
    caregiver, cohort = delivery.place.caregiver, delivery.pack.session.cohort
    audit.record(by, audit.Verb.CHANGED, delivery, person=caregiver, cohort=cohort, fields=[str(what)])


def sweep(now: datetime) -> None:
    """Once a minute: whose worker died is unknown from here on; who still waits without a job gets one."""
    died = Delivery.objects.filter(state=State.SENDING, state_at__lt=now - packs.LOST_AFTER)
    for delivery in died.select_related("place__caregiver", "pack__session__cohort"):
        attempt = Delivery.objects.filter(pk=delivery.pk, tries=delivery.tries, state=State.SENDING)
        with transaction.atomic():
            if attempt.turn(State.UNKNOWN, now, problem=_("Our own computer stopped while it was being sent.")):
                tell(None, delivery, State.UNKNOWN)
    waiting = Delivery.objects.filter(state=State.WAITING, way=HandoutsBy.EMAIL, state_at__lt=now - outbox.PAUSE)
    if codes := set(waiting.values_list("code", flat=True)):
        for code in codes - outbox.on_the_queue(send_delivery):
            send_delivery.enqueue(code)


# --- What is in the e-mail ------------------------------------------------------------------------------


def body(letter: packs.Letter, *, catch_up: bool) -> str:
    """Its first lines say nothing: a locked screen shows them. What the titles tell comes after them."""
    words = {"service": service.current(), **letter._asdict(), "catch_up": catch_up}
    return render_to_string("sessions_app/email/pack.txt", words)


def attachments(files: Iterable[packs.Content]) -> list[mail.Attachment]:
    """The files, under names that say nothing."""
    attached, size = [], 0
    for number, handout in enumerate(files, start=1):
        try:
            with default_storage.open(handout["file"]) as file:
                content = file.read()
        except FileNotFoundError:
            raise CannotBeSent(_("The file of “%(title)s” is missing.") % {"title": handout["title"]}) from None
        size += len(content)
        name = f"{number}{PurePath(handout['file_name'] or handout['file']).suffix.lower()}"
        attached.append(mail.Attachment(name, content, mimetypes.guess_type(name)[0] or "application/octet-stream"))
    if size > MOST_BYTES:
        raise CannotBeSent(_("The files are too big for an e-mail. Give them on paper."))
    return attached
