"""Changing a draft: its title, its questions and their order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback import editing, questionnaires
from feedback.models import Question, Questionnaire
from feedback.questionnaire_forms import AboutForm, NewQuestionForm, QuestionForm, first_values
from feedback.views.questionnaires import GET_OR_POST, draft_of, found
from ppg.access import requires
from ppg.effects import once
from ppg.permissions import P
from ppg.refusals import Refused

STEPS = {"up": -1, "down": 1}


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The draft with its questions in order. Its buttons begin it, and move questions."""
    questionnaire = found(request, code)
    if request.method == "POST":
        do, _colon, slug = request.POST.get("do", "").partition(":")
        if do == "start":
            editing.start(questionnaire=questionnaire, by=request.user)
        elif do == "remove":
            return redirect("feedback:remove_question", code, slug)
        elif do in STEPS:
            editing.move_question(questionnaire=questionnaire, slug=slug, step=STEPS[do], by=request.user)
        return redirect(reverse("feedback:edit_questions", args=[code]) + (f"#{slug}" if slug else ""))
    draft = draft_of(request, questionnaire)
    if draft is None:
        return redirect("feedback:questionnaire", code)
    page = {
        "questionnaire": questionnaire,
        "draft": draft,
        "questions": list(draft.questions.all()),
        "problems": questionnaires.problems(draft),
        "beside": questionnaires.BESIDE.get(draft.kind),
    }
    return render(request, "feedback/questions_edit.html", page)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def about(request: HttpRequest, code: str) -> HttpResponse:
    """The title, and what stands above the questions."""
    questionnaire = found(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    plan = draft or questionnaire
    seen = editing.fingerprint_of_about(plan)
    form = AboutForm(request.POST or None, initial={"title": plan.title, "intro": plan.intro, "seen": seen})
    form.cancel_url = reverse("feedback:edit_questions", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            editing.save_about(questionnaire=questionnaire, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved in the draft."))
            return redirect("feedback:edit_questions", code)
        except Refused as refusal:
            status = refuse(form, refusal, seen)
    page = {"questionnaire": plan, "form": form}
    return render(request, "feedback/questions_about.html", page, status=status)


def refuse(form: Any, refusal: Refused, seen: str) -> int:
    """What was typed stays; saved once more it takes the other's place."""
    form.add_error(None, str(refusal))
    form.data = form.data.copy()
    form.data["seen"] = seen
    return refusal.status


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def add_question(request: HttpRequest, code: str) -> HttpResponse:
    questionnaire = found(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    initial = {"kind": Question.Kind.SCALE, "quotable": (draft or questionnaire).kind != Questionnaire.Kind.MEASURE}
    form = NewQuestionForm(request.POST or None, initial=initial)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        told = dict(form.cleaned_data)
        key = told.pop("effect_key")
        told.pop("seen")

        def add() -> str:
            return editing.add_question(questionnaire=questionnaire, by=request.user, **told).slug

        try:
            return saved(request, code, once(key, add))
        except Refused as refusal:
            status = refuse(form, refusal, "")
    return question_page(request, code, draft or questionnaire, form, None, status)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def question(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    questionnaire = found(request, code)
    draft = draft_of(request, questionnaire)
    if draft is None and request.method != "POST":
        return redirect("feedback:questionnaire", code)
    asked = get_object_or_404((draft or questionnaire).questions, slug=slug)
    seen = editing.fingerprint(asked)
    form = QuestionForm(request.POST or None, initial=first_values(asked) | {"seen": seen})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            editing.save_question(questionnaire=questionnaire, slug=slug, by=request.user, **form.cleaned_data)
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
    return render(request, "feedback/question.html", page, status=status)


@requires(P.QUESTIONS_EDIT)
@require_http_methods(GET_OR_POST)
def remove_question(request: HttpRequest, code: str, slug: str) -> HttpResponse:
    questionnaire = found(request, code)
    if request.method == "POST":
        if text := editing.remove_question(questionnaire=questionnaire, slug=slug, by=request.user):
            messages.success(request, _("“%(text)s” is out of the draft.") % {"text": text})
        return redirect("feedback:edit_questions", code)
    draft = draft_of(request, questionnaire)
    if draft is None:
        return redirect("feedback:questionnaire", code)
    asked = get_object_or_404(draft.questions, slug=slug)
    page = {"questionnaire": questionnaire, "draft": draft, "question": asked}
    return render(request, "feedback/question_remove.html", page)
