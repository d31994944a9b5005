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
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.asking import actions
from feedback.asking.forms import CloseEarlyForm
from feedback.asking.queries import printers, typists, why_not_close, why_not_final
from feedback.models import FocusGroup, Form, Quote, SlipSheet
from feedback.results.counts import results
from feedback.results.least_answers import least
from feedback.results.queries import asked_in, comments_of, sheets_of
from feedback.slips.queries import by_link, used_in
from ppg.access.marks import requires, stays_open
from ppg.access.permissions import P, can
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from programmes.models import Cohort
from sessions_app.models import Session
from sessions_app.running import actions as running

# --- After a session --------------------------------------------------------------------------------------


@requires(P.FEEDBACK_SEE)
@require_safe
def session(request: HttpRequest, code: str) -> HttpResponse:
    meetings = Session.objects.visible_to(request.user).select_related("cohort")
    meeting = get_object_or_404(meetings.select_related("feedback_form__opened_with__questionnaire"), code=code)
    form = getattr(meeting, "feedback_form", None)
    context: dict[str, Any] = {"session": meeting, "form": form, "least": least(), "state": "none"}
    context |= about_slips(meeting.cohort, meeting, form)
    if form and form.opened_with:
        context |= shown(form.opened_with) | {"state": "opened"}
        audit.record(request.user, audit.Verb.SAW, form, cohort=meeting.cohort)
    elif form and form.closed_at:
        later = meeting.cohort.sessions.after(meeting.starts_at).exists()
        context |= {"state": str(form.state(timezone.now())), "later": later}
    elif form:
        context |= {"state": "open", "due": not form.is_open(timezone.now()), "address": address(request, form)}
    return render(request, "feedback/asking/session.html", context)


def about_slips(cohort: Cohort, meeting: Session | None, form: Form | None) -> dict[str, Any]:
    """By slips or by link; the slips of this session, or of the form after the programme, and who prints them."""
    if form and form.opened_with_id:
        return {}
    slips = form.slips if form else not (meeting and by_link(cohort))
    sheets = SlipSheet.objects.filter(cohort=cohort, session=meeting).select_related("made_by")
    sheet = sheets.first() if slips else None
    return {"by_slips": slips, "sheet": sheet, "printers": printers(cohort) if slips and sheet is None else []}


def shown(form: Form) -> dict[str, Any]:
    """The results of everything that was opened with this form."""
    together = list(form.opened_together.select_related("session").order_by("session__number"))
    numbers = [one.session.number for one in together if one.session]
    words = get_text_list([str(number) for number in numbers], _("and"))
    questions = asked_in(form.questionnaire)
    return {
        "results": results(questions, sheets_of([form]), comments_of([form]), least=least()),
        "pooled": len(numbers) > 1,
        "used": used_in(together),
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
    """Asks that the form is closed before its time."""
    meeting = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user), session=meeting)
    return asked_to_close(request, form, reverse("feedback:session", args=[meeting.code]))


@stays_open
@requires(P.FEEDBACK_SEE)
@require_POST
def show(request: HttpRequest, code: str) -> HttpResponse:
    """At the end of the evening, by one press: the form is open, and its code stands on this device and on the room's
    display. Pressed again it is the same form."""
    meeting = find(request, code)
    form = actions.open_form(session=meeting, by=request.user)
    if not form.is_open(timezone.now()):
        raise Refused(_("The form has closed: no more answers can be given."))
    if can(request.user, P.SESSION_RUN):
        running.show_in_room(session=meeting, display=Session.Display.FEEDBACK)
    return redirect(reverse("feedback:poster", args=[meeting.code], query={"run": "1"}))


@stays_open
@requires(P.FEEDBACK_SEE)
@require_safe
def poster(request: HttpRequest, code: str) -> HttpResponse:
    meeting = find(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user), session=meeting, closed_at=None)
    back = reverse("sessions:run" if "run" in request.GET else "feedback:session", args=[code])
    page = {"back": back, "address": address(request, form), "by_slips": form.slips}
    return render(request, "feedback/asking/poster.html", page)


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
    now, slips = timezone.now(), about_slips(cohort, None, form)
    if form is None:
        return slips | {"state": "none", "why_not": why_not_final(cohort, now)}
    if form.opened_with_id:
        audit.record(request.user, audit.Verb.SAW, form, cohort=cohort)
        questions = asked_in(form.questionnaire)
        counted = results(questions, sheets_of([form]), comments_of([form]), least=least())
        return slips | {"state": "opened", "results": counted, "used": used_in([form])}
    if form.closed_at:
        return slips | {"state": str(form.state(now))}
    poster = reverse("feedback:after_poster", args=[cohort.code])
    return slips | {
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
    return asked_to_close(request, form, reverse("feedback:after", args=[code]))


@requires(P.FEEDBACK_SEE)
@require_safe
def final_poster(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find_group(request, code)
    form = get_object_or_404(Form.objects.visible_to(request.user).final(), cohort=cohort, closed_at=None)
    page = {"address": address(request, form), "back": reverse("feedback:after", args=[code]), "final": True}
    page["by_slips"] = form.slips
    return render(request, "feedback/asking/poster.html", page)


# --- Of both ----------------------------------------------------------------------------------------------


def asked_to_close(request: HttpRequest, form: Form, back: str) -> HttpResponse:
    """Whoever asks while somebody else already has is the second person."""
    form = actions.ask_to_close(form=form, by=request.user)
    if form.closed_at is None and form.asked_to_close_by_id != request.user.pk:
        return redirect("feedback:close_early", form.code)
    if form.closed_at is None:
        messages.success(request, _("Saved. Now somebody else of the team closes it, who was not in the room."))
    return redirect(back)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def close_early(request: HttpRequest, code: str) -> HttpResponse:
    """A second person closes the form before its time, and says that they were not in the room."""
    forms = Form.objects.visible_to(request.user).anonymous()
    form = get_object_or_404(forms.select_related("cohort", "session", "asked_to_close_by"), code=code)
    back = way_back(form)
    if form.closed_at:
        return redirect(back)
    asked = CloseEarlyForm(request.POST if request.method == "POST" else None)
    if asked.is_valid():
        actions.close_early(form=form, by=request.user, was_not_there=asked.cleaned_data["was_not_there"])
        messages.success(request, _("The form has closed."))
        return redirect(back)
    names = typists(form)
    page = {"form": form, "asked": asked, "forms": [asked], "why_not": why_not_close(form, request.user), "back": back}
    page |= {"names": get_text_list(names, _("and")), "n": len(names)}
    return render(request, "feedback/asking/close_early.html", page, status=422 if asked.is_bound else 200)


def way_back(form: Form) -> str:
    if form.session:
        return reverse("feedback:session", args=[form.session.code])
    return reverse("feedback:after", args=[form.cohort.code])


def address(request: HttpRequest, form: Form) -> str:
    return request.build_absolute_uri(reverse("answer_form", args=[form.code]))
