"""The public page: one request to answer, no account, no cookie, no script needed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback.answering.forms import AnswerForm
from feedback.answering.sending import by_open_link, in_language, kept_by_slip, take_in
from feedback.languages import texts as languages
from feedback.languages.queries import interface, said_after, said_in
from feedback.models import Form, Questionnaire, SlipSheet
from feedback.results.least_answers import least
from feedback.slips.forms import SlipField, SlipForm
from feedback.slips.queries import asked_with, has_closed, sheet_of, sheet_with
from feedback.slips.tries import tried_out
from ppg.access.marks import public
from ppg.forms.back import kept_for_back
from ppg.links.views import ended

KINDS = (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL)


@public
@csrf_exempt  # nobody is signed in: a token would need a cookie and protect nothing (docs/decisions/sealed-answers.md)
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    asked = Form.objects.anonymous().open(timezone.now()).filter(code=code).select_related("questionnaire").first()
    if asked is None:
        return ended(request)
    return asked_of(request, asked)


@public
@require_safe
def slips(request: HttpRequest, sheet: str) -> HttpResponse:
    """The address that stands on every slip, for those who type it: the form, which asks for the code."""
    printed = sheet_with(sheet)
    if printed is None:
        return ended(request)
    asked = asked_with(printed, timezone.now())
    return redirect("answer_form", asked.code) if asked else nothing_now(request, printed)


@public
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def slip(request: HttpRequest, sheet: str, slip: str) -> HttpResponse:
    """The form by a slip's own code. Whether it was used before is told to nobody, not even here."""
    printed = sheet_with(sheet)
    read = SlipForm({"slip": slip}, sheet=printed)
    good = read.is_valid()
    if tried_out(request, read) or not good or printed is None:
        return ended(request)
    asked = asked_with(printed, timezone.now())
    return asked_of(request, asked, read.cleaned_data["slip"]) if asked else nothing_now(request, printed)


def asked_of(request: HttpRequest, asked: Form, slip: str = "") -> HttpResponse:
    """`slip`: the code, where the address says it. Where it does not, a form by slips asks for it."""
    typed = request.POST if request.method == "POST" else None
    said = said_in(asked.questionnaire, request.GET.get("lang", ""))
    field = SlipField(sheet_of(asked), page=said.page) if asked.slips and not slip else None
    form = AnswerForm(said.questions, typed, csrf=False, said=said, slip=field)
    thanks_page = reverse("answer_thanks", args=[asked.code]) + in_language(said.language)
    keep = kept_by_slip(asked, form, slip) if asked.slips else by_open_link(request, asked)
    taken = take_in(request, form, keep, thanks=thanks_page)
    if isinstance(taken, HttpResponse):
        return taken
    page = {"form": form, "said": said, "least": least(), "by_link": not asked.slips}
    with translation.override(interface(said.language.code if said.language else "")):
        response = render(request, "feedback/answering/answer.html", page, status=taken)
    return kept_for_back(response, form)  # every other way here asks for a new sheet with a new nonce


def nothing_now(request: HttpRequest, sheet: SlipSheet) -> HttpResponse:
    """Before the form is opened a slip is good, and to be kept; afterwards it is like any other link that has ended."""
    if has_closed(sheet):
        return ended(request)
    return render(request, "feedback/answering/not_yet.html")


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
