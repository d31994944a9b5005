"""A form is put before a group, and closed; then its box is opened, if enough people answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback import sealing
from feedback.asking.queries import why_not_close, why_not_final
from feedback.models import Answer, Form, SealedAnswer, SpentNonce, Submission, Way
from feedback.questions import questionnaires
from feedback.results.least_answers import least
from feedback.slips.actions import put_away
from feedback.slips.adding_up import opened_together
from feedback.slips.queries import box_of, by_link
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.models import User
from programmes.models import Cohort
from sessions_app.models import Session

CLOSES = time(20)  # on the day after the session
FINAL_LASTS = timedelta(weeks=4)


@transaction.atomic
def open_form(*, session: Session, by: User | None, at: datetime | None = None) -> Form:
    """Puts the feedback questions before the group of this session. Pressed twice, it is the same form.

    It is answered by slips, unless the lead chose the link for this group. It closes by itself the evening after, or
    before the group meets again. While earlier answers still lie sealed the questions stay theirs: what is shown
    together was asked alike.
    """
    at = at or timezone.now()
    cohort = locked(session.cohort_id)
    if form := Form.objects.filter(session=session).first():
        return form
    unopened = cohort.forms.after_sessions().unopened().select_related("questionnaire").first()
    form = Form.objects.create(
        questionnaire=unopened.questionnaire if unopened else questionnaires.session_feedback(),
        cohort=cohort,
        session=session,
        closes_at=_closing_time(session, at),
        key=sealing.new_key(),
        slips=not by_link(cohort),
        opened_by=by,
    )
    audit.record(by, audit.Verb.CREATED, form, cohort=cohort)
    return form


@transaction.atomic
def open_final_form(*, cohort: Cohort, by: User | None, at: datetime | None = None) -> Form:
    """Puts the questions after the programme before the group, once. It closes by itself after four weeks. It is always
    answered by slips: no other session's answers could be opened with it."""
    at = at or timezone.now()
    locked(cohort.pk)
    if form := cohort.forms.final().first():
        return form
    if why := why_not_final(cohort, at):
        raise Refused(why)
    form = Form.objects.create(
        questionnaire=questionnaires.final_form(),
        cohort=cohort,
        closes_at=at + FINAL_LASTS,
        key=sealing.new_key(),
        slips=True,
        opened_by=by,
    )
    audit.record(by, audit.Verb.CREATED, form, cohort=cohort)
    return form


def dates_moved(cohort: Cohort, at: datetime) -> None:
    """Sessions of this group were moved, cancelled or added: its open forms close before the group meets again.

    A form whose time to close has come stays as it is, even where the worker has not closed it yet. One that was opened
    late gets no more time.
    """
    for form in cohort.forms.after_sessions().filter(closed_at=None, closes_at__gt=at).select_related("session"):
        if form.session and form.closes_at:
            evening = _evening_after(form.session.day)
            form.closes_at = _before_they_meet(form.session, at, evening if evening > at else form.closes_at)
            form.save(update_fields=["closes_at"])


def _closing_time(session: Session, at: datetime) -> datetime:
    """Of a form that is opened late: the evening after it was opened."""
    return _before_they_meet(session, at, _evening_after(max(session.day, timezone.localdate(at))))


def _evening_after(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), CLOSES))


def _before_they_meet(session: Session, at: datetime, closes: datetime) -> datetime:
    following = Session.objects.filter(cohort=session.cohort_id).after(max(at, session.starts_at)).first()
    return min(closes, following.starts_at) if following else closes


def locked(cohort_id: int) -> Cohort:
    """Opening and closing in one group happen one after the other."""
    return Cohort.objects.select_for_update().get(pk=cohort_id)


# --- Closed, and its box opened ---------------------------------------------------------------------------


