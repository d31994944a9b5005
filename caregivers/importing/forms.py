"""The two forms of bringing in a list: which file, and what its columns hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.importing import files
from caregivers.importing.cells import EARLIEST
from caregivers.importing.columns import FIELDS, letter
from caregivers.importing.files import Sheet
from caregivers.importing.rows import Defaults
from caregivers.importing.upload import Upload
from caregivers.models import Referral
from ppg.access.refusals import Refused
from ppg.forms.fields import DateField, GovForm

EXAMPLES = 3


class FileForm(GovForm):
    submit_label = gettext_lazy("Go on")

    upload = forms.FileField(
        label=gettext_lazy("The list"),
        help_text=gettext_lazy("An Excel workbook (.xlsx) or a CSV, up to 1 MB, 1,000 people and 60 columns"),
        max_length=255,
        error_messages={
            "required": gettext_lazy("Choose a file"),
            "invalid": gettext_lazy("Choose a file"),
            "empty": gettext_lazy("The file is empty"),
            "max_length": gettext_lazy("The file’s name is too long. Give it a shorter one"),
        },
    )

    def clean_upload(self) -> Sheet:
        upload = self.cleaned_data["upload"]
        try:  # one byte more than may be, so that a larger file is not read to its end
            return files.read(upload.read(files.MOST_BYTES + 1))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class ColumnsForm(GovForm):
    """What each column holds, guessed from its heading; and what holds where the list says nothing."""

    submit_label = gettext_lazy("Check the list")
    mark_optional = False
    use_own_words = gettext_lazy("Leave it out")

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upload = upload
        chosen = {column: name for name, column in upload.matched.items()}
        for column in self.columns():
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=self.label_of(column),
                help_text=self.examples(column),
                choices=[("", self.use_own_words), *((name, field.label) for name, field in FIELDS.items())],
                initial=chosen.get(column, ""),
                required=False,
            )
        self.fields["source"] = forms.ChoiceField(
            label=gettext_lazy("How did they reach us, where the list does not say?"),
            choices=[("", gettext_lazy("Choose one")), *Referral.Source.choices],
            initial=upload.defaults.source,
            required=False,
        )
        self.fields["received_on"] = DateField(
            label=gettext_lazy("When did they reach us, where the list does not say?"),
            initial=upload.defaults.received_on or timezone.localdate(),
            earliest=EARLIEST,
            latest=timezone.localdate,
            required=False,
        )
        self.fields["sealed"] = forms.CharField(widget=forms.HiddenInput, required=False)

    def columns(self) -> list[int]:
        """Those with anything in them. What is about a child is not offered at all."""
        sheet = self.upload.sheet
        filled = {column for _row, cells in sheet.rows for column, cell in enumerate(cells) if cell}
        return [column for column in range(len(sheet.headings)) if column in filled and column not in sheet.children]

    def label_of(self, column: int) -> Any:
        words = {"letter": letter(column), "heading": self.upload.sheet.headings[column]}
        if not words["heading"]:
            return format_lazy(gettext_lazy("Column {letter}, without a heading"), **words)
        return format_lazy(gettext_lazy("Column {letter}: {heading}"), **words)

    def examples(self, column: int) -> str:
        found = [cells[column] for _row, cells in self.upload.sheet.rows if cells[column]][:EXAMPLES]
        return " · ".join(text if len(text) <= 40 else f"{text[:39]}…" for text in found)

    def clean(self) -> dict[str, Any]:
        super().clean()
        matched: dict[str, int] = {}
        for column in self.columns():
            name = self.cleaned_data.get(f"column_{column}")
            if name and name in matched:
                words = {"label": FIELDS[name].label, "letter": letter(matched[name])}
                sentence = _("“%(label)s” is column %(letter)s already. Choose one of the two, leave the other out")
                self.add_error(f"column_{column}", sentence % words)
            elif name:
                matched[name] = column
        if not self.errors:
            self.needed(matched)
        self.matched = matched
        return self.cleaned_data

    def needed(self, matched: dict[str, int]) -> None:
        parts = {"first_name", "surname"} & set(matched)
        if "name" not in matched and not parts:
            self.add_error(None, _("Say which column holds the names"))
        elif "name" in matched and parts:
            self.add_error(f"column_{matched[min(parts)]}", _("Choose “Name”, or “First name” and “Surname”, not both"))
        if "source" not in matched and not self.cleaned_data["source"]:
            self.add_error("source", _("Choose how they reached us, as no column says so"))
        if "received_on" not in matched and not self.cleaned_data["received_on"]:
            self.add_error("received_on", _("Enter when they reached us, as no column says so"))

    def with_columns(self) -> Upload:
        """The list with its columns as they were chosen."""
        defaults = Defaults(self.cleaned_data["source"], self.cleaned_data["received_on"])
        return replace(self.upload, matched=self.matched, defaults=defaults)
