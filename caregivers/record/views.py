"""Everything we hold about one person, and changing it."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caregivers.consents.queries import consents_of
from caregivers.models import SafeWay
from caregivers.people.queries import person as person_in
from caregivers.record import timeline
from caregivers.seen import caregiver_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit


@requires(P.PEOPLE_SEE)
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    now = timezone.now()
    referrals = caregiver.referrals.visible_to(request.user).select_related("cohort")
    groups = [person_in(referral, now) for referral in referrals]
    audit.record(request.user, audit.Verb.SAW, caregiver, person=caregiver, cohort=groups[0].referral.cohort)
    page = {
        "caregiver": caregiver,
        "groups": groups,
        "ways": [(way.label, way in caregiver.safe_ways) for way in SafeWay],
        "contacts": caregiver.emergency_contacts.order_by("id"),
        "consents": consents_of(caregiver),
        "checks": caregiver.checks.order_by("-id").select_related("recorded_by"),
        "events": timeline.timeline(caregiver, request.user),
        "key": str(uuid.uuid4()),
    }
    return render(request, "caregivers/record/record.html", page)
