"""What is typed when a session is closed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.follow_ups import queries as follow_ups
from caregivers.models import FollowUp, Place
from ppg.forms.fields import GovForm, LongTextField, TextField, Tick, TypedCheckboxes
from programmes.models import Resource
from sessions_app.closing.actions import Remark
from sessions_app.closing.changes import Change
from sessions_app.packs import contents as packs
from sessions_app.register.rows import RegisterRow

MOST_POINTS = 20
POINT_LETTERS = 300


class RecapField(LongTextField):
    """One point in each line."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=MOST_POINTS * POINT_LETTERS, required=False, **kwargs)

    def clean(self, value: Any) -> list[str]:
        points = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        points = [point.lstrip("-•* ") for point in points if point.strip("-•* ")]
        if len(points) > MOST_POINTS:
            raise ValidationError(_("Write %(most)s points at most") % {"most": MOST_POINTS})
        if long := next((point for point in points if len(point) > POINT_LETTERS), None):
            words = {"most": POINT_LETTERS, "start": long[:30]}
            raise ValidationError(_("A point can have up to %(most)s letters: “%(start)s…” is longer") % words)
        return points

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class CorrectForm(GovForm):
    """Recap points, and why each changed item was changed. All of it may stay empty."""

    submit_label = gettext_lazy("Save")
    mark_optional = False
    form_tag = False
    recap_points = RecapField(
        label=gettext_lazy("What to come back to next week"),
        help_text=gettext_lazy("One point in each line. No names."),
        rows=4,
    )

    def __init__(self, *args: Any, changes: Sequence[Change], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.changes = changes
        for change in changes:
            self.fields[f"why_{change.item.code}"] = TextField(
                label=_("Why? %(item)s") % {"item": change.item.title},
                required=False,
                max_length=500,
                initial=change.why,
            )
            self.fields[f"asked_{change.item.code}"] = Tick(label=_("The group asked for it"), initial=change.by_group)

    def questions(self) -> list[tuple[Change, forms.BoundField, forms.BoundField]]:
        """Each change with its two fields, as the page shows them."""
        return [(one, self[f"why_{one.item.code}"], self[f"asked_{one.item.code}"]) for one in self.changes]

    def values(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        typed = self.cleaned_data
        remarks = [
            Remark(one.item, typed[f"why_{one.item.code}"], typed[f"asked_{one.item.code}"]) for one in self.changes
        ]
        return {"recap_points": typed["recap_points"], "remarks": remarks}


class CloseForm(CorrectForm):
    """The same, and who wants a call, and what goes out."""

    submit_label: Any = gettext_lazy("Close the session")
    one_effect = True
    calls = TypedCheckboxes(
        label=gettext_lazy("Who would like a call this week?"),
        help_text=gettext_lazy("They go on the group’s list of calls and follow-ups."),
        required=False,
    )
    handouts = TypedCheckboxes(
        label=gettext_lazy("What goes out"),
        help_text=gettext_lazy("Take the tick away from what you keep for another time."),
        required=False,
    )
    without_register = forms.BooleanField(required=False, widget=forms.HiddenInput)  # asked where nobody is ticked

    def __init__(self, *args: Any, places: Sequence[Place], resources: Sequence[Resource], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.resources = resources
        fields: Any = self.fields
        calls, handouts = fields["calls"], fields["handouts"]
        calls.choices = [(place.code, place.caregiver.called) for place in places]
        calls.coerce = {place.code: place for place in places}.__getitem__
        handouts.choices = [(one.slug, one.title) for one in resources]
        handouts.coerce = {one.slug: one for one in resources}.__getitem__
        handouts.initial = [one.slug for one in resources]
        if not places:
            del self.fields["calls"]
        if not resources:
            del self.fields["handouts"]

    def values(self) -> dict[str, Any]:
        typed = self.cleaned_data
        return {
            **super().values(),
            "calls": typed.get("calls", []),
            "handouts": typed.get("handouts", []),
            "effect_key": typed["effect_key"],
        }

    @property
    def going_out(self) -> list[Resource]:
        """The handouts that are ticked, as the page shows them."""
        ticked = set(self["handouts"].value() or []) if "handouts" in self.fields else set()
        return [one for one in self.resources if one.slug in ticked]

    def promise(self, mailed: int) -> None:
        """What the button says: e-mails are sent by it, paper is not."""
        if mailed:
            words = ngettext("Close and send %(n)s pack", "Close and send %(n)s packs", mailed)
            self.submit_label = words % {"n": mailed}

    def explain(self, people: Sequence[RegisterRow]) -> None:
        """For the page: people as the register calls them, and what to know before a tick is made. What was sent is
        read without it."""
        fields: Any = self.fields
        if calls := fields.get("calls"):
            calls.choices = [(row.place.code, row.called) for row in people]
            warnings = {row.place.code: follow_ups.why_not(row.place.caregiver, FollowUp.Kind.CALL) for row in people}
            calls.hints = {code: warning for code, warning in warnings.items() if warning}
        if handouts := fields.get("handouts"):
            handouts.hints = {
                one.slug: _("No link yet: nobody gets it. Ask your programme lead to add the link first.")
                if packs.missing([packs.content(one)])
                else _("No file and no link yet: on paper for everybody.")
                for one in self.resources
                if one.kind not in packs.IN_THE_HAND and not one.url and not one.file
            }
