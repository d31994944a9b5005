"""Running a session: the page for phone and laptop, the room's display, and what both ask every second or so."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from ppg.access.marks import requires, stays_open
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.models import User
from sessions_app.evening import stay_signed_in, wants_json
from sessions_app.models import Session
from sessions_app.models.running import FILMS, version, with_version
from sessions_app.running import actions, clock, displays
from sessions_app.running.clock import Kind, Phase, Running
from sessions_app.running.ending import tasks
from sessions_app.running.forms import DisplayForm, QuestionForm, StepForm
from sessions_app.running.refusals import why_shut
from sessions_app.session.views import who_leads

BREAKS = (5, 10, 15)  # minutes offered
UNREADABLE = gettext_lazy("We could not read this press. Load the page again and press once more.")
LONGEST = timedelta(hours=12)  # a session that began longer ago was forgotten, not run
UNDO_SECONDS = 10  # so long after a press the dock offers to undo it; later it is under More


def seen_by(user: User) -> QuerySet[Session]:
    return with_version(Session.objects.visible_to(user))


def find(request: HttpRequest, code: str) -> Session:
    sessions = seen_by(request.user).select_related("cohort").prefetch_related(FILMS)
    return get_object_or_404(sessions, code=code)


def read(session: Session) -> Running:
    """One query for the steps; the items are there."""
    steps = session.steps.select_related("by")
    return clock.state(session.items.all(), steps, timezone.now(), session.starts_at)


@stays_open
@requires(P.SESSION_SEE)
@require_safe
def run(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    return page(request, session)


def page(
    request: HttpRequest, session: Session, *, question: QuestionForm | None = None, said: str = "", status: int = 200
) -> HttpResponse:
    now = read(session)
    stay_signed_in(request, session, runs_until(session, now))
    may_run = can(request.user, P.SESSION_RUN)
    ended = now.phase == Phase.ENDED
    shut = why_shut(session)
    question = question or QuestionForm()
    listed = rows(now, may_run and not shut)
    light = request.GET.get("colours") == "light"
    context = {
        "session": session,
        "now": now,
        "version": version(session),
        "lead": who_leads(session.cohort)[now.item.lead] if now.item and not ended else "",
        "films": clock.films(now.item) if now.item else [],
        "rows": listed,
        "outside": [item for item in session.items.all() if not item.counted],
        "outcomes": now.outcomes() if ended else [],
        "tasks": tasks(session, request.user) if ended and may_run else [],
        "undo_until": undo_until(now),
        "may_skip": [row["outcome"].item for row in listed if row["may_skip"]][:2],  # what is on, and what comes next
        "query": "?colours=light" if light else "",
        "light": light,
        "may_run": may_run and not shut,
        "shut": shut,
        "today": session.day == timezone.localdate(),
        "why_not": {kind.value: now.why_not(kind) for kind in (Kind.EXTEND, Kind.BREAK, Kind.END, Kind.UNDO)},
        "breaks_offered": BREAKS if now.phase == Phase.RUNNING else (),
        "page_key": secrets.token_urlsafe(16),
        "questions": session.later_questions.filter(answered_at=None) if may_run else [],
        "question": question,
        "forms": [question],
        "said": said,
    }
    return render(request, "sessions_app/running/run.html", context, status=status)


def undo_until(now: Running) -> float:
    """Until when the dock offers Undo, by our clock; 0 where it does not. Right after an undo the step before is not
    offered: a second press of somebody who is not sure would take back what nobody looked at."""
    return now.last.at.timestamp() + UNDO_SECONDS if now.last_is_newest else 0.0


def rows(now: Running, may_run: bool) -> list[dict[str, Any]]:
    """The items in the order they come, those left out last: what became of each, and what may be pressed there."""
    stand = now.stand
    outcomes = {outcome.item.pk: outcome for outcome in now.outcomes()}
    over, out = ([pk for pk in outcomes if pk in group] for group in (stand.over, stand.out))
    order = [*over, *([] if stand.now is None else [stand.now]), *stand.queue, *out]
    live = may_run and now.phase in (Phase.RUNNING, Phase.BREAK)
    return [
        {
            "outcome": outcomes[pk],
            "is_now": pk == stand.now,
            "may_skip": live and not now.why_not(Kind.SKIP, now.items[pk]),
            "may_swap": live and not now.why_not(Kind.SWAP, now.items[pk]),
        }
        for pk in order
    ]


def runs_until(session: Session, now: Running) -> datetime | None:
    """When it will have ended, if it runs: also one that runs on another day than planned, or overruns."""
    started_at = now.stand.started_at
    if started_at is None or now.phase == Phase.ENDED or now.at - started_at >= LONGEST:
        return None
    return max(now.at, started_at + timedelta(minutes=session.minutes))


@stays_open
@requires(P.SESSION_SEE)
@require_safe
def room(request: HttpRequest, code: str) -> HttpResponse:
    """The room's display: what is on, how long still, what comes next. No prompts, and nothing about anybody.

    `?countdown=off` hides how long still on this display, whatever others show.
    """
    session = find(request, code)
    now = read(session)
    stay_signed_in(request, session, runs_until(session, now))
    hidden = request.GET.get("countdown") == "off"
    path = displays.address(session) if session.room_display == Session.Display.FEEDBACK else ""
    page = {
        "session": session,
        "now": now,
        "version": version(session),
        "countdown": session.room_display != Session.Display.PLAIN,
        "hidden": hidden,
        "query": "?countdown=off" if hidden else "",
        "address": request.build_absolute_uri(path) if path else "",
    }
    return render(request, "sessions_app/running/room.html", page)


@stays_open
@requires(P.SESSION_RUN)
@require_POST
def show_in_room(request: HttpRequest, code: str) -> HttpResponse:
    """What the room's display shows from now on."""
    session = find(request, code)
    form = DisplayForm(request.POST)
    if not form.is_valid():
        return answer(request, session, str(UNREADABLE), 422)
    try:
        actions.show_in_room(session=session, display=form.cleaned_data["display"])
    except Refused as refusal:
        return answer(request, session, str(refusal), refusal.status)
    return answer(request, session, "")


