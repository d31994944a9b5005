"""The register of a session: who is here, on one screen."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.models import Place
from caregivers.people.queries import board
from caregivers.places.rules import SAY_WHY
from ppg.access.marks import public, requires, stays_open
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.every_request.headers import CONTENT_SECURITY_POLICY
from ppg.models import User
from sessions_app.evening import stay_signed_in, wants_json
from sessions_app.models import Session
from sessions_app.register import actions
from sessions_app.register import rows as register_rows
from sessions_app.register.forms import KEY, EveryoneForm, LetInForm, MarkForm, UndoEveryoneForm
from sessions_app.register.visitors import Visitor


def find(request: HttpRequest, code: str) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)


def read(session: Session, viewer: User) -> list[register_rows.RegisterRow]:
    """Two queries, however many people and ticks."""
    marks = session.marks.select_related("recorded_by")
    return register_rows.rows(list(session.on_register()), marks, session.day, viewer.pk)


def answer(rows: list[register_rows.RegisterRow], now: datetime, **more: Any) -> JsonResponse:
    """What the register says of these rows, by the code of the place, and our time before they were read."""
    states = {
        row.place.code: {"state": row.state, "told": row.notice, "overruled": row.overruled is not None} for row in rows
    }
    return JsonResponse({"rows": states, "now": now.timestamp(), **more})


@stays_open
@requires(P.REGISTER_SEE)
@require_safe
def register(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    stay_signed_in(request, session)
    now = timezone.now()  # before the rows are read: a device compares it with what it has heard of single ticks
    rows = read(session, request.user)
    early = session.day > timezone.localdate(now)
    here, total = register_rows.sent_apologies(rows) if early else register_rows.here(rows)
    keep_seconds = register_rows.keep_seconds(now)
    if wants_json(request):  # what another device ticked meanwhile, and the token after signing in again
        more = {"token": get_token(request), "user": request.user.code, "keep_seconds": keep_seconds, "early": early}
        return answer(rows, now, **more)
    saw(request, session, (row.place for row in rows))
    press = request.GET.get("pressed", "")  # "everyone here", pressed where no script runs
    pressed = actions.still_as_pressed(rows, press, request.user) if KEY.match(press) else []
    return render(
        request,
        "sessions_app/register/register.html",
        {
            "session": session,
            "rows": rows,
            "here": here,
            "total": total,
            "ticks": register_rows.BEFORE_ITS_DAY if early else register_rows.TICKS,
            "may_mark": can(request.user, P.REGISTER_MARK),
            "early": early,
            "today": session.day == timezone.localdate(now),
            "press": press if pressed else "",
            "pressed": [row.place for row in pressed],
            "someone_open": any(row.is_open and not row.joined_later for row in rows),
            "new_key": lambda: str(uuid.uuid4()),
            "now": now.timestamp(),
            "keep_seconds": keep_seconds,
            "kept": "kept" in request.GET,  # the copy for the device: docs/decisions/offline-register.md
        },
    )


def saw(request: HttpRequest, session: Session, places: Iterable[Place]) -> None:
    """Their names stand on this page. A script that only asks for ticks is told no names, and leaves no entries."""
    audit.saw(request, places, cohort=session.cohort, of=session)


@stays_open
@requires(P.REGISTER_MARK)
@require_POST
def mark(request: HttpRequest, code: str) -> HttpResponse:
    """One tick. A script gets JSON, a form goes back to its row."""
    if is_somebody_elses(request):
        return JsonResponse({"somebody_elses": True}, status=409)
    form = MarkForm(request.POST)
    try:
        session = find(request, code)
        if not form.is_valid():
            return refused(request, _("We could not read this tick. Load the page again and tick once more."), 422)
        places = Place.objects.visible_to(request.user).filter(cohort=session.cohort_id).select_related("caregiver")
        place = get_object_or_404(places.only(*Session.NAMED), code=form.cleaned_data.pop("place"))
        actions.mark(session=session, place=place, by=request.user, **form.cleaned_data)
    except Http404:
        if wants_json(request):
            return refused(request, _("Not saved: this person or session is not in your groups any more."), 404)
        raise
    except Refused as refusal:
        return refused(request, str(refusal), refusal.status)
    if wants_json(request):
        now = timezone.now()
        marks = list(session.marks.filter(place=place).select_related("recorded_by"))
        overruled = register_rows.overruled(marks, request.user.pk)
        row = register_rows.RegisterRow(place, "", register_rows.latest(marks), overruled=overruled)
        return answer([row], now, key=form.cleaned_data["key"])
    return redirect(reverse("sessions:register", args=[code]) + f"#row-{place.code}")


@stays_open
@requires(P.REGISTER_MARK)
@require_POST
def everyone_here(request: HttpRequest, code: str) -> HttpResponse:
    """Ticks as here whoever is not ticked yet. A script gets every row, and whose tick is of this press."""
    if is_somebody_elses(request):
        return JsonResponse({"somebody_elses": True}, status=409)
    session = find(request, code)
    form = EveryoneForm(request.POST)
    if not form.is_valid():
        return refused(request, _("We could not read this tick. Load the page again and tick once more."), 422)
    key, only, ago = form.cleaned_data["key"], form.cleaned_data["places"], form.ago_seconds()
    try:
        actions.everyone_here(session=session, key=key, by=request.user, only=only, ago_seconds=ago)
    except Refused as refusal:
        return refused(request, str(refusal), refusal.status)
    if wants_json(request):
        now = timezone.now()
        rows = read(session, request.user)
        pressed = [row.place.code for row in actions.still_as_pressed(rows, key, request.user)]
        return answer(rows, now, key=key, pressed=pressed)
    return redirect(reverse("sessions:register", args=[code]) + "?" + urlencode({"pressed": key}))


@stays_open
@requires(P.REGISTER_MARK)
@require_POST
def undo_everyone(request: HttpRequest, code: str) -> HttpResponse:
    """Takes back what one press of "everyone here" ticked. A script gets every row."""
    if is_somebody_elses(request):
        return JsonResponse({"somebody_elses": True}, status=409)
    session = find(request, code)
    form = UndoEveryoneForm(request.POST)
    if not form.is_valid():
        return refused(request, _("We could not read what to undo. Load the page again and try once more."), 422)
    sent = form.cleaned_data
    actions.undo_everyone(
        session=session,
        press=sent["press"],
        key=sent["key"],
        by=request.user,
        only=sent["places"],
        ago_seconds=form.ago_seconds(),
    )
    if wants_json(request):
        now = timezone.now()
        return answer(read(session, request.user), now, key=sent["key"])
    return redirect("sessions:register", code)


def is_somebody_elses(request: HttpRequest) -> bool:
    """A tick that waited on a shared device belongs to who made it: the device keeps it until they sign in."""
    return request.POST.get("maker", request.user.code) != request.user.code


def refused(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"sentence": sentence}, status=status)
    raise Refused(sentence)


@public
@require_safe
def register_worker(request: HttpRequest) -> HttpResponse:
    """The script that opens the register without a connection. Its place among the addresses bounds what it may
    serve, and each register asks for itself alone: /sessions/<code>/register/."""
    pages = {
        name: render_to_string("sessions_app/register/offline.html", {"why": name}, request)
        for name in ("gone", "waiting", "silent", "offline")
    }
    headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": CONTENT_SECURITY_POLICY,
        "Cache-Control": "no-store",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "X-Content-Type-Options": "nosniff",
    }
    script = (settings.BASE_DIR / "static/js/register-worker.js").read_text()
    constants = f"const PAGES = {json.dumps(pages)};\nconst HEADERS = {json.dumps(headers)};\n"
    return HttpResponse(constants + script, content_type="text/javascript")


@stays_open
@requires(P.REGISTER_SEE)
@require_safe
def row_details(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """Allergies, access and whom to call, of one person. Each opening is in the audit trail."""
    session = find(request, code)
    places = Place.objects.visible_to(request.user).filter(cohort=session.cohort_id).select_related("caregiver")
    health = ["caregiver__allergies", "caregiver__access_needs", "caregiver__registered_at"]
    row = get_object_or_404(places.only(*Session.NAMED, *health), code=place)
    fields = ["access_needs", "allergies", "emergency_contacts"]
    audit.record(
        request.user, audit.Verb.SAW, row.caregiver, person=row.caregiver, cohort=session.cohort, fields=fields
    )
    contacts = list(row.caregiver.emergency_contacts.all())
    none = _("They told us of none.") if row.caregiver.registered_at else ""
    context = {"session": session, "person": row.caregiver, "place": row, "contacts": contacts, "none": none}
    return render(request, "sessions_app/register/details.html", context)


@requires(P.REGISTER_SEE)
@require_safe
def register_history(request: HttpRequest, code: str) -> HttpResponse:
    """Every tick of this session, corrections too, the newest first."""
    session = find(request, code)
    marks = session.marks.select_related("recorded_by", "place__caregiver").order_by("-made_at", "-id")
    named = [f"place__{name}" for name in Session.NAMED]
    marks = marks.only("session", "state", "made_at", "recorded_by__name", "place", *named)
    names = register_rows.called({*session.on_register(), *(mark.place for mark in marks)})
    lines = [(names[mark.place_id], mark) for mark in marks]
    saw(request, session, {mark.place for mark in marks})
    return render(request, "sessions_app/register/history.html", {"session": session, "lines": lines})


@requires(P.REGISTER_SEE)
@require_safe
def register_print(request: HttpRequest, code: str) -> HttpResponse:
    """On paper: the names people are called by and boxes to tick. It may be left lying about, so nothing else."""
    session = find(request, code)
    rows = read(session, request.user)
    saw(request, session, (row.place for row in rows))
    context = {"session": session, "rows": rows, "ticks": register_rows.TICKS, "blank": range(2)}
    return render(request, "sessions_app/register/print.html", context)


@requires(P.REGISTER_MARK)
@require_http_methods(["GET", "HEAD", "POST"])
def somebody_else(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody came who is not on the register: who may join now, and what to do where somebody may not."""
    session = find(request, code)
    may_override = can(request.user, P.PLACE_GIVE)
    people = board(session.cohort, timezone.now())
    form = LetInForm(request.POST or None)
    error = ""
    if form.is_valid():
        sent = form.cleaned_data
        person = next((entry for entry in people.people if entry.caregiver.code == sent["person"]), None)
        if person is None:
            raise Http404
        why_first = sent["why_first"] if may_override else ""
        try:
            made = actions.let_in(
                session=session, caregiver=person.caregiver, key=sent["key"], by=request.user, why_first=why_first
            )
        except Refused as refusal:
            error = str(refusal)
        else:
            return redirect(reverse("sessions:register", args=[code]) + f"#row-{made.place.code}")
    elif form.is_bound:
        error = _("We could not read what was sent. Choose the person once more.")
    visitors = [Visitor(person, may_override) for person in people.people if person.where != Place.State.TAKEN]
    audit.saw(request, (visitor.person for visitor in visitors), cohort=session.cohort, of=session)
    context = {
        "session": session,
        "visitors": sorted(visitors, key=lambda row: (bool(row.why_not), row.person.caregiver.called.casefold())),
        "free": people.seats.free,
        "error": error,
        "tried": request.POST.get("person", ""),
        "say_why": SAY_WHY,
        "why_first": request.POST.get("why_first") or _("Came to session %(number)s") % {"number": session.number},
        "new_key": lambda: str(uuid.uuid4()),
    }
    return render(request, "sessions_app/register/somebody_else.html", context, status=422 if error else 200)
