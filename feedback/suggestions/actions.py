"""The suggestion box: what the group asks for, and the answer each of them is owed at the next recap.

What is put in online lies sealed in the box's own form. Once a day the box is emptied: opened, shuffled, written with
random keys and no time, and given a new key, whether anything was in it or not. So a suggestion can be tied to a day
at most, as a note in a box at the venue could.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from caregivers.models import Caregiver
from feedback import sealing
from feedback.asking.actions import locked, wipe_journal
from feedback.models import Form, SpentNonce, Suggestion, SuggestionBox
from feedback.questions.questionnaires import box_questions
from feedback.suggestions.queries import forms_of_boxes, next_recap
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort

NAME = "their name"  # beside the answer to the box's question, whose slug can have no space


# --- The box -----------------------------------------------------------------------------------------------


@transaction.atomic
def open_box(*, cohort: Cohort, by: User | None, at: datetime | None = None) -> SuggestionBox:
    """Hangs the group's box up, or opens it again. Pressed twice, it is the same box at the same address."""
    cohort = locked(cohort.pk)
    today = timezone.localdate(at or timezone.now())
    box, new = SuggestionBox.objects.get_or_create(cohort=cohort, defaults={"emptied_on": today})
    if new:
        Form.objects.create(questionnaire=box_questions(), cohort=cohort, key=sealing.new_key())
        audit.record(by, audit.Verb.CREATED, box, cohort=cohort)
    elif box.closed_at:
        _set_closed(box, None, by)
    return box


@transaction.atomic
def close_box(*, box: SuggestionBox, by: User, at: datetime | None = None) -> None:
    """Takes nothing more. What lies in it comes out the next morning; the answers stay on its page."""
    locked(box.cohort_id)
    box = SuggestionBox.objects.select_for_update().get(pk=box.pk)
    if not box.closed_at:
        _set_closed(box, at or timezone.now(), by)


def _set_closed(box: SuggestionBox, at: datetime | None, by: User | None) -> None:
    box.closed_at = at
    box.save(update_fields=["closed_at"])
    forms_of_boxes().filter(cohort=box.cohort_id).update(closed_at=at)
    audit.record(by, audit.Verb.CHANGED, box, cohort=box.cohort, fields=["closed_at"])


@transaction.atomic
def empty(*, box: SuggestionBox, at: datetime) -> int:
    """What was put in since yesterday becomes suggestions, owed at the next recap. At most once a day.

    No audit row: it would say on which days there was something.
    """
    cohort = locked(box.cohort_id)
    box = SuggestionBox.objects.select_for_update().get(pk=box.pk)
    today = timezone.localdate(at)
    if box.emptied_on >= today:
        return 0
    form = forms_of_boxes().select_for_update(of=("self",)).get(cohort=cohort)
    payloads = sealing.open_box([form])
    form.sealed.all().delete()
    SpentNonce.objects.filter(form=form).delete()
    form.key, form.questionnaire = sealing.new_key(), box_questions()
    form.save(update_fields=["key", "questionnaire"])
    recap = next_recap(cohort, at)
    Suggestion.objects.bulk_create(
        Suggestion(cohort=cohort, recap=recap, text=words_in(payload), way=Suggestion.Way.ONLINE)
        for payload in payloads
    )
    box.emptied_on = today
    box.save(update_fields=["emptied_on"])
    transaction.on_commit(wipe_journal, robust=True)
    return len(payloads)


def words_in(payload: sealing.Payload) -> str:
    """What was written, and under it the name, if one was given."""
    given = dict(payload["answers"])
    name = given.pop(NAME, "")
    words = "\n\n".join(one["text"] if isinstance(one, dict) else str(one) for one in given.values())
    return "\n\n".join([words, _("Name: %(name)s") % {"name": name}]) if name else words


# --- What came, and its answer ------------------------------------------------------------------------------


@transaction.atomic
def add(
    *, cohort: Cohort, text: str, way: str, caregiver: Caregiver | None, by: User, at: datetime | None = None
) -> Suggestion:
    """What came by voice, text, e-mail or the box at the venue. A person only where they said so themselves."""
    if caregiver:
        Caregiver.objects.hold(caregiver.pk)
    recap = next_recap(cohort, at or timezone.now())
    made = Suggestion.objects.create(cohort=cohort, recap=recap, text=text, way=way, caregiver=caregiver)
    audit.record(by, audit.Verb.CREATED, made, person=caregiver, cohort=cohort)
    return made


@transaction.atomic
def answer(
    *,
    suggestion: Suggestion,
    became: str,
    why: str,
    told_as: str,
    caregiver: Caregiver | None,
    by: User,
    at: datetime | None = None,
) -> Suggestion:
    """What became of it. It can change: what we will do is done one day. An answer that comes after the recap that
    owed it is told at the next one. Without `told_as` it stands on no page of the group."""
    at = at or timezone.now()
    suggestion = (
        Suggestion.objects.select_for_update(of=("self",)).select_related("recap", "cohort").get(pk=suggestion.pk)
    )
    said = {"answer": became, "why": why, "told_as": told_as, "caregiver": caregiver}
    changed = [name for name, value in said.items() if getattr(suggestion, name) != value]
    if not changed:
        return suggestion
    for name in changed:
        setattr(suggestion, name, said[name])
    if changed != ["caregiver"]:
        suggestion.answered_on, suggestion.answered_by = timezone.localdate(at), by
        if suggestion.recap is None or suggestion.recap.starts_at <= at:
            suggestion.recap = next_recap(suggestion.cohort, at) or suggestion.recap
    suggestion.save()
    audit.record(by, audit.Verb.CHANGED, suggestion, person=caregiver, cohort=suggestion.cohort, fields=changed)
    return suggestion
