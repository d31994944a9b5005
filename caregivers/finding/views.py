"""Looking for a person: what was typed is sent, and the page it leads to has the codes of who was found."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from caregivers.finding import queries
from caregivers.finding.forms import FindForm
from caregivers.models import Caregiver
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit

MOST = 20  # of more nobody would read the list: the page asks for more letters


@requires(P.PEOPLE_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    form = FindForm(request.POST if request.method == "POST" else None)
    form.form_action = reverse("caregivers:find")  # without those who were found before
    nobody = False
    if form.is_valid():
        codes = queries.find(request.user, form.cleaned_data["who"])
        audit.record(request.user, audit.Verb.SAW, Caregiver(code=""), fields=["looked_for_somebody"])
        if codes:
            return redirect(f"{reverse('caregivers:find')}?{urlencode({'person': codes[: MOST + 1]}, doseq=True)}")
        nobody = True
    codes = [] if form.is_bound else request.GET.getlist("person")[: MOST + 1]
    matches = queries.shown(request.user, codes, timezone.now()) if codes else []
    people = matches[:MOST]
    audit.saw(request, [referral for one in people for referral in one.referrals])
    page = {"form": form, "people": people, "more": len(matches) > MOST, "nobody": nobody, "most": MOST}
    wrong = form.is_bound and not form.is_valid()
    return render(request, "caregivers/finding/find.html", page, status=422 if wrong else 200)
