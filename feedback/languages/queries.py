"""What a page says in the language that somebody chose."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.utils.translation import get_language

from feedback.languages.texts import ALL, Language, flat, missing
from feedback.models import Question, Questionnaire, Translation


@dataclass(frozen=True)
class Said:
    """A questionnaire as it is read in one language. `language` is None in English; `page` is what stands around."""

    intro: str
    questions: list[Question]
    language: Language | None = None
    offered: list[Language] = field(default_factory=list)
    page: Mapping[str, str] = field(default_factory=dict)


def said_in(questionnaire: Questionnaire, code: str = "") -> Said:
    """In the language asked for, if all is there in it; else in English. Two queries."""
    questions = list(questionnaire.questions.all())
    complete = {
        row.language: row
        for row in questionnaire.translations.all()
        if row.language in ALL and not missing(questionnaire, questions, row.words)
    }
    offered = sorted((ALL[code] for code in complete), key=lambda language: language.name_local)
    if code in complete:
        return spoken(questionnaire, questions, complete[code], offered)
    return Said(questionnaire.intro, questions, offered=offered)


def said_after(code: str, *kinds: str) -> tuple[Language | None, Mapping[str, str]]:
    """What a page of thanks says in the language asked for: the language and its words, both empty in English.

    The words are those of the newest questions of these kinds, not of the form somebody came from: such a page looks
    no form up.
    """
    rows = Translation.objects.filter(language=code, questionnaire__kind__in=kinds).order_by("-questionnaire_id")
    words = (row.words.get("page", {}) for row in rows.exclude(questionnaire__state=Questionnaire.State.DRAFT))
    whole = (one for one in words if one.get("thanks") and one.get("sent"))
    page: Mapping[str, str] = next(whole, {}) if code in ALL else {}
    return (ALL[code] if page else None), page


def interface(code: str) -> str:
    """The language of buttons and the like: that of the questions where the product has it, else as it was."""
    return code if code in dict(settings.LANGUAGES) else get_language() or settings.LANGUAGE_CODE


def spoken(
    questionnaire: Questionnaire, questions: Sequence[Question], translation: Translation, offered: list[Language]
) -> Said:
    """With English for each piece that is missing."""
    words = flat(translation.words)
    return Said(
        intro=words.get("intro", questionnaire.intro),
        questions=[in_words(question, words) for question in questions],
        language=ALL.get(translation.language),
        offered=offered,
        page=translation.words.get("page", {}),
    )


def in_words(question: Question, words: Mapping[str, str]) -> Question:
    """A copy for showing only."""
    shown = copy.copy(question)
    shown.text = words.get(f"{question.slug}.text", question.text)
    shown.hint = words.get(f"{question.slug}.hint", question.hint)
    shown.options = [words.get(f"{question.slug}.{index}", word) for index, word in enumerate(question.options)]
    return shown
