"""Before and after, for the team: choose how, ask, hand out links, write down answers, close. Who has answered, never
what."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.models import Place
from evaluation.measures.queries import OWN
from evaluation.models import CardSheet, EvaluationPlan, Mode, Wave
from evaluation.rounds import actions, plans, reminding
from evaluation.rounds.forms import PlanForm, WrittenDownForm
from evaluation.rounds.progress import next_step, rounds_of, to_count
from feedback.asking.queries import printers
from feedback.results.least_answers import least
from ppg.access.marks import requires
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import token_of_press
from ppg.forms.fields import EffectKeyField
from ppg.links.codes import site
from programmes.models import Cohort


@requires(P.MEASURE_SEND)
@require_safe
def waves(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    plan = EvaluationPlan.objects.filter(cohort=cohort).select_related("measure__questionnaire").first()
    mode = plan.mode if plan else Mode.CONFIDENTIAL
    sheet = CardSheet.objects.filter(cohort=cohort).select_related("made_by").first() if mode == Mode.CODED else None
    rounds = rounds_of(cohort, mode, timezone.now(), sheet)
    audit.saw(request, (asked.place for row in rounds for asked in row.people), cohort=cohort)
    page = {
        "cohort": cohort,
        "rounds": rounds,
        "plan": plan,
        "mode": Mode(mode),
        "coded": mode == Mode.CODED,
        "sheet": sheet,
        "printers": printers(cohort) if mode == Mode.CODED else [],
        "to_count": to_count(sheet, rounds),
        "next": next_step(rounds, mode, sheet),
        "fixed": any(row.wave for row in rounds),
        "may_plan": can(request.user, P.QUESTIONS_EDIT),
        "least": least(),
        "effect_key": EffectKeyField().initial(),
    }
    return render(request, "evaluation/rounds/waves.html", page)


@requires(P.MEASURE_SEND)
@require_POST
def open_wave(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    point = request.POST.get("point", "")
    if point not in Wave.Point.values:
        raise Refused(_("Choose whether to ask before or after the programme."))
    actions.open_wave(cohort=cohort, point=point, by=request.user)
    messages.success(request, _("The questions are open."))
    return redirect("evaluation:waves", cohort.code)


@requires(P.MEASURE_SEND)
@require_POST
def close_wave(request: HttpRequest, code: str) -> HttpResponse:
    wave = wave_or_404(request, code)
    actions.close_wave(wave=wave, by=request.user)
    messages.success(request, _("The questions have closed. The answers go into the figures all at once."))
    return redirect("evaluation:waves", wave.cohort.code)


@requires(P.MEASURE_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, code: str) -> HttpResponse:
    """Whom the link goes to, by which way, and who is left out and why: seen before it is sent."""
    wave = wave_or_404(request, code)
    if request.method == "POST":
        n = actions.send_links(wave=wave, by=request.user, site=site(request))
        if n:
            sentence = ngettext("%(n)s message is on its way.", "%(n)s messages are on their way.", n)
            messages.success(request, sentence % {"n": n})
        else:
            messages.info(request, _("Nobody is left whom we may write to now. Hand out links instead."))
        return redirect("evaluation:waves", wave.cohort.code)
    recipients = reminding.recipients(wave, timezone.now())
    audit.saw(request, (recipient.place for recipient in recipients), cohort=wave.cohort, of=wave)
    page = {
        "wave": wave,
        "is_open": wave.is_open(timezone.now()),
        "coded": plans.is_coded(wave),
        "written": reminding.written(recipients),
        "left_out": reminding.left_out(recipients),
    }
    return render(request, "evaluation/rounds/send.html", page)


@requires(P.MEASURE_SEND)
@require_POST
def link(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """The link, once: only its hash is kept, so it is the answer to the press itself."""
    wave, person = wave_or_404(request, code), place_or_404(request, code, place)
    key = EffectKeyField().clean(request.POST.get("effect_key"))
    token = token_of_press("wave", code, place, key, by=request.user)
    actions.make_link(wave=wave, place=person, by=request.user, token=token)
    audit.saw(request, [person], cohort=wave.cohort, of=wave)
    address = site(request) + reverse("measure_answer", args=[token])
    return render(request, "evaluation/rounds/link.html", {"wave": wave, "place": person, "address": address})


@requires(P.MEASURE_SEND)
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, code: str, place: str) -> HttpResponse:
    """The same questions, for answers given on paper or by phone."""
    wave, person = wave_or_404(request, code), place_or_404(request, code, place)
    if plans.is_coded(wave):
        raise Refused(_("This group answers by cards. Type in the sheets with their codes."))
    form = WrittenDownForm(wave.form.questionnaire.questions.all(), request.POST or None)
    if form.is_valid():
        kept = actions.receive(
            wave=wave,
            place=person,
            answers=form.payload(),
            nonce=form.nonce,
            way=form.cleaned_data["way"],
            by=request.user,
        )
        if kept:
            messages.success(request, _("The answers are kept. Please destroy the paper."))
        else:
            messages.info(request, _("They had answered before. The first answers count."))
        return redirect("evaluation:waves", wave.cohort.code)
    audit.saw(request, [person], cohort=wave.cohort, of=wave)
    page = {"wave": wave, "place": person, "form": form}
    return render(request, "evaluation/rounds/enter.html", page, status=422 if form.is_bound else 200)


def wave_or_404(request: HttpRequest, code: str) -> Wave:
    waves = Wave.objects.visible_to(request.user).select_related("cohort", "form__questionnaire")
    return get_object_or_404(waves, code=code)


def place_or_404(request: HttpRequest, code: str, place: str) -> Place:
    places = Place.objects.visible_to(request.user).select_related("caregiver")
    return get_object_or_404(places, code=place, cohort__waves__code=code)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def plan(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    chosen = EvaluationPlan.objects.filter(cohort=cohort).select_related("measure__questionnaire").first()
    initial = {
        "mode": chosen.mode if chosen else Mode.CONFIDENTIAL,
        "measure": chosen.measure.questionnaire.slug if chosen and chosen.measure else OWN,
    }
    form = PlanForm(request.POST or None, initial=initial)
    if form.is_valid():
        actions.choose_plan(cohort=cohort, mode=form.cleaned_data["mode"], measure=form.measure(), by=request.user)
        messages.success(request, _("Your choice is kept. It can be changed until the first questions are open."))
        return redirect("evaluation:waves", cohort.code)
    page = {"cohort": cohort, "form": form, "fixed": cohort.waves.exists(), "plan": chosen, "mode": initial["mode"]}
    return render(request, "evaluation/rounds/plan.html", page, status=422 if form.is_bound else 200)
