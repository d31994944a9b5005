"""Forms in the words and shapes of our pages: fields, date and time, one base form.

Pages write `{% crispy form %}`; the templates are in `templates/govuk/`. How to use it: docs/pages.md.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, time
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import pretty_name
from django.utils.dates import MONTHS
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg import typed
from ppg.forms import effects
from ppg.forms.dates import day_of, typed_parts, whole_of
from ppg.links import typed_codes
from ppg.time_of_day import clock
from ppg.typed import clean, in_plain_signs

# --- Sentences for what is wrong -------------------------------------------------------------------

NEEDED = gettext_lazy("“%(label)s” needs an answer")
CHOOSE = gettext_lazy("Choose an answer for “%(label)s”")
TOO_LONG = gettext_lazy("“%(label)s” can have up to %%(limit_value)d letters and spaces; you typed %%(show_value)d")
SENTENCES = {
    "required": NEEDED,
    "max_length": TOO_LONG,
    "min_length": gettext_lazy("“%(label)s” needs at least %%(limit_value)d letters; you typed %%(show_value)d"),
    "min_value": gettext_lazy("“%(label)s” must be %%(limit_value)s or more"),
    "max_value": gettext_lazy("“%(label)s” must be %%(limit_value)s or less"),
    "invalid_choice": CHOOSE,
    "invalid_list": CHOOSE,
    "invalid_pk_value": CHOOSE,
}
INVALID = {
    forms.EmailField: gettext_lazy("“%(label)s” must be an e-mail address, like name@example.org"),
    forms.URLField: gettext_lazy("“%(label)s” must be a web address, like https://example.org"),
    forms.FloatField: gettext_lazy("“%(label)s” must be a number"),
    forms.IntegerField: gettext_lazy("“%(label)s” must be a whole number, like 8"),
}
LONGEST_KEY = 18  # figures of a row's number
CHOICE_FIELDS = (forms.ChoiceField, forms.ModelChoiceField)


def set_sentences(field: forms.Field, label: str) -> None:
    """Replace Django's own messages by sentences that name the field; what a form's author wrote stays."""
    defaults: dict[str, Any] = {}
    for cls in reversed(type(field).__mro__):
        defaults.update(getattr(cls, "default_error_messages", {}))
    invalid = next((INVALID[cls] for cls in type(field).__mro__ if cls in INVALID), None)
    for code, sentence in {**SENTENCES, **({"invalid": invalid} if invalid else {})}.items():
        if field.error_messages.get(code) is not defaults.get(code):
            continue
        if code == "required" and isinstance(field, CHOICE_FIELDS):
            sentence = CHOOSE
        # Messages with numbers are filled in twice: with the label here, with the numbers by the validator.
        text = label.replace("%", "%%") if "%%(" in str(sentence) else label
        field.error_messages[code] = sentence % {"label": text}


# --- Fields ---------------------------------------------------------------------------------------


FAR_TOO_LONG = 10  # times as many letters as fit


class CleanMixin:
    """Without signs that nobody sees (`ppg.typed`): before it is trimmed, counted or required."""

    def to_python(self, value: Any) -> Any:
        # What is far too long is refused for that, uncleaned: composing takes as long as its length by itself.
        if isinstance(value, str) and len(value) <= FAR_TOO_LONG * (getattr(self, "max_length", None) or len(value)):
            value = clean(value)
        return super().to_python(value)  # type: ignore[misc]


class TextField(CleanMixin, forms.CharField):
    """One line. `width` in characters: 2, 3, 4, 5, 10, 20, 30. `autocomplete` as in WCAG 1.3.5."""

    def __init__(
        self,
        *,
        max_length: int = 200,
        width: int | None = None,
        autocomplete: str = "off",
        inputmode: str = "",
        **kwargs: Any,
    ):
        super().__init__(max_length=max_length, **kwargs)
        set_line(self.widget, width, autocomplete, inputmode)

    def to_python(self, value: Any) -> Any:
        """What was pasted from several lines stands in one."""
        value = super().to_python(value)
        return " ".join(value.split("\n")).replace("\t", " ") if isinstance(value, str) else value


class TypedCodeField(TextField):
    """A code that is typed from paper: small letters, spaces, with or without the hyphen. Gives our own spelling."""

    def __init__(self, **kwargs: Any):
        super().__init__(max_length=60, **kwargs)
        self.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}

    def clean(self, value: Any) -> str:
        return typed_codes.typed(super().clean(value))


def set_line(widget: Any, width: int | None, autocomplete: str, inputmode: str = "") -> None:
    if width:
        widget.attrs["class"] = f"govuk-input--width-{width}"
    widget.attrs["autocomplete"] = autocomplete
    if inputmode:
        widget.attrs["inputmode"] = inputmode


class LongTextField(CleanMixin, forms.CharField):
    """Several lines, with a count of what is left when `count=True`."""

    def __init__(self, *, max_length: int = 2000, rows: int = 5, count: bool = False, **kwargs: Any):
        super().__init__(max_length=max_length, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)
        self.count = count

    def to_python(self, value: Any) -> str:
        """Browsers count a new line as one character and send two; the limit means what the person sees."""
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value) or ""


class EmailField(CleanMixin, forms.EmailField):
    """An address, also one that was pasted with a name around it; with the apostrophe that addresses have."""

    def __init__(self, *, max_length: int = 254, autocomplete: str = "email", **kwargs: Any):
        super().__init__(max_length=max_length, **kwargs)
        set_line(self.widget, None, autocomplete)
        self.widget.attrs["spellcheck"] = "false"

    def to_python(self, value: Any) -> Any:
        return super().to_python(typed.email(value) if isinstance(value, str) else value)


class URLField(CleanMixin, forms.URLField):
    """A web address."""


class PhoneField(TextField):
    """A number from here or abroad as people write it, kept so because they know their own; in plain figures."""

    widget = forms.TextInput(attrs={"type": "tel"})
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": gettext_lazy("Enter a telephone number, like 01632 960 001 or +44 7700 900 982"),
        "short": gettext_lazy("This telephone number is too short. Enter all of it, like 01632 960 001"),
        "long": gettext_lazy("This telephone number is too long. Enter one number. From abroad, begin with +"),
        "area_code": gettext_lazy("Enter the telephone number with its area code, like 01632 960 001"),
    }

    def __init__(self, *, autocomplete: str = "tel", **kwargs: Any):
        super().__init__(max_length=40, width=20, autocomplete=autocomplete, **kwargs)

    def clean(self, value: Any) -> str:
        value = super().clean(value)
        try:
            return typed.phone(value) if value else value
        except typed.NotAPhone as error:
            raise ValidationError(self.error_messages[error.why], code="invalid") from None


class NumberField(forms.IntegerField):
    """A whole number in a plain text field: number inputs change under a scrolling finger."""

    widget = forms.TextInput

    def __init__(self, *, width: int = 3, **kwargs: Any):
        super().__init__(**kwargs)
        set_line(self.widget, width, "off", "numeric")

    def to_python(self, value: Any) -> int | None:
        """In figures of any script."""
        return super().to_python(in_plain_signs(value) if isinstance(value, str) else value)


def number_in(text: str) -> int | None:
    """What a page's hidden number says, where no form reads it; None for anything else.

    Up to nine figures, as every database keeps them: Python reads thousands of them as an error.
    """
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


class RevealMixin:
    """`hints={value: sentence}` under an answer; `reveals={value: ["field", …]}` asks more below it.

    What an answer reveals is asked for only when the answer is given, and emptied otherwise.
    """

    hints: Mapping[Any, Any]
    reveals: Mapping[Any, Sequence[str]]
    inline: bool

    def __init__(
        self,
        *args: Any,
        hints: Mapping[Any, Any] | None = None,
        reveals: Mapping[Any, Sequence[str]] | None = None,
        inline: bool = False,
        **kwargs: Any,
    ):
        self.hints, self.reveals, self.inline = hints or {}, reveals or {}, inline
        super().__init__(*args, **kwargs)


class ChoiceRadios(RevealMixin, forms.ChoiceField):
    widget = forms.RadioSelect


class ChoiceCheckboxes(RevealMixin, forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple


class TypedCheckboxes(RevealMixin, forms.TypedMultipleChoiceField):
    """Each value ticked comes out as what `coerce` makes of it, in the order of the page."""

    widget = forms.CheckboxSelectMultiple


class ModelRadios(RevealMixin, forms.ModelChoiceField):
    widget = forms.RadioSelect

    def __init__(self, queryset: Any, *, empty_label: str | None = None, **kwargs: Any):
        super().__init__(queryset, empty_label=empty_label, **kwargs)


class ModelCheckboxes(RevealMixin, forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        """A number that no row can have is no choice; SQLite reads none of more than eighteen figures."""
        if isinstance(value, list | tuple) and any(len(str(key)) > LONGEST_KEY for key in value):
            raise ValidationError(self.error_messages["invalid_choice"] % {"value": ""}, code="invalid_choice")
        return super().clean(value)


YES, NO = gettext_lazy("Yes"), gettext_lazy("No")


class YesNo(RevealMixin, forms.TypedChoiceField):
    """Yes or no, neither chosen beforehand. Cleans to True, False, or None where it may stay open."""

    widget = forms.RadioSelect

    def __init__(self, *, yes: Any = YES, no: Any = NO, **kwargs: Any):
        kwargs.setdefault("inline", not kwargs.get("reveals"))
        super().__init__(
            choices=[("yes", yes), ("no", no)], coerce=lambda value: value == "yes", empty_value=None, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class Tick(RevealMixin, forms.BooleanField):
    """One checkbox. Not required unless said so. `reveals=["field", …]` asks more when it is ticked."""

    def __init__(self, *, required: bool = False, reveals: Sequence[str] = (), **kwargs: Any):
        super().__init__(required=required, reveals={True: reveals} if reveals else None, **kwargs)


class EffectKeyField(forms.CharField):
    """The key of one press: made with the page, so that a double press or a resend carries it twice.

    See `ppg.forms.effects.once`. A form sent without one (by a script) gets a fresh one and is simply done.
    """

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=lambda: str(uuid.uuid4()))

    def clean(self, value: Any) -> str:
        try:
            return str(uuid.UUID(str(value)))
        except ValueError:
            return str(uuid.uuid4())


# --- Dates and times --------------------------------------------------------------------------------

PARTS = ("day", "month", "year")


class DateWidget(forms.Widget):
    """Day, month and year in three fields; keeps whatever was typed into them."""

    template_name = "govuk/widgets/date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None, *, birthday: bool = False):
        super().__init__(attrs)
        self.birthday = birthday

    def id_for_label(self, id_: str | None, index: Any = None) -> str:
        return f"{id_}_day" if id_ else ""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = tuple(str(data.get(f"{name}_{part}", "")).strip() for part in PARTS)
        # A date in one piece (2026-11-22) is welcome too: from a link, a test, a browser's own picker.
        return typed if any(typed) else data.get(name, "")

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return name not in data and not any(f"{name}_{part}" in data for part in PARTS)

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        attrs = context["widget"]["attrs"]
        shown = in_parts(value)
        if not isinstance(value, date):  # a whole day that was pasted into one box stands in all three
            shown = whole_of(*shown) or shown
        wrong = attrs.get("data-wrong", "").split()
        labels = (_("Day"), _("Month"), _("Year"))
        autocomplete = ("bday-day", "bday-month", "bday-year") if self.birthday else ("off",) * 3
        context["widget"]["parts"] = [
            {
                "name": f"{name}_{part}",
                "id": f"{attrs.get('id', name)}_{part}",
                "label": label,
                "value": text,
                "width": 4 if part == "year" else 2,
                "wrong": "aria-invalid" in attrs and (not wrong or part in wrong),
                "autocomplete": auto,
            }
            for part, label, text, auto in zip(PARTS, labels, shown, autocomplete, strict=True)
        ]
        return context


def in_parts(value: Any) -> tuple[str, str, str]:
    """A date, its ISO text or what somebody typed, as the texts of three fields."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return (value, "", "")
    if isinstance(value, date):
        return (str(value.day), str(value.month), str(value.year))
    return tuple(value) if value else ("", "", "")


