"""Changing a guide: the draft's agenda and its parts. Publishing is in `publishing`, films and files in `resources`."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from ppg.versions import ChangedMeanwhile, NoDraft
from programmes.agenda.items import fields_of
from programmes.editing import actions
from programmes.editing.fingerprints import fingerprint, fingerprint_of_about, fingerprint_of_agenda
from programmes.editing.forms import START, AboutForm, AgendaForm, HandoutForm, ItemForm
from programmes.editing.queries import draft_of
from programmes.models import AgendaItem, Guide, ItemKind, ItemLead, Resource

GET_OR_POST = ["GET", "HEAD", "POST"]


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, code: str) -> HttpResponse:
    """The whole draft. Its agenda is one form: a press on any of its buttons saves the minutes that were typed."""
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    if request.method == "POST" and request.POST.get("do") == "start":
        actions.start(guide=guide, by=request.user)
        return redirect("programmes:edit", code)
    draft = draft_of(request.user, guide)
    if request.method == "POST":
        return save_agenda(request, guide, draft)
    if draft is None:
        return redirect((guide.current() or guide).get_absolute_url())
    form = AgendaForm(items=list(draft.items.all()), initial={"seen": fingerprint_of_agenda(draft)})
    return edit_page(request, guide, draft, form)


def edit_page(request: HttpRequest, guide: Guide, draft: Guide, form: AgendaForm, status: int = 200) -> HttpResponse:
    taken = [handout.resource_id for handout in draft.handouts_in_order.all()]
    page = {
        "guide": guide,
        "draft": draft,
        "programme": draft.programme,
        "form": form,
        "parts": parts(draft),
        "add_handout": HandoutForm(resources=Resource.objects.visible_to(request.user).exclude(pk__in=taken)),
    }
    return render(request, "programmes/editing/edit.html", page, status=status)


def parts(draft: Guide) -> list[dict[str, Any]]:
    """The agenda for the script that keeps the sum in sight."""
    return [
        {"key": item.key, "title": item.title, "kind": item.kind, "minutes": item.minutes, "counted": item.counted}
        for item in draft.items.all()
    ]


def save_agenda(request: HttpRequest, guide: Guide, draft: Guide | None) -> HttpResponse:
    do, _colon, key = request.POST.get("do", "save").partition(":")
    form = AgendaForm(request.POST, items=list(draft.items.all()) if draft else [])
    status = 422
    if form.is_valid():
        try:
            order = moved(form.sent_order(), do, key)
            saved = actions.save_agenda(
                guide=guide, by=request.user, seen=form.cleaned_data["seen"], order=order, minutes=form.minutes()
            )
            if by_script(request):
                return JsonResponse({"seen": fingerprint_of_agenda(saved)})
            return after_saving(guide, do, key)
        except ChangedMeanwhile as refusal:
            form, status = again(request, draft, refusal), 409
        except Refused as refusal:
            if not by_script(request):
                raise
            return JsonResponse({"sentence": str(refusal)}, status=refusal.status)
    if by_script(request):
        sentences = [str(error) for row in form.errors.values() for error in row]
        return JsonResponse({"sentence": " ".join(sentences)}, status=status)
    if draft is None:
        raise NoDraft(_("Nobody is changing this guide now. Nothing was saved."))
    return edit_page(request, guide, draft, form, status)


def moved(order: list[str], do: str, key: str) -> list[str]:
    """The order after a press on "Move up" or "Move down"."""
    step = {"up": -1, "down": 1}.get(do, 0)
    if step and key in order:
        index = order.index(key)
        order.insert(max(0, index + step), order.pop(index))
    return order


def after_saving(guide: Guide, do: str, key: str) -> HttpResponse:
    if do == "open":
        return redirect("programmes:item", guide.code, key)
    if do == "remove":
        return redirect("programmes:remove_item", guide.code, key)
    if do == "add":
        return redirect("programmes:add_item", guide.code)
    return redirect(reverse("programmes:edit", args=[guide.code]) + (f"#part-{key}" if key else ""))


def again(request: HttpRequest, draft: Guide, refusal: Refused) -> AgendaForm:
    """The minutes that were typed, on the parts in the order that somebody else gave them meanwhile."""
    items = list(draft.items.all())
    typed = request.POST.copy()
    typed["order"] = ",".join(item.key for item in items)
    typed["seen"] = fingerprint_of_agenda(draft)
    for item in items:
        typed.setdefault(AgendaForm.name_of(item), str(item.minutes))
    form = AgendaForm(typed, items=items)
    form.add_error(None, str(refusal))
    return form


def by_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def item(request: HttpRequest, code: str, key: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    draft = draft_of(request.user, guide)
    if request.method != "POST":
        if draft is None:
            return redirect("programmes:edit", code)
        get_object_or_404(draft.items, key=key)
    return item_page(request, guide, draft, key)


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def add_item(request: HttpRequest, code: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    draft = draft_of(request.user, guide)
    if draft is None and request.method != "POST":
        return redirect("programmes:edit", code)
    return item_page(request, guide, draft, "")


def item_page(request: HttpRequest, guide: Guide, draft: Guide | None, key: str) -> HttpResponse:
    """The form of one part; `key` is "" for a new one. What was typed is kept whatever happened to the draft."""
    plan = draft or guide
    items = list(plan.items.all())
    item = next((one for one in items if one.key == key), None)
    form = ItemForm(
        request.POST or None,
        initial=first_values(item, items),
        others=[one for one in items if one.key != key],
        resources=Resource.objects.visible_to(request.user),
    )
    form.cancel_url = reverse("programmes:edit", args=[guide.code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        values = form.cleaned_data | ({"key": key} if key else {})
        try:
            saved = actions.save_item(guide=guide, by=request.user, **values)
            messages.success(request, _("“%(title)s” is saved in the draft.") % {"title": saved.title})
            return redirect(reverse("programmes:edit", args=[guide.code]) + f"#part-{saved.key}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            typed = request.POST.copy()
            typed["seen"] = fingerprint(item) if item else ""  # saved again, it takes the other's place
            form.data, status = typed, 409
    page = {
        "guide": guide,
        "draft": plan,
        "programme": plan.programme,
        "form": form,
        "item": item,
        "key": item.key if item else form["key"].value(),
        "parts": parts(plan),
    }
    return render(request, "programmes/editing/item.html", page, status=status)


def first_values(item: AgendaItem | None, items: list[AgendaItem]) -> dict[str, Any]:
    if item is None:
        counted = [one.key for one in items if one.counted]
        return {
            "kind": ItemKind.DISCUSSION,
            "lead": ItemLead.FACILITATOR,
            "counted": True,
            "after": counted[-1] if counted else START,
        }
    index = items.index(item)
    return fields_of(item) | {
        "uses": [use.resource_id for use in item.uses_in_order.all()],
        "after": items[index - 1].key if index else START,
        "seen": fingerprint(item),
    }


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def remove_item(request: HttpRequest, code: str, key: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    if request.method == "POST":
        if title := actions.remove_item(guide=guide, key=key, by=request.user):
            messages.success(request, _("“%(title)s” is out of the draft.") % {"title": title})
        return redirect("programmes:edit", code)
    draft = draft_of(request.user, guide)
    if draft is None:
        return redirect("programmes:edit", code)
    found = get_object_or_404(draft.items, key=key)
    return render(request, "programmes/editing/remove_item.html", {"guide": guide, "draft": draft, "item": found})


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def about(request: HttpRequest, code: str) -> HttpResponse:
    """The title, the aims, and what to bring."""
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    draft = draft_of(request.user, guide)
    if draft is None and request.method != "POST":
        return redirect("programmes:edit", code)
    plan = draft or guide
    seen = fingerprint_of_about(plan)
    initial = {"title": plan.title, "aims": plan.aims, "materials": plan.materials, "seen": seen}
    form = AboutForm(request.POST or None, initial=initial)
    form.cancel_url = reverse("programmes:edit", args=[guide.code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.save_about(guide=guide, by=request.user, **form.cleaned_data)
            messages.success(request, _("Saved in the draft."))
            return redirect("programmes:edit", code)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            form.data, status = request.POST.copy(), 409
            form.data["seen"] = seen
    return render(
        request,
        "programmes/editing/about.html",
        {"guide": guide, "draft": plan, "programme": plan.programme, "form": form},
        status=status,
    )


@requires(P.GUIDE_EDIT)
@require_POST
def handouts(request: HttpRequest, code: str) -> HttpResponse:
    """Add, remove or move what people take home."""
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    do, _colon, which = request.POST.get("do", "").partition(":")
    resources = Resource.objects.visible_to(request.user)
    if do == "add":
        form = HandoutForm(request.POST, resources=resources)
        if not form.is_valid():
            messages.warning(request, _("Choose what to add, then press the button."))
            return redirect(reverse("programmes:edit", args=[code]) + "#handouts")
        resource = form.cleaned_data["handout"]
    else:
        resource = get_object_or_404(resources, code=which)
    actions.set_handouts(guide=guide, do=do, resource=resource, by=request.user)
    return redirect(reverse("programmes:edit", args=[code]) + "#handouts")
