"""Concerns: written down by the team, read by their author, the group's lead and the safeguarding lead only."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from caregivers.concerns import actions, queries
from caregivers.concerns.forms import CloseForm, ConcernForm, ListForm, ReopenForm, StepForm
from caregivers.models import Concern, ConcernStep, Restricted
from caregivers.models.restricted import RestrictedQuerySet, with_subjects
from ppg.access.marks import requires
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from ppg.links.codes import site

PAGE = 20
READINGS = 100
NEWEST = 50  # groups to choose from, when one is written down from the list
DO = ["GET", "HEAD", "POST"]


def find(request: HttpRequest, code: str) -> Concern:
    return get_object_or_404(Concern.objects.visible_to(request.user).with_people(), code=code)


def list_page(request: HttpRequest, visible: RestrictedQuerySet) -> dict[str, Any]:
    """What a list shows: filtered, page by page, each one shown on it in the audit trail."""
    groups = list(visible.order_by("cohort__name").values_list("cohort__code", "cohort__name").distinct())
    form = ListForm(request.GET or None, groups=groups, initial={"state": "open"})
    wanted = form.cleaned_data if form.is_valid() else {}
    state = wanted.get("state") or "open"
    found = visible.with_people()
    found = {"open": found.open(), "closed": found.closed(), "all": found}[state]
    if wanted.get("group"):
        found = found.filter(cohort__code=wanted["group"])
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    with_subjects(page.object_list)
    audit.record_list(request.user, audit.Verb.SAW, page.object_list, fields=["list"])
    now = timezone.now()
    rows = [{"it": one, "name": queries.name_of(one), "days": (now - one.written_at).days} for one in page.object_list]
    write_in = queries.groups(request.user).order_by("-pk").only("code", "name")[:NEWEST]
    return {"form": form, "page": page, "rows": rows, "state": state, "any": bool(groups), "write_in": write_in}


@requires(P.CONCERN)
@require_safe
def concerns(request: HttpRequest) -> HttpResponse:
    page = list_page(request, Concern.objects.visible_to(request.user))
    return render(request, "caregivers/concerns/concerns.html", page, status=422 if page["form"].errors else 200)


@requires(P.CONCERN)
@require_http_methods(DO)
def add(request: HttpRequest, code: str) -> HttpResponse:
    """`?person=` says whom it is about, as the link from their record does; `?source=comment` that it was a comment.
    What the comment says is not in the address: it is written down here."""
    cohort = get_object_or_404(queries.groups(request.user), code=code)
    people = queries.people(cohort, request.user)
    form = ConcernForm(
        request.POST or None,
        people=people,
        initial={"person": request.GET.get("person", ""), "source": request.GET.get("source", "")},
    )
    if form.is_valid():
        told = {**form.concern(), "cohort": cohort, "by": request.user, "site": site(request)}
        made = once(
            form.cleaned_data["effect_key"],
            lambda: actions.write_down(**told).code,
            by=request.user,
            of=f"concern {cohort.code}",
        )
        messages.success(request, _("It is written down."))
        return redirect("caregivers:concern", made)
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=cohort, of=Concern())
    page = {"cohort": cohort, "form": form, "nobody": not queries.safeguarding_leads().exists()}
    return render(request, "caregivers/concerns/add.html", page, status=422 if form.is_bound else 200)


@requires(P.CONCERN, hidden=True)
@require_http_methods(DO)
def concern(request: HttpRequest, code: str) -> HttpResponse:
    """What was said and all that was done; adding to it."""
    concern = find(request, code)
    form = StepForm(request.POST or None, initial={"on": timezone.localdate()})
    status = 200
    if form.is_valid():
        values = {"concern": concern, "by": request.user, "at": form.at}
        values |= {name: form.cleaned_data[name] for name in ("kind", "text")}
        try:
            once(
                form.cleaned_data["effect_key"],
                lambda: str(actions.add_step(**values).pk),
                by=request.user,
                of=f"step {code}",
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        else:
            messages.success(request, _("Added."))
            return redirect(concern)
    elif form.is_bound:
        status = 422
    audit.record(request.user, audit.Verb.SAW, concern, cohort=concern.cohort)
    page = {
        "concern": concern,
        "name": queries.name_of(concern),
        "steps": [(step, has_time(step)) for step in concern.steps.select_related("by").order_by("at", "id")],
        "form": form if concern.is_open or form.is_bound else None,
        "nobody": concern.is_open and not queries.safeguarding_leads().exists(),
        "over": may_go(request, concern),
    }
    return render(request, "caregivers/concerns/concern.html", page, status=status)


def has_time(step: ConcernStep) -> bool:
    return timezone.localtime(step.at).time() != time.min


def may_go(request: HttpRequest, thing: Restricted) -> bool:
    """Its time is over, and this person may remove it."""
    if thing.closed_at is None or not can(request.user, P.CONCERN_CLOSE):
        return False
    return thing.closed_at <= queries.kept_since(timezone.now())


@requires(P.CONCERN_CLOSE, hidden=True)
@require_http_methods(DO)
def close(request: HttpRequest, code: str) -> HttpResponse:
    concern = find(request, code)
    form = CloseForm(request.POST or None)
    if form.is_valid():
        actions.close(thing=concern, by=request.user, **form.cleaned_data)
        messages.success(request, _("It is closed."))
        return redirect("caregivers:concerns")
    page = {"concern": concern, "form": form, "title": _("Close this concern")}
    return render(request, "caregivers/concerns/close.html", page, status=422 if form.is_bound else 200)


@requires(P.CONCERN_CLOSE, hidden=True)
@require_http_methods(DO)
def reopen(request: HttpRequest, code: str) -> HttpResponse:
    concern = find(request, code)
    form = ReopenForm(request.POST or None)
    if form.is_valid():
        actions.reopen(thing=concern, by=request.user, site=site(request), **form.cleaned_data)
        messages.success(request, _("It is open again."))
        return redirect(concern)
    page = {"concern": concern, "form": form, "title": _("Open this concern again")}
    return render(request, "caregivers/concerns/close.html", page, status=422 if form.is_bound else 200)


@requires(P.CONCERN_CLOSE, hidden=True)
@require_http_methods(DO)
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """When it was kept as long as the service keeps concerns. Asked once more before."""
    return removed(request, find(request, code), reverse("caregivers:concerns"))


def removed(request: HttpRequest, thing: Restricted, the_list: str) -> HttpResponse:
    if not may_go(request, thing):
        raise Refused(_("This is kept longer. Only what was closed long enough ago can be removed."))
    if request.method == "POST":
        actions.remove(things=[thing], by=request.user)
        messages.success(request, _("It is removed."))
        return redirect(the_list)
    return render(request, "caregivers/concerns/remove.html", {"thing": thing})


@requires(P.CONCERN_CLOSE, hidden=True)
@require_safe
def readers(request: HttpRequest, code: str) -> HttpResponse:
    return readings(request, find(request, code))


def readings(request: HttpRequest, thing: Restricted) -> HttpResponse:
    """Who opened and changed it, the newest first: what an administrator does not find in the audit trail."""
    audit.record(request.user, audit.Verb.SAW, thing, cohort=thing.cohort, fields=["readers"])
    entries = audit.of(thing)[:READINGS]
    return render(request, "caregivers/concerns/readers.html", {"thing": thing, "entries": entries})