class DateError(ValidationError):
    """Says which of day, month and year to look at, so that the summary leads there."""

    def __init__(self, sentence: Any, *parts: str):
        super().__init__(sentence, code="invalid", params=None)
        self.parts = parts


Limit = date | Callable[[], date]


class DateField(forms.Field):
    """A date in three fields. `earliest` and `latest` are dates or functions without arguments: a year typed wrong is
    found by them, so that no field goes without (the usual ones: `ppg.forms.dates`)."""

    widget = DateWidget

    def __init__(self, *, earliest: Limit, latest: Limit, birthday: bool = False, **kwargs: Any):
        self.earliest, self.latest = earliest, latest
        kwargs.setdefault("widget", DateWidget(birthday=birthday))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values or isinstance(value, date):
            return value or None
        parts = typed_parts(*in_parts(value))
        words = bool(parts[0]) and not parts[0].isdecimal()  # “next Thursday” is not short of a month
        missing = [part for part, text in zip(PARTS, parts, strict=True) if not text]
        if missing and not words:
            names = {"day": _("a day"), "month": _("a month"), "year": _("a year")}
            said = _(" and ").join(names[part] for part in missing)
            raise DateError(_("“%(label)s” must include %(parts)s") % {"label": self.label, "parts": said}, *missing)
        if not words and not re.fullmatch(r"\d{4}|\d{2}", parts[2]):
            raise DateError(_("The year of “%(label)s” must have 4 numbers") % {"label": self.label}, "year")
        try:
            return day_of(parts, *self.limits())
        except (ValueError, OverflowError):
            sentence = _("“%(label)s” must be a real date, like 27 3 2026") % {"label": self.label}
            raise DateError(sentence) from None

    def limits(self) -> tuple[date, date]:
        """The earliest and the latest day, as of now."""
        earliest, latest = (limit() if callable(limit) else limit for limit in (self.earliest, self.latest))
        return earliest, latest

    def validate(self, value: Any) -> None:
        super().validate(value)
        earliest, latest = self.limits()
        if value and value < earliest:
            raise DateError(_("“%(label)s” must be %(date)s or later") % self._words(earliest))
        if value and value > latest:
            raise DateError(_("“%(label)s” must be %(date)s or earlier") % self._words(latest))

    def _words(self, day: date) -> dict[str, Any]:
        return {"label": self.label, "date": spoken(day)}


