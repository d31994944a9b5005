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
from caregivers.record.queries import opened_by
from caregivers.record.still_to_ask import still_to_ask
from caregivers.safe import may_ring
from caregivers.seen import caregiver_of
from ppg.access.marks import requires
from ppg.access.permissions import P, can
from ppg.audit_trail import audit


@requires(P.PEOPLE_SEE)
@require_safe
def show(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    now = timezone.now()
    referrals = caregiver.referrals.visible_to(request.user).select_related("cohort")
    groups = [person_in(referral, now) for referral in referrals]
    audit.record(request.user, audit.Verb.SAW, caregiver, person=caregiver, cohort=groups[0].referral.cohort)
    contacts, consents = list(caregiver.emergency_contacts.order_by("id")), consents_of(caregiver)
    asked = [str(one["kind"]) for one in consents if one["row"]]
    page = {
        "caregiver": caregiver,
        "to_ask": still_to_ask(caregiver, groups[0].referral, contacts=len(contacts), consents=asked),
        "rings": may_ring(caregiver),
        "opened_by": opened_by(caregiver) if can(request.user, P.PEOPLE_LOOKS) else (),
        "groups": groups,
        "ways": [(way.label, way in caregiver.safe_ways) for way in SafeWay],
        "contacts": contacts,
        "consents": consents,
        "checks": caregiver.checks.order_by("-id").select_related("recorded_by"),
        "events": timeline.timeline(caregiver, request.user),
        "key": str(uuid.uuid4()),
    }
    return render(request, "caregivers/record/record.html", page)
