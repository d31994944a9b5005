"""What is typed about sessions and cohorts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ppg.access.permissions import Role
from ppg.forms.dates import in_three_years, ten_years_ago
from ppg.forms.fields import (
    ChoiceCheckboxes,
    ChoiceRadios,
    DateField,
    GovForm,
    MeetingTimeField,
    NumberField,
    TextField,
    URLField,
)
from ppg.models import User
from programmes.models import Programme
from sessions_app.dates import Weeks
from sessions_app.occasions import Occasion

TEAM = {
    "facilitators": [Role.FACILITATOR],
    "parents": [Role.PARENT],
    "others": [Role.LEAD, Role.MANAGER, Role.EVALUATOR],
}


class SetUpForm(GovForm):
    """All that a new group needs. Built from a request's data or from a kept draft: both are names and values."""

    submit_label = gettext_lazy("Continue")
    programme = ChoiceRadios(
        label=gettext_lazy("Programme"), error_messages={"required": gettext_lazy("Choose the programme")}
    )
    area = TextField(
        label=gettext_lazy("Area"),
        max_length=50,
        help_text=gettext_lazy("The town or part of it, like Ipswich"),
        error_messages={"required": gettext_lazy("Enter the area")},
        width=20,
    )
    name = TextField(
        label=gettext_lazy("Name of the group"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Leave it empty to call it by area and month, like “Ipswich, January 2027”"),
    )
    where = ChoiceCheckboxes(
        label=gettext_lazy("Where does it meet?"),
        choices=[("venue", gettext_lazy("At a venue")), ("online", gettext_lazy("Online"))],
        reveals={"venue": ["venue"], "online": ["online_link"]},
        error_messages={"required": gettext_lazy("Say where the group meets")},
    )
    venue = TextField(
        label=gettext_lazy("Venue"),
        help_text=gettext_lazy("Name and address"),
        error_messages={"required": gettext_lazy("Enter the venue’s name and address")},
    )
    online_link = URLField(
        label=gettext_lazy("Link to join online"),
        max_length=500,
        assume_scheme="https",
        error_messages={"required": gettext_lazy("Enter the link to join online")},
    )
    starts_on = DateField(
        label=gettext_lazy("Date of the first session"),
        help_text=gettext_lazy("For example, 12 1 2027. The group then meets on the same day every week."),
        earliest=ten_years_ago,
        latest=in_three_years,
        error_messages={"required": gettext_lazy("Enter the date of the first session")},
    )
    at = MeetingTimeField(
        label=gettext_lazy("Time it starts"), error_messages={"required": gettext_lazy("Enter the time it starts")}
    )
    places = NumberField(label=gettext_lazy("Places"), required=False, min_value=1)
    facilitators = ChoiceCheckboxes(label=gettext_lazy("Facilitators"), required=False)
    parents = ChoiceCheckboxes(label=gettext_lazy("Parents with lived experience"), required=False)
    others = ChoiceCheckboxes(label=gettext_lazy("Others in the team"), required=False)

    def __init__(self, *args: Any, lead: User, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offer_programmes([one for one in Programme.objects.visible_to(lead).with_sessions() if one.sessions])
        self.offer_people(lead)

    def offer_programmes(self, programmes: list[Any]) -> None:
        self.programmes = {programme.code: programme for programme in programmes}
        field = self.fields["programme"]
        field.choices = [(programme.code, programme.title) for programme in programmes]  # type: ignore[attr-defined]
        field.hints = {  # type: ignore[attr-defined]
            programme.code: ngettext(
                "%(n)d session of %(minutes)d minutes, up to %(most)d people",
                "%(n)d sessions of %(minutes)d minutes, up to %(most)d people",
                programme.sessions,
            )
            % {"n": programme.sessions, "minutes": programme.session_minutes, "most": programme.group_size_max}
            for programme in programmes
        }
        if len(programmes) == 1:
            field.initial = programmes[0].code
        self.fields["places"].help_text = _("Leave it empty for as many as the programme takes: %(sizes)s") % {
            "sizes": ", ".join(f"{programme} {programme.group_size_max}" for programme in programmes)
        }

    def offer_people(self, lead: User) -> None:
        """Everybody who may sign in and whose role belongs in a team; a question nobody answers to is left out."""
        roles = [role for asked in TEAM.values() for role in asked]
        self.people = {
            user.code: user
            for user in User.objects.filter(is_active=True, role__in=roles).order_by("name")
            if user != lead
        }
        for name, asked in TEAM.items():
            people = [user for user in self.people.values() if user.role in asked]
            if not people:
                del self.fields[name]
                continue
            field = self.fields[name]
            field.choices = [(user.code, user.name) for user in people]  # type: ignore[attr-defined]
            if name == "others":
                field.hints = {user.code: Role(user.role).label for user in people}  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["team"] = [self.people[code] for name in TEAM for code in data.get(name, [])]
        programme = data["programme"] = self.programmes.get(data.get("programme", ""))
        if programme and "places" in data:
            data["places"] = data["places"] or programme.group_size_max
            if data["places"] > programme.group_size_max:
                self.add_error(
                    "places",
                    _("%(programme)s takes up to %(most)d people")
                    % {"programme": programme, "most": programme.group_size_max},
                )
        if data.get("area") and data.get("starts_on") and not data.get("name"):
            data["name"] = suggested_name(data["area"], data["starts_on"])
        return data

    def draft(self) -> dict[str, Any]:
        """A valid form's answers, to be kept between the pages and to build the form from again."""
        return {name: self[name].data for name in self.fields} | {
            "starts_on": self.cleaned_data["starts_on"].isoformat()
        }


def suggested_name(area: str, starts_on: date) -> str:
    return f"{Truncator(area).chars(50)}, {date_format(starts_on, 'F Y')}"


class WeeksForm(GovForm):
    """The weeks a group could meet in; ticked ones are skipped."""

    form_tag = False
    mark_optional = False
    skip = ChoiceCheckboxes(
        label=gettext_lazy("Weeks without a session"),
        required=False,
        help_text=gettext_lazy("Bank holidays are ticked already. Tick other weeks too, such as half-term."),
    )

    def __init__(self, weeks: Weeks, said: Mapping[date, Sequence[Occasion]]):
        super().__init__(initial={"skip": [day.isoformat() for day in weeks.skip]})
        field = self.fields["skip"]
        field.choices = [(day.isoformat(), date_format(day, "l j F Y")) for day in weeks.all]  # type: ignore[attr-defined]
        field.hints = {day.isoformat(): ", ".join(map(str, found)) for day, found in said.items()}  # type: ignore[attr-defined]
