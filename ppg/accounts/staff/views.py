"""Everybody who signs in, for an administrator: who they are, and what can be done about their account."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import GRANTS, P, Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving, sessions
from ppg.accounts.factor import actions as factor
from ppg.accounts.factor import codes
from ppg.accounts.joining import actions as joining
from ppg.accounts.leaving.forms import LeavingForm
from ppg.accounts.mail import undelivered
from ppg.accounts.staff import actions
from ppg.accounts.staff.forms import InviteForm, PersonForm
from ppg.forms.effects import once
from ppg.links.codes import site
from ppg.models import User

PAGE = 50
STAYS = ["GET", "HEAD", "POST"]
HANDING = "handing"  # in the form that has asked who goes on


def find(code: str) -> User:
    return get_object_or_404(User, code=code)


@requires(P.USER_MANAGE)
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    page = Paginator(User.objects.order_by("-is_active", "name"), PAGE).get_page(request.GET.get("page"))
    roles = [{"label": role.label, "may": [p.value for p in P if p in GRANTS[role]]} for role in Role]
    context = {"page": page, "roles": roles, "undelivered": undelivered().count()}
    return render(request, "account/staff/people.html", context)


@requires(P.USER_MANAGE)
@require_safe
def person(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    page = {
        "person": user,
        "has_factor": codes.is_set_up(user),
        "sign_ins": sessions.of(user),
        "invitation": user.invitations.live(timezone.now()).order_by("-pk").first(),
        "invited_before": user.invitations.exists(),
        "unsent": undelivered().filter(user=user).count(),
        "why_not_block": actions.why_not_block(user, request.user),
        "why_not_reset": factor.why_not_reset(user, request.user),
    }
    return render(request, "account/staff/person.html", page)


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def invite(request: HttpRequest) -> HttpResponse:
    form = InviteForm(request.POST or None)
    if form.is_valid():
        values = form.cleaned_data
        key = values.pop("effect_key")
        try:
            code = once(
                key,
                lambda: joining.invite(**values, by=request.user, site=site(request)).code,
                by=request.user,
                of="invite",
            )
        except Refused as refusal:
            form.add_error("email", str(refusal))
        else:
            messages.success(request, _("The invitation is on its way."))
            return redirect("user", code)
    return render(request, "account/staff/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(P.USER_MANAGE)
@require_POST
def invite_again(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    joining.invite_again(user=user, by=request.user, site=site(request))
    messages.success(request, _("A new invitation is on its way."))
    return redirect("user", code)


@requires(P.USER_MANAGE)
@require_http_methods(STAYS)
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    if request.method == "POST":
        joining.take_back(user=user, by=request.user)
        messages.success(request, _("The invitation opens nothing any more."))
        return redirect("users")
    return render(request, "account/staff/take_back.html", {"person": user})


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def change(request: HttpRequest, code: str) -> HttpResponse:
    """A new role asks once more where somebody must go on with what does not fit it."""
    user = find(code)
    form = PersonForm(request.POST or None, initial={"name": user.name, "email": user.email, "role": user.role})
    page = {"form": form, "person": user}
    if form.is_valid():
        values = form.cleaned_data
        held = leaving.holdings(user, values["role"]) if values["role"] != user.role else []
        handing = LeavingForm(request.POST if HANDING in request.POST else None, holdings=held)
        if held and not handing.is_valid():
            page |= {"holdings": held, "handing": handing, "forms": [handing], "role": Role(values["role"]).label}
            status = 422 if handing.is_bound else 200
            return render(request, "account/staff/new_role.html", page, status=status)
        try:
            actions.change(user=user, by=request.user, choices=handing.choices, site=site(request), **values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("user", code)
    return render(request, "account/staff/change.html", page, status=422 if form.is_bound else 200)


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def block(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    held = leaving.holdings(user)
    form = LeavingForm(request.POST if request.method == "POST" else None, holdings=held)
    if form.is_valid():
        try:
            actions.block(user=user, by=request.user, choices=form.choices)
        except Refused as refusal:  # what is open, or who may take it, changed while they chose
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("They cannot sign in any more."))
            return redirect("user", code)
    page = {
        "person": user,
        "why_not": actions.why_not_block(user, request.user),
        "holdings": held,
        "form": form,
        "ending": leaving.ending(user),
        "to_think_of": leaving.to_think_of(user),
    }
    return render(request, "account/staff/block.html", page, status=422 if form.is_bound else 200)


@requires(P.USER_MANAGE, again=True)
@require_POST
def unblock(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    actions.unblock(user=user, by=request.user)
    messages.success(request, _("They can sign in again."))
    return redirect("user", code)


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def reset_factor(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    if request.method == "POST":
        factor.reset(user=user, by=request.user)
        messages.success(request, _("They set up a new second factor when they sign in next."))
        return redirect("user", code)
    page = {"person": user, "why_not": factor.why_not_reset(user, request.user)}
    return render(request, "account/staff/reset_factor.html", page)
