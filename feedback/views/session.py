"""Feedback after a session, for its team: open the form, show the way to it, close it, read what was said."""

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

from feedback import threshold
from feedback.actions import asking
from feedback.models import Form
from feedback.results import results
from feedback.rows import asked_in, comments_of, sheets_of
from feedback.views.paper import sheets_not_sent
from ppg import audit
from ppg.access import requires
from ppg.permissions import P
from sessions_app.models import Session


@requires(P.FEEDBACK_SEE)
@require_safe
def session(request: HttpRequest, code: str) -> HttpResponse:
    meetings = Session.objects.visible_to(request.user).select_related("cohort")
    meeting = get_object_or_404(meetings.select_related("feedback_form__opened_with__questionnaire"), code=code)
    form = getattr(meeting, "feedback_form", None)
    context: dict[str, Any] = {"session": meeting, "form": form, "least": threshold.least(), "state": "none"}
    if form and form.opened_with:
        context |= shown(form.opened_with) | {"state": "opened"}
        audit.record(request.user, audit.Verb.SAW, form, cohort=meeting.cohort)
    elif form and form.closed_at:
        later = meeting.cohort.sessions.taking_place().filter(starts_at__gt=meeting.starts_at).exists()
        context |= {"state": "waiting", "later": later}
    elif form:
        context |= {"state": "open", "due": not form.is_open(timezone.now()), "address": address(request, form)}
    return render(request, "feedback/session.html", context)


def shown(form: Form) -> dict[str, Any]:
    """The results of everything that was opened with this form."""
    numbers = list(form.opened_together.order_by("session__number").values_list("session__number", flat=True))
    words = get_text_list([str(number) for number in numbers], _("and"))
    questions = asked_in(form.questionnaire)
    return {
        "results": results(questions, sheets_of([form]), comments_of([form]), least=threshold.least()),
        "pooled": len(numbers) > 1,
        "which": ngettext("Session %(numbers)s", "Sessions %(numbers)s together", len(numbers)) % {"numbers": words},
    }


@requires(P.FEEDBACK_SEE)
@require_POST
def open_form(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    asking.open_form(session=meeting, by=request.user)
    return redirect("feedback:session", meeting.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def close_form(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user), session=meeting)
    if asks_once_more := sheets_not_sent(request, form, reverse("feedback:session", args=[meeting.code])):
        return asks_once_more
    asking.close_form(form=form, by=request.user)
    messages.success(request, _("The form has closed."))
    return redirect("feedback:session", meeting.code)


@requires(P.FEEDBACK_SEE)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user), session=meeting, closed_at=None)
    back = reverse("feedback:session", args=[code])
    return render(request, "feedback/poster.html", {"back": back, "address": address(request, form)})


def find(request: HttpRequest, code: str) -> Session:
    return get_object_or_404(Session.objects.visible_to(request.user).select_related("cohort"), code=code)


def address(request: HttpRequest, form: Form) -> str:
    return request.build_absolute_uri(reverse("answer_form", args=[form.code]))
