"""A parent's own page, and asking for support: one press, no reason."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from feedback.your_part import queries
from ppg.access.marks import requires
from ppg.access.permissions import P
from programmes.support import actions as support

LATELY = 3  # of the support that was given, the rest is a press away


@requires(P.OWN_PART)
@require_safe
def your_part(request: HttpRequest) -> HttpResponse:
    part = queries.next_part(request.user, timezone.now())
    cohort = part.session.cohort if part else queries.newest_group(request.user)
    given = queries.support_of(request.user)
    page = {
        "part": part,
        "next_led": queries.next_led(request.user, part.session) if part and not part.slots else None,
        "cohort": cohort,
        "today": timezone.localdate(),
        "colleagues": queries.colleagues(cohort) if cohort else [],
        "safeguarding": queries.safeguarding_leads(),
        "support": given[:LATELY],
        "support_before": given[LATELY:],
        "asked_for": queries.asked_for(request.user),
        "published_answers": queries.group_asked_for(cohort) if cohort else [],
    }
    return render(request, "feedback/your_part/your_part.html", page)


@requires(P.OWN_PART)
@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    part = queries.next_part(request.user, timezone.now())
    support.ask(by=request.user, cohort=part.session.cohort if part else None)
    messages.success(request, _("You asked for support. Your lead and the managers see it now."))
    return redirect("feedback:your_part")


@requires(P.OWN_PART)
@require_POST
def withdraw(request: HttpRequest) -> HttpResponse:
    support.withdraw(by=request.user)
    messages.success(request, _("You no longer ask for support. You can ask again at any time."))
    return redirect("feedback:your_part")
