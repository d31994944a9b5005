"""What to write to the people of a group, and to whom."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.models import Message
from ppg.forms.fields import ChoiceRadios, GovForm, LongTextField

MOST_TEXT = 1000


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
        cleaned_data = self.cleaned_data
        is_plain = cleaned_data.get("about") == Message.About.PLAIN
        if is_plain and not cleaned_data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write your message"))
        return cleaned_data

    def message(self) -> dict[str, Any]:
        """As `actions.messages.send` takes it."""
        words = self.cleaned_data
        return {"about": words["about"], "text": words["text"], "only_in_group": words["to"] == self.IN_GROUP}
