"""One form on paper: the ways to answer without a phone, the sheet, and typing in what came back on it, in piles."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.languages.queries import said_in
from feedback.models import Form, PaperPile, Questionnaire
from feedback.paper import actions, piles
from feedback.paper import sheet as paper_sheet
from feedback.paper.delivery import typing_of
from feedback.paper.forms import DifferencesForm, PileForm, SheetForm
from feedback.paper.queries import differences, piles_of
from feedback.slips.tries import tried_out
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.forms.effects import once
from ppg.links.codes import site


@requires(P.FEEDBACK_SEE)
@require_safe
def paper(request: HttpRequest, code: str) -> HttpResponse:
    """The ways to answer without a phone of one's own."""
    form = find_form(request, code)
    page = {
        "form": form,
        "open": form.is_open(timezone.now()),
        "takes_sheets": typing_of(form) and not form.opened_with_id,
        "anonymous": is_anonymous(form),
        "piles": piles_of(request.user).filter(form=form),
        "said": said_in(form.questionnaire),
    }
    return render(request, "feedback/paper/paper.html", page)


@requires(P.FEEDBACK_SEE)
@require_safe
def sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The sheet as a PDF, as many to print as there are people."""
    form = find_form(request, code)
    if form.closed_at:
        raise Refused(_("This form has closed. Print the sheet of the form that is open now."))
    made = paper_sheet.pdf(
        form,
        large="large" in request.GET,
        address=site(request) + reverse("answer_form", args=[form.code]) if is_anonymous(form) else "",
        language=request.GET.get("lang", ""),
    )
    name = "sheet-large-print.pdf" if "large" in request.GET else "sheet.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(made, content_type="application/pdf", headers=headers)


def is_anonymous(form: Form) -> bool:
    """One address does for everybody."""
    return form.questionnaire.kind in (Questionnaire.Kind.SESSION, Questionnaire.Kind.FINAL)


def find_form(request: HttpRequest, code: str) -> Form:
    """Not the one a suggestion box is made of: what goes into that is written freely, and never on a sheet of ours."""
    forms = Form.objects.visible_to(request.user).select_related("questionnaire", "cohort", "session")
    forms = forms.exclude(questionnaire__kind=Questionnaire.Kind.BOX)
    return get_object_or_404(forms, code=code)


# --- Typing in: a pile, sheet by sheet, perhaps twice, then all of them into the box -----------------------


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """How many sheets there are; and the piles that one has not finished."""
    form = find_form(request, code)
    asked = PileForm(request.POST or None)
    if asked.is_valid():
        sheets = asked.cleaned_data["sheets"]
        made = once(
            asked.cleaned_data["effect_key"],
            lambda: actions.begin_pile(form=form, sheets=sheets, by=request.user).code,
            by=request.user,
            of=f"pile {form.code}",
        )
        return redirect("feedback:pile", form.code, made)
    page = {
        "form": form,
        "asked": asked,
        "forms": [asked],
        "takes_sheets": typing_of(form) and not form.opened_with_id,
        "piles": piles_of(request.user).filter(form=form),
    }
    return render(request, "feedback/paper/pile_begin.html", page, status=422 if asked.is_bound else 200)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def pile(request: HttpRequest, code: str, pile: str) -> HttpResponse:
    """The next sheet that is not typed yet, or the one asked for. What was typed before is kept with each sheet."""
    form, mine = find_form(request, code), pile_of(request, pile)
    if mine is None or mine.form_id != form.pk:
        return gone(request, form)
    again = bool(mine.second)
    sheets: piles.Sheets = mine.second if again else mine.first
    stale = request.method == "POST" and request.POST.get("again", "") != ("yes" if again else "")
    wanted = request.POST.get("number") or request.GET.get("sheet", "")
    numbers = {str(n): n for n in range(1, len(sheets) + 1)}
    number = numbers.get(wanted) or piles.next_sheet(sheets)
    if number is None or stale:
        return redirect("feedback:pile_check" if number is None else "feedback:pile", form.code, mine.code)
    typing = typing_of(form)
    asked = SheetForm(
        form.questionnaire.questions.all(),
        request.POST or None,
        extra=typing.extra(form) if typing else {},  # noqa: S610  # no query
        sheet=sheets[number - 1],
    )
    over = tried_out(request, asked, by=request.user.code)
    if "blank" in request.POST or asked.is_valid():
        try:
            sheet = {} if "blank" in request.POST else asked.sheet()
            actions.type_sheet(pile=mine, again=again, number=number, sheet=sheet)
            return redirect("feedback:pile", form.code, mine.code)
        except Refused as refusal:
            asked.add_error(None, str(refusal))
    page = {
        "form": form,
        "pile": mine,
        "asked": asked,
        "forms": [asked],
        "number": number,
        "of": len(sheets),
        "again": again,
        "typed": sheets[number - 1] is not None,
        "before": f"{reverse('feedback:pile', args=[form.code, mine.code])}?sheet={number - 1}" if number > 1 else "",
    }
    status = 429 if over else 422 if asked.is_bound else 200
    return render(request, "feedback/paper/pile.html", page, status=status)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, code: str, pile: str) -> HttpResponse:
    """All sheets are typed: what differs between two typings, and sending them. Sent twice they are sent once."""
    form, mine = find_form(request, code), pile_of(request, pile)
    if mine is None or mine.form_id != form.pk:
        return gone(request, form)
    if piles.next_sheet(mine.first) or piles.next_sheet(mine.second):
        return redirect("feedback:pile", form.code, mine.code)
    different = differences(mine)
    asked = DifferencesForm(different, request.POST if request.method == "POST" else None)
    if asked.is_valid():
        try:
            if actions.send_pile(pile=mine, chosen=asked.cleaned_data):
                messages.success(request, _("The sheets are in the box. Shuffle the paper, then destroy it."))
            return redirect("feedback:paper", form.code)
        except Refused as refusal:
            asked.add_error(None, str(refusal))
    answered = sum(1 for sheet in mine.first if sheet)
    page: dict[str, Any] = {
        "form": form,
        "pile": mine,
        "asked": asked,
        "forms": [asked],
        "different": len(different),
        "sheets": sorted({difference.sheet for difference in different}),
        "answered": answered,
        "blank": len(mine.first) - answered,
        "of": len(mine.first),
    }
    return render(request, "feedback/paper/pile_check.html", page, status=422 if asked.is_bound else 200)


@requires(P.FEEDBACK_SEE)
@require_POST
def again(request: HttpRequest, code: str, pile: str) -> HttpResponse:
    """Begins the second typing; with "stop", gives it up."""
    form, mine = find_form(request, code), pile_of(request, pile)
    if mine is None or mine.form_id != form.pk:
        return gone(request, form)
    actions.type_again(pile=mine, again="stop" not in request.POST)
    return redirect("feedback:pile", form.code, mine.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def resize(request: HttpRequest, code: str, pile: str) -> HttpResponse:
    """One sheet more than was counted, or no more than were typed."""
    form, mine = find_form(request, code), pile_of(request, pile)
    if mine is None or mine.form_id != form.pk:
        return gone(request, form)
    more = "more" in request.POST
    actions.resize(pile=mine, more=more)
    return redirect("feedback:pile", form.code, mine.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def discard(request: HttpRequest, code: str, pile: str) -> HttpResponse:
    form, mine = find_form(request, code), pile_of(request, pile)
    if mine is None or mine.form_id != form.pk:
        return gone(request, form)
    actions.discard_pile(pile=mine)
    messages.success(request, _("What was typed is gone. The paper still holds the answers."))
    return redirect("feedback:paper", form.code)


def pile_of(request: HttpRequest, code: str) -> PaperPile | None:
    return piles_of(request.user).filter(code=code).select_related("form__questionnaire").first()


def gone(request: HttpRequest, form: Form) -> HttpResponse:
    """Sent or destroyed, or somebody else's: all the same to whoever asks."""
    messages.info(request, _("This pile is not here any more: it was sent, or what was typed was thrown away."))
    return redirect("feedback:paper", form.code)
