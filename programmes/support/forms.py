"""Forms about the support given to a team."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from ppg.forms.dates import ten_years_ago, today
from ppg.forms.fields import ChoiceRadios, DateField, GovForm
from programmes.models import TeamMember, TeamSupport
from programmes.support.rules import why_not


class Became(TextChoices):
    OFFERED = "offered", _("Offered, not held yet")
    HELD = "held", _("Held")
    NOT_WANTED = "not_wanted", _("Did not want it")


class SupportForm(GovForm):
    """That support was offered and what became of it: dates and nothing else."""

    submit_label = _("Save")

    offered_on = DateField(
        label=_("Offered on"), help_text=_("For example, 27 3 2026"), earliest=ten_years_ago, latest=today
    )
    outcome = ChoiceRadios(
        label=_("What happened?"),
        choices=Became.choices,
        hints={"not_wanted": _("That is fine. It can be offered again")},
        reveals={"held": ["held_on"]},
    )
    held_on = DateField(label=_("Held on"), earliest=ten_years_ago, latest=today)
    field_order = ("kind", "who", "offered_on", "outcome", "held_on")

    @staticmethod
    def about(support: TeamSupport) -> dict[str, Any]:
        became = Became.NOT_WANTED if support.not_wanted else Became.HELD if support.held_on else Became.OFFERED
        return {"offered_on": support.offered_on, "outcome": became.value, "held_on": support.held_on}

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        offered, held = cleaned_data.get("offered_on"), cleaned_data.get("held_on")
        if offered and held and held < offered:
            self.add_error("held_on", ValidationError(_("It cannot have been held before it was offered")))
        return cleaned_data

    def answers(self) -> dict[str, Any]:
        """What the actions take."""
        cleaned_data = self.cleaned_data
        return {
            "offered_on": cleaned_data["offered_on"],
            "held_on": cleaned_data["held_on"] if cleaned_data["outcome"] == Became.HELD else None,
            "not_wanted": cleaned_data["outcome"] == Became.NOT_WANTED,
        }


class NewSupportForm(SupportForm):
    one_effect = True

    kind = ChoiceRadios(label=_("Which support"), choices=TeamSupport.Kind.choices)
    who = forms.ChoiceField(label=_("For whom"), error_messages={"required": _("Choose for whom it is")})

    def __init__(self, *args: Any, people: dict[str, TeamMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        named = [(code, f"{one.user.name} ({one.get_job_display()})") for code, one in people.items()]
        self.fields["who"].choices = [("", _("Choose a person")), *named]  # type: ignore[attr-defined]

    def clean_who(self) -> TeamMember:
        return self.people[self.cleaned_data["who"]]

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean()
        if (
            "who" in cleaned_data
            and "kind" in cleaned_data
            and (why := why_not(cleaned_data["who"], cleaned_data["kind"]))
        ):
            self.add_error("who", ValidationError(why))
        return cleaned_data
