"""Closing a form, and opening its box."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import sealing
from feedback.actions.opening import locked
from feedback.models import Answer, Form, PaperPile, Question, SealedAnswer, SpentNonce, Submission
from ppg import audit
from ppg.models import User
from ppg.refusals import Refused

log = logging.getLogger("ppg.feedback")

LEAST_FLOOR = 3
PILES_WAIT = timedelta(days=1)  # so long a form that is due waits for paper sheets that are being typed in


def least() -> int:
    """How many people must have answered before anything is shown; never under three, whatever the setting."""
    return max(LEAST_FLOOR, settings.FEEDBACK_LEAST)


@transaction.atomic
def close_form(*, form: Form, by: User | None, at: datetime | None = None) -> Form:
    """Takes no more answers. They are opened if enough people answered, else they wait, sealed.

    Whatever waits in the group joins in: the answers of all these sessions are opened together, or none. The form
    after the programme asks other questions, so it is opened by itself or not at all.
    A measure is only closed here; `evaluation` opens its box.
    """
    cohort = locked(form.cohort_id)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.closed_at:
        return form
    form.closed_at = at or timezone.now()
    form.save(update_fields=["closed_at"])
    audit.record(by, audit.Verb.CHANGED, form, cohort=cohort, fields=["closed_at"])
    show_if_enough(form)
    form.refresh_from_db()
    return form


def show_if_enough(form: Form) -> None:
    """Opens a closed form's box and whatever waits with it, if there are enough answers in all; else they wait on.

    For a transaction that has locked the group.
    """
    waiting = Form.objects.anonymous().waiting().filter(cohort=form.cohort_id, questionnaire=form.questionnaire_id)
    together = list(waiting)
    if form in together and SealedAnswer.objects.filter(form__in=together).count() >= least():
        _show(form, together)


def _show(form: Form, together: list[Form]) -> None:
    """Opens several boxes as one. All answers are written under the form that brought them to the least number:
    which session an answer was about is not kept where a session had too few. How many came on paper is kept,
    which ones did is not."""
    payloads = _empty(form, together)
    ways = [payload["way"] for payload in payloads]
    sealing.shuffle(ways)
    for payload, way in zip(payloads, ways, strict=True):
        payload["way"] = way
    write_submissions(form, payloads)


@transaction.atomic
def open_form_box(form: Form) -> list[sealing.Payload]:
    """A closed form's answers, shuffled, for the caller to write in its own transaction; the box is destroyed.

    For measures, whose answers carry a pseudonym: `for payload, submission in write_submissions(form, payloads)`.
    A box that was opened before is empty.
    """
    locked(form.cohort_id)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if not form.closed_at:
        raise Refused(_("Close the form first."))
    return [] if form.opened_with_id else _empty(form, [form])


def write_submissions(form: Form, payloads: Iterable[sealing.Payload]) -> list[tuple[sealing.Payload, Submission]]:
    """Writes opened answers in the order given (it was shuffled) with random keys; what people wrote stands
    apart from the scores and from each other, shuffled once more. Unknown questions are left out."""
    questions = {question.slug: question for question in form.questionnaire.questions.all()}
    pairs = [(payload, Submission(form=form, way=payload["way"])) for payload in payloads]
    numbers: list[Answer] = []
    words: list[Answer] = []
    for payload, submission in pairs:
        for slug, given in payload["answers"].items():
            if not (question := questions.get(slug)):
                continue
            if question.kind == Question.Kind.TEXT:
                words.append(_words(form, question, given))
                continue
            for number in given if isinstance(given, list) else [int(str(given))]:
                numbers.append(Answer(form=form, submission=submission, question=question, number=number))
    sealing.shuffle(words)
    Submission.objects.bulk_create([submission for _payload, submission in pairs])
    Answer.objects.bulk_create([*numbers, *words])
    return pairs


def _words(form: Form, question: Question, given: sealing.Given) -> Answer:
    if isinstance(given, dict):
        return Answer(form=form, question=question, text=given["text"], may_quote=given["may_quote"])
    return Answer(form=form, question=question, text=str(given))


def _empty(form: Form, together: list[Form]) -> list[sealing.Payload]:
    """Takes everything out of these boxes and destroys envelopes, nonces and keys."""
    payloads = sealing.open_box(together)
    SealedAnswer.objects.filter(form__in=together).delete()
    SpentNonce.objects.filter(form__in=together).delete()
    Form.objects.filter(pk__in=[one.pk for one in together]).update(key="", opened_with=form)
    transaction.on_commit(wipe_journal, robust=True)
    return payloads


def wipe_journal() -> None:
    """SQLite's write-ahead log still holds the envelopes until it is emptied; deleted rows are overwritten by
    `secure_delete`. If somebody is reading just now, a later checkpoint does it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def close_due_forms(now: datetime) -> int:
    """Closes the forms whose time has come; returns how many. Measures are closed by `evaluation`.

    While paper sheets are being typed in a form waits, a day at most: it takes nothing else meanwhile.
    """
    closed = 0
    being_typed = Q(Exists(PaperPile.objects.filter(form=OuterRef("pk"))), closes_at__gt=now - PILES_WAIT)
    for form in Form.objects.due(now).anonymous().exclude(being_typed).order_by("closes_at", "id"):
        try:
            close_form(form=form, by=None, at=now)
            closed += 1
        except Exception as error:  # one group's fault must not keep the others' forms open
            log.error("A form that was due could not be closed: %s", type(error))
    return closed
