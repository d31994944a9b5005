"""Coded cards: made, answered with, and taken out. Nothing here knows whose a card is, and nothing is written down
that says when one was used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from evaluation.cards import codes as cards
from evaluation.cards.queries import card_with, hash_of, pseudonym_of
from evaluation.collecting import collect
from evaluation.disclosure import differencing
from evaluation.locks import locked_report
from evaluation.models import Card, Mode, Response, Wave
from evaluation.rounds import plans
from evaluation.withdrawing.actions import remember, supersede, supersede_across
from feedback import sealing
from feedback.answering import actions as answering
from feedback.models import Form, Submission, Way
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import key_of
from ppg.models import User
from programmes.models import Cohort

MOST_CARDS = 48  # on one sheet: it is drawn while somebody waits


@transaction.atomic
def make_cards(*, cohort: Cohort, n: int, key: str, by: User | None) -> list[str]:
    """Codes for this many new cards: the only time they are told. The same press gives the same codes.

    They are made from the key of the press by the installation's secret, so neither codes nor PDF need to be kept.
    Hashes are stored shuffled: the first row is not the first card of the sheet.
    """
    if plans.mode_of(cohort) != Mode.CODED:
        raise Refused(_("This group answers by personal links, not by cards."))
    own = key_of(key, by=by, of=f"cards {cohort.code}")  # whoever else learns the key draws other cards
    codes = [cards.code_of(_drawn(cohort, own, number)) for number in range(min(n, MOST_CARDS))]
    taken = set(Card.objects.filter(code_hash__in=map(hash_of, codes)).values_list("code_hash", "cohort"))
    elsewhere = {code_hash for code_hash, owner in taken if owner != cohort.pk}
    codes = [code for code in dict.fromkeys(codes) if hash_of(code) not in elsewhere]
    there = {code_hash for code_hash, _owner in taken}
    new = [Card(cohort=cohort, code_hash=hash_of(code)) for code in codes if hash_of(code) not in there]
    sealing.shuffle(new)
    Card.objects.bulk_create(new)
    if new:
        audit.record(by, audit.Verb.CREATED, Card(), cohort=cohort, fields=["cards"])
    return codes


def _drawn(cohort: Cohort, key: str, number: int) -> int:
    words = f"{cohort.code}\n{key}\n{number}"
    return int.from_bytes(salted_hmac("evaluation.cards.make", words, algorithm="sha256").digest())


@transaction.atomic
def receive_by_card(
    *,
    wave: Wave,
    code: str,
    answers: Mapping[str, sealing.Given],
    nonce: str,
    way: str = Way.ONLINE,
    at: datetime | None = None,
) -> None:
    """Seals the answers under the card's pseudonym. A card's first answers in a round count.

    Later ones are dropped without a word: whoever knows a code must not find out whether its card has answered. No
    audit row either, also when staff type in a sheet of paper: the trail would say how many came, and when.
    """
    now = at or timezone.now()
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form", "cohort").get(pk=wave.pk)
    card = card_with(code)
    if not wave.is_open(now) or card is None or card.cohort_id != wave.cohort_id or card.withdrawn:
        raise answering.Closed(_("These questions have closed."))
    pseudonym = pseudonym_of(code)
    if _envelopes(wave, pseudonym):
        return
    answering.receive(form=wave.form, answers=dict(answers), nonce=nonce, way=way, pseudonym=pseudonym, at=now)


@transaction.atomic
def receive_sheets(*, wave: Wave, sheets: Iterable[tuple[str, dict[str, sealing.Given]]]) -> None:
    """A pile of paper sheets, each with its card's code, for a caller that has locked the group. They may still come
    when the time is over, until the round is closed. First answers count here too; a card that was taken out is
    passed over."""
    wave = Wave.objects.select_for_update(of=["self"]).select_related("form").get(pk=wave.pk)
    form = Form.objects.select_for_update().get(pk=wave.form_id)
    if form.closed_at:
        raise answering.Closed(_("These questions have closed, so no sheets can join them any more."))
    there = {sealing.pseudonym_in(form, sealed) for sealed in form.sealed.all()}
    for code, answers in sheets:
        card = card_with(code)
        if card is None or card.withdrawn or card.cohort_id != wave.cohort_id or pseudonym_of(code) in there:
            continue
        if len(there) >= answering.MOST_ANSWERS:
            raise Refused(_("This form cannot take so many answers."))
        payload: sealing.Payload = {"way": Way.PAPER, "answers": answers, "pseudonym": pseudonym_of(code)}
        sealing.seal(form, payload).save(force_insert=True)
        there.add(pseudonym_of(code))


def _envelopes(wave: Wave, pseudonym: str) -> list[UUID]:
    """Found by opening them one after the other: no row says which card has answered."""
    form = wave.form
    if form.opened_with_id or not form.key:
        return []
    return [sealed.pk for sealed in form.sealed.all() if sealing.pseudonym_in(form, sealed) == pseudonym]


@transaction.atomic
def withdraw_card(*, code: str, at: datetime | None = None) -> Card | None:
    """Everything that was answered with this card goes, and it takes no more. None: no card of ours. Done twice, it
    is done once.

    As with a person's withdrawal published versions and reports over many groups are marked, and the next figures hold
    back what would differ by these answers. The report is locked first, so that nothing is published with them
    meanwhile.
    """
    now = at or timezone.now()
    card = card_with(code)
    if card is None:
        return None
    report = locked_report(card.cohort)
    if not Card.objects.filter(pk=card.pk, withdrawn=False).update(withdrawn=True):
        return card
    pseudonym = pseudonym_of(code)
    bases = differencing.bases(collect.live(card.cohort, now))
    waves = Wave.objects.select_for_update(of=["self"]).filter(cohort=card.cohort_id).select_related("form")
    for wave in waves.order_by("pk"):
        wave.form.sealed.filter(pk__in=_envelopes(wave, pseudonym)).delete()
    sheets = Response.objects.filter(wave__cohort=card.cohort_id, pseudonym=pseudonym).values_list("submission")
    Submission.objects.filter(pk__in=list(sheets.values_list("submission", flat=True))).delete()
    remember(report, bases, now)
    supersede(report, now)
    supersede_across([card.cohort_id], now)
    return card
