"""What somebody tells us about themselves. The public form and the one staff fill in on the phone are the same."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

from crispy_forms.layout import HTML, Div, Fieldset, Layout
from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from caregivers.models import (
    Caregiver,
    ConsentKind,
    ConsentWording,
    HandoutsBy,
    How,
    SafeWay,
)
from caregivers.safe import CANNOT_TEXT, NEEDS_PHONE, cannot_text
from ppg.forms.back import KeptForBack
from ppg.forms.effects import with_content
from ppg.forms.fields import (
    ChoiceCheckboxes,
    ChoiceRadios,
    EmailField,
    GovForm,
    LongTextField,
    PhoneField,
    TextField,
    Tick,
    first_id,
)

CONTACTS = (1, 2)
LAST_STEP = 3
IN_STEPS = "1"


class CheckedAnswer(NamedTuple):
    """An answer as it is read again before it is sent."""

    label: Any
    words: str
    change: str
    meaning: str  # what a yes agrees to


class Part(NamedTuple):
    """The answers of one part of a step, and what was left out of it."""

    title: Any
    change: str
    answers: list[CheckedAnswer]
    left_out: list[Any]


class DetailsForm(GovForm):
    """What a caregiver tells us. Never asks for the child's name; only the caregiver's own name is needed."""

    mark_optional = False
    submit_label = _("Save")

    name = TextField(
        label=_("Your name"), max_length=120, autocomplete="name", error_messages={"required": _("Enter your name")}
    )
    liked_name = TextField(label=_("What should we call you?"), max_length=60, autocomplete="nickname", required=False)
    safe_ways = ChoiceCheckboxes(
        label=_("Which ways to reach you are safe?"),
        help_text=_("Tick a way only if nobody else will see or hear it. We use no other way."),
        choices=SafeWay.choices,
        required=False,
    )
    phone = PhoneField(label=_("Phone number"), required=False)
    email = EmailField(label=_("E-mail address"), max_length=200, required=False)
    safe_when = TextField(
        label=_("When is it safe?"), help_text=_("Such as “weekdays before 3pm”"), max_length=200, required=False
    )
    language = TextField(label=_("Which language do you like best?"), max_length=60, required=False)
    access_needs = LongTextField(
        label=_("Is there anything that would make it easier to join in?"),
        help_text=_("Such as large print, a hearing loop, no steps, breaks"),
        max_length=500,
        rows=2,
        required=False,
    )
    childcare = TextField(label=_("Do you need childcare?"), max_length=300, required=False)
    travel = TextField(label=_("Do you need help to get there?"), max_length=300, required=False)
    refreshments = TextField(label=_("What do you like to eat and drink?"), max_length=300, required=False)
    allergies = TextField(
        label=_("Do you have any allergies?"),
        help_text=_("To food, or to anything else"),
        max_length=300,
        required=False,
    )
    availability = TextField(label=_("Which days and times can you come?"), max_length=300, required=False)
    handouts_by = ChoiceRadios(
        label=_("How would you like handouts?"),
        choices=HandoutsBy.choices,
        hints={"paper": _("We give them to you when we meet. We never post them")},
        required=False,
    )
    contact1_name = TextField(label=_("Name"), max_length=120, required=False)
    contact1_phone = PhoneField(label=_("Phone number"), autocomplete="off", required=False)
    contact1_relation = TextField(
        label=_("Who are they to you?"), help_text=_("Such as sister or friend"), max_length=60, required=False
    )
    contact2_name = TextField(label=_("Name"), max_length=120, required=False)
    contact2_phone = PhoneField(label=_("Phone number"), autocomplete="off", required=False)
    contact2_relation = TextField(label=_("Who are they to you?"), max_length=60, required=False)

    # What the three steps of a registration ask.
    to_reach: tuple[Fieldset, ...] = (Fieldset("", "name", "safe_ways", "phone", "email", "safe_when"),)
    to_know: tuple[Fieldset, ...] = (
        Fieldset("", "liked_name", "language"),
        Fieldset(_("Coming to the group"), "availability", "access_needs", "childcare", "travel"),
        Fieldset(_("Food and handouts"), "refreshments", "allergies", "handouts_by"),
    )
    to_call: tuple[Fieldset, ...] = (
        Fieldset(_("Who should we call if you are ill?"), "contact1_name", "contact1_phone", "contact1_relation"),
        Fieldset(_("Somebody else we can call"), "contact2_name", "contact2_phone", "contact2_relation"),
    )
    sections: tuple[Fieldset, ...] = (*to_reach, *to_know, *to_call)
    layout = Layout(*sections)

    @classmethod
    def about(cls, caregiver: Caregiver) -> dict[str, Any]:
        """What we know already, for staff to go through."""
        known = {name: getattr(caregiver, name) for name in cls.base_fields if hasattr(caregiver, name)}
        for number, contact in zip(CONTACTS, caregiver.emergency_contacts.order_by("id"), strict=False):
            for part in ("name", "phone", "relation"):
                known[f"contact{number}_{part}"] = getattr(contact, part)
        return known

    def clean(self) -> dict[str, Any]:
        super().clean()
        cleaned_data = self.cleaned_data
        safe = set(cleaned_data.get("safe_ways", ()))
        if safe & NEEDS_PHONE and not cleaned_data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter a phone number, or untick text, call and voicemail"))
        if cannot_text(safe, cleaned_data.get("phone", "")):
            self.add_error("phone", CANNOT_TEXT)
        if not cleaned_data.get("email") and "email" not in self.errors:
            if SafeWay.EMAIL in safe:
                self.add_error("email", _("Enter an e-mail address, or untick e-mail"))
            elif cleaned_data.get("handouts_by") == HandoutsBy.EMAIL:
                self.add_error("email", _("Enter an e-mail address, or choose handouts on paper"))
        for number in CONTACTS:
            self._clean_contact(cleaned_data, f"contact{number}_")
        return cleaned_data

    def _clean_contact(self, cleaned_data: dict[str, Any], prefix: str) -> None:
        name, phone, relation = (cleaned_data.get(prefix + part) for part in ("name", "phone", "relation"))
        if (phone or relation) and not name and prefix + "name" not in self.errors:
            self.add_error(prefix + "name", _("Enter the name of the person we can call"))
        if (name or relation) and not phone and prefix + "phone" not in self.errors:
            self.add_error(prefix + "phone", _("Enter the phone number of the person we can call"))

    def answers(self) -> dict[str, Any]:
        """What they told us, as `actions.register` and `actions.change_answers` take it."""
        cleaned_data = self.cleaned_data
        asked = [name for name in DetailsForm.base_fields if not name.startswith("contact")]
        answers = {name: cleaned_data[name] for name in asked if name in cleaned_data}
        answers["emergency_contacts"] = [
            {part: cleaned_data[f"contact{number}_{part}"] for part in ("name", "phone", "relation")}
            for number in CONTACTS
            if cleaned_data[f"contact{number}_name"]
        ]
        return answers


class Step(Div):
    """A part of the form that is shown by itself, and the way on. All of the form is in the page all the time."""

    template = "caregivers/registering/step.html"

    def __init__(self, number: int, title: Any, *fields: Any) -> None:
        super().__init__(*fields, css_id=f"step-{number}")
        self.number, self.title = number, title
        self.last, self.next, self.before = number == LAST_STEP, f"step-{number + 1}", f"step-{number - 1}"
        self.form: RegistrationForm

    def render(self, form: RegistrationForm, *args: Any, **kwargs: Any) -> str:
        self.form, self.opened = form, form.opened_step == self.number
        return super().render(form, *args, **kwargs)


class Meanings(Div):
    """What each consent means, below all of them; and beside each that is ticked where the answers are checked."""

    template = "caregivers/registering/meanings.html"

    def render(self, form: RegistrationForm, *args: Any, **kwargs: Any) -> str:
        self.wordings = [form.wordings[kind] for kind in ConsentKind.values]
        return super().render(form, *args, **kwargs)


class RegistrationForm(DetailsForm):
    """The details and the consents, each with the wording it was asked by: the answer keeps that wording.

    Three steps and a page to check them lie in one form, so that what was typed stays in the page until it is sent
    (docs/decisions/registration-in-steps.md).
    """

    submit_label = _("Send")
    one_effect = True
    form_tag = False
    opening = "caregivers/registering/opening.html"

    def __init__(self, *args: Any, wordings: Mapping[str, ConsentWording], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.wordings = wordings
        for kind in ConsentKind.values:
            wording = wordings[kind]
            self.fields[f"agree_{kind}"] = Tick(label=wording.statement)
        self.layout = Layout(
            Step(1, _("How to reach you safely"), *self.to_reach, self.consent_section()),
            Step(2, _("What we should know"), *self.to_know),
            Step(3, _("Who to call"), *self.to_call),
        )
        self.fields["in_steps"] = forms.CharField(initial=IN_STEPS, required=False, widget=forms.HiddenInput)
        for kind in wordings:
            self.fields[f"wording_{kind}"] = forms.CharField(
                initial=wordings[kind].version, required=False, widget=forms.HiddenInput
            )

    @property
    def notice(self) -> ConsentWording:
        return self.wordings[ConsentWording.NOTICE]

    def consent_section(self) -> Fieldset:
        return Fieldset(
            _("You can agree to these"),
            HTML(format_lazy('<p class="govuk-body">{}</p>', _("You can say no. You can come without."))),
            *(f"agree_{kind}" for kind in ConsentKind.values),
            Meanings(),
            css_id="agree",
        )

    @property
    def opened_step(self) -> int:
        """The step that is shown first: that of the first thing that is wrong. None where the answers are checked."""
        if not self.is_bound or not self.errors:
            return 0 if self.is_bound else 1
        return min((step for step, name in self.in_order() if name in self.errors), default=LAST_STEP)

    def in_order(self) -> list[tuple[int, str]]:
        """The step and the name of each field, as they are asked."""
        below = self.revealed()
        drawn = [(step.number, at.name) for step in self.layout.fields for at in step.get_field_names()]
        return [(step, one) for step, name in drawn for one in (name, *below.get(name, ()))]

    def digest(self) -> str:
        """Of all that was sent. Who presses Send under answers that are no longer what they read reads them again."""
        data = cast("MultiValueDict[str, str]", self.data)
        sent = {name: values for name, values in data.lists() if name != "checked"}
        return with_content("checked", MultiValueDict(sent))

    def is_checked(self) -> bool:
        """The answers were read again and are the same; or the page is one of before there were steps."""
        return not self.data.get("in_steps") or self.data.get("checked") == self.digest()

    def parts(self) -> list[Part]:
        """All that is sent, as it reads, with where it is changed."""
        return [self.part(step, fields) for step in self.layout.fields for fields in step.fields]

    def part(self, step: Step, fields: Fieldset) -> Part:
        below, concealed = self.revealed(), self.concealed()
        asked = [one for at in fields.get_field_names() for one in (at.name, *below.get(at.name, ()))]
        shown = [(self[name], self.spoken(name), name) for name in asked if name not in concealed]
        answers = [
            CheckedAnswer(at.label, words, f"#{first_id(at)}", self.meaning(name)) for at, words, name in shown if words
        ]
        left_out = [at.label for at, words, _name in shown if not words]
        return Part(fields.legend or step.title, f"#{step.css_id}", answers, left_out)

    def spoken(self, name: str) -> str:
        """Nothing for what was left out: not to agree is an answer."""
        value, field = self.cleaned_data.get(name), self.fields[name]
        if isinstance(field, Tick):
            return gettext("Yes") if value else gettext("No")
        choices = {str(key): str(label) for key, label in getattr(field, "choices", ())}
        values = value if isinstance(value, list) else [value or ""]
        return ", ".join(choices.get(str(one), str(one)) for one in values)

    def meaning(self, name: str) -> str:
        """What somebody who says yes agrees to."""
        kind = name.removeprefix("agree_")
        return self.wordings[kind].explanation if kind != name and self.cleaned_data.get(name) else ""

    def registration(self) -> dict[str, Any]:
        """The keywords of `actions.register` that come from the person."""
        return {
            "answers": self.answers(),
            "consents": {kind: self.cleaned_data[f"agree_{kind}"] for kind in ConsentKind.values},
            "wordings": self.wordings,
            "revealed": self.revealed(),
        }


class LinkRegistrationForm(KeptForBack, RegistrationForm):
    """As somebody fills it in by their link, on a phone that may lose its connection."""


class StaffRegistrationForm(RegistrationForm):
    """The same, read out on the phone or copied from paper."""

    submit_label = _("Register this person")
    opening = "caregivers/registering/read_out.html"

    how = ChoiceRadios(
        label=_("How do they tell you this?"),
        choices=[(How.SPOKEN, _("Spoken, on the phone or face to face")), (How.PAPER, How.PAPER.label)],
    )
    to_reach = (Fieldset("", "how"), *DetailsForm.to_reach)
    sections = (*to_reach, *DetailsForm.to_know, *DetailsForm.to_call)
