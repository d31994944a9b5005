"""One's own answers, opened once by one's own link; and what staff can do about it without reading any of it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.models import PersonalLink, Place
from caregivers.seen import caregiver_of
from evaluation.models import AnswersLink
from evaluation.own_answers import actions, queries
from evaluation.own_answers.forms import OpenForm, SpokenCodeForm
from ppg.access.marks import public, requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import token_of_press
from ppg.forms.fields import EffectKeyField
from ppg.links.codes import site
from ppg.links.views import ended

# --- Public -----------------------------------------------------------------------------------------------


@public
@csrf_exempt  # nobody is signed in; the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def answers(request: HttpRequest, token: str) -> HttpResponse:
    """The answers are the answer to the press itself: the link is used up by it, and no address shows them again."""
    link = AnswersLink.objects.opened_by(token, timezone.now()).first()
    if link is None:
        return ended(request)
    typed = request.POST if request.method == "POST" else None
    form = (SpokenCodeForm if link.needs_code else OpenForm)(typed)
    if request.method == "POST" and form.is_valid():
        try:
            place = actions.open_with(token=token, typed=form.cleaned_data.get("code", ""))
        except actions.Wrong as wrong:
            form.add_error("code", str(wrong))
        else:
            return ended(request) if place is None else shown(request, place)
    page = {"form": form, "needs_code": link.needs_code}
    return render(request, "evaluation/own_answers/open.html", page, status=422 if form.errors else 200)


def shown(request: HttpRequest, place: Place) -> HttpResponse:
    return render(request, "evaluation/own_answers/answers.html", {"sheets": queries.own_sheets(place)})


@public
@require_POST
def send_from_own_page(request: HttpRequest, token: str) -> HttpResponse:
    """By the person, from their own page. Staff may have that link too, so it shows nothing: the other one is sent."""
    link = PersonalLink.objects.opened_by(token, timezone.now(), PersonalLink.Purpose.OWN_PAGE).first()
    if link is None:
        return ended(request)
    try:
        actions.send(caregiver=link.caregiver, by=None, site=site(request))
    except Refused as refusal:
        page = {"token": token, "refusal": str(refusal)}
        return render(request, "evaluation/own_answers/sent.html", page, status=409)
    return render(request, "evaluation/own_answers/sent.html", {"token": token})


# --- Staff ------------------------------------------------------------------------------------------------


@requires(P.RIGHTS, again=True)
@require_POST
def send(request: HttpRequest, code: str) -> HttpResponse:
    caregiver = caregiver_of(request, code)
    actions.send(caregiver=caregiver, by=request.user, site=site(request))
    messages.success(request, _("The link is on its way to them. Nobody here sees it."))
    return redirect("caregivers:handover", caregiver.code)


@requires(P.RIGHTS, again=True)
@require_POST
def link(request: HttpRequest, code: str) -> HttpResponse:
    """The link, once. Staff may see this one: it opens with a code that only the safeguarding lead can get."""
    place = get_object_or_404(Place.objects.visible_to(request.user).select_related("caregiver", "cohort"), code=code)
    key = EffectKeyField().clean(request.POST.get("effect_key"))
    token = token_of_press("answers", code, key, by=request.user)
    actions.make_link(place=place, by=request.user, token=token)
    audit.saw(request, [place])
    address = site(request) + reverse("own_answers", args=[token])
    return render(request, "evaluation/own_answers/link.html", {"place": place, "address": address})


@requires(P.ANSWERS_CODE)
@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """Who was given a link to their answers and needs the code for it."""
    links = list(AnswersLink.objects.visible_to(request.user).select_related("place__caregiver", "place__cohort"))
    audit.saw(request, (link.place for link in links))
    return render(request, "evaluation/own_answers/codes.html", {"links": links})


@requires(P.ANSWERS_CODE, again=True)
@require_POST
def code(request: HttpRequest, code: str) -> HttpResponse:
    """The code, once: only its hash is kept."""
    links = AnswersLink.objects.visible_to(request.user).select_related("place__caregiver")
    link = get_object_or_404(links, code=code)
    audit.saw(request, [link.place])
    page = {"place": link.place, "spoken": actions.new_spoken_code(link=link, by=request.user)}
    return render(request, "evaluation/own_answers/code.html", page)
