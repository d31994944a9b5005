"""The focus group: written down, put right, and words of it chosen as a quote."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.focus_group import actions
from feedback.focus_group.forms import FocusGroupForm, TalkQuoteForm
from feedback.identifiers import pieces as identifiers
from feedback.identifiers.queries import known_names, pieces_of
from feedback.models import FocusGroup, Quote
from feedback.quotes import actions as quotes
from feedback.quotes.queries import who_agreed
from feedback.quotes.views import kept
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from programmes.models import Cohort


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_add(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    form = FocusGroupForm(request.POST or None)
    if form.is_valid():
        fields = form.cleaned_data
        key = fields.pop("effect_key")
        made = once(
            key,
            lambda: actions.record(cohort=cohort, by=request.user, **fields).code,
            by=request.user,
            of=f"focus group {cohort.code}",
        )
        messages.success(request, _("The focus group is written down."))
        return redirect("feedback:focus_group", made)
    page = {"cohort": cohort, "form": form}
    return render(request, "feedback/focus_group/form.html", page, status=422 if form.is_bound else 200)


def find_focus_group(request: HttpRequest, code: str) -> FocusGroup:
    return get_object_or_404(FocusGroup.objects.visible_to(request.user).select_related("cohort", "by"), code=code)


@requires(P.FEEDBACK_SEE)
@require_safe
def focus_group(request: HttpRequest, code: str) -> HttpResponse:
    talk = find_focus_group(request, code)
    names = known_names(talk.cohort)
    audit.record(request.user, audit.Verb.SAW, talk, cohort=talk.cohort, fields=["notes"])
    of_talk = Quote.objects.visible_to(request.user).filter(focus_group=talk, taken_out_at=None)
    page = {
        "focus_group": talk,
        "cohort": talk.cohort,
        "pieces": identifiers.pieces(talk.notes, names),
        "names": identifiers.names_in(talk.notes, names),
        "quotes": of_talk.prefetch_related("themes"),
    }
    return render(request, "feedback/focus_group/focus_group.html", page)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_change(request: HttpRequest, code: str) -> HttpResponse:
    talk = find_focus_group(request, code)
    written = {"held_on": talk.held_on, "people": talk.people, "notes": talk.notes}
    form = FocusGroupForm(request.POST or None, initial=written)
    if form.is_valid():
        fields = form.cleaned_data
        fields.pop("effect_key")  # saved twice it is the same
        actions.change(focus_group=talk, by=request.user, **fields)
        messages.success(request, _("Saved."))
        return redirect("feedback:focus_group", code)
    page = {"cohort": talk.cohort, "focus_group": talk, "form": form}
    return render(request, "feedback/focus_group/form.html", page, status=422 if form.is_bound else 200)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_quote(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody's words from the notes, with their consent."""
    talk = find_focus_group(request, code)
    people = who_agreed(talk.cohort)
    form = TalkQuoteForm(request.POST or None, people=people)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return kept(request, form, lambda fields: quotes.quote_somebody(focus_group=talk, **fields))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    page = {"cohort": talk.cohort, "talk": talk, "form": form, "original": pieces_of(talk.cohort, talk.notes)}
    audit.saw(request, people, cohort=talk.cohort, of=talk)
    page["nobody"] = not people.exists()
    return render(request, "feedback/quotes/form.html", page, status=status)
