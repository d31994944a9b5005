"""What the numbers say, live, while the programme runs."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from evaluation.collecting import collect
from evaluation.reports import pages
from evaluation.reports.queries import last_published
from feedback.results.least_answers import least
from ppg.access.marks import requires
from ppg.access.permissions import P, can
from programmes.models import Cohort


@requires(P.FIGURES_SEE)
@require_safe
def figures(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user).select_related("programme"), code=code)
    now = timezone.now()
    figures = collect.live(cohort, now, writes=can(request.user, P.REPORT_WRITE))
    shown = pages.context(figures, {}, about=pages.cover_now(cohort, 0, now))
    last = last_published([cohort]).get(cohort.pk) if figures.as_in_version else None
    page = shown | {"cohort": cohort, "last": last, "sheet": collect.cards_of(cohort), "least": least()}
    return render(request, "evaluation/live/figures.html", page)
