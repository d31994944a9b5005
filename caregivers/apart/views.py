"""Two people who are kept apart: marking them, and taking the mark away. Why is never asked for."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from caregivers.apart import actions
from caregivers.apart.forms import ApartForm
from caregivers.apart.queries import marks_of, people_to_choose, referrals_of_both
from caregivers.models import KeptApart, Referral
from caregivers.seen import caregiver_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.effects import once


@requires(P.CHECK_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def apart(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    people = people_to_choose(request.user, caregiver)
    form = ApartForm(request.POST or None, people=people)
    together: list[Referral] = []
    if form.is_valid():
        pair = {"caregiver": caregiver, "other": form.cleaned_data["other"]}
        try:
            once(
                form.cleaned_data["effect_key"],
                lambda: actions.keep_apart(by=request.user, **pair).code,
                by=request.user,
                of=f"apart {code}",
            )
        except actions.Together as refusal:
            form.add_error("other", str(refusal))
            together = referrals_of_both(request.user, refusal.group, **pair)
        else:
            messages.success(request, _("Saved. They cannot have a place in the same group."))
            return redirect("caregivers:apart", code)
    marks = marks_of(caregiver, request.user)
    others = [mark.other for mark in marks if mark.other]
    audit.saw(request, [caregiver, *others, *(one for members in people.values() for one in members)])
    page = {
        "caregiver": caregiver,
        "marks": marks,
        "anybody": bool(people),
        "form": form,
        "together": together,
    }
    return render(request, "caregivers/apart/apart.html", page, status=422 if form.is_bound else 200)


@requires(P.CHECK_RECORD)
@require_http_methods(["GET", "HEAD", "POST"])
def apart_end(request: HttpRequest, code: str, mark: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    pair = get_object_or_404(KeptApart.objects.visible_to(request.user).of(caregiver), code=mark)
    if request.method == "POST":
        actions.end_apart(mark=pair, by=request.user)
        messages.success(request, _("The mark is taken away. They may be in the same group."))
        return redirect("caregivers:apart", code)
    other = pair.other(caregiver)
    audit.saw(request, [caregiver, other])
    page = {"caregiver": caregiver, "mark": pair, "other": other}
    return render(request, "caregivers/apart/end.html", page)
