"""Asked before somebody is signed out: how long is left, and one press to stay."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from ppg.access import lasting
from ppg.access.marks import before_factor, signed_in, stays_open


@before_factor
@stays_open
@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def stay(request: HttpRequest, code: str = "") -> HttpResponse:
    """`code`: of the session whose page asks. The script's own questions keep nobody signed in."""
    if request.method == "POST":
        lasting.stay(request)
    elif not request.headers.get("Accept", "").startswith("application/json"):
        return redirect("home")  # an address for the script alone, come back to after signing in
    left = lasting.left(request)
    return JsonResponse({"seconds": left.seconds, "may_stay": left.may_stay})
