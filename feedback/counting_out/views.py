"""Counting out the slips, for everybody in the team: also for whoever printed them and may read no answer."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Manager
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from feedback.counting_out import actions
from feedback.counting_out.actions import Counted
from feedback.counting_out.forms import CountForm
from feedback.slips.queries import forms_to_count, sheet_of
from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.models import User


@requires(P.SLIPS_COUNT)
@require_http_methods(["GET", "HEAD", "POST"])
def count(request: HttpRequest, code: str) -> HttpResponse:
    """Who has counted is told, what they counted is not."""
    form = get_object_or_404(forms_to_count(request.user), code=code)
    sheet = sheet_of(form)
    standing = who_counted(sheet.counts if sheet else None, request.user)
    asked = CountForm(request.POST if request.method == "POST" else None, initial=own_numbers(standing))
    if asked.is_valid():
        try:
            came_to = actions.count(form=form, by=request.user, **asked.cleaned_data)
            say(request, came_to, _("Both counts are the same. The slips that were left over are void."))
            return redirect("feedback:count", form.code)
        except Refused as refusal:
            asked.add_error(None, str(refusal))
    page = {
        "form": form,
        "sheet": sheet,
        "why_not": actions.why_not(form, sheet),
        "asked": asked,
        "forms": [asked],
    }
    page |= standing
    return render(request, "feedback/counting_out/count.html", page, status=422 if asked.is_bound else 200)


def who_counted(counts: Manager[Any] | None, user: User) -> dict[str, Any]:
    """For `who_has_counted.html`: whether two counts differ; else what this person counted, and who else did."""
    different = counts is not None and actions.differ(counts)
    rows = list(counts.select_related("by")) if counts is not None and not different else []
    return {
        "different": different,
        "mine": next((row for row in rows if row.by_id == user.pk), None),
        "others": [row.by for row in rows if row.by_id != user.pk],
    }


def own_numbers(standing: dict[str, Any]) -> dict[str, int] | None:
    """What this person counted before, to be put right."""
    mine = standing["mine"]
    return {"left": mine.left, "people": mine.people} if mine else None


def say(request: HttpRequest, came_to: Counted, agreed: str) -> None:
    if came_to == Counted.ONCE:
        messages.success(request, _("Saved. Now a second person counts, without being told what you counted."))
    elif came_to == Counted.DIFFERENT:
        messages.warning(request, _("The two counts are not the same. Both of you count once more."))
    else:
        messages.success(request, agreed)
