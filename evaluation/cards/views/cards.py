"""Cards, for whoever prints them (never somebody who can read what is answered with them), and for those who count out
what was left over."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluation.cards import actions, sheet
from evaluation.cards.forms import CardCountForm
from evaluation.cards.queries import count_page, why_not_count, why_not_print
from evaluation.models import CardSheet
from evaluation.rounds import plans
from feedback.counting_out.views import own_numbers, say, who_counted
from feedback.slips.queries import groups_to_print_for
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.links.codes import site
from programmes.models import Cohort


@requires(P.SLIPS_PRINT)
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet is the answer to the press itself and is not kept. Pressed again, it is the same sheet."""
    cohort = get_object_or_404(groups_to_print_for(request.user), code=code)
    if why := why_not_print(cohort):
        raise Refused(why)
    if request.method == "POST":
        codes = actions.make_cards(cohort=cohort, by=request.user)
        headers = {"Content-Disposition": 'attachment; filename="cards.pdf"'}
        return HttpResponse(sheet.pdf(codes, site(request)), content_type="application/pdf", headers=headers)
    page = {"cohort": cohort, "sheet": CardSheet.objects.filter(cohort=cohort).first()}
    return render(request, "evaluation/cards/make.html", page)


@requires(P.SLIPS_COUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, code: str) -> HttpResponse:
    """Who has counted is told, what they counted is not."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    made = CardSheet.objects.filter(cohort=cohort).first()
    standing = who_counted(made.counted if made else None, request.user)
    asked = CardCountForm(request.POST if request.method == "POST" else None, initial=own_numbers(standing))
    if asked.is_valid():
        try:
            came_to = actions.count(cohort=cohort, by=request.user, **asked.cleaned_data)
            say(request, came_to, _("Both counts are the same. The cards that were left over are void."))
            return redirect(count_page(cohort))
        except Refused as refusal:
            asked.add_error(None, str(refusal))
    page = {
        "cohort": cohort,
        "sheet": made,
        "why_not": why_not_count(cohort, made, plans.first_round(cohort)),
        "asked": asked,
        "forms": [asked],
    }
    page |= standing
    return render(request, "evaluation/cards/count.html", page, status=422 if asked.is_bound else 200)
