"""Asked once more before what cannot be undone or leaves the house: is it still you?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import FILE, before_factor, signed_in
from ppg.accounts import proof, slowing
from ppg.accounts.council.actions import is_connected
from ppg.accounts.factor import actions, passkeys
from ppg.accounts.factor.forms import ConfirmForm, PasskeyForm
from ppg.accounts.signing_in.expired import opened
from ppg.forms import carried
from ppg.models import User


@before_factor
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return confirm_page(request, ConfirmForm(), request.GET.get("next", ""))
    form, then = None if "credential" in request.POST else ConfirmForm(request.POST), request.POST.get("next", "")
    try:
        attempt = slowing.try_own_password(request.user)
    except slowing.Waiting as why:
        return confirm_page(request, ConfirmForm(), then, wait=why.wait.sentence, status=429)
    if not is_right(request, form):
        attempt.failed()
        return confirm_page(request, form or ConfirmForm(), then, status=422)
    attempt.succeeded()
    proof.confirm(request)
    return opened(request, confirmed=True) or redirect(_inside(request, then))


def is_right(request: HttpRequest, form: ConfirmForm | None) -> bool:
    if form is None:
        key = PasskeyForm(request.POST)
        return key.is_valid() and passkeys.accept(request.user, key.cleaned_data["credential"]) is not None
    if not form.is_valid():
        return False
    if _fits(request.user, form.cleaned_data["secret"]):
        return True
    form.add_error("secret", _("That is neither your password nor a new code of your app. Try again."))
    return False


def _fits(user: User, secret: str) -> bool:
    """A code is tried as a code only: nobody's password is made of so few figures."""
    if secret.replace(" ", "").isdigit() and len(secret.replace(" ", "")) <= 8:
        return actions.accept_code(user=user, code=secret) is not None
    return user.check_password(secret)


def _inside(request: HttpRequest, address: str) -> str:
    inside = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return address if inside else reverse("home")


def ask_first(request: HttpRequest, kind: bool | str) -> HttpResponse:
    """In place of what was asked for. A form that was sent goes along sealed; a file is fetched from its page anew."""
    typed = carried.typed(request)
    if typed and typed.by == request.user.code and (sealed := carried.seal(typed)):
        return confirm_page(request, ConfirmForm(), typed.page, status=403, sealed=sealed)
    back = request.method != "GET" or kind == FILE
    then = carried.came_from(request) if back else request.get_full_path()
    return redirect(f"{reverse('confirm')}?{urlencode({'next': then})}")


def confirm_page(
    request: HttpRequest, form: ConfirmForm, then: str, status: int = 200, sealed: str = "", wait: str = ""
) -> HttpResponse:
    page = {
        "form": form,
        "wait": wait,
        "then": then,
        "carried": sealed or request.POST.get(carried.SEALED, ""),
        "connected": is_connected(request.user),
        "passkey": passkeys.request_options(request.user) if passkeys.of(request.user).exists() else None,
        "passkey_failed": status == 422 and "credential" in request.POST,
    }
    return render(request, "account/confirming/confirm.html", page, status=status)
