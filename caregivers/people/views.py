"""The people of a group, and everybody on the way to a place over all the groups of one's teams."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from caregivers.models import Referral
from caregivers.people.forms import BoardFilter
from caregivers.people.queries import across_groups, known
from caregivers.people.queries import board as board_of
from caregivers.people.stages import in_order, of_stage, with_stage
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from programmes.models import Cohort

ROWS = 25


@requires(P.PEOPLE_SEE)
@require_safe
def people(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    shown = board_of(cohort, timezone.now())
    audit.saw(request, shown.people, cohort=cohort)
    page = {"cohort": cohort, "board": shown, "key": str(uuid.uuid4())}
    return render(request, "caregivers/people/people.html", page)


@requires(P.RECRUIT)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    groups = Cohort.objects.visible_to(request.user).only("code", "name")
    form = BoardFilter(request.GET, groups=groups)
    wanted = form.cleaned_data if form.is_valid() else {}
    referrals = with_stage(Referral.objects.visible_to(request.user), now)
    if wanted.get("source"):
        referrals = referrals.filter(source=wanted["source"])
    if wanted.get("group"):
        referrals = referrals.filter(cohort=wanted["group"])
    if wanted.get("stage") != BoardFilter.EVERYBODY:
        referrals = of_stage(referrals, wanted.get("stage", ""))
    rows = Paginator(in_order(referrals), ROWS).get_page(request.GET.get("page"))
    shown = known(rows.object_list, now).select_related("cohort")
    people = across_groups(shown, now)
    audit.saw(request, (person.referral for person in people))
    page = {
        "form": form,
        "rows": rows,
        "people": people,
        "filtered": any(wanted.values()),
    }
    return render(request, "caregivers/people/board.html", page, status=200 if form.is_valid() else 422)
