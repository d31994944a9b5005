"""Forms about a group's team: who comes, who leaves, and who of it does something."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ppg.forms.fields import ChoiceRadios, GovForm
from ppg.models import User
from programmes.models import TeamMember
from programmes.team.rules import why_not_job

NOBODY = [("", _("Nobody yet"))]


class WithOwner(GovForm):
    """`owner` offers the people of `team` and cleans to a user or None."""

    owner = forms.ChoiceField(label=_("Who does it"), required=False)

    def __init__(self, *args: Any, team: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team = {str(user.pk): user for user in team}
        self.fields["owner"].choices = [*NOBODY, *((pk, user.name) for pk, user in self.team.items())]  # type: ignore[attr-defined]

    def clean_owner(self) -> User | None:
        return self.team.get(self.cleaned_data["owner"])


class JoinForm(GovForm):
    """Who comes into the team, as what."""

    submit_label = _("Add to the team")

    who = forms.ChoiceField(label=_("Who"), error_messages={"required": _("Choose who comes into the team")})
    job = ChoiceRadios(
        label=_("Their job in this group"),
        choices=TeamMember.Job.choices,
        error_messages={"required": _("Choose their job in this group")},
    )

    def __init__(self, *args: Any, people: Iterable[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {user.code: user for user in people}
        named = [(code, f"{user.name} ({user.get_role_display()})") for code, user in self.people.items()]
        self.fields["who"].choices = [("", _("Choose a person")), *named]  # type: ignore[attr-defined]

    def clean_who(self) -> User:
        return self.people[self.cleaned_data["who"]]

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if (
            "who" in cleaned_data
            and "job" in cleaned_data
            and (why := why_not_job(cleaned_data["who"], cleaned_data["job"]))
        ):
            self.add_error("job", ValidationError(why))
        return cleaned_data


class LeaveForm(GovForm):
    """Who goes on with what the leaving member has open; nothing to fill in where that is nothing."""

    submit_label = _("Yes, they leave the team")
    submit_style = "warning"

    to = forms.ChoiceField(
        label=_("Who goes on with it"), error_messages={"required": _("Choose who goes on with what is open")}
    )

    def __init__(self, *args: Any, takers: Iterable[User], asked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.takers = {user.code: user for user in takers}
        named = [(code, user.name) for code, user in self.takers.items()]
        self.fields["to"].choices = [("", _("Choose a person")), *named]  # type: ignore[attr-defined]
        if not asked:
            del self.fields["to"]

    def clean_to(self) -> User:
        return self.takers[self.cleaned_data["to"]]
