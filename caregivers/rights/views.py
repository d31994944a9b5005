"""Handing over everything held about a person, and erasing it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers import record_parts
from caregivers.models import Caregiver
from caregivers.rights import actions, handover, queries
from caregivers.rights.forms import EraseForm
from caregivers.seen import caregiver_of
from ppg.access.marks import FILE, requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.effects import once
from programmes.models import Cohort


@requires(P.RIGHTS, again=True)
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    """What the file holds, and the file itself."""
    caregiver = caregiver_of(request, code)
    audit.saw(request, [caregiver])
    page = {
        "caregiver": caregiver,
        "ready": handover.kept_pdf(caregiver) is not None,
        "being_made": handover.being_made(caregiver),
        "not_in_it": handover.not_in_it(),
        "in_confidence": record_parts.in_confidence(caregiver),
        "key": str(uuid.uuid4()),
    }
    return render(request, "caregivers/rights/handover.html", page)


@requires(P.RIGHTS, again=FILE)
@require_safe
def as_json(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    audit.record(request.user, audit.Verb.EXPORTED, caregiver, person=caregiver, fields=["json"])
    text = handover.file_of(caregiver, timezone.now()).as_json()
    return _attachment(text.encode(), "application/json", "details.json")


@requires(P.RIGHTS, again=True)
@require_POST
def make_pdf(request: HttpRequest, code: str) -> HttpResponse:
    """The worker draws it: one PDF keeps a processor busy."""
    caregiver = caregiver_of(request, code)
    actions.ask_for_file(caregiver=caregiver, by=request.user)
    return redirect("caregivers:handover", caregiver.code)


@requires(P.RIGHTS, again=FILE)
@require_safe
def as_pdf(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    pdf = handover.kept_pdf(caregiver)
    if pdf is None:
        return redirect("caregivers:handover", caregiver.code)
    audit.record(request.user, audit.Verb.DOWNLOADED, caregiver, person=caregiver, fields=["pdf"])
    return _attachment(pdf, "application/pdf", "details.pdf")


def _attachment(content: bytes, kind: str, name: str) -> HttpResponse:
    """Under a name that says nothing: it lies in a folder of downloads."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type=kind, headers=headers)


@requires(P.RIGHTS, again=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once more and says what goes, what stays and why. Sent twice it erases once."""
    again = Caregiver.objects.visible_to(request.user, erased=True)
    caregiver = get_object_or_404(again, code=code) if request.method == "POST" else caregiver_of(request, code)
    group = Cohort.objects.visible_to(request.user).filter(referrals__caregiver=caregiver).first()
    form = EraseForm(request.POST or None)
    if form.is_valid():
        key = form.cleaned_data["effect_key"]
        once(
            key,
            lambda: actions.erase(caregiver=caregiver, by=request.user) or "",
            by=request.user,
            of=f"erase {caregiver.code}",
        )
        messages.success(request, _("Everything that said who this was is erased."))
        return redirect("caregivers:people", group.code) if group else redirect("home")
    audit.saw(request, [caregiver])
    page = {"caregiver": caregiver, "form": form, "counts": queries.counts_of(caregiver)}
    return render(request, "caregivers/rights/erase.html", page, status=422 if form.is_bound else 200)
