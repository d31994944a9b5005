"""Which groups' details go and when, removing them at once, and keeping them longer: the administrator's pages."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.effects import once
from ppg.forms.fields import number_in
from ppg.service_details import service
from sessions_app.models import RetentionHold
from sessions_app.retention import actions, queries
from sessions_app.retention.forms import HoldForm

MOST_COMING = 50


@requires(P.RETENTION, again=True)
@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    groups = queries.groups(today)
    soon = {group.cohort.pk for group in groups if group.is_due(today) or group.is_warned(today)}
    page = {
        "soon": [(group, group.goes_on(today)) for group in groups if group.cohort.pk in soon],
        "held": [group for group in groups if group.hold],
        "coming": [group for group in groups if group.going and not group.hold and group.cohort.pk not in soon][
            :MOST_COMING
        ],
        "months": service.current().keep_months,
    }
    return render(request, "sessions_app/retention/overview.html", page)


@requires(P.RETENTION, again=True)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest) -> HttpResponse:
    """Exactly what will go of one group and when, and the press that removes it at once."""
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
    today = timezone.localdate()
    return {
        "group": group,
        "counts": queries.preview(group),
        "is_due": group.is_due(today),
        "goes_on": group.goes_on(today),
        "holds": RetentionHold.objects.filter(cohort=group.cohort, ended_at__isnull=False).select_related(
            "made_by", "ended_by"
        ),
    }


@requires(P.RETENTION, again=True)
@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest) -> HttpResponse:
    """Keeping a group's details longer: until when, and why."""
    code = request.GET.get("group")
    if not code:
        return redirect("sessions:retention")
    group = queries.group_of(code, timezone.localdate())
    if group is None:
        raise Http404
    form = HoldForm(request.POST or None, group=group)
    back = f"{reverse('sessions:retention_group')}?group={code}"
    form.form_action, form.cancel_url = f"?group={code}", back
    if form.is_valid():
        values = form.cleaned_data
        key = values.pop("effect_key")
        try:
            once(
                key,
                lambda: actions.keep_longer(cohort=group.cohort, by=request.user, **values).code,
                by=request.user,
                of=f"hold {code}",
            )
        except Refused as why:
            form.add_error("until", str(why))
        else:
            words = {"group": group.cohort, "day": date_format(values["until"], "j F Y")}
            messages.success(request, _("The details of %(group)s are kept until %(day)s.") % words)
            return redirect(back)
    page = {"group": group, "form": form, "back": back}
    return render(request, "sessions_app/retention/hold.html", page, status=422 if form.errors else 200)


@requires(P.RETENTION, again=True)
@require_POST
def end_hold(request: HttpRequest) -> HttpResponse:
    found = RetentionHold.objects.visible_to(request.user).select_related("cohort")
    hold = get_object_or_404(found, code=request.POST.get("hold", ""))
    actions.end_hold(hold=hold, by=request.user)
    words = _("The details of %(group)s are not kept longer any more. A warning comes 14 days before they go.")
    messages.success(request, words % {"group": hold.cohort})
    return redirect("sessions:retention")
