"""The suggestion box: what the group asks for, and the answer each of them is owed at the next recap.

What is put in online lies sealed in the box's own form. Once a day the box is emptied: opened, shuffled, written with
random keys and no time, and given a new key, whether anything was in it or not. So a suggestion can be tied to a day
at most, as a note in a box at the venue could.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import Caregiver
from feedback import questionnaires, sealing
from feedback.actions.asking import locked, wipe_journal
from feedback.models import Form, Questionnaire, SpentNonce, Suggestion, SuggestionBox
from feedback.models.answers import FormQuerySet
from ppg import audit
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session
from sessions_app.prepare import Part

log = logging.getLogger("ppg.feedback")

QUESTIONS = "suggestion-box"
EMPTIED_AT = time(6)  # local; nobody is in a session, and whoever reads what came cannot say when it came
NAME = "their name"  # beside the answer to the box's question, whose slug can have no space


def box_questions() -> Questionnaire:
    """The box's question in use; the first version is read from fixtures/."""
    return questionnaires.in_use(QUESTIONS)


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


def box_of(cohort: Cohort) -> SuggestionBox | None:
    return SuggestionBox.objects.filter(cohort=cohort).first()


def forms_of_boxes() -> FormQuerySet:
    """One for each box, for as long as the box is there: where its envelopes lie."""
    return Form.objects.filter(questionnaire__kind=Questionnaire.Kind.BOX)


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


def empty_due_boxes(now: datetime) -> int:
    """Each morning, every box; returns how many suggestions came out."""
    local = timezone.localtime(now)
    if local.time() < EMPTIED_AT:
        return 0
    found = 0
    for box in SuggestionBox.objects.to_empty(local.date()).order_by("pk"):
        try:
            found += empty(box=box, at=now)
        except Exception as error:  # one group's fault must not keep the others' boxes shut
            log.error("A suggestion box could not be emptied: %s", type(error))
    return found


# --- What came, and its answer ------------------------------------------------------------------------------


def next_recap(cohort: Cohort, at: datetime) -> Session | None:
    """The next session that begins after this moment; None after the last."""
    return cohort.sessions.taking_place().filter(starts_at__gt=at).order_by("starts_at").first()


@transaction.atomic
def add(
    *, cohort: Cohort, text: str, way: str, caregiver: Caregiver | None, by: User, at: datetime | None = None
) -> Suggestion:
    """What came by voice, text, e-mail or the box at the venue. A person only where they said so themselves."""
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


@dataclass(frozen=True)
class Told:
    """One line of "you said, we did", as the group and the report read it."""

    told_as: str
    became: str  # "We did it"
    why: str


def told(cohort: Cohort) -> list[Told]:
    """Every answer that may be shown, the newest first."""
    return [Told(one.told_as, one.get_answer_display(), one.why) for one in cohort.suggestions.told()]


def answered_of(cohort: Cohort) -> str:
    """For the checklist's line on going through the material with the group."""
    count = cohort.suggestions.answered().count()
    if not count:
        return ""
    return ngettext("%(n)s suggestion of theirs was answered.", "%(n)s suggestions of theirs were answered.", count) % {
        "n": count
    }


# --- Before a session ---------------------------------------------------------------------------------------


def for_recap(session: Session, user: User) -> Iterable[str]:
    """For the page that prepares a session: how many answers are owed at its recap, and those there are to tell."""
    of_group = Suggestion.objects.visible_to(user).filter(cohort=session.cohort_id)
    owed = Suggestion.objects.owed_by(session.starts_at)
    found = list(of_group.filter(Q(recap=session) | Q(pk__in=owed.values("pk"))).order_by("answered_on", "id"))
    open_still = sum(not one.answer for one in found)
    if open_still:
        words = ngettext("%(n)s suggestion is owed an answer", "%(n)s suggestions are owed an answer", open_still)
        url = reverse("feedback:suggestions", args=[session.cohort.code])
        yield format_html('<a class="govuk-link" href="{}">{}</a>', url, words % {"n": open_still})
    for one in found:
        if one.answer and one.told_as:
            said = {"told": one.told_as, "became": one.get_answer_display(), "why": one.why}
            yield _("You said: “%(told)s” %(became)s: %(why)s") % said


PART = Part(gettext_lazy("You said, we did: to tell at the recap"), lines=for_recap)
