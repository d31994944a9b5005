"""What is left to do once a session has ended, in order, and how far each of it is."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caregivers.models import FollowUp
from ppg.access.permissions import P, can
from ppg.models import User
from sessions_app.models import Delivery, Session
from sessions_app.register import rows as register
from sessions_app.running import displays

THEIRS = (Delivery.State.SENT, Delivery.State.HANDED)


class Task(NamedTuple):
    """`url` is a page; the first task is a press instead."""

    name: str
    title: str
    url: str
    state: str
    done: bool = False


def tasks(session: Session, user: User) -> list[Task]:
    """Those that this person may do. Four queries while the session is open, five once it is closed."""
    people = register.rows(list(session.on_register()), session.marks.all(), session.day)
    offered: list[tuple[Any, Task]] = [
        (P.FEEDBACK_SEE, feedback(session)),
        (P.REGISTER_SEE, ticks(session, people)),
        (P.FOLLOW_UP, talks(session, people)),
        (P.SESSION_RUN, closing(session)),
        (P.PACK_SEND, packs(session)),
    ]
    return [task for permission, task in offered if can(user, permission)]


def feedback(session: Session) -> Task:
    is_open = bool(displays.address(session))
    return Task("feedback", _("Show the feedback code"), "", _("Open") if is_open else "", is_open)


def ticks(session: Session, people: list[register.RegisterRow]) -> Task:
    url = reverse("sessions:register", args=[session.code])
    left = sum(row.is_open and not row.joined_later for row in people)
    if left:
        state = ngettext("%(n)s to tick", "%(n)s to tick", left) % {"n": left}
    else:
        here, total = register.here(people)
        state = _("%(here)s of %(total)s here") % {"here": here, "total": total}
    return Task("register", _("Register"), url, state, not left)


def talks(session: Session, people: list[register.RegisterRow]) -> Task:
    """Who stayed is known of everybody who was there, or of some."""
    url = reverse("sessions:after", args=[session.code])
    here = {row.place.caregiver_id for row in people if row.is_here}
    of_session = FollowUp.objects.filter(
        cohort=session.cohort_id, session_number=session.number, kind=FollowUp.Kind.AFTER
    )
    left = len(here - set(of_session.values_list("caregiver", flat=True)))
    if not here:
        return Task("stayed", _("Who stayed to talk"), url, "")
    state = ngettext("%(n)s to record", "%(n)s to record", left) % {"n": left} if left else _("Recorded")
    return Task("stayed", _("Who stayed to talk"), url, state, not left)


def closing(session: Session) -> Task:
    url = reverse("sessions:close", args=[session.code])
    return Task("close", _("Close the session"), url, _("Closed") if session.closed_at else "", bool(session.closed_at))


def packs(session: Session) -> Task:
    url = reverse("sessions:pack", args=[session.code])
    if not session.closed_at:
        return Task("packs", _("Packs"), url, _("After closing"))
    left = Delivery.objects.filter(pack__session=session).exclude(state__in=THEIRS).count()
    state = ngettext("%(n)s to give", "%(n)s to give", left) % {"n": left} if left else _("Done")
    return Task("packs", _("Packs"), url, state, not left)
