"""What an administrator searches the trail for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.audit_trail import names
from ppg.audit_trail.names import GROUP, PERSON
from ppg.audit_trail.search import EVERYTHING, MOST, Search
from ppg.forms.dates import THIS_CENTURY, in_a_year, today
from ppg.forms.fields import DateField, GovForm, TextField
from ppg.models import AuditEntry, User


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
    since = DateField(label=gettext_lazy("From"), earliest=THIS_CENTURY, latest=today, required=False)
    until = DateField(
        label=gettext_lazy("Until"),
        help_text=gettext_lazy("Including that day"),
        earliest=THIS_CENTURY,
        latest=in_a_year,
        required=False,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lookup = names.lookups[GROUP]
        groups = [(one.code, lookup.name(one)) for one in lookup.find("")]
        self.fields["group"].choices = [("", gettext_lazy("Any")), *groups]  # type: ignore[attr-defined]

    def clean_name(self) -> tuple[str, ...]:
        """The codes of those who are called so."""
        typed = self.cleaned_data["name"]
        found = names.lookups[PERSON].find(typed) if typed else []
        if typed and not found:
            raise forms.ValidationError(_("No caregiver has this name. Who was erased cannot be found by a name."))
        if len(found) > MOST:
            raise forms.ValidationError(_("More than %(n)s caregivers fit. Write more of the name.") % {"n": MOST})
        return tuple(one.code for one in found)

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if cleaned_data.get("since") and cleaned_data.get("until") and cleaned_data["since"] > cleaned_data["until"]:
            self.add_error("until", _("“Until” must be the same day as “From” or later"))
        return cleaned_data

    def search(self) -> Search:
        cleaned_data = self.cleaned_data
        return Search(
            user=cleaned_data["user"].code if cleaned_data["user"] else "",
            people=cleaned_data["name"],
            group=cleaned_data["group"],
            action=cleaned_data["action"],
            since=cleaned_data["since"],
            until=cleaned_data["until"],
        )
