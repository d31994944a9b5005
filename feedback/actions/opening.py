"""Putting a form before a group."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from feedback import questionnaires, sealing
from feedback.models import Form
from ppg import audit
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort
from sessions_app.models import Session

OPEN_AFTER_LAST = timedelta(days=14)
FINAL_LASTS = timedelta(weeks=4)


@transaction.atomic
def open_form(*, session: Session, by: User | None, at: datetime | None = None) -> Form:
    """Puts the feedback questions before the group of this session. Pressed twice, it is the same form.

    It closes by itself before the group meets again, or two weeks after the last session. While earlier answers
    still lie sealed the questions stay theirs: what is shown together was asked alike.
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
    )
    audit.record(by, audit.Verb.CREATED, form, cohort=cohort)
    return form


@transaction.atomic
def open_final_form(*, cohort: Cohort, by: User | None, at: datetime | None = None) -> Form:
    """Puts the questions after the programme before the group, once. It closes by itself after four weeks."""
    at = at or timezone.now()
    locked(cohort.pk)
    if form := cohort.forms.final().first():
        return form
    if why := why_not_final(cohort, at):
        raise Refused(why)
    form = Form.objects.create(
        questionnaire=questionnaires.final_form(), cohort=cohort, closes_at=at + FINAL_LASTS, key=sealing.new_key()
    )
    audit.record(by, audit.Verb.CREATED, form, cohort=cohort)
    return form


def why_not_final(cohort: Cohort, at: datetime) -> str:
    """Why the form after the programme cannot be opened yet, or nothing: it can from the last session's day on."""
    last = cohort.sessions.taking_place().order_by("starts_at").last()
    if last is None:
        return _("This group has no session yet.")
    if last.day <= timezone.localdate(at):
        return ""
    return _("The form opens on the day of the last session: %(day)s.") % {"day": date_format(last.day, "j F Y")}


def dates_moved(cohort: Cohort, at: datetime) -> None:
    """Sessions of this group were moved, cancelled or added: its open forms close before the group meets again.

    A form whose time to close has come stays as it is, even where the worker has not closed it yet.
    """
    for form in cohort.forms.after_sessions().filter(closed_at=None, closes_at__gt=at).select_related("session"):
        if form.session:
            form.closes_at = _closing_time(form.session, at)
            form.save(update_fields=["closes_at"])


def _closing_time(session: Session, at: datetime) -> datetime:
    later = Session.objects.taking_place().filter(cohort=session.cohort_id, starts_at__gt=max(at, session.starts_at))
    following = later.order_by("starts_at").first()
    return following.starts_at if following else max(at, session.ends_at) + OPEN_AFTER_LAST


def locked(cohort_id: int) -> Cohort:
    """Opening and closing in one group happen one after the other."""
    return Cohort.objects.select_for_update().get(pk=cohort_id)
