"""Reading the programmes and their guides."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from ppg.access.marks import requires
from ppg.access.permissions import P
from programmes.models import Guide, Programme


@requires(P.GUIDE_READ)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    programmes = Programme.objects.visible_to(request.user).with_sessions()
    return render(request, "programmes/guides/index.html", {"programmes": programmes})


@requires(P.GUIDE_READ)
@require_safe
def programme(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Programme.objects.visible_to(request.user), code=code)
    guides = found.guides.select_related("programme").prefetch_related("items")
    return render(request, "programmes/guides/programme.html", {"programme": found, "guides": guides})


@requires(P.GUIDE_READ)
@require_safe
def guide(request: HttpRequest, code: str) -> HttpResponse:
    guide = get_object_or_404(Guide.versions.visible_to(request.user).with_plan(), code=code)
    others = list(
        Guide.versions.visible_to(request.user).of(guide).select_related("changed_by", "owner", "published_by")
    )
    page = {
        "guide": guide,
        "programme": guide.programme,
        "versions": [one for one in others if one.state != Guide.State.DRAFT],
        "current": next((one for one in others if one.state == Guide.State.CURRENT), None),
        "draft": next((one for one in others if one.state == Guide.State.DRAFT), None),
    }
    return render(request, "programmes/guides/guide.html", page)


@requires(P.GUIDE_READ)
@require_safe
def print_guide(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Guide.versions.visible_to(request.user).with_plan(), code=code)
    return render(request, "programmes/guides/print.html", {"guide": found, "programme": found.programme})


@requires(P.GUIDE_READ)
@require_safe
def versions(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Guide.versions.visible_to(request.user).select_related("programme"), code=code)
    others = Guide.versions.visible_to(request.user).of(found).select_related("published_by", "changed_by")
    return render(
        request,
        "programmes/guides/versions.html",
        {"guide": found, "programme": found.programme, "versions": others},
    )
