"""A form before its group, for the team: open it, show the way to it, close it, read what was said."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from feedback.asking import actions
from feedback.asking.queries import typists, why_not_final
from feedback.models import FocusGroup, Form, Quote
from feedback.results.counts import results
from feedback.results.least_answers import least
from feedback.results.queries import asked_in, comments_of, sheets_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.audit_trail import audit
from programmes.models import Cohort
from sessions_app.models import Session

# --- After a session --------------------------------------------------------------------------------------


@requires(P.FEEDBACK_SEE)
@require_safe
def session(request: HttpRequest, code: str) -> HttpResponse:
    meetings = Session.objects.visible_to(request.user).select_related("cohort")
    meeting = get_object_or_404(meetings.select_related("feedback_form__opened_with__questionnaire"), code=code)
    form = getattr(meeting, "feedback_form", None)
    context: dict[str, Any] = {"session": meeting, "form": form, "least": least(), "state": "none"}
    if form and form.opened_with:
        context |= shown(form.opened_with) | {"state": "opened"}
        audit.record(request.user, audit.Verb.SAW, form, cohort=meeting.cohort)
    elif form and form.closed_at:
        later = meeting.cohort.sessions.after(meeting.starts_at).exists()
        context |= {"state": "waiting", "later": later}
    elif form:
        context |= {"state": "open", "due": not form.is_open(timezone.now()), "address": address(request, form)}
    return render(request, "feedback/asking/session.html", context)


def shown(form: Form) -> dict[str, Any]:
    """The results of everything that was opened with this form."""
    numbers = list(form.opened_together.order_by("session__number").values_list("session__number", flat=True))
    words = get_text_list([str(number) for number in numbers], _("and"))
    questions = asked_in(form.questionnaire)
    return {
        "results": results(questions, sheets_of([form]), comments_of([form]), least=least()),
        "pooled": len(numbers) > 1,
        "which": ngettext("Session %(numbers)s", "Sessions %(numbers)s together", len(numbers)) % {"numbers": words},
    }


@requires(P.FEEDBACK_SEE)
@require_POST
def open_form(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    actions.open_form(session=meeting, by=request.user)
    return redirect("feedback:session", meeting.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def close_form(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user), session=meeting)
    if asks_once_more := sheets_not_sent(request, form, reverse("feedback:session", args=[meeting.code])):
        return asks_once_more
    actions.close_form(form=form, by=request.user)
    messages.success(request, _("The form has closed."))
    return redirect("feedback:session", meeting.code)


@requires(P.FEEDBACK_SEE)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user), session=meeting, closed_at=None)
    back = reverse("feedback:session", args=[code])
    return render(request, "feedback/asking/poster.html", {"back": back, "address": address(request, form)})


def find(request: HttpRequest, code: str) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)


# --- After the programme ----------------------------------------------------------------------------------


def find_group(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.FEEDBACK_SEE)
@require_safe
def after(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find_group(request, code)
    forms = Form.objects.visible_to(request.user).filter(cohort=cohort).final()
    form = forms.select_related("questionnaire").first()
    page: dict[str, Any] = {
        "cohort": cohort,
        "form": form,
        "least": least(),
        "focus_groups": FocusGroup.objects.visible_to(request.user).filter(cohort=cohort),
        "to_sign": Quote.objects.visible_to(request.user).filter(cohort=cohort).to_sign().count(),
    }
    return render(request, "feedback/asking/after.html", page | state_of(request, cohort, form))


def state_of(request: HttpRequest, cohort: Cohort, form: Form | None) -> dict[str, Any]:
    """Not asked yet, open, closed with too few, or opened: then everything at once."""
    now = timezone.now()
    if form is None:
        return {"state": "none", "why_not": why_not_final(cohort, now)}
    if form.opened_with_id:
        audit.record(request.user, audit.Verb.SAW, form, cohort=cohort)
        questions = asked_in(form.questionnaire)
        counted = results(questions, sheets_of([form]), comments_of([form]), least=least())
        return {"state": "opened", "results": counted}
    if form.closed_at:
        return {"state": "waiting"}
    poster = reverse("feedback:after_poster", args=[cohort.code])
    return {
        "state": "open",
        "final": True,
        "due": not form.is_open(now),
        "address": address(request, form),
        "poster_url": poster,
    }


@requires(P.FEEDBACK_SEE)
@require_POST
def open_final(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find_group(request, code)
    actions.open_final_form(cohort=cohort, by=request.user)
    return redirect("feedback:after", cohort.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def close_final(request: HttpRequest, code: str) -> HttpResponse:
    form = get_object_or_404(Form.objects.visible_to(request.user).final(), cohort=find_group(request, code))
    if asks_once_more := sheets_not_sent(request, form, reverse("feedback:after", args=[code])):
        return asks_once_more
    actions.close_form(form=form, by=request.user)
    messages.success(request, _("The form has closed."))
    return redirect("feedback:after", code)


@requires(P.FEEDBACK_SEE)
@require_safe
def final_poster(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find_group(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user).final(), cohort=cohort, closed_at=None)
    page = {"address": address(request, form), "back": reverse("feedback:after", args=[code]), "final": True}
    return render(request, "feedback/asking/poster.html", page)


# --- Of both ----------------------------------------------------------------------------------------------


def sheets_not_sent(request: HttpRequest, form: Form, cancel: str) -> HttpResponse | None:
    """Asks once more whether to close a form of which paper sheets are typed and not sent."""
    names = [] if "anyway" in request.POST or form.closed_at else typists(form)
    if not names:
        return None
    page = {"form": form, "names": get_text_list(names, _("and")), "n": len(names), "cancel_url": cancel}
    return render(request, "feedback/asking/close_anyway.html", page)


def address(request: HttpRequest, form: Form) -> str:
    return request.build_absolute_uri(reverse("answer_form", args=[form.code]))
