"""Which times suit a group's people: proposing, answering for somebody, the result; and the caregiver's own page."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from caregivers import safe
from caregivers.links.limits import MOST, SECONDS
from caregivers.models import How, PersonalLink, Referral, Slot
from caregivers.times import actions
from caregivers.times.forms import AnswerForm, ProposeForm, StaffAnswerForm
from caregivers.times.queries import read
from caregivers.times.words import spoken
from ppg.access.marks import public, requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.limits import spend
from ppg.links.views import ended
from programmes.models import Cohort


@requires(P.TIMES)
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest, code: str) -> HttpResponse:
    """The times with who can come, best first; below them the form that proposes more."""
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    form = ProposeForm(request.POST or None)
    if form.is_valid():
        try:
            made = actions.propose(cohort=cohort, by=request.user, **form.proposed())
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            added = ngettext("%(n)s time is added.", "%(n)s times are added.", len(made)) % {"n": len(made)}
            messages.success(request, added if made else _("These times were there already."))
            return redirect("caregivers:times", code)
    results, people = read(cohort)
    audit.saw(request, (line.referral for line in people), cohort=cohort)
    page = {
        "cohort": cohort,
        "results": results,
        "chosen": next((one for one in results if one.slot.chosen_at), None),
        "people": people,
        "answered": sum(line.answered > 0 for line in people),
        "form": form,
    }
    return render(request, "caregivers/times/times.html", page, status=422 if form.is_bound else 200)


@requires(P.TIMES)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """One press where nobody has answered about it; otherwise the page asks first."""
    slot = get_object_or_404(Slot.objects.visible_to(request.user).select_related("cohort"), code=code)
    if request.method == "POST":
        actions.remove(slot=slot, by=request.user, sure=request.POST.get("sure") == "yes")
        messages.success(request, _("%(when)s is removed.") % {"when": spoken(slot)})
        return redirect("caregivers:times", slot.cohort.code)
    page = {"slot": slot, "when": spoken(slot), "answers": slot.answers.count()}
    return render(request, "caregivers/times/remove.html", page)


@requires(P.TIMES)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_for(request: HttpRequest, code: str) -> HttpResponse:
    """What somebody said on the phone or on paper."""
    referrals = Referral.objects.visible_to(request.user).select_related("cohort", "caregiver")
    referral = get_object_or_404(referrals, code=code)
    cohort, caregiver = referral.cohort, referral.caregiver
    slots = list(cohort.slots.all())
    said = dict(caregiver.slot_answers.filter(slot__in=slots).values_list("slot__code", "can"))
    form = StaffAnswerForm(request.POST or None, slots=slots, said=said)
    form.cancel_url = reverse("caregivers:times", args=[cohort.code])
    if slots and form.is_valid():
        values = {"answers": form.answers(), "how": form.cleaned_data["how"]}
        actions.answer(cohort=cohort, caregiver=caregiver, by=request.user, **values)
        messages.success(request, _("What they said is saved."))
        return redirect("caregivers:times", cohort.code)
    audit.saw(request, [referral], fields=["name", "phone"])
    page = {"referral": referral, "form": form, "slots": slots, "may_ring": safe.may_ring(caregiver)}
    return render(request, "caregivers/times/answer_for.html", page, status=422 if form.is_bound else 200)


# --- The caregiver's own page ------------------------------------------------------------------------------


@public
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """Reached by their own link, as often as they like until the time is chosen."""
    link = PersonalLink.objects.opened_by(token, timezone.now(), PersonalLink.Purpose.TIMES).first()
    if link is None:
        return ended(request)
    slots = list(link.cohort.slots.all())
    if chosen := next((slot for slot in slots if slot.chosen_at), None):
        return render(request, "caregivers/times/answer.html", {"chosen": spoken(chosen)})
    if not slots or actions.declined(link.cohort, link.caregiver):
        return ended(request)
    said = dict(link.caregiver.slot_answers.filter(slot__in=slots).values_list("slot__code", "can"))
    form = AnswerForm(request.POST or None, slots=slots, said=said)
    status = 422 if form.is_bound else 200
    if form.is_bound and spend("times", token, most=MOST, seconds=SECONDS):
        form.add_error(None, _("Too many tries. Wait five minutes, then press the button again."))
        status = 429
    elif form.is_valid():
        try:
            actions.answer(cohort=link.cohort, caregiver=link.caregiver, answers=form.answers(), how=How.ONLINE)
        except Refused:  # chosen, or declined, while they thought
            pass
        else:
            return redirect(reverse("times", args=[token]) + "?sent")
        return redirect("times", token)
    page = {"form": form, "said": said, "sent": "sent" in request.GET and bool(said) and not form.is_bound}
    return render(request, "caregivers/times/answer.html", page, status=status)
