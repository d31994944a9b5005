"""What a lead types about a film, a document or a thing: text and a file in, values out."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.fields import GovForm, TextField, Tick, URLField
from programmes.models import Resource
from programmes.resources import files


class ResourceForm(GovForm):
    """Where a film, document or thing is found."""

    title = TextField(label=gettext_lazy("Title"), max_length=250)
    publisher = TextField(label=gettext_lazy("Who made it"), max_length=120, required=False)
    kind = forms.ChoiceField(label=gettext_lazy("What is it?"), choices=Resource.Kind.choices)
    url = URLField(
        label=gettext_lazy("Link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy("For example, https://example.org/film"),
    )
    starts_at = TextField(
        label=gettext_lazy("Start the film at"),
        max_length=8,
        width=5,
        required=False,
        help_text=gettext_lazy("Minutes and seconds, for example 2:20"),
    )
    upload = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        max_length=255,
        help_text=gettext_lazy("A PDF, a picture (PNG or JPEG) or a Word document (DOCX), up to 5 MB"),
        error_messages={
            "empty": gettext_lazy("The file is empty. Choose another one"),
            "max_length": gettext_lazy("The file’s name is too long. Give it a shorter one"),
        },
    )
    remove_file = Tick(label=gettext_lazy("Take the file away"))
    print_for_everyone = Tick(
        label=gettext_lazy("Print it for everyone"),
        help_text=gettext_lazy("Also for those who asked for handouts by e-mail"),
    )

    def __init__(self, *args: Any, resource: Resource | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if resource is None or not resource.file:
            del self.fields["remove_file"]
        else:
            self.fields["upload"].label = _("Another file in its place")

    def clean_url(self) -> str:
        url = self.cleaned_data["url"]
        if url and not url.lower().startswith(("https://", "http://")):
            raise forms.ValidationError(_("“Link” must be a web address, like https://example.org"))
        return url

    def clean_starts_at(self) -> str:
        start = self.cleaned_data["starts_at"]
        if start and not re.fullmatch(r"(\d{1,2}:)?\d{1,2}:[0-5]\d", start):
            raise forms.ValidationError(_("“Start the film at” must be minutes and seconds, like 2:20"))
        return start

    def clean_upload(self) -> Any:
        upload = self.cleaned_data["upload"]
        if not upload:
            return None
        if upload.size > files.MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 5 MB. Choose a smaller one, or enter a link"))
        if not files.kind_of(upload):
            raise forms.ValidationError(_("The file must be a PDF, PNG, JPEG or a Word document without macros (DOCX)"))
        return upload


class NewResourceForm(ResourceForm):
    submit_label = gettext_lazy("Add it")
    take_home = Tick(label=gettext_lazy("People take it home after this session"))
