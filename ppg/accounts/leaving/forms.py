"""Who goes on with what somebody has open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ppg.accounts.leaving import Holding, why_not_to
from ppg.forms.fields import GovForm
from ppg.models import User

EVERYTHING = "everything"


class LeavingForm(GovForm):
    """A choice for each holding that somebody may take. Where several need somebody, one person can be chosen for all
    of them at once; what is chosen for one holding goes before that. `choices` is what `leaving.hand_over` takes.

    The page draws it with `account/leaving/choices.html`, which gets `holdings` and `form`, in a form tag of its own.
    """

    form_tag = False
    mark_optional = False

    def __init__(self, *args: Any, holdings: Sequence[Holding], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holdings = holdings
        self.people = {one.code: one for holding in holdings for one in holding.takers}
        self.choices: dict[str, User] = {}
        needing = [holding for holding in holdings if holding.needed and holding.takers]
        if len(needing) > 1:
            everybody = {one.code: one for holding in needing for one in holding.takers}.values()
            self.fields[EVERYTHING] = select(
                _("Hand everything over to"),
                _("Choose one by one"),
                sorted(everybody, key=lambda user: (user.name, user.pk)),
                help_text=_("All that needs somebody, where their role fits. What is chosen below goes before it."),
            )
        for holding in holdings:
            if holding.takers:
                self.fields[name_of(holding)] = select(holding.what, self._nobody(holding), holding.takers)

    def _nobody(self, holding: Holding) -> Any:
        if not holding.needed:
            return _("Nobody")
        return _("As chosen above") if EVERYTHING in self.fields else _("Choose a person")

    @property
    def for_all(self) -> forms.BoundField | None:
        return self[EVERYTHING] if EVERYTHING in self.fields else None

    @property
    def lines(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name.startswith("to-")]

    @property
    def one_by_one(self) -> bool:
        """Whether the lines stand open: there is no other way, something was chosen in them, or is wrong there."""
        if EVERYTHING not in self.fields:
            return True
        return self.is_bound and any(line.data or line.errors for line in self.lines)

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or self.cleaned_data
        for_all = self.people.get(answers.get(EVERYTHING, ""))
        if EVERYTHING in self.fields and not any(answers.values()) and not self.errors:
            self.add_error(EVERYTHING, ValidationError(_("Choose who goes on with what is open")))
            return answers
        for holding in self.holdings:
            self._settle(holding, self.people.get(answers.get(name_of(holding), "")), for_all)
        return answers

    def _settle(self, holding: Holding, to: User | None, for_all: User | None) -> None:
        """One's own choice first, then the one for everything."""
        name = name_of(holding)
        to = to or (for_all if holding.needed else None)
        why = why_not_to(holding, to)
        if why and name not in self.errors:
            self.add_error(name if name in self.fields else None, ValidationError(why))
        if to and not why:
            self.choices[holding.key] = to


def name_of(holding: Holding) -> str:
    return f"to-{holding.key}"


def select(label: Any, nobody: Any, people: Iterable[User], help_text: Any = "") -> forms.ChoiceField:
    named = [(one.code, f"{one.name} ({one.get_role_display()})") for one in people]
    gone = _("This person cannot go on with it any more. Choose somebody else.")
    return forms.ChoiceField(
        label=label,
        help_text=help_text,
        required=False,
        choices=[("", nobody), *named],
        error_messages={"invalid_choice": gone},
    )