@transaction.atomic
def close_form(*, form: Form, by: User | None, at: datetime | None = None) -> Form:
    """Takes no more answers. Of a form by link the box is opened if enough counts; else, and where slips are to be
    counted first, the answers wait, sealed.

    This is what the clock does. Before its time two people close a form: `ask_to_close`, `close_early`.
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


@transaction.atomic
def ask_to_close(*, form: Form, by: User) -> Form:
    """Somebody would like the form closed before its time. Nothing changes until a second person closes it; whoever
    asked first has asked."""
    locked(form.cohort_id)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.closed_at or form.asked_to_close_by_id:
        return form
    form.asked_to_close_by = by
    form.save(update_fields=["asked_to_close_by"])
    audit.record(by, audit.Verb.CHANGED, form, cohort=form.cohort, fields=["asked_to_close_by"])
    return form


@transaction.atomic
def close_early(*, form: Form, by: User, was_not_there: bool, at: datetime | None = None) -> Form:
    """Closes a form before its time: by a second person, who was not in the room, at somebody else's request."""
    locked(form.cohort_id)
    form = Form.objects.select_for_update().get(pk=form.pk)
    if form.closed_at:
        return form
    if why := why_not_close(form, by):
        raise Refused(why)
    if not was_not_there:
        raise Refused(_("Only somebody who was not in the room can close the form before its time."))
    return close_form(form=form, by=by, at=at)


def show_if_enough(form: Form) -> None:
    """Opens a closed form's box and what waits with it, if enough of their sheets count; else they wait on. Which do is
    said in `feedback.slips.adding_up`.

    For a transaction that has locked the group.
    """
    waiting = Form.objects.anonymous().waiting().filter(cohort=form.cohort_id, questionnaire=form.questionnaire_id)
    forms = {one.pk: one for one in waiting}
    if form.pk not in forms:
        return
    boxes = {one.pk: box_of(one) for one in forms.values()}
    if keys := opened_together(list(boxes.values()), form.pk, least()):
        counting = [forms[key] for key in keys if boxes[key].counts and boxes[key].by_slips == form.slips]
        _show(forms[form.pk], [forms[key] for key in keys], counting)


def _show(form: Form, together: list[Form], counting: list[Form]) -> None:
    """Opens several boxes as one. All answers are written under the form that brought them to the least number: which
    session an answer was about is not kept where a session had too few. How many came on paper is kept, which ones did
    is not. `counting`: those of the forms whose sheets count."""
    few = _answered_by_few(form, counting)
    payloads = _empty(form, together)
    _leave_out(payloads, few)
    put_away(form, together, used=sum(bool(payload.get("slip")) for payload in payloads))
    ways = [payload["way"] for payload in payloads]
    sealing.shuffle(ways)
    for payload, way in zip(payloads, ways, strict=True):
        payload["way"] = way
    write_submissions(form, payloads)


def _answered_by_few(form: Form, counting: list[Form]) -> set[str]:
    """Questions that fewer sheets than the least number answered, of those that count; nor is it enough where some
    answered by themselves and others on paper, which whoever typed it in knows. What people wrote is shown one by one
    and needs no number."""
    payloads = [payload for one in counting for payload in sealing.open_box([one])]
    sheets = [payload for payload in payloads if payload.get("slip") or not form.slips]
    questions = [question for question in form.questionnaire.questions.all() if not question.behaviour.is_words]
    few = set()
    for slug in (question.slug for question in questions):
        ways = [payload["way"] for payload in sheets if slug in payload["answers"]]
        themselves = sum(way != Way.PAPER for way in ways)
        if len(ways) < least() or (form.slips and 0 < themselves < least()):
            few.add(slug)
    return few


def _leave_out(payloads: list[sealing.Payload], few: set[str]) -> None:
    """Of a question that too few answered with a sheet that counts nothing is kept, if sheets that do not count would
    bring it to the least number: they would show the few."""
    for slug in few:
        if sum(slug in payload["answers"] for payload in payloads) >= least():
            for payload in payloads:
                payload["answers"].pop(slug, None)


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
            rows, sheet = (words, None) if question.behaviour.is_words else (numbers, submission)
            for fields in question.behaviour.stored(given):
                rows.append(Answer(form=form, submission=sheet, question=question, **fields))
    sealing.shuffle(words)
    Submission.objects.bulk_create([submission for _payload, submission in pairs])
    Answer.objects.bulk_create([*numbers, *words])
    return pairs


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
