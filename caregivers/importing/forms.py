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
from caregivers.importing.columns import FIELDS, NAME_PARTS, letter
from caregivers.importing.dates import EARLIEST
from caregivers.importing.files import Lists
from caregivers.importing.rows import Defaults
from caregivers.importing.upload import Upload
from caregivers.models import Referral
from ppg.access.refusals import Refused
from ppg.forms.fields import ChoiceCheckboxes, DateField, GovForm

EXAMPLES = 3
WHOLE_LIST = "all"
MOST_OF_ROW = 80  # letters of a row that is offered as the one of headings


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

    def clean_upload(self) -> Lists:
        upload = self.cleaned_data["upload"]
        try:  # one byte more than may be, so that a larger file is not read to its end
            return files.read(upload.read(files.MOST_BYTES + 1))
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class ColumnsForm(GovForm):
    """What each column holds, guessed from its heading; what holds where the list says nothing; and from which rows of
    which sheet it was read, where that is to be another one."""

    submit_label = gettext_lazy("Check the list")
    mark_optional = False
    use_own_words = gettext_lazy("Leave it out")

    def __init__(self, *args: Any, upload: Upload, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.upload, self.sheet = upload, upload.sheet
        self.ask_whose_they_are()
        self.ask_of_each_column()
        self.ask_what_holds_for_all()
        self.ask_where_it_was_read_from()
        self.fields["sealed"] = forms.CharField(widget=forms.HiddenInput, required=False)

    def ask_whose_they_are(self) -> None:
        if self.sheet.title or self.sheet.doubtful:
            self.fields["theirs"] = ChoiceCheckboxes(
                label=gettext_lazy("Which of these are about the parents and carers?"),
                help_text=gettext_lazy(
                    "They may be about a child, so nothing of them is shown, and they are left out. Tick only what is "
                    "about the parents and carers themselves."
                ),
                choices=self.doubts(),
                initial=self.upload.theirs,
                required=False,
            )

    def ask_of_each_column(self) -> None:
        chosen = {column: name for name, column in (self.upload.matched or self.sheet.guess()).items()}
        for column in self.columns():
            self.fields[f"column_{column}"] = forms.ChoiceField(
                label=self.label_of(column),
                help_text=self.examples(column),
                choices=[("", self.use_own_words), *((name, field.label) for name, field in FIELDS.items())],
                initial=chosen.get(column, ""),
                required=False,
            )

    def ask_what_holds_for_all(self) -> None:
        defaults = self.upload.defaults
        self.fields["source"] = forms.ChoiceField(
            label=gettext_lazy("How did they reach us, where the list does not say?"),
            choices=[("", gettext_lazy("Choose one")), *Referral.Source.choices],
            initial=defaults.source,
            required=False,
        )
        self.fields["received_on"] = DateField(
            label=gettext_lazy("When did they reach us, where the list does not say?"),
            initial=defaults.received_on or timezone.localdate(),
            earliest=EARLIEST,
            latest=timezone.localdate,
            required=False,
        )

    def ask_where_it_was_read_from(self) -> None:
        self.fields["sheet"] = forms.TypedChoiceField(
            label=gettext_lazy("Sheet"),
            choices=[(place, sheet.name) for place, sheet in enumerate(self.upload.lists.sheets)],
            initial=self.upload.lists.at,
            coerce=int,
            required=False,
        )
        self.fields["heading"] = forms.TypedChoiceField(
            label=gettext_lazy("Row of headings"),
            choices=[(number, row_of(number, cells)) for number, cells in self.sheet.choices()]
            + [(0, gettext_lazy("None: the first row is a person already"))],
            initial=self.sheet.heading,
            coerce=int,
            required=False,
        )

    @property
    def answers(self) -> list[forms.BoundField]:
        """What is asked of the columns; where they were read from stands below the button."""
        return [bound for bound in self if bound.name not in ("sheet", "heading")]

    @property
    def read_from(self) -> list[forms.BoundField]:
        return [self[name] for name in ("sheet", "heading") if name == "heading" or len(self.upload.lists.sheets) > 1]

    def doubts(self) -> list[tuple[str, Any]]:
        of_all = [(WHOLE_LIST, gettext_lazy("The people in this list"))] if self.sheet.title else []
        return of_all + [(str(column), self.label_of(column)) for column in self.sheet.doubtful]

    def reread(self) -> Upload:
        """The list as it is when it is read from where the form says; the same one where that has not been changed."""
        self.is_valid()
        place, heading = (self.cleaned_data.get(name, "") for name in ("sheet", "heading"))
        return self.upload.read_from(
            self.upload.lists.at if place == "" else place, self.sheet.heading if heading == "" else heading
        )

    def said(self) -> dict[str, Any]:
        """What was chosen, for the page that comes again."""
        kept = self.fields if self.reread() is self.upload else ("source", "received_on")
        return {name: self[name].value() for name in kept if name not in ("sealed", "sheet", "heading")}

    def columns(self) -> list[int]:
        """Those with anything in them. What is about a child is not offered at all."""
        sheet = self.sheet
        filled = {column for _row, cells in sheet.rows for column, cell in enumerate(cells) if cell}
        return [column for column in range(len(sheet.headings)) if column in filled and column not in sheet.children]

    def label_of(self, column: int) -> Any:
        words = {"letter": letter(column), "heading": self.sheet.labels[column]}
        if not words["heading"]:
            return format_lazy(gettext_lazy("Column {letter}, without a heading"), **words)
        return format_lazy(gettext_lazy("Column {letter}: {heading}"), **words)

    def examples(self, column: int) -> Any:
        if column in self.sheet.left_out:
            return gettext_lazy("Not shown: it may be about a child")
        found = [cells[column] for _row, cells in self.sheet.rows if cells[column]][:EXAMPLES]
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
        if matched:
            self.ours(matched)
        if not self.errors:
            self.needed(matched)
        self.matched = matched
        return self.cleaned_data

    def ours(self, matched: dict[str, int]) -> None:
        """Nothing that may be about a child comes in before somebody has said that it is not."""
        theirs = self.cleaned_data.get("theirs", [])
        if self.sheet.title and WHOLE_LIST not in theirs:
            self.add_error("theirs", _("Tick “The people in this list” if they are the parents and carers"))
        for column in set(matched.values()) & set(self.sheet.doubtful):
            if str(column) not in theirs:
                sentence = _("Column %(letter)s may be about a child. Leave it out, or tick it above if it is not")
                self.add_error(f"column_{column}", sentence % {"letter": letter(column)})

    def needed(self, matched: dict[str, int]) -> None:
        parts = set(NAME_PARTS) & set(matched)
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
        theirs = self.cleaned_data.get("theirs", [])
        return replace(self.upload, matched=self.matched, defaults=defaults, theirs=theirs)


def row_of(number: int, cells: list[str]) -> str:
    words = {"number": number, "cells": " · ".join(cells)}
    text = _("Row %(number)d: %(cells)s") % words if cells else _("Row %(number)d") % words
    return text if len(text) <= MOST_OF_ROW else f"{text[: MOST_OF_ROW - 1]}…"
