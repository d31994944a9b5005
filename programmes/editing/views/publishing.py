"""Publishing a draft as the guide's next version, or throwing it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from programmes.agenda.changes import Change, Part, changes
from programmes.editing import actions
from programmes.editing.fingerprints import fingerprint_of_all
from programmes.editing.forms import PublishForm
from programmes.editing.queries import draft_of
from programmes.models import Guide

GET_OR_POST = ["GET", "HEAD", "POST"]


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def publish(request: HttpRequest, code: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    draft = draft_of(request.user, guide)
    if draft is None and request.method != "POST":
        return redirect("programmes:edit", code)
    plan = draft or guide
    form = PublishForm(request.POST or None, initial={"seen": fingerprint_of_all(plan)})
    form.cancel_url = reverse("programmes:edit", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            published = actions.publish(guide=guide, by=request.user, **form.cleaned_data)
            messages.success(
                request,
                _("Version %(version)s is published. Groups that are set up already keep their own copy.")
                % {"version": published.version},
            )
            return redirect(published.get_absolute_url())
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data, status = request.POST.copy(), 409
            form.data["seen"] = fingerprint_of_all(plan)
    current = Guide.versions.visible_to(request.user).of(plan).filter(state=Guide.State.CURRENT).with_plan().first()
    page: dict[str, Any] = {"guide": guide, "draft": plan, "current": current, "form": form}
    if current and draft:
        page |= {"changes": of_agenda(current, draft), "others": of_the_rest(current, draft)}
    return render(request, "programmes/editing/publish.html", page, status=status)


def of_agenda(current: Guide, draft: Guide) -> list[Change]:
    before, after = ([Part.of(item, item.key) for item in plan.items.all()] for plan in (current, draft))
    return changes(before, after)


def of_the_rest(current: Guide, draft: Guide) -> list[str]:
    """Which of the rest differs: title, aims, materials, handouts."""
    takes_home = [[handout.resource_id for handout in plan.handouts_in_order.all()] for plan in (current, draft)]
    differs = {
        _("Title"): current.title != draft.title,
        _("What it is for"): current.aims != draft.aims,
        _("What to bring"): current.materials != draft.materials,
        _("What people take home"): takes_home[0] != takes_home[1],
    }
    return [name for name, is_so in differs.items() if is_so]


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def discard(request: HttpRequest, code: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    current = guide.current() or guide
    draft = draft_of(request.user, guide)
    if request.method == "POST":
        actions.discard(guide=guide, by=request.user)
        messages.success(request, _("The draft is thrown away. The published guide is as it was."))
        return redirect(current.get_absolute_url())
    if draft is None:
        return redirect("programmes:edit", code)
    return render(request, "programmes/editing/discard.html", {"guide": current, "draft": draft})
