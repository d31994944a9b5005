"""The focus group, and words of it that may be quoted."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver
from feedback.models import FocusGroup
from feedback.quotes.forms import QuoteForm
from ppg.forms.dates import ten_years_ago, today
from ppg.forms.fields import DateField, GovForm, LongTextField, ModelRadios, NumberField

MOST_PEOPLE = 60


class FocusGroupForm(GovForm):
    submit_label = _("Save")
    one_effect = True

    held_on = DateField(label=_("When was it?"), earliest=ten_years_ago, latest=today)
    people = NumberField(
        label=_("How many caregivers took part?"),
        min_value=1,
        max_value=MOST_PEOPLE,
        error_messages={"required": _("Enter how many caregivers took part")},
    )
    notes = LongTextField(
        label=_("Notes without names"),
        help_text=_("What was said, not who said it. Leave out names, places and schools. You can add to them later."),
        required=False,
        rows=12,
        max_length=FocusGroup._meta.get_field("notes").max_length or 0,
        count=True,
    )


class PeopleRadios(ModelRadios):
    """By their whole name: two in a group may be called the same."""

    def label_from_instance(self, person: Caregiver) -> str:
        return person.name


class TalkQuoteForm(QuoteForm):
    """From the notes of a talk: whose words they are has to be known, so that they can take them back."""

    caregiver = PeopleRadios(
        Caregiver.objects.none(),
        label=_("Whose words are they?"),
        help_text=_("Only people of this group who have agreed to be quoted stand here. The report never names them."),
        to_field_name="code",
        error_messages={
            "required": _(
                "Choose whose words they are. Words from a talk are quoted with the consent of whoever said them, "
                "or not at all."
            )
        },
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["caregiver"].queryset = people  # type: ignore[attr-defined]
