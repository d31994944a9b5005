"""Asking before and after: how a group is asked, rounds, links, and answers that come in."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, time

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers import safe
from caregivers.models import Caregiver, Place
from evaluation.measures.actions import own_measure
from evaluation.models import EvaluationPlan, Measure, PseudonymKey, Response, Wave, WaveLink
from evaluation.rounds import plans, reminding
from evaluation.rounds.jobs import LINK_LASTS, send_wave_link
from feedback import sealing
from feedback.answering import actions as answering
from feedback.asking import actions as asking
from feedback.asking.jobs import PILES_WAIT
from feedback.models import Form, PaperPile, Way
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.background.jobs import enqueue_on_commit
from ppg.links.codes import digest, new_code
from ppg.models import User
from programmes.models import Cohort

log = logging.getLogger("ppg.evaluation")


@transaction.atomic
def open_wave(*, cohort: Cohort, point: str, by: User | None, at: datetime | None = None) -> Wave:
    """Puts the measure of the group's plan before its people. Pressed twice, it is the same wave.

    The questions after are those that were asked before, though a newer version may be there by then. It closes by
    itself, see `plans.closes_at`.
    """
    now = at or timezone.now()
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if wave := Wave.objects.filter(cohort=cohort, point=point).first():
        return wave
    if point == Wave.Point.LATER:
        _not_too_early(cohort, now)
    first = Wave.objects.filter(cohort=cohort).select_related("measure__questionnaire").order_by("pk").first()
    measure = first.measure if first else _planned(cohort)
    form = Form.objects.create(
        questionnaire=measure.questionnaire,
        cohort=cohort,
        key=sealing.new_key(),
        closes_at=plans.closes_at(cohort, point, now),
    )
    wave = Wave.objects.create(cohort=cohort, measure=measure, point=point, form=form)
    audit.record(by, audit.Verb.CREATED, wave, cohort=cohort, fields=["point"])
    return wave


def _planned(cohort: Cohort) -> Measure:
    plan = EvaluationPlan.objects.filter(cohort=cohort).select_related("measure__questionnaire").first()
    return (plan and plan.measure) or own_measure()


def _not_too_early(cohort: Cohort, now: datetime) -> None:
    day = plans.later_from(cohort)
    if day is None or timezone.localdate(now) < day:
        raise Refused(_("People are asked once more three months after the last session, not earlier."))


@transaction.atomic
def make_link(*, wave: Wave, place: Place, by: User | None, token: str = "", at: datetime | None = None) -> str:
    """A personal link to the questions; every earlier one of this person stops working. Returns its token."""
    now, token = at or timezone.now(), token or new_code()
    wave = _open_for(wave, place, now)
    if not WaveLink.objects.filter(token_hash=digest(token)).exists():
        WaveLink.objects.filter(wave=wave, place=place).revoke(now)
        link, token = WaveLink.objects.issue(wave=wave, place=place, token=token, expires_at=now + LINK_LASTS)
        audit.record(by, audit.Verb.CREATED, link, person=place.caregiver, cohort=wave.cohort)
    return token


@transaction.atomic
def send_links(*, wave: Wave, by: User, site: str, at: datetime | None = None) -> int:
    """Sends the link, or a reminder with a new one, to whom `reminding` lets us write. Says how many."""
    now = at or timezone.now()
    if not wave.is_open(now):
        raise Refused(_("These questions have closed."))
    recipients = reminding.written(reminding.recipients(wave, now))
    for recipient in recipients:
        enqueue_on_commit(send_wave_link, wave.code, recipient.place.code, site)
        person = recipient.place.caregiver
        audit.record(by, audit.Verb.CHANGED, wave, person=person, cohort=wave.cohort, fields=["sent"])
    return len(recipients)


@transaction.atomic
def receive(
    *,
    wave: Wave,
    place: Place,
    answers: Mapping[str, sealing.Given],
    nonce: str,
    way: str = Way.ONLINE,
    by: User | None = None,
    at: datetime | None = None,
) -> bool:
    """Seals one person's answers under their pseudonym. False: they had answered before, and that counts.

    The wave is locked, so that two devices at once leave one answer.
    """
    now = at or timezone.now()
    wave = _open_for(wave, place, now)
    links = WaveLink.objects.filter(wave=wave, place=place)
    if links.exclude(used_at=None).exists():
        return False
    reach = " ".join(safe.fingerprints(place.caregiver).values())
    known = {"pseudonym": new_code(), "reach": reach}
    key, _made = PseudonymKey.objects.get_or_create(place=place, defaults=known)
    answering.receive(form=wave.form, answers=dict(answers), nonce=nonce, way=way, pseudonym=key.pseudonym, at=now)
    # To the day: the order of answering could else be laid beside other orders.
    today = timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
    if not links.update(used_at=today):
        WaveLink.objects.create(wave=wave, place=place, token_hash=digest(new_code()), used_at=today)
    if by:  # written down from paper or the phone: that somebody did is in the trail, as with any form they fill in
        audit.record(by, audit.Verb.CREATED, wave, person=place.caregiver, cohort=wave.cohort, fields=["answers"])
    return True


def _open_for(wave: Wave, place: Place, now: datetime) -> Wave:
    """The wave, locked, if this person may be asked; a sentence otherwise."""
    Caregiver.objects.hold(place.caregiver_id)
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form", "cohort").get(pk=wave.pk)
    if not wave.is_open(now):
        raise answering.Closed(_("These questions have closed."))
    if plans.is_coded(wave):
        raise Refused(_("This group answers by cards. Nobody has a link of their own."))
    if place.cohort_id != wave.cohort_id or place.pk not in plans.may_be_asked(wave):
        raise Refused(_("This person has not agreed to the evaluation, so they are not asked."))
    return wave


@transaction.atomic
def close_wave(*, wave: Wave, by: User | None, at: datetime | None = None) -> Wave:
    """Takes no more answers; opens the box and writes the answers under their pseudonyms. Pressed twice: no more."""
    now = at or timezone.now()
    Cohort.objects.select_for_update().get(pk=wave.cohort_id)  # first, as where a pile of sheets is sent
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form").get(pk=wave.pk)
    if by and wave.is_open(now) and wave.form.closes_at and wave.form.piles.exists():
        raise Refused(
            _("Sheets of paper are being typed in. Send or discard them first, or wait until the questions close.")
        )
    form = asking.close_form(form=wave.form, by=by, at=now)
    rows = asking.write_submissions(form, _counted(wave, asking.open_form_box(form)))
    Response.objects.bulk_create(
        Response(wave=wave, pseudonym=payload["pseudonym"], submission=submission) for payload, submission in rows
    )
    WaveLink.objects.filter(wave=wave).revoke(now)
    return wave


def _counted(wave: Wave, payloads: list[sealing.Payload]) -> list[sealing.Payload]:
    """By cards only those that were used in the first round too: whoever has cards that were left over could else
    answer with them later, when nobody counts any more. The others' answers are not kept."""
    first = plans.first_round(wave.cohort)
    if first is None or first.pk == wave.pk or not plans.is_coded(wave):
        return payloads
    known = set(first.responses.values_list("pseudonym", flat=True))
    if not first.form.opened_with_id:
        known |= {payload["pseudonym"] for payload in sealing.open_box([first.form])}
    return [payload for payload in payloads if payload["pseudonym"] in known]


