"""What is typed about a session's plan: text in, values out."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ppg.forms.dates import in_three_years, ten_years_ago
from ppg.forms.fields import (
    ChoiceRadios,
    DateField,
    GovForm,
    LongTextField,
    MeetingTimeField,
    NumberField,
    TextField,
    Tick,
)
from programmes.agenda import prompts as agenda
from programmes.agenda.formfields import MOST_MINUTES
from sessions_app.bookings import Booked
from sessions_app.models import Session

MOST_ITEMS = 60


class WhyForm(GovForm):
    """Why the plan changes. Kept for ever, so that the programme learns from it."""

    one_effect = True
    why = TextField(
        label=gettext_lazy("Why?"),
        max_length=200,
        help_text=gettext_lazy("A few words. Do not name anyone in the reason. It is kept permanently."),
        error_messages={"required": gettext_lazy("Say why, in a few words")},
    )
    by_group = Tick(label=gettext_lazy("The group asked for it"))


class TimeForm(WhyForm):
    """Sets when a session is. Where another group needs the same venue or people then, it comes back and says so, and a
    second press sends `despite` along."""

    despite = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    submit_label_despite: Any

    def ask_again(self, booked: Booked) -> None:
        self.data = {**self.data.dict(), self.add_prefix("despite"): booked.despite}  # type: ignore[attr-defined]
        self.submit_label = self.submit_label_despite
        for sentence in booked.sentences:
            self.add_error(None, sentence)
        self.add_error(
            None, _("If that is right, press “%(button)s”. If not, change it here.") % {"button": self.submit_label}
        )


class MoveForm(TimeForm):
    submit_label = gettext_lazy("Move")
    submit_label_despite = gettext_lazy("Move all the same")
    field_order = ["day", "start", "which", "why", "by_group"]
    day = DateField(
        label=gettext_lazy("New date"),
        earliest=ten_years_ago,
        latest=in_three_years,
        error_messages={"required": gettext_lazy("Enter the new date")},
    )
    start = MeetingTimeField(
        label=gettext_lazy("Time it starts"), error_messages={"required": gettext_lazy("Enter the time it starts")}
    )
    which = ChoiceRadios(
        label=gettext_lazy("What moves?"),
        choices=[],
        error_messages={"required": gettext_lazy("Say whether the later sessions move too")},
    )

    def __init__(self, *args: Any, session: Session, later: int, **kwargs: Any):
        starts = timezone.localtime(session.starts_at)
        super().__init__(*args, initial={"day": starts.date(), "start": starts.time()}, **kwargs)
        after = ngettext("This session and the one after it", "This session and all %(n)d after it", later)
        self.fields["which"].choices = [  # type: ignore[attr-defined]
            ("one", _("Only this session")),
            ("after", after % {"n": later}),
        ]
        clock = _("By as many days and hours. When the clocks change, they stay at their time.")
        self.fields["which"].hints = {"after": clock}  # type: ignore[attr-defined]
        if not later:
            del self.fields["which"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["and_after"] = data.pop("which", "one") == "after"
        return data


class CancelForm(WhyForm):
    submit_label = gettext_lazy("Cancel this session")
    submit_style = "warning"


class PutBackForm(TimeForm):
    submit_label = gettext_lazy("Put it back")
    submit_label_despite = gettext_lazy("Put it back all the same")


class AddForm(TimeForm):
    """A session of one's own making."""

    submit_label = gettext_lazy("Add the session")
    submit_label_despite = gettext_lazy("Add the session all the same")
    field_order = ["title", "day", "start", "minutes", "items", "why", "by_group"]
    title = TextField(
        label=gettext_lazy("What is it?"),
        max_length=120,
        help_text=gettext_lazy("For example, Catch-up or Visit by the school’s liaison officer"),
        error_messages={"required": gettext_lazy("Say what the session is")},
    )
    day = DateField(
        label=gettext_lazy("Date"),
        earliest=ten_years_ago,
        latest=in_three_years,
        error_messages={"required": gettext_lazy("Enter the date")},
    )
    start = MeetingTimeField(
        label=gettext_lazy("Time it starts"), error_messages={"required": gettext_lazy("Enter the time it starts")}
    )
    minutes = NumberField(label=gettext_lazy("How many minutes?"), min_value=5, max_value=MOST_MINUTES)
    items = LongTextField(
        label=gettext_lazy("Agenda"),
        required=False,
        max_length=4000,
        rows=4,
        help_text=gettext_lazy("One part a line, its minutes first: 10 Welcome. You can plan it later."),
    )

    def clean_items(self) -> list[tuple[int, str]]:
        rows = []
        for line in agenda.lines_from_text(self.cleaned_data["items"]):
            match = re.fullmatch(r"(\d{1,3})\s+(.{1,160})", line)
            if not match or not 1 <= int(match[1]) <= MOST_MINUTES:
                raise forms.ValidationError(
                    _("Begin each line of “Agenda” with its minutes, like 10 Welcome. This one does not: %(line)s")
                    % {"line": line[:60]}
                )
            rows.append((int(match[1]), match[2]))
        if len(rows) > MOST_ITEMS:
            raise forms.ValidationError(_("“Agenda” can have up to %(n)d lines") % {"n": MOST_ITEMS})
        return rows
