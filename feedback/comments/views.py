"""What people wrote, sorted by themes, and a comment chosen as a quote."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from feedback.comments.actions import put_under
from feedback.comments.forms import CodeForm
from feedback.comments.queries import comments as comments_in
from feedback.identifiers import pieces as identifiers
from feedback.identifiers.queries import known_names, pieces_of
from feedback.models import Answer
from feedback.quotes import actions as quotes
from feedback.quotes.forms import QuoteForm
from feedback.quotes.queries import why_not_choose
from feedback.quotes.views import kept
from feedback.themes.actions import themes_in
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.audit_trail import audit
from programmes.models import Cohort


def find(request: HttpRequest, code: str) -> Cohort:
    return get_object_or_404(Cohort.objects.visible_to(request.user), code=code)


@requires(P.FEEDBACK_SEE)
@require_safe
def comments(request: HttpRequest, code: str) -> HttpResponse:
    """`?theme=` shows those of one theme, `?theme=none` those of none yet."""
    cohort = find(request, code)
    every = comments_in(cohort)
    titles: dict[str, list[Any]] = {}  # code → [title, how many]
    for comment in every:
        for coded in comment.coded.all():
            titles.setdefault(coded.theme.code, [coded.theme.title, 0])[1] += 1
    wanted = request.GET.get("theme", "")
    if every:
        audit.record(request.user, audit.Verb.SAW, cohort, cohort=cohort, fields=["comments"])
    page = {
        "cohort": cohort,
        "comments": [comment for comment in every if is_under(comment, wanted)],
        "all": len(every),
        "without": sum(not comment.coded.all() for comment in every),
        "themes": sorted(((code, *theme) for code, theme in titles.items()), key=lambda row: row[1].casefold()),
        "wanted": wanted,
    }
    return render(request, "feedback/comments/comments.html", page)


def is_under(comment: Answer, wanted: str) -> bool:
    codes = {coded.theme.code for coded in comment.coded.all()}
    return not wanted or wanted in codes or (wanted == "none" and not codes)


def find_comment(request: HttpRequest, code: str, key: str) -> tuple[Cohort, Answer, list[Answer]]:
    """The comment among those of its group that have been opened."""
    cohort = find(request, code)
    every = comments_in(cohort)
    match = next((comment for comment in every if str(comment.pk) == key), None)
    if match is None:
        raise Http404
    return cohort, match, every


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def comment(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Under which themes it stands; saved, the next one that has none is shown."""
    cohort, answer, every = find_comment(request, code, key)
    form = CodeForm(request.POST or None, initial={"themes": [coded.theme_id for coded in answer.coded.all()]})
    if form.is_valid():
        themes = themes_in(form.cleaned_data, request.user)
        put_under(answer=answer, cohort=cohort, themes=themes, by=request.user)
        following = next((other for other in every if str(other.pk) != key and not other.coded.all()), None)
        if following:
            return redirect("feedback:comment", code, following.pk)
        messages.success(request, _("Saved. No comment is without a theme now."))
        return redirect("feedback:comments", code)
    page = {
        "cohort": cohort,
        "comment": answer,
        "form": form,
        "pieces": identifiers.pieces(answer.text or "", known_names(cohort)),
        "left": sum(not other.coded.all() for other in every),
        "why_not": why_not_choose(answer),
    }
    return render(request, "feedback/comments/comment.html", page, status=422 if form.is_bound else 200)


@requires(P.FEEDBACK_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def comment_quote(request: HttpRequest, code: str, key: str) -> HttpResponse:
    """Chosen as a quote: the words as they will stand."""
    cohort, answer, _every = find_comment(request, code, key)
    under = [coded.theme_id for coded in answer.coded.all()]
    form = QuoteForm(request.POST or None, initial={"words": answer.text, "themes": under})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            return kept(request, form, lambda fields: quotes.choose(answer=answer, cohort=cohort, **fields))
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
    page = {"cohort": cohort, "form": form, "original": pieces_of(cohort, answer.text or "")}
    page["why_not"] = "" if form.is_bound else why_not_choose(answer)
    return render(request, "feedback/quotes/form.html", page, status=status)
