"""Planning a session: when it is, whether it takes place, what happens in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.time_of_day import day_and_clock
from ppg.versions import ChangedMeanwhile
from sessions_app.bookings import Booked
from sessions_app.models import Session, how_many_sent_apologies
from sessions_app.occasions import occasions
from sessions_app.planning import actions, changes
from sessions_app.planning.agenda_forms import AgendaEdit
from sessions_app.planning.forms import AddForm, CancelForm, MoveForm, PutBackForm, WhyForm
from sessions_app.planning.queries import why_agenda_fixed, why_fixed
from sessions_app.planning.telling import to_tell
from sessions_app.session.timeline import at_times

MOST_CHANGES = 100


def find(request: HttpRequest, code: str) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)


@requires(P.SESSION_PLAN)
@require_safe
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """All of the plan at a glance, and the ways to change it."""
    found = Session.objects.visible_to(request.user).select_related("cohort").prefetch_related("items__guests")
    session = get_object_or_404(found, code=code)
    guests = [(item, guest) for item in session.items.all() for guest in item.guests.all()]
    kept = session.adaptations.select_related("by", "item").order_by("-at", "-id")[:MOST_CHANGES]
    return render(
        request,
        "sessions_app/planning/plan.html",
        {
            "session": session,
            "cohort": session.cohort,
            "slots": at_times(session.starts_at, session.minutes, session.items.all()),
            "guests": guests,
            "confirmed": sum(guest.confirmed_on is not None for _item, guest in guests),
            "kept": [(one, changes.sentences(one)) for one in kept],
            "to_tell": to_tell(session, kept, timezone.now()),
            "why_fixed": why_fixed([session]),
            "why_agenda_fixed": why_agenda_fixed(session),
        },
    )


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    later = list(session.cohort.sessions.filter(starts_at__gte=session.starts_at).exclude(pk=session.pk))
    form = MoveForm(request.POST or None, session=session, later=len(later))
    if form.is_valid():
        try:
            actions.move(session=session, by=request.user, **form.cleaned_data)
        except Booked as booked:
            form.ask_again(booked)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            tell_moved(request, session, 1 + len(later) * form.cleaned_data["and_after"])
            return redirect("sessions:plan", code)
    if not form.is_bound and session.cancelled_at:
        raise Refused(_("This session is cancelled. Put it back first, then move it."))
    intro = {"later": sorted(later, key=lambda one: one.starts_at)}
    return show_form(request, session, form, _("Move this session"), why_fixed([session]), **intro)


def tell_moved(request: HttpRequest, session: Session, count: int) -> None:
    session.refresh_from_db()
    messages.success(
        request,
        ngettext(
            "The session is moved to %(when)s. Nobody has been told yet.",
            "%(n)d sessions are moved, this one to %(when)s. Nobody has been told yet.",
            count,
        )
        % {"n": count, "when": day_and_clock(session.starts_at, "l j F Y")},
    )
    going = session.cohort.sessions.taking_place().filter(starts_at__gte=session.starts_at).order_by("starts_at")
    tell_days(request, going[:count])
    tell_apologies(request, going[:count])


def tell_days(request: HttpRequest, sessions: Iterable[Session]) -> None:
    """What the days that were just set are besides: bank holidays, festivals, school holidays."""
    for day, found in occasions([one.day for one in sessions]).items():
        for occasion in found:
            messages.warning(request, occasion.on(day))


def tell_apologies(request: HttpRequest, sessions: Iterable[Session]) -> None:
    """They go along with their session: whoever could not come on the old day may be able to on the new one."""
    if count := how_many_sent_apologies(sessions):
        words = ngettext(
            "%(n)d person sent apologies for the old date. The tick is kept: ask about the new date.",
            "%(n)d people sent apologies for the old date. The ticks are kept: ask about the new date.",
            count,
        )
        messages.warning(request, words % {"n": count})


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    form = CancelForm(request.POST or None)
    if form.is_valid():
        try:
            actions.cancel(session=session, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is cancelled. Nobody has been told yet."))
            return redirect("sessions:plan", code)
    return show_form(request, session, form, _("Cancel this session"), why_fixed([session]))


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def put_back(request: HttpRequest, code: str) -> HttpResponse:
    session = find(request, code)
    form = PutBackForm(request.POST or None)
    if form.is_valid():
        try:
            actions.put_back(session=session, by=request.user, **form.cleaned_data)
        except Booked as booked:
            form.ask_again(booked)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session takes place. Nobody has been told yet."))
            tell_days(request, [session])
            return redirect("sessions:plan", code)
    return show_form(request, session, form, _("Put this session back"))


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A session of one's own making in the same group: a catch-up, a visit."""
    session = find(request, code)
    form = AddForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.add(cohort=session.cohort, by=request.user, **form.cleaned_data)
        except Booked as booked:
            form.ask_again(booked)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The session is added. Nobody has been told yet."))
            tell_days(request, [made])
            return redirect("sessions:plan", made.code)
    return show_form(request, session, form, _("Add a session to this group"))


def show_form(
    request: HttpRequest, session: Session, form: WhyForm, heading: str, why_not: str = "", **more: Any
) -> HttpResponse:
    """One change of the plan on a page of its own; `why_not` stands in the form's place."""
    form.cancel_url = reverse("sessions:plan", args=[session.code])
    context = {"session": session, "form": form, "heading": heading, "why_not": why_not, **more}
    return render(request, "sessions_app/planning/form.html", context, status=422 if form.is_bound else 200)


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def agenda(request: HttpRequest, code: str) -> HttpResponse:
    """The agenda in one form. Only "save" saves; the other buttons send the page and get it back rearranged."""
    session = find(request, code)
    edit = AgendaEdit(session, list(session.items.all()), request.POST if request.method == "POST" else None)
    if edit.is_valid():
        try:
            actions.adapt(
                session=session,
                plan=edit.plan(),
                opened_at=edit.opened_at,
                by=request.user,
                **edit.why.cleaned_data,
            )
        except Refused as refusal:
            edit.why.add_error(None, str(refusal))
            if isinstance(refusal, ChangedMeanwhile):
                edit.refresh()
        else:
            messages.success(request, _("The agenda is saved. The guide stays as it is."))
            return redirect("sessions:plan", code)
    context = {
        "session": session,
        "cohort": session.cohort,
        "edit": edit,
        "forms": edit.forms,
        "why_not": why_agenda_fixed(session),
    }
    return render(request, "sessions_app/planning/agenda.html", context, status=422 if edit.saving else 200)
