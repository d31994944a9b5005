"""Handing a file to a person, and erasing them: at their request, or because their time is over.

What goes and what stays, and why: docs/decisions/erasure.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from caregivers import record_parts
from caregivers.consents.actions import withdraw
from caregivers.models import (
    Caregiver,
    Concern,
    Consent,
    Erased,
    FollowUp,
    How,
    Information,
    Message,
    MessageCopy,
    Place,
    Referral,
)
from caregivers.places import rules as place_rules
from caregivers.rights import handover
from caregivers.rights.jobs import make_handover
from caregivers.rights.queries import WITHDREW
from ppg.audit_trail import audit
from ppg.background import jobs
from ppg.backups import ledger
from ppg.database import wiping
from ppg.encryption.crypto import EncryptedTextField
from ppg.models import User
from programmes.models import Cohort

Why = Erased.Why
SETTLED = timedelta(minutes=10)
# What keeps its row, emptied of what is personal; concerns and information keep theirs by their own rule.
STAYS = (Referral, Place, FollowUp, Consent, Concern, Information)


@transaction.atomic
def ask_for_file(*, caregiver: Caregiver, by: User) -> None:
    """The PDF of everything held about them, unless one is being made already."""
    if not handover.being_made(caregiver):
        handover.asked_for(caregiver)
        audit.record(by, audit.Verb.EXPORTED, caregiver, person=caregiver, fields=["pdf"])
        jobs.enqueue_on_commit(make_handover, caregiver.code)


@transaction.atomic
def erase(*, caregiver: Caregiver, by: User | None, why: str = Why.ASKED, at: datetime | None = None) -> None:
    """Takes away everything that says who this was. The row stays, empty, so that numbers stay numbers.

    At their request (ASKED) every consent is withdrawn first, as they would do it, and their answers go. When the
    time is over (TIME) answers and consents stay, with nobody behind them, and the group's figures do not change.
    Done twice it is done once. The ledger's line is on the disk before this is committed.
    """
    now = at or timezone.now()
    cohorts = Cohort.objects.filter(Q(referrals__caregiver=caregiver) | Q(place_set__caregiver=caregiver))
    for cohort in cohorts.distinct().order_by("pk"):
        place_rules.locked(cohort, now)
    person = Caregiver.objects.select_for_update().get(pk=caregiver.pk)
    if person.erased_at:
        return
    if why == Why.ASKED:
        for kind in person.consents.current().filter(given=True).values_list("kind", flat=True):
            withdraw(caregiver=person, kind=kind, how=How.SPOKEN, by=by, at=now)
    jobs.forget(_codes(person), [person.name, person.email, person.phone])
    record_parts.erase_all(person, now, why == Why.TIME)
    _erase_own(person, now, why == Why.TIME)
    cache.delete_many([f"handover:{person.code}", f"handover-asked:{person.code}"])
    Erased.objects.get_or_create(code=person.code, defaults={"at": now, "why": why})
    audit.record(by, audit.Verb.CHANGED, person, person=person, fields=["erased_at"])
    wiping.after_commit()
    ledger.write(ledger.Line(person.code, now, why))


def replay(lines: Iterable[ledger.Line]) -> tuple[int, int]:
    """After a restore: withdraws again what was withdrawn since the backup, and erases again who was erased. Says how
    many of each. Consents that were given again since are not known: those people are asked once more."""
    every = sorted(lines, key=lambda line: line.at)
    withdrawn = sum(_withdraw_again(line) for line in every if line.why.startswith(WITHDREW))
    return withdrawn, sum(_erase_again(line) for line in every if line.why in Why.values)


def keep_ledger(now: datetime) -> tuple[int, int]:
    """Once a minute on each machine with a worker: its copy of the ledger gets what others wrote. Lines that the
    database does not know were written before somebody put an older state of it back, by whatever means: they are done
    again. Those of the last minutes are left alone, as their transaction may not be through."""
    done = (0, 0)
    if unknown := ledger.unknown(now - SETTLED):
        with transaction.atomic():
            ledger.into_database(unknown)
            done = replay(unknown)
    ledger.spread(now)
    return done


def _withdraw_again(line: ledger.Line) -> bool:
    kind = line.why.removeprefix(WITHDREW)
    stood = Consent.objects.standing(kind).filter(caregiver__code=line.code, at__lt=line.at).select_related("caregiver")
    if consent := stood.first():
        withdraw(caregiver=consent.caregiver, kind=kind, how=How.SPOKEN, at=line.at)
    return consent is not None


def _erase_again(line: ledger.Line) -> bool:
    found = Caregiver.objects.filter(code=line.code, erased_at=None).first()
    if found:
        erase(caregiver=found, by=None, why=line.why, at=line.at)
    Erased.objects.get_or_create(code=line.code, defaults={"at": line.at, "why": line.why})
    return found is not None


def keep_withdrawal(caregiver: Caregiver, kind: str, at: datetime) -> None:
    """Part of the record (`RecordPart.withdrawn`): no backup brings a consent back either."""
    ledger.write(ledger.Line(caregiver.code, at, f"{WITHDREW}{kind}"))


LEDGER = record_parts.RecordPart("ledger", withdrawn=keep_withdrawal)


def _codes(person: Caregiver) -> set[str]:
    """By which codes background jobs call this person's things."""
    found = {person.code, *person.places.values_list("code", flat=True)}
    return found | {*person.message_copies.values_list("code", flat=True)}


def _erase_own(person: Caregiver, now: datetime, keep_figures: bool) -> None:
    _erase_messages(person)
    for model, name in pointing_at_people():
        if model not in STAYS:
            model._default_manager.filter(**{name: person}).delete()
    FollowUp.objects.filter(caregiver=person, done_at=None).delete()
    FollowUp.objects.filter(caregiver=person).update(next_step="", owner=None)
    Referral.objects.filter(caregiver=person).update(owner=None)
    person.places.update(why_first="")
    if not keep_figures:
        Consent.objects.filter(caregiver=person).delete()
        for place in person.places.exclude(state=Place.State.LEFT):
            _free(place, now)
    _blank(person, now)


def pointing_at_people() -> list[tuple[type[models.Model], str]]:
    """Every model here with a caregiver of its own, and by which name: one that is added is erased by itself."""
    links = Caregiver._meta.get_fields(include_hidden=True)
    ends = [(link.related_model, link.field.name) for link in links if isinstance(link, models.ManyToOneRel)]
    return [(model, name) for model, name in ends if model._meta.app_label == Caregiver._meta.app_label]


def _erase_messages(person: Caregiver) -> None:
    """Their copies; and what was written to nobody else."""
    theirs = list(Message.objects.filter(copies__caregiver=person).values_list("pk", flat=True))
    MessageCopy.objects.filter(caregiver=person).delete()
    Message.objects.filter(pk__in=theirs, copies=None).delete()


def _free(place: Place, now: datetime) -> None:
    """Their seat is free from now on. Who was offered a place counts as offered, as before."""
    if place.state == Place.State.OFFERED:
        place.waiting_since = None
    place.state, place.seat, place.offered_until = Place.State.LEFT, None, None
    place.left_on = timezone.localdate(now)
    place.save()


def _blank(person: Caregiver, now: datetime) -> None:
    """Every field that is encrypted, and what else they told us. A new field of the model is blanked by itself."""
    for field in Caregiver._meta.concrete_fields:
        if isinstance(field, EncryptedTextField):
            setattr(person, field.attname, field.get_default() if field.has_default() else "")
    person.handouts_by = person.registered_how = ""
    person.registered_at = person.notice = None
    person.erased_at = now
    person.save()
