"""Forms about what a group says after the programme: the focus group, themes, and words that may be quoted."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from caregivers.models import Caregiver
from feedback.models import FocusGroup, Quote, Theme
from ppg.formfields import DateField, GovForm, LongTextField, ModelCheckboxes, ModelRadios, NumberField, TextField

MOST_PEOPLE = 60


class FocusGroupForm(GovForm):
    submit_label = _("Save")
    one_effect = True

    held_on = DateField(label=_("When was it?"), latest=timezone.localdate)
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


class WithThemes(GovForm):
    """`chosen()` gives the titles: those ticked are themes, a new one is made by the action."""

    themes = ModelCheckboxes(Theme.objects.all(), label=_("Themes"), required=False)
    new_theme = TextField(
        label=_("A theme that is not there yet"),
        help_text=_("It is then there for every group, so name nobody and no place. For example, “Being believed”"),
        required=False,
        max_length=Theme._meta.get_field("title").max_length or 0,
    )

    def clean_new_theme(self) -> str:
        return " ".join(self.cleaned_data["new_theme"].split())


class CodeForm(WithThemes):
    submit_label = _("Save, and show the next")


class QuoteForm(WithThemes):
    """Words as they will stand. `people`, where given: whose words they can be."""

    submit_label = _("Save")
    one_effect = True

    words = LongTextField(
        label=_("The words as they will stand"),
        help_text=_("Leave out and shorten; do not put in. Where you left something out write …"),
        rows=5,
        max_length=Quote._meta.get_field("words").max_length or 0,
        count=True,
        error_messages={"required": _("Enter the words")},
    )
    field_order = ("caregiver", "words", "themes", "new_theme")


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
