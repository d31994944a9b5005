"""What the service is called, how people reach it, and how long it keeps what they tell."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ppg.access.marks import requires
from ppg.access.permissions import P
from ppg.service_details import actions, service
from ppg.service_details.forms import ServiceForm


@requires(P.WORDING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    kept = service.newest()
    form = ServiceForm(request.POST or None, initial={name: getattr(kept, name) for name in service.DETAILS})
    if form.is_valid():
        actions.change(by=request.user, **form.cleaned_data)
        messages.success(request, _("Saved. Every page shows it within a minute."))
        return redirect("service_details")
    return render(request, "ppg/service_details/details.html", {"form": form}, status=422 if form.is_bound else 200)
