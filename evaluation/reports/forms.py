"""What is typed into a report: its sections, and its recommendations."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.reports.sections import ALL, too_many_lines
from evaluation.reports.writing import LONGEST_DRAFT, clean, mark
from ppg.forms.dates import in_ten_years, ten_years_ago
from ppg.forms.fields import DateField, GovForm, LongTextField, TextField
from ppg.links.codes import new_code


class ReportForm(GovForm):
    """One box for each section. `sitting`: this opening of the page. `seen`: the last saving it has heard of."""

    form_tag = False
    mark_optional = False

    sitting = forms.CharField(widget=forms.HiddenInput, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, text: dict[str, str] | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["sitting"].initial = new_code
        for section in ALL:
            words = (text or {}).get(section.key, "")
            self.fields[section.key] = LongTextField(
                label=section.title,
                help_text=section.hint,
                initial=words,
                max_length=section.longest,
                rows=4 if section.longest < 1000 else 10,
                count=True,
                required=False,
            )
            self.fields[f"mark_{section.key}"] = forms.CharField(
                widget=forms.HiddenInput, required=False, initial=mark(words)
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for section in ALL:
            if sentence := too_many_lines(section, data.get(section.key, "")):
                self.add_error(section.key, sentence)
        return data

    def need(self, keys: list[str]) -> None:
        """Marks the sections without which nothing is published."""
        for section in ALL:
            if section.key in keys:
                sentence = _("Write “%(label)s” before you publish") % {"label": section.title}
                self.add_error(section.key, ValidationError(sentence))

    def typed(self) -> dict[str, str]:
        """What was typed, also where it is too long to be published: it is kept all the same."""
        texts = {section.key: clean(self.data[section.key]) for section in ALL if section.key in self.data}
        return {key: words for key, words in texts.items() if len(words) <= LONGEST_DRAFT}

    def keeps(self) -> bool:
        """Whether every section can be kept, if not published."""
        return len(self.typed()) == sum(section.key in self.data for section in ALL)

    def heard_until(self) -> datetime | None:
        try:
            return datetime.fromisoformat(self.data.get("seen", ""))
        except ValueError:
            return None

    def marks(self) -> dict[str, str]:
        return {section.key: self.data.get(f"mark_{section.key}", "") for section in ALL}

    def put(self, **values: str) -> None:
        """Other values in the page that comes back."""
        self.data = dict(self.data.items()) | values


class PublishForm(GovForm):
    """`version`: the newest one when the page was opened. `seen`: the last saving of the text it was opened with."""

    one_effect = True

    version = forms.IntegerField(widget=forms.HiddenInput)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)


class RecommendationForm(GovForm):
    submit_label = gettext_lazy("Keep this recommendation")
    one_effect = True

    text = LongTextField(
        label=gettext_lazy("What should change?"),
        help_text=gettext_lazy("One thing, begun with what to do: “Ring families before writing to them”."),
        max_length=300,
        rows=3,
        count=True,
    )
    owner = TextField(
        label=gettext_lazy("Who sees to it?"),
        help_text=gettext_lazy("A role or a team, such as “family support team”. Name no private person."),
        max_length=80,
    )
    due_on = DateField(
        label=gettext_lazy("By when?"),
        help_text=gettext_lazy("For example, 27 3 2027"),
        earliest=ten_years_ago,
        latest=in_ten_years,
        required=False,
    )

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("text", "owner", "due_on")}