def spoken(day: date) -> str:
    return f"{day.day} {MONTHS[day.month]} {day.year}"


MEETS_LATE = (time(1), time(8))  # written without am or pm, these hours are those after noon
TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*(am|pm|a\.m\.|p\.m\.)?")


class TimeField(forms.TimeField):
    """A time of day in one text field: 10am, 1:30pm, 13.30 and 1330 all do."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("help_text", gettext_lazy("For example, 10am, 1:30pm or 18:30"))
        super().__init__(**kwargs)
        set_line(self.widget, 5, "off")

    def prepare_value(self, value: Any) -> Any:
        return clock(value) if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        if value in self.empty_values or isinstance(value, time):
            return value or None
        text = in_plain_signs(str(value)).lower()
        return self.read(text) if text else None

    def read(self, text: str) -> time:
        if text in ("noon", "midday", _("midday")):
            return time(12)
        if text in ("midnight", _("midnight")):
            return time(0)
        if match := TIME.fullmatch(text):
            hour, minute, half = int(match[1]), int(match[2] or 0), (match[3] or "")[:1]
            real = minute < 60 and (1 <= hour <= 12 if half else hour < 24)
            if half:
                hour = hour % 12 + (12 if half == "p" else 0)
            if real:
                return time(hour, minute)
        raise ValidationError(
            _("“%(label)s” must be a time, like 10am, 1:30pm or 18:30") % {"label": self.label}, code="invalid"
        )


class MeetingTimeField(TimeField):
    """When people meet, which is not between one and eight in the morning: 6.30 is 6:30pm. Whoever writes 06:30, as on
    a clock of 24 hours, may mean it, so that one is asked; 6:30am is what it says."""

    def read(self, text: str) -> time:
        meant = super().read(text)
        if not MEETS_LATE[0] <= meant < MEETS_LATE[1] or text.rstrip(". ").endswith("m"):
            return meant
        if text.startswith("0"):
            hour = f"{meant.hour}:{meant:%M}"
            raise ValidationError(
                _("“%(label)s”: do you mean %(hour)sam or %(hour)spm? Write am or pm after it.")
                % {"label": self.label, "hour": hour},
                code="half",
            )
        return meant.replace(hour=meant.hour + 12)


# --- The form ---------------------------------------------------------------------------------------


class GovMixin:
    """What every form has: sentences as errors, answers that reveal fields, a crispy helper with its button.

    A form says `submit_label = _("Give the place")`; one that creates something says `one_effect = True` and finds
    the key of the press and of what was typed in `cleaned_data["effect_key"]`. `layout` is a crispy Layout where the
    order is not enough.
    """

    submit_label: Any = gettext_lazy("Save")
    submit_style = ""  # "warning" for what cannot be undone, "secondary"
    cancel_url = ""
    above_button: Any = ""  # what pressing it means, where its words cannot say it
    form_tag = True
    form_method = "post"
    form_action = ""
    one_effect = False
    layout: Layout | None = None
    use_required_attribute = False
    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if self.one_effect:
            self.fields["effect_key"] = EffectKeyField()

    def full_clean(self) -> None:
        if not self.is_bound:  # type: ignore[attr-defined]
            return super().full_clean()  # type: ignore[misc]
        for name, field in self.fields.items():
            if field.label is None:
                field.label = pretty_name(name)
            set_sentences(field, capfirst(str(field.label)))
        asked = [name for name in self.concealed() if self.fields[name].required]
        for name in asked:
            self.fields[name].required = False
        super().full_clean()  # type: ignore[misc]
        if self.one_effect:
            pressed = self.cleaned_data["effect_key"]
            sent = (self.data, self.files)  # type: ignore[attr-defined]
            self.cleaned_data["effect_key"] = effects.with_content(pressed, *sent)
        for name in asked:
            self.fields[name].required = True  # revealed on the page that comes back, they are not optional

    def clean(self) -> dict[str, Any] | None:
        """Before any rule of a form's own: those find what is concealed empty, so they call `super().clean()` first."""
        for name in self.concealed():
            self.errors.pop(name, None)  # type: ignore[attr-defined]
            field = self.fields[name]
            self.cleaned_data[name] = None if isinstance(field, forms.FileField) else field.clean(None)
        return super().clean()  # type: ignore[misc]

    def concealed(self) -> list[str]:
        """Fields under an answer that was not given."""
        hidden: list[str] = []
        for name, field in self.fields.items():
            for answer, names in getattr(field, "reveals", {}).items():
                given = self[name].data  # type: ignore[index]
                values = {str(one) for one in (given if isinstance(given, list | tuple) else [given])}
                if str(answer) not in values or name in hidden:
                    hidden.extend(names)
        return hidden

    def revealed(self) -> dict[str, list[str]]:
        """Field → those that one of its answers reveals."""
        found = {name: getattr(field, "reveals", {}).values() for name, field in self.fields.items()}
        return {name: [one for names in below for one in names] for name, below in found.items() if below}

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = self.form_tag
        helper.form_method = self.form_method
        helper.form_action = self.form_action
        helper.include_media = False
        helper.render_hidden_fields = True
        revealed = {name for below in self.revealed().values() for name in below}
        helper.layout = self.layout or Layout(
            *(name for name, field in self.fields.items() if name not in revealed and not field.widget.is_hidden)
        )
        return helper


class GovForm(GovMixin, forms.Form):
    """The base of our forms."""


def all_errors(form: Any) -> Iterable[tuple[str, str]]:
    """(id of the first field to look at, sentence) for each thing that is wrong, in the page's order."""
    for name in form.fields:
        if name in form.errors:
            bound = form[name]
            for error in form.errors[name].as_data():
                for sentence in error.messages:
                    yield first_id(bound, getattr(error, "parts", ())), sentence
    for sentence in form.non_field_errors():
        yield "", sentence


def first_id(bound: forms.BoundField, parts: Sequence[str] = ()) -> str:
    """Where a link from the error summary leads: the first radio, the wrong part of a date, or the field."""
    if isinstance(bound.field.widget, DateWidget):
        return f"{bound.auto_id}_{parts[0] if parts else 'day'}"
    if isinstance(bound.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"{bound.auto_id}_0"
    return bound.auto_id
