"""The audit trail, searchable by an administrator."""

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from ppg.access import requires
from ppg.models import AuditEntry, User
from ppg.permissions import P

PAGE = 50


class TrailForm(forms.Form):
    user = forms.ModelChoiceField(User.objects.all(), label=_("Who"), required=False, to_field_name="code")
    verb = forms.ChoiceField(
        label=_("Did what"), required=False, choices=[("", _("Anything")), *AuditEntry.Verb.choices]
    )
    about = forms.CharField(label=_("About (a code from an address)"), required=False, max_length=22)


@requires(P.AUDIT_SEE)
@require_safe
def trail(request: HttpRequest) -> HttpResponse:
    form = TrailForm(request.GET or None)
    entries = AuditEntry.objects.select_related("user")
    if form.is_valid():
        if form.cleaned_data["user"]:
            entries = entries.filter(user=form.cleaned_data["user"])
        if form.cleaned_data["verb"]:
            entries = entries.filter(verb=form.cleaned_data["verb"])
        if about := form.cleaned_data["about"]:
            entries = entries.filter(ref=about) | entries.filter(person=about) | entries.filter(cohort=about)
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    return render(request, "ppg/audit.html", {"form": form, "page": page})
