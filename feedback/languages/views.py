"""A questionnaire in other languages: one is added, its words are typed in."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.languages import actions, texts
from feedback.languages.forms import TranslationForm
from feedback.models import Questionnaire
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.documents import in_words

GET_OR_POST = ["GET", "HEAD", "POST"]


def find(request: HttpRequest, code: str) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), code=code)


@requires(P.QUESTIONS_EDIT)
@require_safe
def add_language(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the page of the language that was chosen; nothing is begun before something is saved there."""
    questionnaire = find(request, code)
    language = request.GET.get("language", "")
    if language not in texts.ALL:
        messages.warning(request, _("Choose a language, then press the button."))
        return redirect("feedback:questionnaire", questionnaire.code)
    return redirect("feedback:translation", questionnaire.code, language)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def translation(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Every text with its field. A version in use may be translated too: the answers are the same numbers."""
    questionnaire = find(request, code)
    if language not in texts.ALL:
        raise Http404
    questions = list(questionnaire.questions.all())
    row = questionnaire.translations.filter(language=language).first()
    said = texts.flat(row.words) if row else {}
    form = TranslationForm(
        request.POST or None,
        texts=texts.texts(questionnaire, questions),
        code=language,
        initial={f"t-{key}": text for key, text in said.items()},
    )
    form.cancel_url = reverse("feedback:questionnaire", args=[code])
    if form.is_valid():
        fields = {"questionnaire": questionnaire, "language": language, "said": form.said(), "by": request.user}
        tell_what_is_missing(request, actions.save_translation(**fields), texts.ALL[language])
        if signs := in_words.signs_for_words("".join(form.said().values())):
            messages.warning(request, _("On a printed sheet these stand in words: %(signs)s") % {"signs": signs})
        return redirect("feedback:questionnaire", code)
    page = {"questionnaire": questionnaire, "language": texts.ALL[language], "form": form}
    return render(request, "feedback/languages/translation.html", page, status=422 if form.is_bound else 200)


def tell_what_is_missing(request: HttpRequest, missing: list[texts.Text], language: texts.Language) -> None:
    words = {"language": language.name, "n": len(missing)}
    if missing:
        messages.warning(
            request, _("Saved. %(language)s is not offered yet: %(n)s of its texts are still missing.") % words
        )
    else:
        messages.success(request, _("Saved. People can choose %(language)s on the form now.") % words)
