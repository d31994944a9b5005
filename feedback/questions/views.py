"""The questions that people are asked: which there are, their versions, and changing a draft."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.kinds import Scale
from feedback.languages import texts as languages
from feedback.languages.forms import LanguageForm
from feedback.models import Question, Questionnaire
from feedback.questions import actions, fingerprints, questionnaires
from feedback.questions.forms import AboutForm, NewMeasureForm, NewQuestionForm, PublishForm, QuestionForm, first_values
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.effects import once
from ppg.versions import in_state

GET_OR_POST = ["GET", "HEAD", "POST"]
STEPS = {"up": -1, "down": 1}


# --- Which there are, their versions ----------------------------------------------------------------------


@requires(P.QUESTIONS_EDIT)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """One row for each set of questions: the version in use, and its draft."""
    versions = Questionnaire.objects.visible_to(request.user).exclude(state=Questionnaire.State.OLD)
    rows: dict[str, dict[str, Any]] = {}
    for version in versions.order_by("version"):
        row = rows.setdefault(version.slug, {"questionnaire": version, "kind": Questionnaire.Kind(version.kind)})
        row[version.state] = row["questionnaire"] = version
    order = list(Questionnaire.Kind)
    page = {
        "rows": sorted(rows.values(), key=lambda row: (order.index(row["kind"]), row["questionnaire"].title)),
        "missing": questionnaires.are_missing(),
    }
    return render(request, "feedback/questions/questionnaires.html", page)


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
            return actions.create(kind=kind, title=title, by=request.user).code

        return redirect(
            "feedback:edit_questions",
            once(form.cleaned_data["effect_key"], begin, by=request.user, of="begin questions"),
        )
    return render(request, "feedback/questions/measure_add.html", {"form": form}, status=422 if form.is_bound else 200)


def find_questionnaire(request: HttpRequest, code: str) -> Questionnaire:
    return get_object_or_404(Questionnaire.objects.visible_to(request.user), code=code)


@requires(P.QUESTIONS_EDIT)
@require_safe
def questionnaire(request: HttpRequest, code: str) -> HttpResponse:
    """One version, the others, and the languages it is there in."""
    shown = find_questionnaire(request, code)
    versions = list(Questionnaire.objects.visible_to(request.user).of(shown).select_related("published_by"))
    page = {
        "questionnaire": shown,
        "questions": list(shown.questions.all()),
        "versions": versions,
        "current": in_state(versions, Questionnaire.State.CURRENT),
        "draft": in_state(versions, Questionnaire.State.DRAFT),
        "extension": questionnaires.extensions.get(shown.kind),
    } | of_languages(shown)
    return render(request, "feedback/questions/questionnaire.html", page)


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
def publish(request: HttpRequest, code: str) -> HttpResponse:
    questionnaire = find_questionnaire(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    plan = draft or questionnaire
    form = PublishForm(request.POST or None, initial={"seen": fingerprints.fingerprint_of_all(plan)})
    form.cancel_url = reverse("feedback:edit_questions", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            published = actions.publish(questionnaire=questionnaire, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("Version %(n)s is in use. Forms that are open already keep their questions.")
                % {"n": published.version},
            )
            return redirect("feedback:questionnaire", published.code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data, status = request.POST.copy(), 409
            form.data["seen"] = fingerprints.fingerprint_of_all(plan)
    page = {
        "questionnaire": questionnaire,
        "draft": plan,
        "form": form,
        "questions": list(plan.questions.all()),
        "problems": questionnaires.problems(plan),
        "lacking": [row for row in of_languages(plan)["languages"] if row["missing"]],
    }
    return render(request, "feedback/questions/publish.html", page, status=status)


def draft_of(request: HttpRequest, questionnaire: Questionnaire) -> Questionnaire | None:
    versions = Questionnaire.objects.visible_to(request.user).of(questionnaire)
    return versions.filter(state=Questionnaire.State.DRAFT).select_related("changed_by", "owner").first()


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def discard(request: HttpRequest, code: str) -> HttpResponse:
    questionnaire = find_questionnaire(request, code)
    versions = Questionnaire.objects.visible_to(request.user).of(questionnaire)
    current = versions.filter(state=Questionnaire.State.CURRENT).first()
    if request.method == "POST":
        actions.discard(questionnaire=questionnaire, by=request.user)
        messages.success(request, _("The draft is thrown away."))
        return redirect("feedback:questionnaire", current.code) if current else redirect("feedback:questionnaires")
    draft = draft_of(request, questionnaire)
    if draft is None:
        return redirect("feedback:questionnaire", code)
    page = {"questionnaire": questionnaire, "draft": draft, "current": current}
    return render(request, "feedback/questions/discard.html", page)


# --- A draft: its title, its questions and their order ----------------------------------------------------


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft with its questions in order. Its buttons begin it, and move questions."""
    questionnaire = find_questionnaire(request, code)
    if request.method == "POST":
        do, _colon, slug = request.POST.get("do", "").partition(":")
        if do == "start":
            actions.start(questionnaire=questionnaire, by=request.user)
        elif do == "remove":
            return redirect("feedback:remove_question", code, slug)
        elif do in STEPS:
            actions.move_question(questionnaire=questionnaire, slug=slug, step=STEPS[do], by=request.user)
        return redirect(reverse("feedback:edit_questions", args=[code]) + (f"#{slug}" if slug else ""))
    draft = draft_of(request, questionnaire)
    if draft is None:
        return redirect("feedback:questionnaire", code)
    page = {
        "questionnaire": questionnaire,
        "draft": draft,
        "questions": list(draft.questions.all()),
        "problems": questionnaires.problems(draft),
        "extension": questionnaires.extensions.get(draft.kind),
    }
    return render(request, "feedback/questions/edit.html", page)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def about(request: HttpRequest, code: str) -> HttpResponse:
    """The title, and what stands above the questions."""
    questionnaire = find_questionnaire(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    plan = draft or questionnaire
    seen = fingerprints.fingerprint_of_about(plan)
    form = AboutForm(request.POST or None, initial={"title": plan.title, "intro": plan.intro, "seen": seen})
    form.cancel_url = reverse("feedback:edit_questions", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.save_about(questionnaire=questionnaire, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved in the draft."))
            return redirect("feedback:edit_questions", code)
        except Refused as refusal:
            status = refuse(form, refusal, seen)
    page = {"questionnaire": plan, "form": form}
    return render(request, "feedback/questions/about.html", page, status=status)


def refuse(form: Any, refusal: Refused, seen: str) -> int:
    """What was typed stays; saved once more it takes the other's place."""
    form.add_error(None, str(refusal))
    form.data = form.data.copy()
    form.data["seen"] = seen
    return refusal.status


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def add_question(request: HttpRequest, code: str) -> HttpResponse:
    questionnaire = find_questionnaire(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    initial = {"kind": Scale.name, "quotable": (draft or questionnaire).kind != Questionnaire.Kind.MEASURE}
    form = NewQuestionForm(request.POST or None, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        fields = dict(form.cleaned_data)
        key = fields.pop("effect_key")
        fields.pop("seen")

        def add() -> str:
            return actions.add_question(questionnaire=questionnaire, by=request.user, **fields).slug

        try:
            return saved(request, code, once(key, add, by=request.user, of=f"question {code}"))
        except Refused as refusal:
            status = refuse(form, refusal, "")
    return question_page(request, code, draft or questionnaire, form, None, status)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def question(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    questionnaire = find_questionnaire(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    asked = get_object_or_404((draft or questionnaire).questions, slug=slug)
    seen = fingerprints.fingerprint(asked)
    form = QuestionForm(request.POST or None, initial=first_values(asked) | {"seen": seen})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.save_question(questionnaire=questionnaire, slug=slug, by=request.user, **form.cleaned_data)
            return saved(request, code, slug)
        except Refused as refusal:
            status = refuse(form, refusal, seen)
    return question_page(request, code, draft or questionnaire, form, asked, status)


def saved(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    messages.success(request, _("Saved in the draft."))
    return redirect(reverse("feedback:edit_questions", args=[code]) + f"#{slug}")


def question_page(
    request: HttpRequest, code: str, plan: Questionnaire, form: Any, asked: Question | None, status: int
) -> HttpResponse:
    form.cancel_url = reverse("feedback:edit_questions", args=[code])
    page = {"questionnaire": plan, "form": form, "question": asked}
    return render(request, "feedback/questions/question.html", page, status=status)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def remove_question(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    questionnaire = find_questionnaire(request, code)
    if request.method == "POST":
        if text := actions.remove_question(questionnaire=questionnaire, slug=slug, by=request.user):
            messages.success(request, _("“%(text)s” is out of the draft.") % {"text": text})
        return redirect("feedback:edit_questions", code)
    draft = draft_of(request, questionnaire)
    if draft is None:
        return redirect("feedback:questionnaire", code)
    asked = get_object_or_404(draft.questions, slug=slug)
    page = {"questionnaire": questionnaire, "draft": draft, "question": asked}
    return render(request, "feedback/questions/question_remove.html", page)
