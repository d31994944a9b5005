"""A group's page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from ppg.access import requires
from ppg.permissions import P
from programmes.models import Cohort


@requires(P.COHORT_SEE)
def cohort(request: HttpRequest, code: str) -> HttpResponse:
    group = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    return render(request, "evaluation/cohort.html", {"cohort": group})
