"""Everybody who signs in, for an administrator: who they are, and what can be done about their account."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ppg.access import requires
from ppg.accounts import sessions
from ppg.accounts.factor import actions as factor
from ppg.accounts.factor import codes
from ppg.accounts.mail import undelivered
from ppg.accounts.staff import actions
from ppg.accounts.staff.forms import InviteForm, PersonForm
from ppg.effects import once
from ppg.links import site
from ppg.models import User
from ppg.permissions import GRANTS, P, Role
from ppg.refusals import Refused

PAGE = 50
STAYS = ["GET", "HEAD", "POST"]


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
        "invitation": user.invitations.order_by("-pk").first(),
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
            code = once(key, lambda: actions.invite(**values, by=request.user, site=site(request)).code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": values["email"]})
            return redirect("user", code)
    return render(request, "account/staff/invite.html", {"form": form}, status=422 if form.is_bound else 200)


@requires(P.USER_MANAGE)
@require_POST
def invite_again(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    actions.invite_again(user=user, by=request.user, site=site(request))
    messages.success(request, _("A new invitation is on its way to %(email)s.") % {"email": user.email})
    return redirect("user", code)


@requires(P.USER_MANAGE)
@require_http_methods(STAYS)
def take_back(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    if request.method == "POST":
        actions.take_back(user=user, by=request.user)
        messages.success(request, _("The invitation of %(name)s opens nothing any more.") % {"name": user.name})
        return redirect("users")
    return render(request, "account/staff/take_back.html", {"person": user})


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def change(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    initial = {"name": user.name, "email": user.email, "role": user.role}
    form = PersonForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            actions.change(user=user, by=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("user", code)
    page = {"form": form, "person": user}
    return render(request, "account/staff/change.html", page, status=422 if form.is_bound else 200)


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def block(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    why_not = actions.why_not_block(user, request.user)
    if request.method == "POST":
        actions.block(user=user, by=request.user)
        messages.success(request, _("%(name)s cannot sign in any more.") % {"name": user.name})
        return redirect("user", code)
    return render(request, "account/staff/block.html", {"person": user, "why_not": why_not})


@requires(P.USER_MANAGE, again=True)
@require_POST
def unblock(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    actions.unblock(user=user, by=request.user)
    messages.success(request, _("%(name)s can sign in again.") % {"name": user.name})
    return redirect("user", code)


@requires(P.USER_MANAGE, again=True)
@require_http_methods(STAYS)
def reset_factor(request: HttpRequest, code: str) -> HttpResponse:
    user = find(code)
    if request.method == "POST":
        factor.reset(user=user, by=request.user)
        words = _("%(name)s sets up a new second factor when they sign in next.") % {"name": user.name}
        messages.success(request, words)
        return redirect("user", code)
    page = {"person": user, "why_not": factor.why_not_reset(user, request.user)}
    return render(request, "account/staff/reset_factor.html", page)
