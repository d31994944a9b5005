"""Which groups a report over many is about."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ppg.forms.dates import THIS_CENTURY, in_ten_years
from ppg.forms.fields import DateField, GovForm
from programmes.models import Cohort, Programme


class AcrossForm(GovForm):
    submit_label = _("Make the report")
    one_effect = True
    mark_optional = False

    from_on = DateField(
        label=_("First session from"),
        help_text=_("Groups are chosen by the day of their first session. For example, 1 4 2026"),
        earliest=THIS_CENTURY,
        latest=in_ten_years,
    )
    until_on = DateField(label=_("First session until"), earliest=THIS_CENTURY, latest=in_ten_years)
    area = forms.ChoiceField(label=_("Area"), required=False)
    programme = forms.ChoiceField(label=_("Programme"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        areas = Cohort.objects.order_by("area").values_list("area", flat=True).distinct()
        self.programmes = {programme.code: programme for programme in Programme.objects.order_by("title", "pk")}
        titles = [(code, programme.title) for code, programme in self.programmes.items()]
        self.fields["area"].choices = [("", _("All areas")), *((area, area) for area in areas)]  # type: ignore[attr-defined]
        self.fields["programme"].choices = [("", _("All programmes")), *titles]  # type: ignore[attr-defined]

    def clean_programme(self) -> Programme | None:
        return self.programmes.get(self.cleaned_data["programme"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("from_on"), data.get("until_on")
        if first and last and last < first:
            self.add_error("until_on", _("“First session until” must be the same day as “from”, or later"))
        return data