def close_due_waves(now: datetime) -> int:
    """Closes the rounds whose time has come; returns how many. One whose paper sheets are being typed in waits for
    them, a day at most."""
    closed = 0
    being_typed = Q(Exists(PaperPile.objects.filter(form=OuterRef("form"))), form__closes_at__gt=now - PILES_WAIT)
    due = Wave.objects.filter(form__in=Form.objects.due(now)).exclude(being_typed)
    for wave in due.order_by("form__closes_at", "id"):
        try:
            close_wave(wave=wave, by=None, at=now)
            closed += 1
        except Exception as error:  # one group's fault must not keep the others' rounds open
            log.error("A round that was due could not be closed: %s", type(error))
    return closed


def dates_moved(cohort: Cohort, at: datetime) -> None:
    """Sessions of this group were moved, cancelled or added: its open rounds close by the new dates. One whose time
    has come stays as it is, even where the worker has not closed it yet."""
    for wave in Wave.objects.filter(cohort=cohort, form__in=Form.objects.open(at)).select_related("form"):
        wave.form.closes_at = plans.closes_at(cohort, wave.point, at)
        wave.form.save(update_fields=["closes_at"])


@transaction.atomic
def choose_plan(*, cohort: Cohort, mode: str, measure: Measure | None, by: User | None) -> EvaluationPlan:
    """Links or cards, and which measure (None: our own). It stands once the first round is open: people were told."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if Wave.objects.filter(cohort=cohort).exists():
        raise Refused(_("People have been asked already, so this cannot be changed any more."))
    chosen = {"mode": mode, "measure": measure, "chosen_by": by}
    plan, _made = EvaluationPlan.objects.update_or_create(cohort=cohort, defaults=chosen)
    audit.record(by, audit.Verb.CHANGED, plan, cohort=cohort, fields=["measure", "mode"])
    return plan
