"""The audit trail, searched by an administrator."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ppg.access.marks import FILE, requires
from ppg.access.permissions import P
from ppg.audit_trail import audit, names
from ppg.audit_trail.forms import TrailForm
from ppg.audit_trail.names import PERSON
from ppg.audit_trail.search import Search, in_words
from ppg.documents.spreadsheets import csv_download
from ppg.models import AuditEntry

PAGE = 50


@requires(P.AUDIT_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: HttpRequest) -> HttpResponse:
    search = Search.of(request.GET)
    form = TrailForm(request.POST or None, initial=asked(search))
    lookup = names.lookups[PERSON]
    valid = form.is_valid()
    if found := form.is_bound and form.cleaned_data.get("name"):
        audit.saw(request, lookup.by_code(found), of=AuditEntry())  # that they are known is told already, also by a 422
    if valid:
        search = form.search()
        return redirect(f"{reverse('audit')}?{search.query()}")
    people = list(lookup.by_code(search.people)) if search.people else []
    page = Paginator(search.entries(), PAGE).get_page(request.GET.get("page"))
    lines = in_words(page.object_list)
    audit.saw(request, {one.code: one for one in [*people, *lines.people]}.values(), of=AuditEntry())
    shown = {
        "form": form,
        "page": page,
        "lines": lines,
        "people": sorted(lookup.name(one) for one in people if lookup.name(one)),
        "narrowed": bool(search.by),
        "export": f"{reverse('audit_export')}?{search.query()}",
    }
    return render(request, "ppg/audit_trail/trail.html", shown, status=422 if form.is_bound else 200)


def asked(search: Search) -> dict[str, Any]:
    """What the form says again. A name is asked for anew: the page says whom it shows."""
    return {
        "user": search.user,
        "group": search.group,
        "action": search.action,
        "since": search.since,
        "until": search.until,
    }


@requires(P.AUDIT_SEE, again=FILE)
@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """All that was found, as a table. Who is named in it is in the trail as exported."""
    search = Search.of(request.GET)
    lines = in_words(search.entries())
    audit.record(request.user, audit.Verb.EXPORTED, AuditEntry(), fields=["csv", *search.by])
    audit.saw(request, lines.people, of=AuditEntry(), verb=audit.Verb.EXPORTED)
    head = [_("When"), _("Who"), _("Did what"), _("About whom"), _("Group"), _("What of it")]
    return csv_download("audit-trail.csv", [head, *(line.cells() for line in lines)])
