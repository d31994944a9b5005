"""Forms of the suggestion box: the group's and the team's."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from caregivers.concerns.forms import AboutSomebody
from feedback.answering.forms import AnswerForm, name_of, sentences_in
from feedback.models import Question, Suggestion
from feedback.sealing import Answers
from feedback.suggestions.actions import NAME
from ppg.forms.fields import ChoiceRadios, LongTextField, TextField, YesNo

MOST_LETTERS = 400  # with a name under them they are a suggestion's 500
Became, Way = Suggestion.Became, Suggestion.Way
BY_STAFF = [(way.value, way.label) for way in (Way.SPOKEN, Way.BOX, Way.TEXT, Way.EMAIL)]


class BoxForm(AnswerForm):
    """The box's question, and a name if they like. Nothing that is put in is quoted: no tick asks for it."""

    def __init__(self, questions: list[Question], *args: Any, **kwargs: Any) -> None:
        for question in questions:
            question.quotable = False
        super().__init__(questions, *args, **kwargs)
        nonce = self.fields.pop("nonce")
        said = kwargs.get("said")
        page = said.page if said else {}
        for question in questions:
            self.fields[name_of(question)] = LongTextField(
                label=question.text,
                help_text=question.hint,
                max_length=MOST_LETTERS,
                count=not page,  # the count is told in English
                error_messages={"required": _("Write something before you send"), **sentences_in(page)},
            )
        self.fields["name"] = TextField(
            label=page.get("name", _("Your name, only if you want an answer just for you")),
            help_text=page.get("without_name", _("Leave it empty, and we do not get your name")),
            max_length=40,
            width=20,
            required=False,
            error_messages=sentences_in(page),
        )
        self.fields["nonce"] = nonce

    def payload(self) -> Answers:
        name = self.cleaned_data["name"]
        return {**super().payload(), NAME: name} if name else super().payload()


class AddForm(AboutSomebody):
    submit_label = _("Add it")

    text = LongTextField(
        label=_("What was asked for"),
        help_text=_("As close to their words as you can. Leave out whose words they are"),
        max_length=500,
        count=True,
        error_messages={"required": _("Write what was asked for")},
    )
    way = ChoiceRadios(label=_("How it came"), choices=BY_STAFF)

    field_order = ("text", "way", "person")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        about_person(self)

    def values(self) -> dict[str, Any]:
        return {"text": self.cleaned_data["text"], "way": self.cleaned_data["way"], "caregiver": self.caregiver}


class SuggestionAnswerForm(AboutSomebody):
    submit_label = _("Save the answer")
    one_effect = False  # the same answer twice is the same answer
    field_order = ("became", "why", "shown", "told_as", "person")

    became = ChoiceRadios(
        label=_("What happened?"),
        choices=Became.choices,
        error_messages={"required": _("Choose what happened")},
    )
    why = LongTextField(
        label=_("What you did, what you will do and when, or why you cannot"),
        help_text=_("The group reads this. Write it as you would say it to them"),
        max_length=500,
        count=True,
        error_messages={"required": _("Say what you did, what you will do, or why you cannot")},
    )
    shown = YesNo(
        label=_("Show it on the group’s page?"),
        help_text=_("Say no if they asked for it to stay between you, or if it would tell who asked"),
        reveals={"yes": ["told_as"]},
    )
    told_as = LongTextField(
        label=_("How the group reads it"),
        help_text=_("After “You said”. Put it so that it tells nobody who made it"),
        max_length=300,
        rows=3,
        count=True,
        error_messages={"required": _("Write how the group reads it")},
    )

    def __init__(self, *args: Any, suggestion: Suggestion, **kwargs: Any) -> None:
        initial = {
            "became": suggestion.answer,
            "why": suggestion.why,
            "shown": bool(suggestion.told_as) if suggestion.answer else None,
            "told_as": suggestion.told_as,
            "person": suggestion.caregiver.code if suggestion.caregiver else "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        about_person(self)

    def values(self) -> dict[str, Any]:
        data = self.cleaned_data
        said = {"became": data["became"], "why": data["why"], "told_as": data["told_as"] if data["shown"] else ""}
        return {**said, "caregiver": self.caregiver}


def about_person(form: AboutSomebody) -> None:
    """Asks whose it is, and says when to leave it open."""
    if field := form.fields.get("person"):
        field.label = _("Who asked, if they want it kept under their name")
        field.help_text = _("Only if they said so. It is then part of their record. Never guess")
