"""Speakers from services: asked, confirmed, and how to reach them."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import requires
from ppg.access.permissions import P
from sessions_app.models import Session, Speaker
from sessions_app.planning.views import find, show_form
from sessions_app.speakers import actions
from sessions_app.speakers.forms import AddSpeakerForm, RemoveSpeakerForm, SpeakerForm


def speakers_of(request: HttpRequest, session: Session) -> QuerySet[Speaker]:
    speakers = Speaker.objects.visible_to(request.user).filter(item__session=session)
    return speakers.select_related("item__session__cohort")


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def speaker(request: HttpRequest, code: str, speaker: str) -> HttpResponse:
    session = find(request, code)
    guest = get_object_or_404(speakers_of(request, session), code=speaker)
    form = SpeakerForm(request.POST or None, initial=SpeakerForm.about(guest))
    if form.is_valid():
        actions.change_speaker(speaker=guest, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(reverse("sessions:plan", args=[session.code]) + "#speakers")
    form.cancel_url = reverse("sessions:plan", args=[session.code]) + "#speakers"
    context = {"session": session, "speaker": guest, "form": form}
    return render(request, "sessions_app/speakers/speaker.html", context, status=422 if form.is_bound else 200)


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """One more speaker in an item of this session."""
    session = find(request, code)
    items = [item for item in session.items.all() if item.kind != "break"]
    form = AddSpeakerForm(request.POST or None, items=items, initial={"item": request.GET.get("item", "")})
    if form.is_valid():
        actions.add_speaker(by=request.user, **form.cleaned_data)
        messages.success(request, _("The speaker is added."))
        return redirect(reverse("sessions:plan", args=[code]) + "#speakers")
    why_not = "" if items else _("This session has no agenda yet. Add a part to it first.")
    return show_form(request, session, form, _("Add a speaker"), why_not)


@requires(P.SESSION_PLAN)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, code: str, speaker: str) -> HttpResponse:
    session = find(request, code)
    guest = speakers_of(request, session).filter(code=speaker).first()
    if guest is None:  # sent twice
        return redirect(reverse("sessions:plan", args=[code]) + "#speakers")
    form = RemoveSpeakerForm(request.POST or None)
    if form.is_valid():
        actions.remove_speaker(speaker=guest, by=request.user, **form.cleaned_data)
        messages.success(request, _("%(service)s is off the plan.") % {"service": guest.service})
        return redirect(reverse("sessions:plan", args=[session.code]) + "#speakers")
    heading = _("Take %(who)s off the plan") % {"who": guest.name or guest.service}
    return show_form(request, session, form, heading)
