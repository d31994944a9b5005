"""What a lead types about guides: text in, values out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.fields import ChoiceRadios, GovForm, LongTextField, ModelCheckboxes, TextField, Tick
from ppg.links.codes import new_code
from programmes.agenda.formfields import LinesField, PromptsField, minutes_field
from programmes.models import AgendaItem, ItemKind, ItemLead

START = "start"  # as the answer to "It comes after": before everything else


class SeenField(forms.CharField):
    """The fingerprint of what the page showed."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, max_length=22)


class ItemForm(GovForm):
    """One part of a guide, with its place among the others."""

    title = TextField(label=gettext_lazy("Title"), max_length=160)
    minutes = minutes_field()
    counted = Tick(
        label=gettext_lazy("Counts towards the session’s length"),
        help_text=gettext_lazy("Not ticked for setting up before it and clearing up after it"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("What kind of part is it?"), choices=ItemKind.choices)
    lead = ChoiceRadios(label=gettext_lazy("Who leads?"), choices=ItemLead.choices)
    after = forms.ChoiceField(label=gettext_lazy("It comes after"))
    prompts = PromptsField(
        label=gettext_lazy("Prompts"),
        required=False,
        rows=10,
        max_length=6000,
        help_text=gettext_lazy("One a line. Begin a line with a dash and a space to put it under the one before."),
    )
    speakers = LinesField(
        label=gettext_lazy("Speakers to ask"),
        most=80,
        rows=3,
        help_text=gettext_lazy("One service a line, for example Education"),
    )
    uses = ModelCheckboxes(label=gettext_lazy("Films and documents used"), queryset=None, required=False)
    seen = SeenField()
    key = forms.CharField(widget=forms.HiddenInput, required=False, initial=new_code)

    def __init__(self, *args: Any, others: Iterable[AgendaItem], resources: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        places = [(START, _("Nothing: it is the first"))] + [(item.key, item.title) for item in others]
        self.fields["after"].choices = places  # type: ignore[attr-defined]
        self.fields["uses"].queryset = resources  # type: ignore[attr-defined]

    def clean_after(self) -> str:
        return "" if self.cleaned_data["after"] == START else self.cleaned_data["after"]

    def clean_key(self) -> str:
        key = self.cleaned_data["key"]
        return key if re.fullmatch(r"[\w-]{22}", key, re.ASCII) else new_code()


class AgendaForm(GovForm):
    """The minutes and the order of all parts at once. A part's field is `minutes-` and its key."""

    seen = SeenField()
    order = forms.CharField(widget=forms.HiddenInput, required=False, max_length=10_000)

    def __init__(self, *args: Any, items: Sequence[AgendaItem], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.items = items
        self.initial["order"] = ",".join(item.key for item in items)
        for item in items:
            field = minutes_field(initial=item.minutes)
            field.label = _("Minutes of %(title)s") % {"title": item.title}
            self.fields[self.name_of(item)] = field

    @staticmethod
    def name_of(item: AgendaItem) -> str:
        return f"minutes-{item.key}"

    def rows(self) -> list[tuple[AgendaItem, forms.BoundField]]:
        """Each part with its field, in the order of the page that was sent."""
        at = {key: index for index, key in enumerate(self.sent_order())}
        items = sorted(self.items, key=lambda item: at.get(item.key, len(at)))
        return [(item, self[self.name_of(item)]) for item in items]

    def sent_order(self) -> list[str]:
        """The keys in the order of the page; as they are stored where it says none."""
        sent = str(self.data.get("order", "")) if self.is_bound else ""
        return [key for key in sent.split(",") if key] or [item.key for item in self.items]

    def minutes(self) -> dict[str, int]:
        return {item.key: self.cleaned_data[self.name_of(item)] for item in self.items}


class AboutForm(GovForm):
    title = TextField(label=gettext_lazy("Title"), max_length=120)
    aims = LinesField(label=gettext_lazy("What it is for"), most=300, rows=6, help_text=gettext_lazy("One aim a line"))
    materials = LinesField(
        label=gettext_lazy("What to bring"), most=300, rows=6, help_text=gettext_lazy("One thing a line")
    )
    seen = SeenField()


class PublishForm(GovForm):
    submit_label = gettext_lazy("Publish")
    why = LongTextField(
        label=gettext_lazy("What was changed, and why?"),
        rows=3,
        max_length=500,
        count=True,
        help_text=gettext_lazy("One or two sentences that another lead understands in a year. No names of people."),
        error_messages={"required": gettext_lazy("Say what was changed and why")},
    )
    seen = SeenField()


class HandoutForm(GovForm):
    """Which resource joins the handouts."""

    handout: Any = forms.ModelChoiceField(
        label=gettext_lazy("Add what people take home"), queryset=None, empty_label=gettext_lazy("Choose one")
    )

    def __init__(self, *args: Any, resources: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["handout"].queryset = resources  # type: ignore[attr-defined]
