"""The public page: one request to answer, no account, no cookie, no script needed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback.answering.forms import AnswerForm
from feedback.answering.sending import by_open_link, in_language, take_in
from feedback.languages import texts as languages
from feedback.languages.queries import interface, said_after, said_in
from feedback.models import Form, Questionnaire
from feedback.results.least_answers import least
from ppg.access.marks import public
from ppg.links.views import ended

KINDS = (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL)


@public
@csrf_exempt  # nobody is signed in: a token would need a cookie and protect nothing (docs/decisions/sealed-answers.md)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    asked = Form.objects.anonymous().open(timezone.now()).filter(code=code).select_related("questionnaire").first()
    if asked is None:
        return ended(request)
    typed = request.POST if request.method == "POST" else None
    said = said_in(asked.questionnaire, request.GET.get("lang", ""))
    form = AnswerForm(said.questions, typed, csrf=False, said=said)
    thanks_page = reverse("answer_thanks", args=[code]) + in_language(said.language)
    taken = take_in(request, form, by_open_link(request, asked), thanks=thanks_page)
    if isinstance(taken, HttpResponse):
        return taken
    page = {"form": form, "said": said, "least": least()}
    with translation.override(interface(said.language.code if said.language else "")):
        response = render(request, "feedback/answering/answer.html", page, status=taken)
    if not form.is_bound:
        # Kept for Back alone: every other way here asks for a new sheet with a new nonce (AnswerForm.form_action).
        response.headers["Cache-Control"] = "private, no-cache"
    return response


@public
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same for every code, without looking it up: whether one was ever good is nobody's business."""
    return thanked(request, "feedback/answering/thanks.html", KINDS, code=code)


def thanked(request: HttpRequest, template: str, kinds: tuple[str, ...], **page: Any) -> HttpResponse:
    """A page of thanks, in the language that the questions were read in."""
    asked_for = languages.ALL.get(request.GET.get("lang", ""))
    language, words = said_after(asked_for.code, *kinds) if asked_for else (None, {})
    page |= {"language": language, "words": words, "again": in_language(asked_for)}
    with translation.override(interface(asked_for.code if asked_for else "")):
        return render(request, template, page)
