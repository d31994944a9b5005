"""The questions that people are asked: which there are, their versions, and what the people asked will see."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import editing, languages, questionnaires, translating
from feedback.forms import AnswerForm
from feedback.models import Questionnaire
from feedback.questionnaire_forms import LanguageForm, NewMeasureForm, PublishForm, TranslationForm
from feedback.suggestion_forms import BoxForm
from feedback.threshold import least
from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from ppg.refusals import Refused

GET_OR_POST = ["GET", "HEAD", "POST"]


@requires(P.QUESTIONS_EDIT)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One row for each set of questions: the version in use, and its draft."""
    versions = Questionnaire.objects.visible_to(request.user).exclude(state=Questionnaire.State.OLD)
    rows: dict[str, dict[str, Any]] = {}
    for one in versions.order_by("version"):
        row = rows.setdefault(one.slug, {"questionnaire": one, "kind": Questionnaire.Kind(one.kind)})
        row[one.state] = row["questionnaire"] = one
    order = list(Questionnaire.Kind)
    page = {
        "rows": sorted(rows.values(), key=lambda row: (order.index(row["kind"]), row["questionnaire"].title)),
        "missing": questionnaires.are_missing(),
    }
    return render(request, "feedback/questionnaires.html", page)


@requires(P.QUESTIONS_EDIT)
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    questionnaires.load_shipped()
    return redirect("feedback:questionnaires")


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def add_measure(request: HttpRequest) -> HttpResponse:
    """Questions asked before and after that the service has a licence for."""
    form = NewMeasureForm(request.POST or None)
    form.cancel_url = reverse("feedback:questionnaires")
    if form.is_valid():

        def begin() -> str:
            kind, title = Questionnaire.Kind.MEASURE, form.cleaned_data["title"]
            return editing.create(kind=kind, title=title, by=request.user).code

        return redirect("feedback:edit_questions", once(form.cleaned_data["effect_key"], begin))
    return render(request, "feedback/measure_add.html", {"form": form}, status=422 if form.is_bound else 200)


def found(request: HttpRequest, code: str) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), code=code)


@requires(P.QUESTIONS_EDIT)
@require_safe
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    """One version, the others, and the languages it is there in."""
    shown = found(request, code)
    versions = list(Questionnaire.objects.visible_to(request.user).of(shown).select_related("published_by"))
    page = {
        "questionnaire": shown,
        "questions": list(shown.questions.all()),
        "versions": versions,
        "current": editing.in_state(versions, Questionnaire.State.CURRENT),
        "draft": editing.in_state(versions, Questionnaire.State.DRAFT),
        "beside": questionnaires.BESIDE.get(shown.kind),
    } | of_languages(shown)
    return render(request, "feedback/questionnaire.html", page)


