"""A link that does not work: one page for every public address that opens by a secret."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def ended(request: HttpRequest) -> HttpResponse:
    """Wrong, used, revoked, run out or closed: the same page and status, so that a stranger who tries links learns
    nothing. Whoever pressed Send too late is told, and so is whoever sends something to an address they made up.

    Views come here after the same single look into the database, whatever is wrong (docs/decisions/links.md).
    """
    return render(request, "errors/link_ended.html", {"sent": request.method == "POST"}, status=404)
