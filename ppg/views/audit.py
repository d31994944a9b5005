"""The audit trail, searchable by an administrator."""

from collections.abc import Iterable

from django import forms
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ppg import audit
from ppg.access import requires
from ppg.formfields import GovForm, TextField
from ppg.models import AuditEntry, User
from ppg.permissions import P

PAGE = 50


class TrailForm(GovForm):
    form_method = "get"
    submit_label = _("Search")
    submit_style = "secondary"
    mark_optional = False
    user = forms.ModelChoiceField(
        User.objects.all(), label=_("Who"), required=False, to_field_name="code", empty_label=_("Anybody")
    )
    verb = forms.ChoiceField(
        label=_("Did what"), required=False, choices=[("", _("Anything")), *AuditEntry.Verb.choices]
    )
    about = TextField(
        label=_("About"), help_text=_("The code from a page's address"), required=False, max_length=22, width=20
    )


@requires(P.AUDIT_SEE)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailForm(request.GET or None)
    entries = audit.searchable().select_related("user")
    if form.is_valid():
        if user := form.cleaned_data["user"]:
            entries = entries.filter(user=user)
        if verb := form.cleaned_data["verb"]:
            entries = entries.filter(verb=verb)
        if about := form.cleaned_data["about"]:
            entries = entries.filter(Q(ref=about) | Q(person=about) | Q(cohort=about))
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    name_accounts(page.object_list)
    return render(request, "ppg/audit.html", {"form": form, "page": page}, status=422 if form.errors else 200)


def name_accounts(entries: Iterable[AuditEntry]) -> None:
    """Says whose account it was: entries hold codes only."""
    entries = [entry for entry in entries if entry.what == "user"]
    names = dict(User.objects.filter(code__in={entry.ref for entry in entries}).values_list("code", "name"))
    for entry in entries:
        entry.account = names.get(entry.ref, "")
