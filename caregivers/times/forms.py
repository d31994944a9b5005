"""What is typed about times: text in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import How, Slot, SlotAnswer
from caregivers.times.words import spoken
from ppg.forms.fields import ChoiceCheckboxes, ChoiceRadios, GovForm, MeetingTimeField

TIMES = ("starts", "starts2", "starts3")


class ProposeForm(GovForm):
    """Several days at several times in one go."""

    submit_label = gettext_lazy("Add these times")
    mark_optional = False

    weekdays = ChoiceCheckboxes(
        label=gettext_lazy("Days"),
        choices=Slot.Weekday.choices,
        error_messages={"required": gettext_lazy("Choose one day or more")},
    )
    starts = MeetingTimeField(
        label=gettext_lazy("Time it starts"), error_messages={"required": gettext_lazy("Enter the time it starts")}
    )
    starts2 = MeetingTimeField(
        label=gettext_lazy("Another time on these days (optional)"), required=False, help_text=""
    )
    starts3 = MeetingTimeField(label=gettext_lazy("And another (optional)"), required=False, help_text="")

    def proposed(self) -> dict[str, Any]:
        times = {self.cleaned_data[name] for name in TIMES if self.cleaned_data[name]}
        return {"weekdays": [int(day) for day in self.cleaned_data["weekdays"]], "starts": times}


class AnswerForm(GovForm):
    """Whether one person can come, for each of the times."""

    submit_label = gettext_lazy("Send")
    mark_optional = False
    all_needed = True

    def __init__(self, *args: Any, slots: Iterable[Slot], said: Mapping[str, str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.slots = list(slots)
        for slot in self.slots:
            when = spoken(slot)
            self.fields[f"can_{slot.code}"] = ChoiceRadios(
                label=when,
                choices=SlotAnswer.Can.choices,
                initial=said.get(slot.code, ""),
                required=self.all_needed,
                inline=True,
                error_messages={"required": _("Say whether you can come on %(when)s") % {"when": when}},
            )

    def answers(self) -> dict[str, str]:
        found = {slot.code: self.cleaned_data.get(f"can_{slot.code}", "") for slot in self.slots}
        return {code: can for code, can in found.items() if can}


class StaffAnswerForm(AnswerForm):
    """The same, told on the phone or written on paper; what was not asked stays open."""

    submit_label = gettext_lazy("Save")
    all_needed = False

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["how"] = ChoiceRadios(
            label=_("How they told you"),
            choices=[(How.SPOKEN, How.SPOKEN.label), (How.PAPER, How.PAPER.label)],
            initial=How.SPOKEN,
            inline=True,
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and not self.answers():
            self.add_error(None, _("Choose an answer for one time at least"))
        return self.cleaned_data
