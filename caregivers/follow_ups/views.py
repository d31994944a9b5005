"""Calls and other follow-ups of a group: what is due, what became of it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.follow_ups import actions, queries
from caregivers.follow_ups.forms import OfferForm, OutcomeForm
from caregivers.models import FollowUp
from caregivers.names import people_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from programmes.checklist.forms import PlanForm
from programmes.models import Cohort
from programmes.team.queries import team_who_may


def find(request: HttpRequest, code: str) -> FollowUp:
    return get_object_or_404(FollowUp.objects.visible_to(request.user).with_people(), code=code)


def the_list(cohort: Cohort) -> str:
    return reverse("caregivers:follow_ups", args=[cohort.code])


@requires(P.FOLLOW_UP)
@require_safe
def follow_ups(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    rows = queries.rows(queries.on_list(cohort, request.user))
    audit.saw(request, (row.follow_up for row in rows), cohort=cohort, fields=["name", "safe_ways"])
    page = {
        "cohort": cohort,
        "due": [row for row in rows if not row.follow_up.done_at],
        "done": [row for row in rows if row.follow_up.done_at],
        "today": timezone.localdate(),
        "key": str(uuid.uuid4()),
    }
    return render(request, "caregivers/follow_ups/list.html", page)


@requires(P.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """`?person=` chooses who it is for, as the link from their record does."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    people = people_of(cohort)
    form = OfferForm(
        request.POST or None,
        people=people,
        team=team_who_may(cohort, P.FOLLOW_UP),
        initial={"caregiver": request.GET.get("person", ""), "owner": request.user.pk},
    )
    if form.is_valid():
        values = form.cleaned_data
        key = values.pop("effect_key")
        once(
            key,
            lambda: actions.offer(cohort=cohort, by=request.user, **values).code,
            by=request.user,
            of=f"follow-up {cohort.code}",
        )
        messages.success(request, _("It is on the list."))
        return redirect(the_list(cohort))
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=cohort)
    page = {"cohort": cohort, "form": form}
    return render(request, "caregivers/follow_ups/add.html", page, status=422 if form.is_bound else 200)


@requires(P.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def follow_up(request: HttpRequest, code: str) -> HttpResponse:
    """How to reach them, and what became of it. `?change` puts right what is written down already."""
    follow_up = find(request, code)
    correcting = "change" in request.GET
    form = None
    if may_write(follow_up, request):
        form = OutcomeForm(request.POST or None, initial=queries.written_down(follow_up))
    status = 200
    if form and form.is_valid():
        values = form.cleaned_data
        try:
            actions.record_outcome(follow_up=follow_up, by=request.user, correcting=correcting, **values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Saved."))
            return redirect(the_list(follow_up.cohort))
    elif form and form.is_bound:
        status = 422
    audit.saw(request, [follow_up], of=follow_up, fields=["name", "phone", "email", "safe_ways", "next_step"])
    page = {
        "row": queries.rows([follow_up])[0],
        "form": form,
        "following": queries.next_of(follow_up),
        "today": timezone.localdate(),
    }
    return render(request, "caregivers/follow_ups/follow_up.html", page, status=status)


def may_write(follow_up: FollowUp, request: HttpRequest) -> bool:
    return follow_up.done_at is None or "change" in request.GET or request.method == "POST"


@requires(P.FOLLOW_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    """Who does it, and by when."""
    follow_up = find(request, code)
    initial = {"owner": follow_up.owner_id or "", "due_on": follow_up.due_on}
    form = PlanForm(request.POST or None, team=team_who_may(follow_up.cohort, P.FOLLOW_UP), initial=initial)
    if form.is_valid():
        actions.plan(follow_up=follow_up, by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect(the_list(follow_up.cohort))
    audit.saw(request, [follow_up], of=follow_up)
    page = {"row": queries.rows([follow_up])[0], "form": form}
    return render(request, "caregivers/follow_ups/plan.html", page, status=422 if form.is_bound else 200)


@requires(P.FOLLOW_UP)
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """ "I will do it": for what nobody has taken on yet."""
    found = find(request, code)
    actions.take(follow_up=found, by=request.user)
    return redirect(the_list(found.cohort) + f"#{found.code}")
