"""Coded cards: made, answered with, and taken out. Nothing here knows whose a card is, and nothing is written down
that says when one was used."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Place
from evaluation.cards.queries import card_with, codes_of, hash_of, pseudonym_of, why_not_count, why_not_print
from evaluation.collecting import collect
from evaluation.disclosure import differencing
from evaluation.locks import locked_report
from evaluation.models import Card, CardSheet, Response, Wave
from evaluation.rounds import plans
from evaluation.withdrawing.actions import remember, supersede, supersede_across
from feedback import sealing
from feedback.answering import actions as answering
from feedback.counting_out.actions import Counted, noted
from feedback.models import Form, Submission, Way
from feedback.slips.adding_up import Slips
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort

SPARES = 2


@transaction.atomic
def make_cards(*, cohort: Cohort, by: User | None, at: datetime | None = None) -> list[str]:
    """The codes of the group's cards, one for each in it and two spare. Printed again they are the same ones.

    They are made from the group's own key by the installation's secret, so neither codes nor PDF need to be kept. Until
    the first questions have closed the sheet grows with the group; there is no way to more.
    Hashes are stored shuffled: the first row is not the first card of the sheet.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if why := why_not_print(cohort):
        raise Refused(why)
    sheet = CardSheet.objects.filter(cohort=cohort).first()
    made = (Place.objects.filter(cohort=cohort).in_group().count() or cohort.places) + SPARES
    verb = audit.Verb.DOWNLOADED if sheet else audit.Verb.CREATED
    if sheet is None:
        sheet = CardSheet.objects.create(cohort=cohort, made=made, made_on=timezone.localdate(at), made_by=by)
    elif made > sheet.made:
        sheet.made = made
        sheet.save(update_fields=["made"])
    codes = codes_of(sheet)
    if not codes:
        raise Refused(_("All cards of this group were made before, and they stay good. There are no more."))
    there = set(Card.objects.filter(cohort=cohort).values_list("code_hash", flat=True))
    new = [Card(cohort=cohort, code_hash=hash_of(code)) for code in codes if hash_of(code) not in there]
    sealing.shuffle(new)
    Card.objects.bulk_create(new)
    audit.record(by, verb, sheet, cohort=cohort)
    return codes


@transaction.atomic
def count(*, cohort: Cohort, left: int, people: int, by: User) -> Counted:
    """What one person counted: cards that nobody drew, and how many people there were to draw one.

    As with slips (`feedback.counting_out.actions.count`) two people count, and where they agree it is final. The cards
    that were left over are void then, as none counts that was not used in the first round, and no more can be printed.
    If they do not add up, answers under this group's cards are in no figure.
    """
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    sheet, first = CardSheet.objects.filter(cohort=cohort).first(), plans.first_round(cohort)
    if why := why_not_count(cohort, sheet, first):
        raise Refused(why)
    assert sheet is not None and first is not None  # noqa: S101  why_not_count has asked
    if left > sheet.made:
        raise Refused(_("There were %(n)s cards, so no more can be left.") % {"n": sheet.made})
    came_to = noted(sheet.counted, left=left, people=people, by=by)
    audit.record(by, audit.Verb.CHANGED, sheet, cohort=cohort, fields=["count"])
    if came_to != Counted.AGREED:
        return came_to
    sheet.left, sheet.people, sheet.used, sheet.key = left, people, first.responses.count(), ""
    there = Place.objects.filter(cohort=cohort).exclude(taken_on=None).count()  # also those who have left since
    sheet.adds_up = Slips(made=sheet.made, left=left, people=people, here=there).add_up(sheet.used)
    sheet.save()
    sheet.counted.all().delete()
    return came_to


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
        answers = sealing.answered(answers)
        if not answers:
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
