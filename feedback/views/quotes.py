"""What people wrote, sorted by themes, and the words that may stand in a report."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from feedback import focus_groups, telling
from feedback import quotes as domain
from feedback.hearing_forms import CodeForm, QuoteForm, TalkQuoteForm, WithThemes
from feedback.models import Answer, Quote, Theme
from feedback.views.after import find, find_focus_group
from ppg import audit
from ppg.access import requires
from ppg.effects import once
from ppg.models import User
from ppg.permissions import P
from ppg.refusals import Refused
from programmes.models import Cohort


def themes_in(form: WithThemes, by: User) -> list[Theme]:
    """Those ticked, and the new one, which is taken out of the form's data."""
    chosen = list(form.cleaned_data["themes"])
    if title := form.cleaned_data["new_theme"]:
        chosen.append(focus_groups.theme_called(title, by))
    return chosen


# --- Comments --------------------------------------------------------------------------------------------


@requires(P.FEEDBACK_SEE)
@require_safe
def comments(request: HttpRequest, code: str) -> HttpResponse:
    """`?theme=` shows those of one theme, `?theme=none` those of none yet."""
    cohort = find(request, code)
    every = focus_groups.comments(cohort)
    titles: dict[str, list[Any]] = {}  # code → [title, how many]
    for one in every:
        for coded in one.coded.all():
            titles.setdefault(coded.theme.code, [coded.theme.title, 0])[1] += 1
    wanted = request.GET.get("theme", "")
    if every:
        audit.record(request.user, audit.Verb.SAW, cohort, cohort=cohort, fields=["comments"])
    page = {
        "cohort": cohort,
        "comments": [one for one in every if is_under(one, wanted)],
        "all": len(every),
        "without": sum(not one.coded.all() for one in every),
        "themes": sorted(((code, *told) for code, told in titles.items()), key=lambda row: row[1].casefold()),
        "wanted": wanted,
    }
    return render(request, "feedback/comments.html", page)


def is_under(comment: Answer, wanted: str) -> bool:
    codes = {coded.theme.code for coded in comment.coded.all()}
    return not wanted or wanted in codes or (wanted == "none" and not codes)


def find_comment(request: HttpRequest, code: str, key: str) -> tuple[Cohort, Answer, list[Answer]]:
    """The comment among those of its group that have been opened."""
    cohort = find(request, code)
    every = focus_groups.comments(cohort)
    found = next((one for one in every if str(one.pk) == key), None)
    if found is None:
        raise Http404
    return cohort, found, every


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Under which themes it stands; saved, the next one that has none is shown."""
    cohort, found, every = find_comment(request, code, key)
    form = CodeForm(request.POST or None, initial={"themes": [coded.theme_id for coded in found.coded.all()]})
    if form.is_valid():
        themes = themes_in(form, request.user)
        focus_groups.put_under(answer=found, cohort=cohort, themes=themes, by=request.user)
        following = next((one for one in every if str(one.pk) != key and not one.coded.all()), None)
        if following:
            return redirect("feedback:comment", code, following.pk)
        messages.success(request, _("Saved. No comment is without a theme now."))
        return redirect("feedback:comments", code)
    page = {
        "cohort": cohort,
        "comment": found,
        "form": form,
        "pieces": telling.pieces(found.text or "", focus_groups.known_names(cohort)),
        "left": sum(not one.coded.all() for one in every),
        "why_not": domain.why_not_choose(found),
    }
    return render(request, "feedback/comment.html", page, status=422 if form.is_bound else 200)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def comment_quote(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Chosen as a quote: the words as they will stand."""
    cohort, found, _every = find_comment(request, code, key)
    under = [coded.theme_id for coded in found.coded.all()]
    form = QuoteForm(request.POST or None, initial={"words": found.text, "themes": under})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return kept(request, form, lambda told: domain.choose(answer=found, cohort=cohort, **told))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    page = {"cohort": cohort, "form": form, "original": pieces_of(cohort, found.text or "")}
    page["why_not"] = "" if form.is_bound else domain.why_not_choose(found)
    return render(request, "feedback/quote_form.html", page, status=status)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def focus_group_quote(request: HttpRequest, code: str) -> HttpResponse:
    """Somebody's words from the notes, with their consent."""
    talk = find_focus_group(request, code)
    people = domain.who_agreed(talk.cohort)
    form = TalkQuoteForm(request.POST or None, people=people)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return kept(request, form, lambda told: domain.quote_somebody(focus_group=talk, **told))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    page = {"cohort": talk.cohort, "talk": talk, "form": form, "original": pieces_of(talk.cohort, talk.notes)}
    audit.saw(request, people, cohort=talk.cohort, of=talk)
    page["nobody"] = not people.exists()
    return render(request, "feedback/quote_form.html", page, status=status)


