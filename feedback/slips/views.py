"""Slips, for whoever prints them: never somebody who can read what is answered with them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.models import SlipSheet
from feedback.slips import actions
from feedback.slips import sheet as slip_sheet
from feedback.slips.forms import LinkForm
from feedback.slips.queries import also, by_link, groups_to_print_for, sessions_to_print_for, still_to_count, to_print
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.links.codes import site
from programmes.models import Cohort


@requires(P.SLIPS_PRINT)
@require_safe
def slips(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    page = {
        "rows": to_print(request.user, now),
        "to_count": still_to_count(request.user),
        "also": [link for links in also for link in links(request.user, now)],
    }
    return render(request, "feedback/slips/slips.html", page)


@requires(P.SLIPS_PRINT)
@require_POST
def of_session(request: HttpRequest, code: str) -> HttpResponse:
    session = get_object_or_404(sessions_to_print_for(request.user), code=code)
    return printed(request, actions.make(cohort=session.cohort, session=session, by=request.user))


@requires(P.SLIPS_PRINT)
@require_POST
def after_programme(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(groups_to_print_for(request.user), code=code)
    return printed(request, actions.make(cohort=cohort, session=None, by=request.user))


def printed(request: HttpRequest, sheet: SlipSheet) -> HttpResponse:
    """The sheet is the answer to the press itself and is not kept. Pressed again, it is the same sheet."""
    headers = {"Content-Disposition": 'attachment; filename="slips.pdf"'}
    return HttpResponse(slip_sheet.pdf(sheet, site(request)), content_type="application/pdf", headers=headers)


@requires(P.COHORT_SET_UP)
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponse:
    """The weaker way, by the group's link alone: chosen for the forms that are opened from now on, and taken back."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    form = LinkForm(request.POST if request.method == "POST" else None, initial={"link": by_link(cohort)})
    if form.is_valid():
        actions.choose_link(cohort=cohort, link=form.cleaned_data["link"], by=request.user)
        messages.success(request, _("Saved. It holds for forms that are opened from now on."))
        return redirect("feedback:link", cohort.code)
    page = {"cohort": cohort, "form": form, "by_link": by_link(cohort)}
    return render(request, "feedback/slips/link.html", page, status=422 if form.is_bound else 200)
