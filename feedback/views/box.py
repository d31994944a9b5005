"""The public page of a group's suggestion box: no account, no cookie, no script needed, and no name of the group."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from feedback import languages, suggestions
from feedback.actions import receiving
from feedback.models import Questionnaire, SuggestionBox
from feedback.suggestion_forms import BoxForm
from feedback.views.answer import MOST_SENDS, TOO_MANY, WITHIN_SECONDS, in_language, thanked
from ppg.access import public
from ppg.limits import too_many_in_memory
from ppg.refusals import Refused
from ppg.views.links import ended

MOST_TOLD = 30  # of a group that asks for much more the page stays light; the report has them all


@public
@csrf_exempt  # as the feedback page: nobody is signed in, and a token would need a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HttpRequest, code: str) -> HttpResponse:
    found = SuggestionBox.objects.filter(code=code).select_related("cohort").first()
    if found is None or (found.closed_at and request.method == "POST"):
        return ended(request)
    asked = suggestions.forms_of_boxes().select_related("questionnaire").get(cohort=found.cohort_id)
    typed = request.POST if request.method == "POST" else None
    said = languages.said_in(asked.questionnaire, request.GET.get("lang", ""))
    form = BoxForm(said.questions, typed, csrf=False, said=said)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if too_many_in_memory(request, "box", most=MOST_SENDS, seconds=WITHIN_SECONDS):
            form.add_error(None, TOO_MANY)
            status = 429
        else:
            try:
                receiving.receive(form=asked, answers=form.payload(), nonce=form.nonce)
                return redirect(reverse("box_thanks", args=[code]) + in_language(said.language))
            except receiving.Closed:
                return ended(request)
            except Refused as refusal:
                form.add_error(None, str(refusal))
    told = suggestions.told(found.cohort)[:MOST_TOLD]
    page = {"form": None if found.closed_at else form, "said": said, "told": told}
    with translation.override(languages.interface(said.language.code if said.language else "")):
        response = render(request, "feedback/box.html", page, status=status)
    if not form.is_bound:
        response.headers["Cache-Control"] = "private, no-cache"  # for Back alone: see feedback.views.answer
    return response


@public
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same for every code, without looking it up."""
    return thanked(request, "feedback/box_thanks.html", (Questionnaire.Kind.BOX,), code=code)
