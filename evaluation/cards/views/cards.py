"""Cards, for the team: how to hand them out, and the sheet."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.models import Place
from evaluation.cards import actions, sheet
from evaluation.cards.forms import SPARES, CardsForm
from evaluation.models import Mode
from evaluation.rounds import plans
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.links.codes import site
from programmes.models import Cohort


@requires(P.MEASURE_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def cards(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet is the answer to the press itself and is not kept. Sent twice, it is the same sheet."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    if plans.mode_of(cohort) != Mode.CODED:
        raise Refused(_("This group answers by personal links, not by cards."))
    people = Place.objects.filter(cohort=cohort).in_group().count() or cohort.places
    form = CardsForm(request.POST or None, initial={"n": min(people + SPARES, actions.MOST_CARDS)})
    if form.is_valid():
        n, key = form.cleaned_data["n"], form.cleaned_data["effect_key"]
        codes = actions.make_cards(cohort=cohort, n=n, key=key, by=request.user)
        headers = {"Content-Disposition": 'attachment; filename="cards.pdf"'}
        return HttpResponse(sheet.pdf(codes, site(request)), content_type="application/pdf", headers=headers)
    page = {"cohort": cohort, "form": form, "made": cohort.cards.count()}
    return render(request, "evaluation/cards/make.html", page, status=422 if form.is_bound else 200)
