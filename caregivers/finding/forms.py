"""What somebody types who looks for a person."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.forms.fields import GovForm, TextField
from ppg.typed import figures_typed, search_words

FEWEST_FIGURES = 3  # fewer are in nearly every number


class FindForm(GovForm):
    """It is sent and never stands in an address: no history and no log has the name."""

    submit_label = gettext_lazy("Find")
    mark_optional = False
    who = TextField(
        label=gettext_lazy("Name or phone number"),
        help_text=gettext_lazy("Part of it is enough, for example “beth” or “982”"),
        max_length=120,
        width=20,
        error_messages={"required": gettext_lazy("Type a name or part of a phone number")},
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].widget.attrs |= {"spellcheck": "false"}  # some browsers ask their maker how it is spelled

    def clean_who(self) -> str:
        who: str = self.cleaned_data["who"]
        figures = figures_typed(who)
        if figures and len(figures) < FEWEST_FIGURES:
            self.add_error("who", _("Type at least %(n)s figures of the number") % {"n": FEWEST_FIGURES})
        elif not figures and not search_words(who):
            self.add_error("who", _("Type a name or part of a phone number"))
        return who
