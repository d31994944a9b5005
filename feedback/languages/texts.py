"""The words of a questionnaire in other languages. Answers are the same numbers whatever they were read in.

A language is offered to the people asked when nothing is missing in it; what is missing stands in English.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from feedback.kinds import KINDS, TOO_LONG
from feedback.models import Question, Questionnaire


@dataclass(frozen=True)
class Language:
    """`name` as staff say it, `name_local` as its speakers write it."""

    code: str
    name: Promise | str
    name_local: str
    direction: str = "ltr"


ALL = {
    language.code: language
    for language in (
        Language("sq", _("Albanian"), "Shqip"),
        Language("ar", _("Arabic"), "العربية", "rtl"),
        Language("bn", _("Bengali"), "বাংলা"),
        Language("bg", _("Bulgarian"), "Български"),
        Language("zh-hans", _("Chinese, simplified"), "简体中文"),
        Language("fa", _("Farsi"), "فارسی", "rtl"),
        Language("fr", _("French"), "Français"),
        Language("gu", _("Gujarati"), "ગુજરાતી"),
        Language("hu", _("Hungarian"), "Magyar"),
        Language("it", _("Italian"), "Italiano"),
        Language("ku", _("Kurdish, Sorani"), "کوردی", "rtl"),
        Language("lt", _("Lithuanian"), "Lietuvių"),
        Language("ps", _("Pashto"), "پښتو", "rtl"),
        Language("pl", _("Polish"), "Polski"),
        Language("pt", _("Portuguese"), "Português"),
        Language("pa", _("Punjabi"), "ਪੰਜਾਬੀ"),
        Language("ro", _("Romanian"), "Română"),
        Language("so", _("Somali"), "Soomaali"),
        Language("es", _("Spanish"), "Español"),
        Language("ti", _("Tigrinya"), "ትግርኛ"),
        Language("tr", _("Turkish"), "Türkçe"),
        Language("uk", _("Ukrainian"), "Українська"),
        Language("ur", _("Urdu"), "اردو", "rtl"),
        Language("vi", _("Vietnamese"), "Tiếng Việt"),
        Language("cy", _("Welsh"), "Cymraeg"),
    )
}

# What stands around the questions of every form. The English is what the page says; the key is kept in `words`.
SEND = "Send"
HEADING, HEADING_OF_MEASURE = "Tell us what you think", "A few questions"
DANGER = "Nobody reads this straight away. If somebody is in danger now, call 999."
LEAVE_OUT = "You can leave out any question."
QUOTE = "You may use these words in a report, without my name"
NO_NAME = "We do not ask for your name."
PUT_RIGHT = "There is a problem"
NOTHING = "Answer at least one question before you send."
ANSWER_THIS = "Please answer this question."
THANKS, SENT = "Thank you", "Your answers have been sent. You can close this page now."
AGAIN = "Does somebody else want to answer on this phone? Open a new form"
# How answers after a session and after the programme are kept apart from people: what holds, and what does not.
SLIP, SLIP_WRONG = "The code on your slip", "That is not the code of a slip for this form. Look at it once more."
BY_SLIP = (
    "You drew a slip. We did not write down who has which one. We mix all the answers. We read them only when enough "
    "slips have been used, never fewer than three, and two people have counted the slips that were left. Whoever "
    "printed the slips may not read the answers. But they could have kept a code, and used it or given it to one of us "
    "who reads the answers. That person could also use slips that others left lying, or two of us could count wrong. "
    "Then yours may be the only real answers. One of us types in what others wrote on paper, and knows what it says. "
    "So it does not count beside answers that people sent themselves. A story can show who you are."
)
BY_OPEN_LINK = (
    "We mix all the answers, and read them only together with those of another session. But anybody with this link can "
    "send answers. One of us who reads them could make some up, and then work out which ones are yours. If that "
    "worries you, do not answer, or ask us for slips."
)
ON_PAPER = "One of us reads this sheet and types it in."
# How a measure keeps answers and names apart, in each of its two ways; with a card sending is the consent.
BY_LINK = (
    "This link is yours. Your answers are kept under a code, not under your name. Only the computer knows whose code "
    "it is. It uses that to put your sets of answers together, and to take them out if you ask us to. The people "
    "who run this see that you have answered, and never what you said."
)
BY_CARD = (
    "You use a card with a code. Nobody knows who has which card, and we do not ask for your name. We use the code to "
    "put your sets of answers together. Nobody here can see if your card has been used."
)
BY_SENDING = (
    "By sending you agree that we use your answers to learn what helps. You can take them out at any time with your "
    "card. If you send twice, the first time counts."
)
KEEP_CARD = (
    "Keep your card. You need it when we ask you again. If others use this phone, clear its history: your code is in "
    "it."
)
TAKE_OUT = "Take your answers out"
# The suggestion box.
BOX = {
    "heading": "Tell us what would help",
    "asks": "Is there something we should do, or do in another way? You do not have to say who you are.",
    "answered": "You get an answer when we next meet, and on this page.",
    "mixed": "We read this once a day, in the morning. What people sent is mixed first. So nobody can see when you "
    "sent it, or that it was you.",
    "danger": DANGER,
    "name": "Your name, only if you want an answer just for you",
    "name_hint": "Leave it empty, and nobody knows that it is you",
    "send": SEND,
    "put_right": PUT_RIGHT,
    "answer_this": "Write something before you send",
    "too_long": TOO_LONG,
    "thanks": THANKS,
    "sent": "We have it, and read it tomorrow morning. You can close this page now.",
    "again": "Write something else",
    "told": "You said, we did",
}


@dataclass(frozen=True)
class Text:
    """One piece to be translated. `key` is "intro", "page.send" or, for question `today`, "today.text", "today.0"."""

    key: str
    where: Any
    english: str

    @property
    def is_long(self) -> bool:
        return len(self.english) > 70


def texts(questionnaire: Questionnaire, questions: Sequence[Question]) -> list[Text]:
    """Everything that is said in this version, in the order of the page."""
    pieces = [Text("intro", _("Above the questions"), questionnaire.intro)] if questionnaire.intro else []
    for number, question in enumerate(questions, start=1):
        where = _("Question %(n)d") % {"n": number}
        pieces.append(Text(f"{question.slug}.text", where, question.text))
        if question.hint:
            pieces.append(Text(f"{question.slug}.hint", _("Help under question %(n)d") % {"n": number}, question.hint))
        for index, word in enumerate(question.options):
            if word:
                pieces.append(Text(f"{question.slug}.{index}", _("Answer to question %(n)d") % {"n": number}, word))
    return pieces + around(questionnaire, questions)


def around(questionnaire: Questionnaire, questions: Sequence[Question]) -> list[Text]:
    page = BOX if questionnaire.kind == Questionnaire.Kind.BOX else around_questions(questionnaire, questions)
    return [Text(f"page.{name}", _("On every page"), english) for name, english in page.items()]


def around_questions(questionnaire: Questionnaire, questions: Sequence[Question]) -> dict[str, str]:
    """Only what can be met on the pages of these questions."""
    asked = {question.kind for question in questions}
    kinds = [kind for name, kind in KINDS.items() if name in asked]
    is_measure = questionnaire.kind == Questionnaire.Kind.MEASURE
    page = {"heading": HEADING_OF_MEASURE if is_measure else HEADING, "leave_out": LEAVE_OUT}
    if is_measure:
        page |= {"by_link": BY_LINK, "by_card": BY_CARD, "by_sending": BY_SENDING}
    else:
        page |= {"no_name": NO_NAME, "slip": SLIP, "slip_wrong": SLIP_WRONG, "by_slip": BY_SLIP, "on_paper": ON_PAPER}
    if questionnaire.kind == Questionnaire.Kind.SESSION:
        page["by_open_link"] = BY_OPEN_LINK
    page |= {"danger": DANGER, "send": SEND}
    for kind in kinds:
        page |= kind.page
    if any(question.quotable for question in questions):
        page["quote"] = QUOTE
    page |= {"put_right": PUT_RIGHT, "nothing": NOTHING}
    if any(question.required for question in questions):
        page["answer_this"] = ANSWER_THIS
    for kind in kinds:
        page |= kind.mistakes
    page |= {"thanks": THANKS, "sent": SENT}
    return page | ({"keep_card": KEEP_CARD, "take_out": TAKE_OUT} if is_measure else {"again": AGAIN})


# --- Between the stored words and one flat list of them --------------------------------------------------


def flat(words: Mapping[str, Any]) -> dict[str, str]:
    """Stored words as key → text; without what is empty."""
    found = {"intro": words.get("intro", "")}
    found |= {f"page.{name}": text for name, text in words.get("page", {}).items()}
    for slug, said in words.get("questions", {}).items():
        found |= {f"{slug}.text": said.get("text", ""), f"{slug}.hint": said.get("hint", "")}
        found |= {f"{slug}.{index}": word for index, word in enumerate(said.get("options", []))}
    return {key: text for key, text in found.items() if text}


def nested(questions: Sequence[Question], said: Mapping[str, str]) -> dict[str, Any]:
    """As `Translation.words` keeps them."""
    return {
        "intro": said.get("intro", ""),
        "page": {key.removeprefix("page."): text for key, text in said.items() if key.startswith("page.") and text},
        "questions": {
            question.slug: {
                "text": said.get(f"{question.slug}.text", ""),
                "hint": said.get(f"{question.slug}.hint", ""),
                "options": [said.get(f"{question.slug}.{index}", "") for index in range(len(question.options))],
            }
            for question in questions
        },
    }


def missing(questionnaire: Questionnaire, questions: Sequence[Question], words: Mapping[str, Any]) -> list[Text]:
    said = flat(words)
    return [text for text in texts(questionnaire, questions) if text.key not in said]
