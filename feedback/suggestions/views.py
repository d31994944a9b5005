"""What the group asks for: the public page of its box, and its team's pages, which read, add and answer."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from caregivers.concerns import queries as concerns
from feedback.answering.sending import by_open_link, in_language, take_in
from feedback.answering.views import thanked
from feedback.languages.queries import interface, said_in
from feedback.models import Questionnaire, Suggestion, SuggestionBox
from feedback.suggestions import actions
from feedback.suggestions.forms import AddForm, BoxForm, SuggestionAnswerForm
from feedback.suggestions.queries import box_of, forms_of_boxes, published_answers
from ppg.access.marks import public, requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from ppg.forms.back import kept_for_back
from ppg.forms.effects import once
from ppg.links.views import ended
from programmes.models import Cohort

PAGE = 20
DO = ["GET", "HEAD", "POST"]
MOST_ANSWERS = 30  # of a group that asks for much more the page stays light; the report has them all


# --- The box: no account, no cookie, no script needed, and no name of the group ---------------------------


@public
@csrf_exempt  # as the feedback page: nobody is signed in, and a token would need a cookie
@require_http_methods(["GET", "HEAD", "POST"])
def box(request: HttpRequest, code: str) -> HttpResponse:
    box = SuggestionBox.objects.filter(code=code).select_related("cohort").first()
    if box is None or (box.closed_at and request.method == "POST"):
        return ended(request)
    asked = forms_of_boxes().select_related("questionnaire").get(cohort=box.cohort_id)
    typed = request.POST if request.method == "POST" else None
    said = said_in(asked.questionnaire, request.GET.get("lang", ""))
    form = BoxForm(said.questions, typed, csrf=False, said=said)
    thanks_page = reverse("box_thanks", args=[code]) + in_language(said.language)
    taken = take_in(request, form, by_open_link(request, asked), thanks=thanks_page)
    if isinstance(taken, HttpResponse):
        return taken
    answers = published_answers(box.cohort)[:MOST_ANSWERS]
    page = {"form": None if box.closed_at else form, "said": said, "published_answers": answers}
    with translation.override(interface(said.language.code if said.language else "")):
        response = render(request, "feedback/suggestions/box.html", page, status=taken)
    return kept_for_back(response, form)


@public
@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    """The same for every code, without looking it up."""
    return thanked(request, "feedback/suggestions/box_thanks.html", (Questionnaire.Kind.BOX,), code=code)


# --- For the team -----------------------------------------------------------------------------------------


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.SUGGESTIONS)
@require_safe
def suggestions(request: HttpRequest, code: str) -> HttpResponse:
    """`?show=answered`: those that were answered; else those that still wait for it."""
    cohort = find(request, code)
    of_group = Suggestion.objects.visible_to(request.user).filter(cohort=cohort).select_related("recap")
    answered = request.GET.get("show") == "answered"
    rows = of_group.answered() if answered else of_group.owed()
    box = box_of(cohort)
    page = Paginator(rows.order_by("-answered_on", "recap__starts_at", "id"), PAGE)
    context = {
        "cohort": cohort,
        "box": box,
        "address": address(request, box) if box else "",
        "answered": answered,
        "owed_count": of_group.owed().count(),
        "answered_count": of_group.answered().count(),
        "page": page.get_page(request.GET.get("page")),
        "now": timezone.now(),
    }
    return render(request, "feedback/suggestions/suggestions.html", context)


@requires(P.SUGGESTIONS)
@require_http_methods(DO)
def add(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    people = concerns.people(cohort, request.user)
    form = AddForm(request.POST or None, people=people)
    form.cancel_url = reverse("feedback:suggestions", args=[cohort.code])
    if form.is_valid():
        fields = {**form.values(), "cohort": cohort, "by": request.user}
        once(
            form.cleaned_data["effect_key"],
            lambda: actions.add(**fields).code,
            by=request.user,
            of=f"suggestion {code}",
        )
        messages.success(request, _("It is on the list. It is owed an answer at the next recap."))
        return redirect("feedback:suggestions", cohort.code)
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=cohort)
    page = {"cohort": cohort, "form": form}
    return render(request, "feedback/suggestions/add.html", page, status=422 if form.is_bound else 200)


@requires(P.SUGGESTIONS)
@require_http_methods(DO)
def suggestion(request: HttpRequest, code: str) -> HttpResponse:
    rows = Suggestion.objects.visible_to(request.user).select_related("cohort", "recap", "caregiver", "answered_by")
    suggestion = get_object_or_404(rows, code=code)
    people = concerns.people(suggestion.cohort, request.user)
    if suggestion.caregiver:
        people.setdefault(suggestion.caregiver.code, (suggestion.caregiver, str(suggestion.caregiver)))
    form = SuggestionAnswerForm(request.POST or None, people=people, suggestion=suggestion)
    form.cancel_url = reverse("feedback:suggestions", args=[suggestion.cohort.code])
    if form.is_valid():
        actions.answer(suggestion=suggestion, by=request.user, **form.values())
        messages.success(request, _("The answer is saved."))
        return redirect("feedback:suggestions", suggestion.cohort.code)
    audit.saw(request, (caregiver for caregiver, _name in people.values()), cohort=suggestion.cohort, of=suggestion)
    page = {"suggestion": suggestion, "cohort": suggestion.cohort, "form": form, "now": timezone.now()}
    return render(request, "feedback/suggestions/suggestion.html", page, status=422 if form.is_bound else 200)


@requires(P.SUGGESTIONS)
@require_POST
def box_open(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    actions.open_box(cohort=cohort, by=request.user)
    messages.success(request, _("The box is open."))
    return redirect("feedback:suggestions", cohort.code)


@requires(P.SUGGESTIONS)
@require_POST
def box_close(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    actions.close_box(box=get_object_or_404(SuggestionBox, cohort=cohort), by=request.user)
    messages.success(request, _("The box is closed."))
    return redirect("feedback:suggestions", cohort.code)


@requires(P.SUGGESTIONS)
@require_safe
def box_poster(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    box = get_object_or_404(SuggestionBox, cohort=cohort, closed_at=None)
    return render(request, "feedback/suggestions/box_poster.html", {"cohort": cohort, "address": address(request, box)})


def address(request: HttpRequest, box: SuggestionBox) -> str:
    return request.build_absolute_uri(reverse("box", args=[box.code]))
