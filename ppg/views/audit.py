"""The audit trail, searched by an administrator."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ppg import audit, audit_names
from ppg.access import FILE, requires
from ppg.audit_names import GROUP, PERSON
from ppg.audit_search import EVERYTHING, MOST, Search, in_words
from ppg.formfields import DateField, GovForm, TextField
from ppg.models import AuditEntry, User
from ppg.permissions import P
from ppg.spreadsheets import csv_download

PAGE = 50


class TrailForm(GovForm):
    """A name is sent by this form and goes into no address: the page it leads to has the codes it was found under."""

    submit_label = gettext_lazy("Search")
    submit_style = "secondary"
    mark_optional = False
    user = forms.ModelChoiceField(
        User.objects.order_by("name"),
        label=gettext_lazy("Member of staff"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("Anybody"),
    )
    name = TextField(
        label=gettext_lazy("Name of a caregiver"),
        help_text=gettext_lazy("Their name or a part of it. That you looked them up is in the trail too"),
        required=False,
        max_length=120,
    )
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)
    action = forms.ChoiceField(
        label=gettext_lazy("What was done"),
        required=False,
        choices=[
            ("", gettext_lazy("Anything but looks at this trail")),
            (EVERYTHING, gettext_lazy("Anything")),
            *AuditEntry.Verb.choices,
        ],
    )
    since = DateField(label=gettext_lazy("From"), required=False)
    until = DateField(label=gettext_lazy("Until"), help_text=gettext_lazy("Including that day"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lookup = audit_names.lookup(GROUP)
        groups = [(one.code, lookup.name(one)) for one in lookup.find("")]
        self.fields["group"].choices = [("", gettext_lazy("Any")), *groups]

    def clean_name(self) -> tuple[str, ...]:
        """The codes of those who are called so."""
        typed = self.cleaned_data["name"]
        found = audit_names.lookup(PERSON).find(typed) if typed else []
        if typed and not found:
            raise forms.ValidationError(_("No caregiver has this name. Who was erased cannot be found by a name."))
        if len(found) > MOST:
            raise forms.ValidationError(_("More than %(n)s caregivers fit. Write more of the name.") % {"n": MOST})
        return tuple(one.code for one in found)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or self.cleaned_data
        if told.get("since") and told.get("until") and told["since"] > told["until"]:
            self.add_error("until", _("“Until” must be the same day as “From” or later"))
        return told

    def search(self) -> Search:
        told = self.cleaned_data
        return Search(
            user=told["user"].code if told["user"] else "",
            people=told["name"],
            group=told["group"],
            action=told["action"],
            since=told["since"],
            until=told["until"],
        )


@requires(P.AUDIT_SEE)
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: HttpRequest) -> HttpResponse:
    search = Search.of(request.GET)
    form = TrailForm(request.POST or None, initial=asked(search))
    lookup = audit_names.lookup(PERSON)
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
    return render(request, "ppg/audit.html", shown, status=422 if form.is_bound else 200)


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
