"""How the service is: for the machine that watches over this one, and for an administrator."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ppg.access.marks import public, requires
from ppg.access.permissions import P
from ppg.health import looks, readiness, trial


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody: whoever starts processes again when they hang must not do so because the
    database is away."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Whether this process may be sent visitors; a sentence for each reason why not."""
    faults = readiness.faults()
    answer = HttpResponse("\n".join(faults) or "ok", status=503 if faults else 200, content_type="text/plain")
    answer._has_been_logged = True  # Django's own mark: no line for each time that a load balancer asks
    return answer


@requires(P.HEALTH_SEE)
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    page = {"health": looks.health(timezone.now()), "last": trial.last(request.user)}
    return render(request, "ppg/health/health.html", page)


@requires(P.HEALTH_SEE)
@require_POST
def try_mail(request: HttpRequest) -> HttpResponse:
    trial.send(request.user)
    messages.success(request, _("An e-mail is on its way to your own address."))
    return redirect("health")
