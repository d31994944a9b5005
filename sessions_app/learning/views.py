"""What groups changed in a guide, and taking it into the guide's next version."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from programmes.agenda.changes import Part, What
from programmes.models import Guide
from sessions_app.learning import learned as learning
from sessions_app.learning.actions import take
from sessions_app.learning.queries import copies_of, plan_of
from sessions_app.models import Session


@requires(P.GUIDE_EDIT)
@require_safe
def learned(request: HttpRequest, code: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user).select_related("programme"), code=code)
    versions = list(Guide.versions.visible_to(request.user).of(guide).exclude(state=Guide.State.OLD).with_plan())
    by_state = {one.state: one for one in versions}
    current, draft = by_state.get(Guide.State.CURRENT), by_state.get(Guide.State.DRAFT)
    shown = current or guide
    now = plan_of(shown)
    copies = copies_of(guide, request.user, timezone.now())
    parts = learning.learned(copies, now)
    page = {
        "guide": shown,
        "programme": guide.programme,
        "draft": draft,
        "groups": len(copies),
        "unseen": sum(not copy.group for copy in copies),
        "unseen_additions": learning.unseen_additions(copies),
        "parts": [part_context(part, copies, now, plan_of(draft) if draft else None) for part in parts],
    }
    return render(request, "sessions_app/learning/learned.html", page)


def part_context(
    part: learning.PartLearned, copies: list[learning.Copied], now: list[Part], draft: list[Part] | None
) -> dict[str, Any]:
    """A part for the page: each finding, and of each group whether the guide or its draft has the change already."""
    agendas = {copy.session: copy.agenda for copy in copies}
    findings = []
    for finding in part.findings:
        rows = [
            {
                "occurrence": occurrence,
                "in_guide": learning.taken(occurrence.change, agendas[occurrence.session], now),
                "in_draft": draft is not None and learning.taken(occurrence.change, agendas[occurrence.session], draft),
                "gone": occurrence.change.key not in {one.key for one in draft or now}
                and finding.what not in (What.ADDED, What.LEFT_OUT),
            }
            for occurrence in finding.seen
        ]
        findings.append({"finding": finding, "rows": rows})
    planned = next((one for one in now if one.key == part.key), None)
    return {"part": part, "planned": planned, "findings": findings}


@requires(P.GUIDE_EDIT)
@require_POST
def take_up(request: HttpRequest, code: str) -> HttpResponse:
    """Takes one group's change into the draft. Another's group is as if it were not there."""
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    session = get_object_or_404(
        Session.objects.visible_to(request.user).filter(
            guide__programme=guide.programme_id, guide__number=guide.number
        ),
        code=request.POST.get("session", ""),
    )
    what = What.__members__.get(request.POST.get("what", ""))
    if what is None:
        raise Http404
    take(session=session, key=request.POST.get("key", ""), what=what, by=request.user)
    messages.success(request, _("It is in the draft. Publish the draft when you are done."))
    return redirect("sessions:learned", code)
