"""Messages on their way: one person's copy, by e-mail or as a text. What may become of it: `ppg.sending.outbox`."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from caregivers import safe
from caregivers.links.actions import OWN_PAGE_LASTS, invite, issue
from caregivers.messages import recipients as receiving
from caregivers.models import ErasedMeanwhile, Message, MessageCopy, PersonalLink, Place
from caregivers.models.messages import MessageCopyQuerySet
from ppg.audit_trail import audit
from ppg.models import User
from ppg.sending import mail, outbox, texts
from ppg.service_details import service

State, Way, About = MessageCopy.State, MessageCopy.Way, Message.About
TIMES_LASTS = timedelta(days=60)
TOO_OLD = timedelta(days=1)  # what could not leave by then may be out of date: a person looks at it first


@task()
def send_copy(code: str, site: str) -> None:
    """One person's copy. Run twice, or by two workers at once, it sends once.

    Their link is made here: a queue that held its token could be read.
    """
    copy = claim(code, timezone.now())
    if copy is None:
        return
    try:
        text = body(copy, link(copy, site))
    except ErasedMeanwhile:
        return  # since it was claimed, and this copy with them

    def send() -> None:
        if copy.way == Way.EMAIL:
            mail.send(to=copy.caregiver.email, subject=subject(copy.message), text=text, ref=ref(copy))
        else:
            texts.send(to=copy.caregiver.phone, text=text, ref=ref(copy))

    settle(copy, outbox.attempt(send, copy.tries))


def ref(copy: MessageCopy) -> str:
    """Its name for good, by which mail programs drop a second copy. A link is new at each try and may end the one
    before, so there each try has a name of its own."""
    return copy.code if copy.message.about == About.PLAIN else f"{copy.code}.{copy.tries}"


# --- From one state to the next -------------------------------------------------------------------------


def claim(code: str, now: datetime) -> MessageCopy | None:
    """Marks it as being sent, for this worker alone; None where there is nothing to send (any more).

    What the person said is read again: since somebody pressed Send they may have told us that this way is not safe.
    """
    with transaction.atomic():
        waiting = MessageCopy.objects.filter(code=code, state=State.WAITING)
        copy = waiting.select_for_update(of=("self",)).select_related("caregiver", "message__cohort").first()
        if copy is None or (copy.way == Way.TEXT and not texts.can_send()):
            return None
        if why_not(copy) or copy.way not in safe.ways_to(copy.caregiver):
            waiting.turn(State.FAILED, now)
            return None
        if not waiting.turn(State.SENDING, now, tries=F("tries") + 1):
            return None
    copy.tries += 1
    return copy


def why_not(copy: MessageCopy) -> str:
    """Why it cannot go (any more), as a sentence, or nothing."""
    place = Place.objects.filter(caregiver=copy.caregiver_id, cohort=copy.message.cohort_id).first()
    chosen = copy.message.cohort.slots.exclude(chosen_at=None).exists()
    return receiving.why_not_now(copy, place.state if place else None, chosen=chosen)


def settle(copy: MessageCopy, to: str) -> None:
    """What became of this try. One that was given up meanwhile, and that somebody has sent again, is not touched."""
    tried = MessageCopy.objects.filter(pk=copy.pk, tries=copy.tries)
    if to == State.WAITING:
        tried = tried.filter(state=State.SENDING)
    with transaction.atomic():
        if tried.turn(to, timezone.now()):
            tell(None, copy, to)


def tell(by: User | None, copy: MessageCopy, what: str) -> None:
    """To the audit trail; `by` is None where the service did it by itself."""
    cohort = copy.message.cohort
    audit.record(by, audit.Verb.CHANGED, copy, person=copy.caregiver, cohort=cohort, fields=[str(what)])


def sweep(now: datetime) -> None:
    """Once a minute: whose worker died is unknown from here on; who still waits without a job gets one."""
    sending = MessageCopy.objects.filter(state=State.SENDING)
    give_up(sending.filter(changed_at__lt=now - outbox.LOST_AFTER), State.UNKNOWN, now)
    waiting = MessageCopy.objects.filter(state=State.WAITING)
    if not texts.can_send():  # they wait for somebody's own phone
        waiting = waiting.exclude(way=Way.TEXT)
    give_up(waiting.filter(changed_at__lt=now - TOO_OLD), State.FAILED, now)
    if codes := set(waiting.filter(changed_at__lt=now - outbox.PAUSE).values_list("code", flat=True)):
        for code, site in sites(codes - outbox.on_the_queue(send_copy)).items():
            send_copy.enqueue(code, site)


def give_up(copies: MessageCopyQuerySet, to: str, now: datetime) -> None:
    for copy in copies.select_related("caregiver", "message__cohort"):
        with transaction.atomic():
            if MessageCopy.objects.filter(pk=copy.pk, tries=copy.tries, state=copy.state).turn(to, now):
                tell(None, copy, to)


def sites(codes: set[str]) -> dict[str, str]:
    """Where the links of these copies lead: what their jobs before were told. Only a request knows it, so a copy that
    never had a job waits until it is too old, and somebody presses again."""
    jobs = DBTaskResult.objects.filter(task_path=send_copy.module_path).order_by("enqueued_at")
    told = (job["args"] for job in jobs.values_list("args_kwargs", flat=True)) if codes else ()
    return {code: site for code, site in told if code in codes}


# --- What is in it ----------------------------------------------------------------------------------------


def link(copy: MessageCopy, site: str) -> str:
    """The address of their own link, new for each try; nothing for a plain message."""
    message, person, now = copy.message, copy.caregiver, timezone.now()
    if message.about == About.REGISTER:
        return site + reverse("register", args=[invite(caregiver=person, cohort=message.cohort, by=message.sent_by)])
    if message.about == About.TIMES:
        ends, purpose = now + TIMES_LASTS, PersonalLink.Purpose.TIMES
        _link, token = issue(caregiver=person, cohort=message.cohort, purpose=purpose, expires_at=ends)
        return site + reverse("times", args=[token])
    if message.about in (About.OFFER, About.OWN_PAGE):
        ends, purpose = now + OWN_PAGE_LASTS, PersonalLink.Purpose.OWN_PAGE
        _link, token = issue(caregiver=person, cohort=message.cohort, purpose=purpose, expires_at=ends)
        return site + reverse("own_page", args=[token])
    return ""


def subject(message: Message) -> str:
    """Neutral: somebody else may see the screen."""
    if message.about in (About.REGISTER, About.OWN_PAGE):
        return _("Your details")
    return _("Days and times") if message.about == About.TIMES else _("A message for you")


def usual_text(about: str) -> str:
    """What stands above a link where the sender wrote nothing of their own."""
    if about == About.REGISTER:
        return _("Here is the link that we talked about. It works once, for 14 days.")
    if about == About.OFFER:
        return _("Please open this link and tell us yes or no. It takes a minute.")
    if about == About.OWN_PAGE:
        return _("Here is the link to your details. It works for a year.")
    return _("Please tell us which days and times suit you. It takes a minute.") if about == About.TIMES else ""


def body(copy: MessageCopy, address: str) -> str:
    words = {"text": copy.message.text or usual_text(copy.message.about), "address": address}
    by_email, by_text = "caregivers/messages/email.txt", "caregivers/messages/text.txt"
    return render_to_string(
        by_email if copy.way == Way.EMAIL else by_text, words | {"service": service.current()}
    ).strip()
