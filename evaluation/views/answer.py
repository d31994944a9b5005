"""The public page of a measure, reached by a person's own link: no account, no cookie, no script needed."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from evaluation import actions
from evaluation.models import WaveLink
from feedback.forms import AnswerForm
from feedback.views.answer import MOST_SENDS, TOO_MANY, WITHIN_SECONDS
from ppg.access import public
from ppg.limits import too_many
from ppg.refusals import Refused


@public
@csrf_exempt  # nobody is signed in, as with session feedback; the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    link, now = WaveLink.of_token(token), timezone.now()
    if link is None:
        raise Http404
    if link.used_at:
        return redirect("measure_thanks", token)
    if not link.is_live(now) or not link.wave.is_open(now):
        return closed(request)
    typed = request.POST if request.method == "POST" else None
    form = AnswerForm(link.wave.form.questionnaire.questions.all(), typed, csrf=False)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if too_many(request, "measure", most=MOST_SENDS, seconds=WITHIN_SECONDS):
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            try:
                actions.receive(wave=link.wave, place=link.place, answers=form.payload(), nonce=form.nonce)
                return redirect("measure_thanks", token)
            except Refused:  # closed, or the consent was withdrawn, while they wrote
                return closed(request)
    page = {"form": form, "after": link.wave.point != link.wave.Point.BEFORE}
    response = render(request, "evaluation/answer.html", page, status=status)
    # Back shows this very sheet again; sent again it is not a second answer.
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def closed(request: HttpRequest) -> HttpResponse:
    sent = request.method == "POST"
    return render(request, "feedback/closed.html", {"sent": sent}, status=409 if sent else 200)


@public
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    if WaveLink.of_token(token) is None:
        raise Http404
    return render(request, "evaluation/thanks.html")
