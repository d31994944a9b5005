"""Forms of concerns and the information log."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.concerns.actions import Step
from caregivers.models import Caregiver, Concern, ConcernStep, Information
from ppg.forms.dates import THIS_CENTURY, ten_years_ago, today
from ppg.forms.fields import (
    ChoiceCheckboxes,
    ChoiceRadios,
    DateField,
    GovForm,
    LongTextField,
    TextField,
    TimeField,
    YesNo,
)

Kind = ConcernStep.Kind
STEP_KINDS = [(kind.value, kind.label) for kind in (Kind.DONE, Kind.TOLD, Kind.NOTE)]
TO_COME = gettext_lazy("This time is still to come. Write when it happened")
NOT_KNOWN = gettext_lazy("Leave it empty if you do not know")


def moment(day: date, at: time | None) -> datetime:
    """A day without a time begins at midnight; pages show no time then."""
    return timezone.make_aware(datetime.combine(day, at or time.min))


class AboutSomebody(GovForm):
    """`person` offers `people` (code → caregiver and name) and nobody; it cleans to a caregiver or None."""

    one_effect = True

    person = forms.ChoiceField(label=gettext_lazy("Whom it is about"), required=False)

    def __init__(self, *args: Any, people: dict[str, tuple[Caregiver, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        names = [(code, name) for code, (_person, name) in people.items()]
        self.fields["person"].choices = [("", _("Nobody named")), *names]  # type: ignore[attr-defined]
        if not people:
            del self.fields["person"]

    @property
    def caregiver(self) -> Caregiver | None:
        code = self.cleaned_data.get("person")
        return self.people[code][0] if code else None

    def not_later_than_now(self, day: str, at: str) -> datetime | None:
        """The moment that two fields tell; a time later today becomes an error of its field."""
        cleaned_data = self.cleaned_data
        if not cleaned_data.get(day):
            return None
        found = moment(cleaned_data[day], cleaned_data.get(at))
        if found > timezone.now():
            self.add_error(at, ValidationError(TO_COME))
        return found


class ConcernForm(AboutSomebody):
    submit_label = gettext_lazy("Write it down")

    source = ChoiceRadios(
        label=gettext_lazy("How it reached you"),
        choices=Concern.Source.choices,
        hints={"comment": gettext_lazy("Do not try to find out, or guess, who wrote it")},
    )
    on = DateField(
        label=gettext_lazy("When it was said or seen"),
        help_text=gettext_lazy("For example, 27 3 2026"),
        earliest=THIS_CENTURY,
        latest=today,
    )
    words = LongTextField(
        label=gettext_lazy("What was said, in their words"),
        help_text=gettext_lazy("Write what they said, not what you think it means. You may name a child here"),
        max_length=5000,
        rows=8,
        count=True,
    )
    danger = YesNo(label=gettext_lazy("Was somebody in danger then?"))
    done = LongTextField(label=gettext_lazy("What did you do?"), max_length=3000, rows=4, count=True, required=False)
    done_on = DateField(label=gettext_lazy("Day you did it"), earliest=ten_years_ago, latest=today, required=False)
    done_at = TimeField(label=gettext_lazy("Time you did it"), help_text=NOT_KNOWN, required=False)
    told = LongTextField(
        label=gettext_lazy("Whom did you tell?"),
        help_text=gettext_lazy("Names and where they work, for example the safeguarding lead or the police"),
        max_length=3000,
        rows=3,
        required=False,
    )
    told_on = DateField(label=gettext_lazy("Day you told them"), earliest=ten_years_ago, latest=today, required=False)
    told_at = TimeField(label=gettext_lazy("Time you told them"), help_text=NOT_KNOWN, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("on", "done_on", "told_on"):
            self.fields[name].initial = timezone.localdate
        first = [name for name in ("source", "person", "on", "words", "danger") if name in self.fields]
        self.layout = Layout(
            *first,
            Fieldset(_("What was done"), "done", "done_on", "done_at"),
            Fieldset(_("Who was told"), "told", "told_on", "told_at"),
        )

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if cleaned_data.get("source") == Concern.Source.COMMENT and cleaned_data.get("person"):
            sentence = _("A comment has no name. Choose “Nobody named”, and do not guess who wrote it")
            self.add_error("person", ValidationError(sentence))
        if cleaned_data.get("done") and not cleaned_data.get("done_on") and "done_on" not in self.errors:
            self.add_error("done_on", ValidationError(_("Say on which day you did it")))
        if cleaned_data.get("told") and not cleaned_data.get("told_on") and "told_on" not in self.errors:
            self.add_error("told_on", ValidationError(_("Say on which day you told them")))
        self.steps = []
        for kind in (Kind.DONE, Kind.TOLD):
            at = self.not_later_than_now(f"{kind}_on", f"{kind}_at") if cleaned_data.get(kind.value) else None
            if at:
                self.steps.append(Step(kind, cleaned_data[kind.value], at))
        return cleaned_data

    def concern(self) -> dict[str, Any]:
        told = {name: self.cleaned_data[name] for name in ("source", "on", "words", "danger")}
        return {**told, "caregiver": self.caregiver, "steps": self.steps}


class StepForm(GovForm):
    submit_label = gettext_lazy("Add it")
    one_effect = True

    kind = ChoiceRadios(label=gettext_lazy("What do you add?"), choices=STEP_KINDS)
    text = LongTextField(label=gettext_lazy("In a few sentences"), max_length=3000, rows=4, count=True)
    on = DateField(label=gettext_lazy("Day"), earliest=ten_years_ago, latest=today)
    time = TimeField(label=gettext_lazy("Time"), help_text=NOT_KNOWN, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned_data = super().clean() or self.cleaned_data
        if cleaned_data.get("on"):
            self.at = moment(cleaned_data["on"], cleaned_data.get("time"))
            if self.at > timezone.now():
                self.add_error("time", ValidationError(TO_COME))
        return cleaned_data


class CloseForm(GovForm):
    submit_label = gettext_lazy("Close it")

    text = LongTextField(
        label=gettext_lazy("How did it end?"),
        help_text=gettext_lazy("What was done in the end, and who looks after it from now on"),
        max_length=3000,
        rows=5,
        count=True,
    )


class ReopenForm(GovForm):
    submit_label = gettext_lazy("Open it again")

    text = LongTextField(label=gettext_lazy("Why?"), max_length=3000, rows=4, count=True)


class InformationForm(AboutSomebody):
    submit_label = gettext_lazy("Write it down")

    about = ChoiceRadios(label=gettext_lazy("What is it about?"), choices=Information.About.choices)
    noticed = LongTextField(
        label=gettext_lazy("What was noticed?"),
        help_text=gettext_lazy("What somebody saw or heard, as they told it. Nothing that the police told you"),
        max_length=3000,
        rows=6,
        count=True,
    )
    noticed_when = TextField(
        label=gettext_lazy("When?"),
        help_text=gettext_lazy("As exactly as they know: a day and a time, or “most evenings in March”"),
    )
    how_known = LongTextField(
        label=gettext_lazy("How do you know it is true?"),
        help_text=gettext_lazy("Who saw or heard it: they themselves, or somebody who told them?"),
        max_length=1000,
        rows=3,
        count=True,
    )
    person = forms.ChoiceField(label=gettext_lazy("Who told you"), required=False)
    methods = ChoiceCheckboxes(
        label=gettext_lazy("Does it show how children are drawn in?"),
        help_text=gettext_lazy("Tick all that fit. Only these ticks are counted for the report, nothing you write"),
        choices=Information.Method.choices,
        required=False,
    )
    passed = YesNo(
        label=gettext_lazy("Is it passed on to the police?"),
        reveals={"yes": ["passed_on", "reference"]},
        no=gettext_lazy("Not yet"),
    )
    passed_on = DateField(label=gettext_lazy("When?"), earliest=ten_years_ago, latest=today)
    reference = TextField(label=gettext_lazy("Their reference"), help_text=NOT_KNOWN, max_length=100, required=False)
    field_order = ("about", "noticed", "noticed_when", "how_known", "person", "methods", "passed")

    def information(self) -> dict[str, Any]:
        names = ("about", "noticed", "noticed_when", "how_known", "methods", "passed_on", "reference")
        return {**{name: self.cleaned_data[name] for name in names}, "caregiver": self.caregiver}


class PassOnForm(GovForm):
    submit_label = gettext_lazy("Save")

    passed_on = DateField(label=gettext_lazy("When was it passed on?"), earliest=ten_years_ago, latest=today)
    reference = TextField(label=gettext_lazy("Their reference"), help_text=NOT_KNOWN, max_length=100, required=False)


STATES = [("open", gettext_lazy("Open")), ("closed", gettext_lazy("Closed")), ("all", gettext_lazy("All"))]


class ListForm(GovForm):
    """Which of a list: open ones where nothing is chosen, of every group."""

    form_method = "get"
    submit_label = gettext_lazy("Show")
    submit_style = "secondary"
    mark_optional = False

    state = ChoiceRadios(label=gettext_lazy("Which"), choices=STATES, inline=True, required=False)
    group = forms.ChoiceField(label=gettext_lazy("Group"), required=False)

    def __init__(self, *args: Any, groups: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].choices = [("", _("Every group")), *groups]  # type: ignore[attr-defined]
