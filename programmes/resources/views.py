"""Films, documents and things: their links and files."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.access.refusals import Refused
from programmes.editing.queries import draft_of
from programmes.models import Guide, Resource
from programmes.resources import actions, files
from programmes.resources.forms import NewResourceForm, ResourceForm
from programmes.resources.queries import read

GET_OR_POST = ["GET", "HEAD", "POST"]
FIELDS = ["title", "publisher", "kind", "url", "starts_at", "print_for_everyone"]


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def resource(request: HttpRequest, code: str) -> HttpResponse:
    """One film, document or thing. `?guide=` says from which guide somebody came and goes back to."""
    resource = get_object_or_404(Resource.objects.visible_to(request.user), code=code)
    came_from = request.GET.get("guide", "")
    guide = Guide.versions.visible_to(request.user).filter(code=came_from).first()
    back = back_to(guide)
    initial = {name: getattr(resource, name) for name in FIELDS}
    form = ResourceForm(request.POST or None, request.FILES or None, initial=initial, resource=resource)
    form.cancel_url = back
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            actions.save_resource(resource=resource, by=request.user, **form.cleaned_data)
            messages.success(request, _("“%(title)s” is saved, for every guide and group.") % {"title": resource.title})
            return redirect(back)
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    page = {"resource": resource, "form": form, "back": back}
    return render(request, "programmes/resources/resource.html", page, status=status)


def back_to(guide: Guide | None) -> str:
    if guide is None:
        return reverse("programmes:index")
    if guide.state == Guide.State.DRAFT:
        return reverse("programmes:edit", args=[guide.code])
    return guide.get_absolute_url()


@requires(P.GUIDE_EDIT)
@require_http_methods(GET_OR_POST)
def add_resource(request: HttpRequest, code: str) -> HttpResponse:
    """Something new, from the guide that needs it."""
    guide = get_object_or_404(Guide.versions.visible_to(request.user), code=code)
    if draft_of(request.user, guide) is None and request.method != "POST":
        return redirect("programmes:edit", code)
    form = NewResourceForm(
        request.POST or None, request.FILES or None, initial={"kind": Resource.Kind.HANDOUT, "take_home": True}
    )
    back = form.cancel_url = reverse("programmes:edit", args=[code])
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            made = actions.add_resource(guide=guide, by=request.user, **form.cleaned_data)
            messages.success(request, _("“%(title)s” is added.") % {"title": made.title})
            return redirect(back + "#handouts")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return render(request, "programmes/resources/resource.html", {"form": form, "back": back}, status=status)


@requires(P.GUIDE_READ)
@require_safe
def download(request: HttpRequest, code: str) -> HttpResponse:
    """The uploaded file, always as something to keep: a browser never shows it as a page of ours."""
    found = get_object_or_404(Resource.objects.visible_to(request.user), code=code)
    contents = read(found)
    if contents is None:
        raise Http404
    answer = HttpResponse(contents, content_type=files.content_type(found.file.name))
    answer.headers["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=found.file_name)
    return answer
