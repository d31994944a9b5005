"""Writing to the people of a group, and what staff do about each copy."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers import safe
from caregivers.messages import jobs
from caregivers.messages import recipients as receiving
from caregivers.models import Caregiver, ErasedMeanwhile, Message, MessageCopy
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.links.codes import digest
from ppg.models import User
from ppg.sending import outbox, texts
from ppg.versions import ChangedMeanwhile
from programmes.models import Cohort

State, Way, About = MessageCopy.State, MessageCopy.Way, Message.About


def fingerprint(recipients: list[receiving.Recipient]) -> str:
    """Stands for who gets it by which way: what the sender saw before pressing Send."""
    return digest("\n".join(f"{recipient.caregiver.code} {recipient.way} {recipient.why}" for recipient in recipients))


def why_not_write(cohort: Cohort, about: str) -> str:
    """Why nobody can be written to about this now, or nothing."""
    if about != About.TIMES:
        return ""
    slots = list(cohort.slots.all())
    if not slots:
        return _("There are no times to choose from yet. Propose some first.")
    return _("The time has been chosen already.") if any(slot.chosen_at for slot in slots) else ""


@transaction.atomic
def send(
    *,
    cohort: Cohort,
    about: str,
    by: User,
    site: str,
    text: str = "",
    only_in_group: bool = False,
    seen: str | None = None,
    at: datetime | None = None,
) -> Message:
    """A copy for everybody it is for, by a way that is safe, or left out with the reason. They leave when the
    transaction is kept. `seen` is the fingerprint of what the sender was shown; `site` is where links lead."""
    now = at or timezone.now()
    cohort = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    if why := why_not_write(cohort, about):
        raise Refused(why)
    recipients = receiving.recipients(cohort, about, only_in_group=only_in_group)
    if seen is not None and seen != fingerprint(recipients):
        raise ChangedMeanwhile(_("Something has changed since you looked. Check again who gets it, then send."))
    going = receiving.written(recipients)
    if not going:
        raise Refused(_("There is nobody who can be written to safely."))
    message = Message.objects.create(cohort=cohort, about=about, text=text, sent_at=now, sent_by=by)
    copies = MessageCopy.objects.bulk_create(
        MessageCopy(
            message=message,
            caregiver=recipient.caregiver,
            way=recipient.way,
            why=recipient.why,
            state=State.WAITING if recipient.way else State.LEFT_OUT,
            changed_at=now,
        )
        for recipient in recipients
    )
    audit.record(by, audit.Verb.CREATED, message, cohort=cohort, fields=["about", "copies", "text"])
    audit.record_each(by, audit.Verb.CREATED, [one.caregiver for one in going], cohort=cohort, fields=["message"])
    for copy in copies:
        if goes_by_itself(copy):
            enqueue_on_commit(jobs.send_copy, copy.code, site)
    return message


@transaction.atomic
def send_link(
    *, cohort: Cohort, caregiver: Caregiver, about: str, way: str, by: User, site: str, at: datetime | None = None
) -> MessageCopy:
    """A link of their own to one person, by a way that somebody chose among those that are safe. One that is texted by
    hand waits for `text_by_hand`."""
    now = at or timezone.now()
    held = Cohort.objects.select_for_update(no_key=True).get(pk=cohort.pk)
    person = Caregiver.objects.hold(caregiver.pk)
    if way not in safe.ways_to(person):
        raise Refused(_("This way is not safe for them, or we have no address or number for it."))
    message = Message.objects.create(cohort=held, about=about, sent_at=now, sent_by=by)
    copy = MessageCopy.objects.create(message=message, caregiver=person, way=way, state=State.WAITING, changed_at=now)
    if why := jobs.why_not(copy):
        raise Refused(why)
    audit.record(by, audit.Verb.CREATED, message, cohort=held, fields=["about", "copies"])
    audit.record_each(by, audit.Verb.CREATED, [person], cohort=held, fields=["message"])
    if goes_by_itself(copy):
        enqueue_on_commit(jobs.send_copy, copy.code, site)
    return copy


def goes_by_itself(copy: MessageCopy) -> bool:
    return copy.way == Way.EMAIL or (copy.way == Way.TEXT and texts.can_send())


@transaction.atomic
def send_again(*, copy: MessageCopy, by: User, seen: str, site: str, at: datetime | None = None) -> None:
    """One that was not sent, or whose fate nobody knows, by the way that is safe now. `seen` is the state the person
    saw: what has become known since is not sent again by mistake, and a second press sends nothing more."""
    now = at or timezone.now()
    held = locked(copy)
    if seen not in (State.FAILED, State.UNKNOWN):
        raise Refused(_("Only a message that was not sent, or may not have been, can be sent again."))
    if held.state != seen:
        return
    if why := jobs.why_not(held):
        raise Refused(why)
    way, _why = safe.way_to(held.caregiver)
    if MessageCopy.objects.filter(pk=held.pk, state=seen).turn(State.WAITING, now, way=way):
        jobs.tell(by, held, "send_again")
        held.way = way
        if goes_by_itself(held):
            enqueue_on_commit(jobs.send_copy, held.code, site)


@transaction.atomic
def text_by_hand(*, copy: MessageCopy, by: User, site: str) -> str:
    """What to text from one's own phone, with a new link of theirs where the message carries one."""
    held = locked(copy)
    if held.way != Way.TEXT or goes_by_itself(held) or held.state != State.WAITING:
        raise Refused(_("This one is not for you to text."))
    if why := jobs.why_not(held) or ("" if Way.TEXT in safe.ways_to(held.caregiver) else _("Text is not safe now.")):
        raise Refused(why)
    jobs.tell(by, held, "text_by_hand")
    return jobs.body(held, jobs.link(held, site))


@transaction.atomic
def texted(*, copy: MessageCopy, by: User, at: datetime | None = None) -> None:
    """They were texted from somebody's own phone."""
    held = locked(copy)
    if held.state == State.SENT:
        return
    if held.way != Way.TEXT or goes_by_itself(held):
        raise Refused(_("This one is not for you to text."))
    if MessageCopy.objects.filter(pk=held.pk).turn(State.SENT, at or timezone.now()):
        jobs.tell(by, held, "texted")


def locked(copy: MessageCopy) -> MessageCopy:
    rows = MessageCopy.objects.select_for_update(of=("self",))
    held = rows.select_related("caregiver", "message__cohort", "message__sent_by").filter(pk=copy.pk).first()
    if held is None:
        raise ErasedMeanwhile
    return held


def state_at(copy: MessageCopy, now: datetime) -> str:
    """Its state as the page says it: true even where the worker that should have written it down is dead."""
    lost = copy.state == State.SENDING and copy.changed_at and copy.changed_at < now - outbox.LOST_AFTER
    return State.UNKNOWN if lost else copy.state
