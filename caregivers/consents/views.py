"""Agreeing later and taking back, told to staff."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers import record_parts
from caregivers.consents import actions
from caregivers.consents.forms import ConsentForm, wordings_shown
from caregivers.consents.queries import evidence as evidence_of
from caregivers.models import ConsentKind, How
from caregivers.seen import caregiver_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit


@requires(P.CONSENT_RECORD)
@require_POST
def withdraw(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    known(kind)
    how = How.PAPER if request.POST.get("how") == How.PAPER else How.SPOKEN
    actions.withdraw(caregiver=caregiver, kind=kind, how=how, by=request.user)
    return redirect("caregivers:withdrawn", code, kind)


@requires(P.CONSENT_RECORD)
@require_safe
def withdrawn(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The receipt, for staff to read out: what stops now, and what cannot be called back."""
    caregiver = caregiver_of(request, code)
    known(kind)
    last = caregiver.consents.filter(kind=kind).select_related("wording", "recorded_by").last()
    if last is None or last.given:
        return redirect(caregiver)
    evidence, left_behind = evidence_of(last), record_parts.left_behind(last)
    audit.saw(request, [caregiver])
    page = {"caregiver": caregiver, "kind": kind, "last": last, "evidence": evidence, "left_behind": left_behind}
    return render(request, "caregivers/consents/withdrawn.html", page)


@requires(P.CONSENT_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """Agreeing later: the wording is read out, and what they say is written down."""
    caregiver = caregiver_of(request, code)
    known(kind)
    form = ConsentForm(request.POST or None, wording=wordings_shown(request.POST)[kind])
    if form.is_valid():
        how = form.cleaned_data["how"]
        version = form.wording.version
        actions.agree(caregiver=caregiver, kind=kind, how=how, by=request.user, version=version)
        messages.success(request, _("Written down: %(kind)s.") % {"kind": ConsentKind(kind).label})
        return redirect(caregiver)
    audit.saw(request, [caregiver])
    page = {"caregiver": caregiver, "form": form, "wording": form.wording}
    return render(request, "caregivers/consents/consent.html", page, status=422 if form.is_bound else 200)


def known(kind: str) -> None:
    if kind not in ConsentKind.values:
        raise Http404
