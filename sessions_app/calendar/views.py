"""The sessions of a person's teams in their own calendar."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access.marks import public, requires
from ppg.access.permissions import P, can
from ppg.forms.fields import GovForm
from ppg.service_details import service
from sessions_app.calendar import actions, ical
from sessions_app.calendar.queries import feeds_of, meetings
from sessions_app.models import CalendarFeed


class MakeForm(GovForm):
    """Nothing to fill in: one press."""

    one_effect = True


@requires(P.SESSION_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def calendar(request: HttpRequest) -> HttpResponse:
    """One's own address: made here, shown once, stopped here."""
    form = MakeForm(request.POST or None)
    token = ""
    if form.is_valid():
        token = actions.make_feed(by=request.user, effect_key=form.cleaned_data["effect_key"])
    address = request.build_absolute_uri(reverse("calendar_feed", args=[token])) if token else ""
    feeds = feeds_of(request.user)
    live = next((feed for feed in feeds if feed.revoked_at is None), None)
    context = {"address": address, "feeds": feeds, "live": live, "form": MakeForm()}
    context |= {"title": title(), "cancelled_title": cancelled_title()}
    return render(request, "sessions_app/calendar/calendar.html", context)


@requires(P.SESSION_SEE)
@require_POST
def stop(request: HttpRequest) -> HttpResponse:
    actions.stop_feed(by=request.user)
    messages.success(request, _("The address is stopped. What calendars fetched before stays in them."))
    return redirect("sessions:calendar")


@public
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """What a calendar program fetches. Whatever is wrong with the token, the answer is the same."""
    feed = CalendarFeed.objects.opened_by(token, timezone.now()).select_related("user").first()
    if feed is None or not can(feed.user, P.SESSION_SEE):
        return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8")
    text = ical.as_text(
        meetings(feed.user), name=service.current().name, title=title(), cancelled_title=cancelled_title()
    )
    response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def title() -> str:
    return _("%(service)s meeting") % {"service": service.current().name}


def cancelled_title() -> str:
    return _("Cancelled: %(title)s") % {"title": title()}
