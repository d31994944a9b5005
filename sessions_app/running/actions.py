"""Running a session. Steps are only added; a press that comes twice, from one device or two, adds one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import key_of, with_content
from ppg.models import User
from sessions_app.models import LaterQuestion, Session, SessionItem, SessionStep
from sessions_app.running import clock
from sessions_app.running.clock import Kind, Phase, Running
from sessions_app.running.refusals import why_shut

ON_WHAT_IS_ON = {Kind.START, Kind.FINISH, Kind.EXTEND}  # these mean what the person saw on; the others hold anyway
TIMED = {Kind.EXTEND, Kind.BREAK}


class Pressed(NamedTuple):
    """The step that stands for the press, and what to tell the person where somebody else made it."""

    step: SessionStep
    said: str = ""


@transaction.atomic
def step(
    *,
    session: Session,
    kind: str,
    key: str,
    by: User,
    item: SessionItem | None = None,
    minutes: int | None = None,
    seen: int | None = None,
    at: datetime | None = None,
) -> Pressed:
    """One press. `item` is the one named, or with Finish and Extend the one that the person saw on.

    `key` is made with the press: the same press again returns the first step, and with anything else in it is refused;
    somebody else's key is one's own. `seen` is how many steps the person had
    seen: what somebody else has done since is not done twice, and what is on by now is not finished by mistake.
    """
    session.lock()
    press_key = key_of(key, by=by, of="step")
    known = list(SessionStep.objects.filter(Q(key=press_key) | Q(session=session)).select_related("by"))
    if first := next((one for one in known if one.key == press_key), None):
        other_item = item is not None and first.item_id not in (None, item.pk)
        other_minutes = kind in TIMED and minutes != first.minutes
        if (first.session_id, first.kind) != (session.pk, kind) or other_item or other_minutes:
            raise Refused(_("This press was used for something else. Load the page again and press once more."))
        return Pressed(first)
    if sentence := why_shut(session):
        raise Refused(sentence)

    now, items = at or timezone.now(), list(session.items.all())
    stands = clock.state(items, known, now)
    newer = known if seen is None else known[seen:]
    if seen is not None and newer:
        if done := same_press(newer, stands, kind, item):
            return Pressed(done, done_already(done, by))
        saw = clock.state(items, known[:seen], now)
        if moved_on(saw, stands, kind):
            raise Refused(meanwhile(newer[-1], stands))
    if sentence := stands.why_not(kind, item):
        raise Refused(sentence)

    on = stands.item if kind in (Kind.FINISH, Kind.EXTEND) else item
    if kind == Kind.START and item is None and stands.next:
        on = stands.next[0]
    made = SessionStep.objects.create(
        session=session, kind=kind, item=on, minutes=minutes if kind in TIMED else None, key=press_key, at=now, by=by
    )
    if kind == Kind.END or stands.phase == Phase.BEFORE:
        fields = ["ended" if kind == Kind.END else "started"]
        audit.record(by, audit.Verb.CHANGED, session, cohort=session.cohort, fields=fields)
    return Pressed(made)


def end_forgotten(*, session: Session, by: User, at: datetime) -> None:
    """The end that nobody pressed. In the caller's transaction, which closes the session and holds it: nothing can
    refuse this end."""
    ended_at = clock.forgotten_end(session.items.all(), session.steps.all(), session.ends_at, at)
    if ended_at:
        key = f"closed-{session.code}"
        SessionStep.objects.create(session=session, kind=Kind.END, key=key, at=ended_at, by=by)
        audit.record(by, audit.Verb.CHANGED, session, cohort=session.cohort, fields=["ended"])


def same_press(
    newer: Sequence[SessionStep], stands: Running, kind: str, item: SessionItem | None
) -> SessionStep | None:
    """The step by which somebody else did the same thing since, if it still counts."""
    for step in reversed(newer):
        counts = step.kind == Kind.UNDO or step in stands.taken
        if counts and step.kind == kind and (item is None or step.item_id in (None, item.pk)):
            return step
    return None


def moved_on(saw: Running, stands: Running, kind: str) -> bool:
    """Whether the press would hit something else than the person meant."""
    if kind == Kind.UNDO:
        return True
    return kind in ON_WHAT_IS_ON and (saw.phase, saw.item) != (stands.phase, stands.item)


def done_already(done: SessionStep, by: User) -> str:
    if done.by_id == by.pk:
        return _("You have done that already.")
    return _("%(name)s has done that already.") % {"name": done.by.first_name}


def meanwhile(last: SessionStep, stands: Running) -> str:
    names = {"name": last.by.first_name, "what": last.get_kind_display()}
    if stands.item is None:
        return _("%(name)s has pressed “%(what)s” meanwhile. Look again, and press if you still want it.") % names
    return _("%(name)s has pressed “%(what)s” meanwhile: now it is “%(title)s”. Press if you still want it.") % {
        **names,
        "title": stands.item.title,
    }


@transaction.atomic
def note_question(*, session: Session, text: str, key: str, by: User, at: datetime | None = None) -> LaterQuestion:
    """Notes a question for later. The same words under the same key again return the first."""
    session.lock()
    own = key_of(with_content(key, {"text": text}), by=by, of=f"question {session.code}")
    if first := LaterQuestion.objects.filter(key=own).first():
        return first
    question = LaterQuestion.objects.create(session=session, text=text, key=own, by=by, at=at or timezone.now())
    audit.record(by, audit.Verb.CREATED, question, cohort=session.cohort)
    return question


@transaction.atomic
def take_up(*, question: LaterQuestion, by: User, at: datetime | None = None) -> None:
    """The question was taken up in the group. Once is enough."""
    if LaterQuestion.objects.filter(pk=question.pk, answered_at=None).update(answered_at=at or timezone.now()):
        audit.record(by, audit.Verb.CHANGED, question, cohort=question.session.cohort, fields=["answered_at"])


@transaction.atomic
def show_in_room(*, session: Session, display: str) -> None:
    """What the room's display shows from now on, on whatever device. It tells of nobody and leaves no entry."""
    session.lock()
    if session.cancelled_at:
        raise Refused(why_shut(session))
    session.room_display = display
    session.save(update_fields=["room_display"])
