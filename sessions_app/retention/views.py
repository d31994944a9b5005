"""What is due to go because a group's time is over: the administrator's page."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.fields import number_in
from ppg.service_details import service
from sessions_app.retention import actions, queries


@requires(P.RETENTION, again=True)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    groups = [group for group in queries.groups(today) if group.going or group.is_due(today)]
    page = {
        "due": [group for group in groups if group.is_due(today)],
        "coming": [group for group in groups if not group.is_due(today)][:50],
        "months": service.current().keep_months,
    }
    return render(request, "sessions_app/retention/overview.html", page)


@requires(P.RETENTION, again=True)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest) -> HttpResponse:
    """Exactly what will go of one group, and the press that removes it."""
    code = request.POST.get("group") or request.GET.get("group")
    today = timezone.localdate()
    if not code:
        return redirect("sessions:retention")
    group = queries.group_of(code, today)
    if request.method == "POST":
        return removed(request, group)
    if group is None:
        raise Http404
    return render(request, "sessions_app/retention/group.html", about(group))


def removed(request: HttpRequest, group: queries.Group | None) -> HttpResponse:
    seen = number_in(request.POST.get("people", ""))
    if group is None:  # sent twice: nobody is left
        return redirect("sessions:retention")
    try:
        number = actions.remove(group=group, seen=-1 if seen is None else seen, by=request.user)
    except Refused as why:
        page = about(group) | {"why_not": str(why)}
        return render(request, "sessions_app/retention/group.html", page, status=422)
    words = ngettext("The details of %(n)s person are removed.", "The details of %(n)s people are removed.", number)
    messages.success(request, words % {"n": number})
    return redirect("sessions:retention")


def about(group: queries.Group) -> dict[str, object]:
    return {"group": group, "counts": queries.preview(group), "is_due": group.is_due(timezone.localdate())}
