"""The public page of a measure, reached by a person's own link: no account, no cookie, no script needed."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from evaluation.models import WaveLink
from evaluation.rounds import actions
from feedback.answering.forms import AnswerForm
from feedback.answering.sending import in_language, take_in
from feedback.answering.views import thanked
from feedback.languages import texts
from feedback.languages.queries import interface, said_in
from feedback.models import Questionnaire
from ppg.access.marks import public
from ppg.access.refusals import Refused
from ppg.forms.back import kept_for_back
from ppg.links.views import ended


@public
@csrf_exempt  # nobody is signed in, as with session feedback; the link is the secret
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    now = timezone.now()
    opened = WaveLink.objects.opened_by(token, now).select_related("wave__form__questionnaire", "place")
    link = opened.first()
    if link is None or not link.wave.is_open(now):
        return redirect("measure_thanks", token) if sent_before(request, token) else ended(request)
    typed = request.POST if request.method == "POST" else None
    said = said_in(link.wave.form.questionnaire, request.GET.get("lang", ""))
    form = AnswerForm(said.questions, typed, csrf=False, said=said)
    thanks_page = reverse("measure_thanks", args=[token]) + in_language(said.language)
    keep = partial(actions.receive, wave=link.wave, place=link.place)
    # Refused: closed, or the consent was withdrawn, while they wrote.
    taken = take_in(request, form, keep, thanks=thanks_page, counted_as=("measure", token), over=Refused)
    if isinstance(taken, HttpResponse):
        return taken
    page = {"form": form, "said": said, "after": link.wave.point != link.wave.Point.BEFORE}
    page |= {"promise": texts.BY_LINK, "still": texts.STILL_BY_LINK}
    with translation.override(interface(said.language.code if said.language else "")):
        response = render(request, "evaluation/rounds/answer.html", page, status=taken)
    return kept_for_back(response, form)  # sent again it is not a second answer


def sent_before(request: HttpRequest, token: str) -> bool:
    """This very sheet has come by this link: the press was doubled, or our answer was lost on the way."""
    if request.method != "POST":
        return False
    return WaveLink.sent_with(token, request.POST.get("nonce", ""))


@public
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """The same for every link, without looking it up: whether one was ever good is nobody's business."""
    return thanked(request, "evaluation/rounds/thanks.html", (Questionnaire.Kind.MEASURE,))
