"""What the board over all groups shows."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    Referral,
)
from caregivers.people.stages import Stage
from ppg.forms.fields import GovForm
from programmes.models import Cohort


class BoardFilter(GovForm):
    """What the board over all groups shows."""

    form_method = "get"
    mark_optional = False
    ON_THE_WAY, EVERYBODY = "", "all"

    stage = forms.ChoiceField(
        label=_("Stage"),
        required=False,
        choices=[
            (ON_THE_WAY, _("Not yet placed")),
            *((stage.value, stage.short) for stage in Stage),
            (EVERYBODY, _("Everybody")),
        ],
    )
    source = forms.ChoiceField(
        label=_("How they reached us"), required=False, choices=[("", _("Any way")), *Referral.Source.choices]
    )
    group = forms.ChoiceField(label=_("Group"), required=False)

    def __init__(self, *args: Any, groups: Iterable[Cohort], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = {cohort.code: cohort for cohort in groups}
        names = [(code, cohort.name) for code, cohort in self.groups.items()]
        self.fields["group"].choices = [("", _("All my groups")), *names]  # type: ignore[attr-defined]

    def clean_group(self) -> Cohort | None:
        return self.groups.get(self.cleaned_data["group"])
