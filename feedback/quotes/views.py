"""The words that may stand in a report: kept, read and signed off by a second person, changed, taken out."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback.identifiers.queries import pieces_of
from feedback.models import Quote
from feedback.quotes import actions
from feedback.quotes.forms import QuoteForm
from feedback.quotes.queries import stamp, why_not_sign
from feedback.themes.actions import themes_in
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from ppg.forms.effects import once
from programmes.models import Cohort


def kept(request: HttpRequest, form: QuoteForm, do: Any) -> HttpResponse:
    """A new quote, once for each press."""
    data = form.cleaned_data
    key, themes = data["effect_key"], themes_in(data, request.user)
    fields = {name: data[name] for name in ("words", "caregiver") if name in data}
    made = once(key, lambda: do(fields | {"themes": themes, "by": request.user}).code, by=request.user, of=request.path)
    messages.success(request, _("It waits for a second person to read it and sign it off."))
    return redirect("feedback:quote", made)


@requires(P.FEEDBACK_SEE)
@require_safe
def quotes(request: HttpRequest, code: str) -> HttpResponse:
    cohort = get_object_or_404(Cohort.objects.visible_to(request.user), code=code)
    queryset = Quote.objects.visible_to(request.user).filter(cohort=cohort)
    rows = list(queryset.select_related("chosen_by", "signed_off_by").prefetch_related("themes"))
    in_use = [quote for quote in rows if not quote.taken_out_at]
    if rows:
        audit.record(request.user, audit.Verb.SAW, cohort, cohort=cohort, fields=["quotes"])
    page = {
        "cohort": cohort,
        "to_sign": [(quote, quote.chosen_by_id != request.user.pk) for quote in in_use if not quote.signed_off_by_id],
        "signed": [quote for quote in in_use if quote.signed_off_by_id],
        "taken_out": [quote for quote in rows if quote.taken_out_at],
    }
    return render(request, "feedback/quotes/quotes.html", page)


def find_quote(request: HttpRequest, code: str) -> Quote:
    quotes = Quote.objects.visible_to(request.user).prefetch_related("themes")
    return get_object_or_404(
        quotes.select_related("cohort", "answer__question", "focus_group", "chosen_by", "signed_off_by"), code=code
    )


@requires(P.FEEDBACK_SEE)
@require_safe
def quote(request: HttpRequest, code: str) -> HttpResponse:
    quote = find_quote(request, code)
    audit.record(request.user, audit.Verb.SAW, quote, cohort=quote.cohort, fields=["words"])
    page = {
        "quote": quote,
        "cohort": quote.cohort,
        "pieces": pieces_of(quote.cohort, quote.words),
        "why_not": why_not_sign(quote, request.user),
        "stamp": stamp(quote),
    }
    return render(request, "feedback/quotes/quote.html", page)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_change(request: HttpRequest, code: str) -> HttpResponse:
    quote = find_quote(request, code)
    if quote.taken_out_at:
        raise Refused(_("These words were taken out."))
    form = QuoteForm(request.POST or None, initial={"words": quote.words, "themes": quote.themes.all()})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        themes = themes_in(form.cleaned_data, request.user)
        actions.change(quote=quote, words=form.cleaned_data["words"], themes=themes, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("feedback:quote", code)
    page = {"cohort": quote.cohort, "quote": quote, "form": form}
    page["original"] = pieces_of(quote.cohort, (quote.answer.text if quote.answer else quote.words) or "")
    return render(request, "feedback/quotes/form.html", page, status=status)


@requires(P.FEEDBACK_SEE)
@require_POST
def quote_sign(request: HttpRequest, code: str) -> HttpResponse:
    quote = find_quote(request, code)
    actions.sign_off(quote=quote, seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, _("Signed off. The words may stand in the report."))
    return redirect("feedback:quotes", quote.cohort.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def quote_drop(request: HttpRequest, code: str) -> HttpResponse:
    quote = find_quote(request, code)
    actions.drop(quote=quote, by=request.user)
    messages.success(request, _("The words were taken out."))
    return redirect("feedback:quotes", quote.cohort.code)
