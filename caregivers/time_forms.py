"""What is typed about times and messages: text in, values out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time
from typing import Any

from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import How, Message, Slot, SlotAnswer
from ppg.formfields import ChoiceCheckboxes, ChoiceRadios, GovForm, LongTextField, TimeField

TIMES = ("starts", "starts2", "starts3")
MOST_TEXT = 1000


class ProposeForm(GovForm):
    """Several days at several times in one go."""

    submit_label = gettext_lazy("Add these times")
    mark_optional = False

    weekdays = ChoiceCheckboxes(
        label=gettext_lazy("Days"),
        choices=Slot.Weekday.choices,
        error_messages={"required": gettext_lazy("Choose one day or more")},
    )
    starts = TimeField(
        label=gettext_lazy("Time it starts"), error_messages={"required": gettext_lazy("Enter the time it starts")}
    )
    starts2 = TimeField(label=gettext_lazy("Another time on these days (optional)"), required=False, help_text="")
    starts3 = TimeField(label=gettext_lazy("And another (optional)"), required=False, help_text="")

    def proposed(self) -> dict[str, Any]:
        times = {self.cleaned_data[name] for name in TIMES if self.cleaned_data[name]}
        return {"weekdays": [int(day) for day in self.cleaned_data["weekdays"]], "starts": times}


def spoken(slot: Slot) -> str:
    """ "Monday at 6pm", as people say it."""
    return _("%(day)s at %(time)s") % {"day": slot.get_weekday_display(), "time": at(slot.starts)}


def at(moment: time) -> str:
    return time_format(moment, "P").replace(" a.m.", "am").replace(" p.m.", "pm")


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


class MessageForm(GovForm):
    """What to write, and to whom. Looked at once more before it is sent."""

    submit_label = gettext_lazy("See who gets it")
    one_effect = True
    mark_optional = False

    EVERYBODY, IN_GROUP = "everybody", "group"

    about = ChoiceRadios(
        label=gettext_lazy("What do you want to send?"),
        choices=[
            (Message.About.PLAIN, gettext_lazy("A message of your own")),
            (Message.About.REGISTER, gettext_lazy("The link to register, to those who have not")),
            (Message.About.TIMES, gettext_lazy("The link to say which times suit them")),
        ],
        error_messages={"required": gettext_lazy("Say what you want to send")},
    )
    to = ChoiceRadios(
        label=gettext_lazy("To whom?"),
        choices=[
            (EVERYBODY, gettext_lazy("Everybody who was referred and has not left or declined")),
            (IN_GROUP, gettext_lazy("Those who have a place in the group")),
        ],
        error_messages={"required": gettext_lazy("Say who it is for")},
    )
    text = LongTextField(
        label=gettext_lazy("Your message"),
        help_text=gettext_lazy(
            "Somebody else may read it on their screen. Do not say what the group is about, "
            "and name no child and no other person. With a link you can leave this empty."
        ),
        max_length=MOST_TEXT,
        rows=6,
        count=True,
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        told = self.cleaned_data
        if told.get("about") == Message.About.PLAIN and not told.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write your message"))
        return told

    def told(self) -> dict[str, Any]:
        """As `actions.messages.send` takes it."""
        words = self.cleaned_data
        return {"about": words["about"], "text": words["text"], "only_in_group": words["to"] == self.IN_GROUP}
