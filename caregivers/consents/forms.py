"""Agreeing to something later, and which wordings a page showed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self

from django import forms
from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    ConsentWording,
    How,
)
from ppg.forms.fields import ChoiceRadios, GovForm


def versions_in(data: Mapping[str, Any]) -> dict[str, int]:
    """Which wordings the page showed that is sent back here."""
    sent = {kind: str(data.get(f"wording_{kind}", "")) for kind, _label in ConsentWording.KINDS}
    return {kind: int(version) for kind, version in sent.items() if version.isascii() and version.isdigit()}


class ConsentForm(GovForm):
    """Something they agree to later, told to staff: with the wording that was read out."""

    submit_label = _("Write down that they agree")

    how = ChoiceRadios(
        label=_("How did they tell you?"), choices=[(How.SPOKEN, How.SPOKEN.label), (How.PAPER, How.PAPER.label)]
    )

    def __init__(self, *args: Any, wording: ConsentWording, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wording = wording
        self.fields[f"wording_{wording.kind}"] = forms.CharField(
            initial=wording.version, required=False, widget=forms.HiddenInput
        )

    @classmethod
    def asked(cls, kind: str, data: Any) -> Self:
        return cls(data or None, wording=ConsentWording.objects.shown(versions_in(data))[kind])
