"""What was typed before the sign-in had ended: a form that came too late is sent again by one press of its writer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from ppg.accounts.signing_in.forms import SignInForm
from ppg.forms import carried


def with_typed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What the page that signed in carried, in place of its answer, for who typed it."""
    if not request.user.is_authenticated or not request.POST.get(carried.SEALED):
        return response  # a form that must be put right carries the same again
    if page := opened(request):
        page.cookies.update(response.cookies)  # this device has signed in
        return page
    sentence = _("What was typed here before cannot be opened: somebody else typed it, or it is more than a day old.")
    messages.warning(request, sentence)
    return response


def carry(request: HttpRequest) -> HttpResponse | None:
    """The page that goes on with what this request brought; None where it may not be carried."""
    typed = carried.typed(request)
    if typed is None:
        return None
    if not request.user.is_authenticated:
        return ask(request, carried.seal(typed), typed.page, status=403)
    if request.user.code == typed.by:
        return send_again(request, typed, status=403)
    found = {"sealed": carried.seal(typed), "name": carried.SEALED, "page": typed.page}
    return render(request, "account/signing_in/somebody_else.html", found, status=403)


def opened(request: HttpRequest, status: int = 200, confirmed: bool = False) -> HttpResponse | None:
    """What the sign-in page carried, for who typed it; the sign-in page again where nobody is signed in yet."""
    sealed = request.POST.get(carried.SEALED, "") if request.method == "POST" and carried.from_us(request) else ""
    if not sealed:
        return None
    if not request.user.is_authenticated:
        return ask(request, sealed, request.POST.get("next", ""), status=status)
    typed = carried.unseal(sealed, request.user)
    return send_again(request, typed, status, confirmed) if typed else None


def ask(request: HttpRequest, sealed: str, page: str, status: int = 200) -> HttpResponse:
    """The sign-in page in place of what was asked for. Where nothing could be sealed it says so."""
    context = {
        "form": SignInForm(request=request),
        "redirect_field_name": "next",
        "redirect_field_value": page,
        "carried": sealed,
        "too_large": not sealed,
    }
    return render(request, "account/login.html", context, status=status)


def send_again(request: HttpRequest, typed: carried.Typed, status: int, confirmed: bool = False) -> HttpResponse:
    """`confirmed`: nobody was signed out, they were asked once more."""
    page = {"typed": typed, "confirmed": confirmed}
    return render(request, "account/signing_in/send_again.html", page, status=status)