@stays_open
@requires(P.SESSION_SEE)
@require_safe
def run_state(request: HttpRequest, code: str) -> HttpResponse:
    """What every device asks while it shows the session: has anything changed, and what time is it? Three queries."""
    session = get_object_or_404(seen_by(request.user).only("pk", "room_display"), code=code)
    request.session.modified = False  # a device that asks by itself is nobody at work: it keeps no one signed in
    return JsonResponse({"version": version(session), "now": timezone.now().timestamp()})


@stays_open
@requires(P.SESSION_RUN)
@require_POST
def step(request: HttpRequest, code: str) -> HttpResponse:
    """One press. A script gets JSON, a form comes back to the page."""
    session = find(request, code)
    form = StepForm(request.POST)
    if not form.is_valid():
        return answer(request, session, str(UNREADABLE), 422)
    pressed = form.cleaned_data
    item_code = pressed.pop("code")
    item = get_object_or_404(session.items, code=item_code) if item_code else None
    try:
        done = actions.step(session=session, item=item, by=request.user, **pressed)
    except Refused as refusal:
        return answer(request, session, str(refusal), refusal.status)
    return answer(request, session, done.said)


@stays_open
@requires(P.SESSION_RUN)
@require_POST
def note_question(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    form = QuestionForm(request.POST)
    if not form.is_valid():
        if wants_json(request):
            return JsonResponse({"said": " ".join(form.errors.get("text", []))}, status=422)
        return page(request, session, question=form, status=422)
    typed = form.cleaned_data
    actions.note_question(session=session, text=typed["text"], key=typed["effect_key"], by=request.user)
    return answer(request, session, _("Question saved."))


@stays_open
@requires(P.SESSION_RUN)
@require_POST
def take_up(request: HttpRequest, code: str, question: str) -> HttpResponse:
    session = find(request, code)
    found = get_object_or_404(session.later_questions.select_related("session__cohort"), code=question)
    actions.take_up(question=found, by=request.user)
    return answer(request, session, "")


def answer(request: HttpRequest, session: Session, said: str, status: int = 200) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"said": said}, status=status)
    if status != 200:
        return page(request, session, said=said, status=status)
    if said:
        messages.info(request, said)
    return redirect("sessions:run", session.code)