def of_languages(shown: Questionnaire) -> dict[str, Any]:
    """The translations there are with how much is missing, and a form to begin another."""
    questions = list(shown.questions.all())
    rows = [
        {"language": languages.ALL[row.language], "missing": len(languages.missing(shown, questions, row.words))}
        for row in shown.translations.all()
        if row.language in languages.ALL
    ]
    return {"languages": rows, "add_language": LanguageForm(without=[row["language"].code for row in rows])}


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def preview(request: HttpRequest, code: str) -> HttpResponse:
    """The very page that people get. It can be filled in, and nothing is kept."""
    shown = found(request, code)
    if request.method == "POST":
        messages.info(request, _("That was the preview: nothing was sent, and nothing is kept."))
        return redirect("feedback:questionnaire", code)
    said = languages.said_in(shown, request.GET.get("lang", ""))
    page = {"said": said, "least": least(), "preview": shown}
    if shown.kind == Questionnaire.Kind.BOX:
        return render(request, "feedback/box.html", page | {"form": BoxForm(said.questions, said=said), "told": []})
    beside = questionnaires.BESIDE.get(shown.kind)
    page["form"] = AnswerForm(said.questions, said=said)
    return render(request, beside.preview if beside else "feedback/answer.html", page)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    questionnaire = found(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    plan = draft or questionnaire
    form = PublishForm(request.POST or None, initial={"seen": editing.fingerprint_of_all(plan)})
    form.cancel_url = reverse("feedback:edit_questions", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            published = editing.publish(questionnaire=questionnaire, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("Version %(n)s is in use. Forms that are open already keep their questions.")
                % {"n": published.version},
            )
            return redirect("feedback:questionnaire", published.code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data, status = request.POST.copy(), 409
            form.data["seen"] = editing.fingerprint_of_all(plan)
    page = {
        "questionnaire": questionnaire,
        "draft": plan,
        "form": form,
        "questions": list(plan.questions.all()),
        "problems": questionnaires.problems(plan),
        "lacking": [row for row in of_languages(plan)["languages"] if row["missing"]],
    }
    return render(request, "feedback/questions_publish.html", page, status=status)


def draft_of(request: HttpRequest, questionnaire: Questionnaire) -> Questionnaire | None:
    versions = Questionnaire.objects.visible_to(request.user).of(questionnaire)
    return versions.filter(state=Questionnaire.State.DRAFT).select_related("changed_by", "owner").first()


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def discard(request: HttpRequest, code: str) -> HttpResponse:
    questionnaire = found(request, code)
    versions = Questionnaire.objects.visible_to(request.user).of(questionnaire)
    current = versions.filter(state=Questionnaire.State.CURRENT).first()
    if request.method == "POST":
        editing.discard(questionnaire=questionnaire, by=request.user)
        messages.success(request, _("The draft is thrown away."))
        return redirect("feedback:questionnaire", current.code) if current else redirect("feedback:questionnaires")
    draft = draft_of(request, questionnaire)
    if draft is None:
        return redirect("feedback:questionnaire", code)
    page = {"questionnaire": questionnaire, "draft": draft, "current": current}
    return render(request, "feedback/questions_discard.html", page)


@requires(P.QUESTIONS_EDIT)
@require_safe
def add_language(request: HttpRequest, code: str) -> HttpResponse:
    """Leads to the page of the language that was chosen; nothing is begun before something is saved there."""
    questionnaire = found(request, code)
    language = request.GET.get("language", "")
    if language not in languages.ALL:
        messages.warning(request, _("Choose a language, then press the button."))
        return redirect("feedback:questionnaire", questionnaire.code)
    return redirect("feedback:translation", questionnaire.code, language)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def translation(request: HttpRequest, code: str, language: str) -> HttpResponse:
    """Every text with its field. A version in use may be translated too: the answers are the same numbers."""
    questionnaire = found(request, code)
    if language not in languages.ALL:
        raise Http404
    questions = list(questionnaire.questions.all())
    row = questionnaire.translations.filter(language=language).first()
    said = languages.flat(row.words) if row else {}
    form = TranslationForm(
        request.POST or None,
        texts=languages.texts(questionnaire, questions),
        code=language,
        initial={f"t-{key}": text for key, text in said.items()},
    )
    form.cancel_url = reverse("feedback:questionnaire", args=[code])
    if form.is_valid():
        told = {"questionnaire": questionnaire, "language": language, "said": form.said(), "by": request.user}
        tell_what_is_missing(request, translating.save_translation(**told), languages.ALL[language])
        return redirect("feedback:questionnaire", code)
    page = {"questionnaire": questionnaire, "language": languages.ALL[language], "form": form}
    return render(request, "feedback/translation.html", page, status=422 if form.is_bound else 200)


def tell_what_is_missing(request: HttpRequest, missing: list[languages.Text], language: languages.Language) -> None:
    words = {"language": language.name, "n": len(missing)}
    if missing:
        messages.warning(
            request, _("Saved. %(language)s is not offered yet: %(n)s of its texts are still missing.") % words
        )
    else:
        messages.success(request, _("Saved. People can choose %(language)s on the form now.") % words)
