"""A session from *Prepare* to *Packs*: its steps, each with how far it is.

What a higher app knows of a session is a step of its own, which it adds in its `AppConfig.ready()`:

    others.add(feedback_step)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import OuterRef, QuerySet
from django.db.models.enums import TextChoices
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import Place
from ppg.access.permissions import P, can
from ppg.database.counts import how_many
from ppg.hooks import Hook
from ppg.models import User
from sessions_app.models import Delivery, Prepared, RegisterMark, Session, SessionStep, register_taken
from sessions_app.session.next import Next, with_last_step


class State(TextChoices):
    DONE = "done", gettext_lazy("Done")
    NOW = "now", gettext_lazy("Now")
    OPEN = "open", gettext_lazy("To do")  # its time has come, and something else goes first
    LATER = "later", gettext_lazy("Not yet")


COLOURS = {State.DONE: "green", State.NOW: "blue", State.OPEN: "yellow", State.LATER: "grey"}


@dataclass(frozen=True)
class Step:
    """One step of a session, as the person may take it."""

    slug: str
    label: str
    url: str
    state: State
    words: str = ""  # how far it is: "6 of 8 here"

    @property
    def colour(self) -> str:
        return COLOURS[self.state]


# Between *Run* and *Close*. `session` comes from `with_steps`; one query at most.
others: Hook[Callable[[Session, User, datetime], Step | None]] = Hook(
    "Steps of a session between running and closing it, with how far each is.", key=lambda step: step
)


def with_steps(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Each with what its steps tell, in the same query."""
    there = RegisterMark.objects.filter(session=OuterRef("pk")).attended()
    people = Place.objects.filter(cohort=OuterRef("cohort")).in_group()
    packs = Delivery.objects.filter(pack__session=OuterRef("pk"))
    return with_last_step(sessions).annotate(
        taken=register_taken(),
        there=how_many(there, "session"),
        people=how_many(people, "cohort"),
        ready=how_many(Prepared.objects.filter(session=OuterRef("pk")), "session"),
        packs=how_many(packs, "pack__session"),
        packs_gone=how_many(packs.filter(state__in=GONE), "pack__session"),
    )


GONE = (Delivery.State.SENT, Delivery.State.HANDED)


def attendance(session: Any) -> str:
    """ "6 of 8 here" where the register was taken. More may have come than are in the group now."""
    if not session.taken:
        return ""
    return _("%(n)s of %(of)s here") % {"n": session.there, "of": max(session.people, session.there)}


def steps(session: Session, user: User, now: datetime) -> list[Step]:
    """Those that the person may open, in order. `session` comes from `with_steps`."""
    at = Next(session, now)
    own = ((P.SESSION_RUN, prepare), (P.REGISTER_SEE, register), (P.SESSION_RUN, run))
    made = [step(at) for needs, step in own if can(user, needs)]
    made += [step for other in others if (step := other(session, user, now))]
    made += [step(at) for needs, step in ((P.SESSION_RUN, close), (P.PACK_SEND, packs)) if can(user, needs)]
    return made


def main_step(made: list[Step], session: Session, now: datetime) -> Step | None:
    """The one thing to do with the session at this time of day; none once it is cancelled or all is done."""
    if session.cancelled_at:
        return None
    if session.closed_at:
        wanted = "packs"
    else:
        wanted = Next(session, now).stage
    return next((step for step in made if step.slug == wanted and step.state != State.DONE), None)


# --- One by one ---------------------------------------------------------------------------------------------


def prepare(at: Next) -> Step:
    session: Any = at.session
    words = ngettext("%(n)s thing ready", "%(n)s things ready", session.ready) % {"n": session.ready}
    state = State.DONE if at.begun or session.closed_at else State.NOW if at.stage == "prepare" else State.OPEN
    if state == State.OPEN and session.ready:
        state = State.DONE
    return Step("prepare", _("Prepare"), _to("prepare", session), state, words if session.ready else "")


def register(at: Next) -> Step:
    session: Any = at.session
    if session.taken and (at.over or session.closed_at):
        state = State.DONE
    elif at.over or session.closed_at:
        state = State.OPEN
    else:
        state = State.NOW if at.is_today else State.LATER
    return Step("register", _("Register"), _to("register", session), state, attendance(session))


def run(at: Next) -> Step:
    session: Any = at.session
    ended = session.last_step == SessionStep.Kind.END
    if ended or session.closed_at:
        state, words = State.DONE, ""
    elif session.last_step and session.last_step != SessionStep.Kind.UNDO:
        state, words = State.NOW, _("Running")
    else:
        state = State.NOW if at.stage == "run" else State.OPEN if at.over else State.LATER
        words = ""
    return Step("run", _("Run the session"), _to("run", session), state, words)


def close(at: Next) -> Step:
    state = State.DONE if at.session.closed_at else State.NOW if at.over else State.LATER
    return Step("close", _("Close the session"), _to("close", at.session), state)


def packs(at: Next) -> Step:
    session: Any = at.session
    words = _("%(n)s of %(of)s sent or given") % {"n": session.packs_gone, "of": session.packs}
    if not session.packs:
        state, words = State.DONE if session.closed_at else State.LATER, _("No packs") if session.closed_at else ""
    else:
        state = State.DONE if session.packs_gone == session.packs else State.NOW
    return Step("packs", _("Packs"), _to("pack", session), state, words)


def _to(page: str, session: Session) -> str:
    return reverse(f"sessions:{page}", args=[session.code])
