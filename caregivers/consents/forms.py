"""Agreeing to something later, and which wordings a page shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    ConsentWording,
    How,
)
from ppg.forms.fields import ChoiceRadios, GovForm, number_in


def wordings_shown(data: Mapping[str, Any]) -> Mapping[str, ConsentWording]:
    """The wordings of the page that is sent back here, so that an answer keeps the words it was given to; of a page
    that is opened now, today's."""
    sent = {kind: number_in(str(data.get(f"wording_{kind}", ""))) for kind, _label in ConsentWording.KINDS}
    return ConsentWording.objects.shown({kind: version for kind, version in sent.items() if version is not None})


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
