"""What the council says to everybody: each text at an address of its own."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from caregivers.models import ConsentWording
from ppg.access.marks import public


@public
@require_safe
def notice(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.NOTICE)


@public
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.KEPT)


@public
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.ACCESS)


@public
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    return text(request, ConsentWording.COOKIES)


# Neutral: somebody else may see the screen.
HEADINGS = {
    ConsentWording.NOTICE: gettext_lazy("What we do with what you tell us"),
    ConsentWording.KEPT: gettext_lazy("What we keep, and how long"),
    ConsentWording.ACCESS: gettext_lazy("Accessibility statement"),
    ConsentWording.COOKIES: gettext_lazy("Cookies"),
}


def text(request: HttpRequest, kind: str) -> HttpResponse:
    """What the council says to everybody, at an address of its own, so that a form that is half filled in stays."""
    newest = ConsentWording.objects.latest_of(kind)
    if newest is None:
        raise Http404
    return render(request, "caregivers/about/text.html", {"notice": newest, "heading": HEADINGS[kind]})
