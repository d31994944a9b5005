"""A group's page: its sessions, its people as a number, and where to go from here."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from caregivers.models import Place
from evaluation.group.links import links
from evaluation.group.queries import places_taken
from evaluation.reports.queries import last_published
from ppg.access.marks import requires
from ppg.access.permissions import P, Role
from ppg.audit_trail import audit
from programmes.models import Cohort
from sessions_app.models import RegisterMark, Session


@requires(P.COHORT_SEE)
@require_safe
def cohort(request: HttpRequest, code: str) -> HttpResponse:
    group = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), code=code)
    attended = RegisterMark.objects.filter(session__cohort=group).attendance()
    sessions = list(group.sessions.select_related("feedback_form").order_by("starts_at"))
    for session in sessions:
        session.attended = attended.get(session.pk)
        session.feedback_word = feedback_word(session, timezone.now())
    people = people_for_a_parent(group) if request.user.role == Role.PARENT else []
    audit.saw(request, people, cohort=group)
    return render(
        request,
        "evaluation/group/group.html",
        {
            "cohort": group,
            "taken": places_taken([group]).get(group.pk, 0),
            "version": last_published([group]).get(group.pk),
            "team": group.team.filter(left_on=None).select_related("user"),
            "sessions": sessions,
            "sections": links(group, request.user),
            "people": sorted(place.caregiver.called for place in people),
        },
    )


def feedback_word(session: Session, now: datetime) -> str:
    form = getattr(session, "feedback_form", None)
    if form is None:
        return ""
    return _("open") if form.is_open(now) else _("closed")


def people_for_a_parent(group: Cohort) -> list[Place]:
    """All that a parent with lived experience sees of the people is what they like to be called."""
    return list(Place.objects.filter(cohort=group).in_group().select_related("caregiver"))