def kept(request: HttpRequest, form: QuoteForm, do: Any) -> HttpResponse:
    """A new quote, once for each press."""
    told = form.cleaned_data
    key, themes = told["effect_key"], themes_in(form, request.user)
    told = {name: told[name] for name in ("words", "caregiver") if name in told}
    made = once(key, lambda: do(told | {"themes": themes, "by": request.user}).code)
    messages.success(request, _("It waits for a second person to read it and sign it off."))
    return redirect("feedback:quote", made)


def pieces_of(cohort: Cohort, text: str) -> list[telling.Piece]:
    return telling.pieces(text, focus_groups.known_names(cohort))


# --- Quotes ----------------------------------------------------------------------------------------------


@requires(P.FEEDBACK_SEE)
@require_safe
def quotes(request: HttpRequest, code: str) -> HttpResponse:
    cohort = find(request, code)
    found = Quote.objects.visible_to(request.user).filter(cohort=cohort)
    rows = list(found.select_related("chosen_by", "signed_off_by").prefetch_related("themes"))
    in_use = [quote for quote in rows if not quote.taken_out_at]
    if rows:
        audit.record(request.user, audit.Verb.SAW, cohort, cohort=cohort, fields=["quotes"])
    page = {
        "cohort": cohort,
        "to_sign": [(one, one.chosen_by_id != request.user.pk) for one in in_use if not one.signed_off_by_id],
        "signed": [one for one in in_use if one.signed_off_by_id],
        "taken_out": [one for one in rows if one.taken_out_at],
    }
    return render(request, "feedback/quotes.html", page)


def find_quote(request: HttpRequest, code: str) -> Quote:
    found = Quote.objects.visible_to(request.user).prefetch_related("themes")
    return get_object_or_404(
        found.select_related("cohort", "answer__question", "focus_group", "chosen_by", "signed_off_by"), code=code
    )


@requires(P.FEEDBACK_SEE)
@require_safe
def quote(request: HttpRequest, code: str) -> HttpResponse:
    found = find_quote(request, code)
    audit.record(request.user, audit.Verb.SAW, found, cohort=found.cohort, fields=["words"])
    page = {
        "quote": found,
        "cohort": found.cohort,
        "pieces": pieces_of(found.cohort, found.words),
        "why_not": domain.why_not_sign(found, request.user),
        "stamp": domain.stamp(found),
    }
    return render(request, "feedback/quote.html", page)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def quote_change(request: HttpRequest, code: str) -> HttpResponse:
    found = find_quote(request, code)
    if found.taken_out_at:
        raise Refused(_("These words were taken out."))
    form = QuoteForm(request.POST or None, initial={"words": found.words, "themes": found.themes.all()})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        themes = themes_in(form, request.user)
        domain.change(quote=found, words=form.cleaned_data["words"], themes=themes, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("feedback:quote", code)
    page = {"cohort": found.cohort, "quote": found, "form": form}
    page["original"] = pieces_of(found.cohort, (found.answer.text if found.answer else found.words) or "")
    return render(request, "feedback/quote_form.html", page, status=status)


@requires(P.FEEDBACK_SEE)
@require_POST
def quote_sign(request: HttpRequest, code: str) -> HttpResponse:
    found = find_quote(request, code)
    domain.sign_off(quote=found, seen=request.POST.get("seen", ""), by=request.user)
    messages.success(request, _("Signed off. The words may stand in the report."))
    return redirect("feedback:quotes", found.cohort.code)


@requires(P.FEEDBACK_SEE)
@require_POST
def quote_drop(request: HttpRequest, code: str) -> HttpResponse:
    found = find_quote(request, code)
    domain.drop(quote=found, by=request.user)
    messages.success(request, _("The words were taken out."))
    return redirect("feedback:quotes", found.cohort.code)
