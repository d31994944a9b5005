"""Questions as the people asked will see them, on the very page that they get."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.answering.forms import AnswerForm
from feedback.languages.queries import said_in
from feedback.models import Questionnaire
from feedback.questions import questionnaires
from feedback.questions.views import GET_OR_POST, find_questionnaire
from feedback.results.least_answers import least
from feedback.slips.forms import SlipField
from feedback.suggestions.forms import BoxForm
from ppg.access.marks import requires
from ppg.access.permissions import P


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The very page that people get. It can be filled in, and nothing is kept."""
    shown = find_questionnaire(request, code)
    if request.method == "POST":
        messages.info(request, _("That was the preview: nothing was sent, and nothing is kept."))
        return redirect("feedback:questionnaire", code)
    said = said_in(shown, request.GET.get("lang", ""))
    page = {"said": said, "least": least(), "preview": shown}
    if shown.kind == Questionnaire.Kind.BOX:
        page |= {"form": BoxForm(said.questions, said=said), "published_answers": []}
        return render(request, "feedback/suggestions/box.html", page)
    extension = questionnaires.extensions.get(shown.kind)
    slip = None if extension else SlipField(None, page=said.page)
    page["form"] = AnswerForm(said.questions, said=said, slip=slip)
    return render(request, extension.preview if extension else "feedback/answering/answer.html", page)
