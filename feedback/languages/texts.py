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

# What stands around the questions of every form. The English is what the page says; the key is kept in `words`. A text
# whose promise changes gets another key: until it is translated again its language is not offered, since it would still
# promise what it did before.
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
KEYS = "Whoever looks after our computer, and has its keys, could open the answers before they are mixed."
BY_SLIP = (
    "You drew a slip. We did not write down who has which one. We mix all the answers. We read them only when enough "
    "slips have been used, never fewer than three, and two people have counted the slips that were left. Whoever "
    "printed the slips may not read the answers. But they could have kept a code, and used it or given it to one of "
    "us who reads the answers. Somebody with two accounts could be both. That person could also use slips that others "
    "left lying, or two of us could count wrong. Then yours may be the only real answers. One of us types in what "
    "others wrote on paper, knows what it says, and may know the writing. So it does not count beside answers that "
    "people sent themselves. A story can show who you are. " + KEYS
)
BY_OPEN_LINK = (
    "We mix all the answers, and read them only together with those of another session. But anybody with this link "
    "can send answers. One of us who reads them could make some up, and then work out which ones are yours. A story "
    f"can show who you are. {KEYS} If that worries you, do not answer, or ask us for slips."
)
# What a press opens the promise by. Where a translation does not have it yet, all of the promise stands open.
STILL = "Could somebody still find out?"
STILL_BY_OPEN_LINK = "Somebody could work out which answers are yours."
NOT_NEEDED = ("page.still", "page.still_open_link")
ON_PAPER = "One of us reads this sheet and types it in. They know what it says, and may know your writing."
# How a measure keeps answers and names apart, in each of its two ways; with a card sending is the consent.
BY_LINK = (
    "This link is for you. Your answers are kept under a code, not under your name. The computer uses the code to put "
    "your sets of answers together, and to take them out if you ask us to. The people who run this see that you have "
    "answered. No page shows them which answers are yours. They see scores without names, and never those of fewer "
    "than three people."
)
STILL_BY_LINK = (
    "One of us could open the links of others and answer for them, or write down answers that they never gave. Then "
    "that person could work out what you said. We keep a note of who was shown a link, and of who wrote answers down.",
    "Does your link no longer work, and you have not used it? Tell us: somebody else may have.",
    "If you answer on paper or by phone, one of us types that in, and knows what you said.",
    "You can ask to read your answers again. We send a link to where we could reach you when you first answered. "
    "Whoever reads what comes there could open it. If we can send you nothing, two of us could open it together: the "
    "one who leads your group, and our safeguarding lead.",
    "Whoever looks after our computer, and has its keys, could find out which answers are yours.",
)
BY_CARD = (
    "You use a card with a code. We did not write down who drew which card, and we do not ask for your name. We use "
    "the code to put your sets of answers together. No page shows us which answers are yours, or if your card has "
    "been used. We see scores without names, and never those of fewer than three people."
)
STILL_BY_CARD = (
    "Whoever printed the cards may not see the scores. But they could have kept your code. If they use it before you "
    "do, your answers do not count, and you do not see it. They could take your answers out, too. If they give codes "
    "to one of us who sees the scores, that person could make answers up, and then work out what you said. Somebody "
    "with two accounts could be both.",
    "One of us who sees the scores could use cards that others left lying. Or two of us could count the cards wrong. "
    "Then fewer answers are real, and yours may be the only one.",
    "If you answer on paper, one of us types that in. They know what it says and the code on it. There is no name on "
    "it, but they may know your writing.",
    "Your code stays in the list of pages that this phone has opened. Whoever finds it there could take your answers "
    "out. They cannot read them.",
    KEYS,
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
    "answered_where": "You get an answer when we next meet. It comes onto this page too, if it does not show who "
    "asked.",
    "mixed_first": "We read this once a day, in the morning. What came on one day is mixed first. We do not keep "
    "who sent it, or at what time. But what you write can show who you are. If only one of you wrote that day, and "
    "somebody saw it, they may know that it was you. Whoever looks after our computer, and has its keys, could read "
    "it sooner.",
    "still": STILL,
    "danger": DANGER,
    "name": "Your name, only if you want an answer just for you",
    "without_name": "Leave it empty, and we do not get your name",
    "send": SEND,
    "put_right": PUT_RIGHT,
    "answer_this": "Write something before you send",
    "too_long": TOO_LONG,
    "thanks": THANKS,
    "sent": "We have it, and read it in the morning. You can close this page now.",
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
        page |= {"own_link": _all_of(BY_LINK, STILL_BY_LINK), "drawn_card": _all_of(BY_CARD, STILL_BY_CARD)}
        page["by_sending"] = BY_SENDING
    else:
        page |= {"no_name": NO_NAME, "slip": SLIP, "slip_wrong": SLIP_WRONG, "drawn_slip": BY_SLIP}
    if questionnaire.kind == Questionnaire.Kind.SESSION:
        page |= {"open_link": BY_OPEN_LINK, "still_open_link": STILL_BY_OPEN_LINK}
    page |= {"still": STILL, "typed_in": ON_PAPER}
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


def _all_of(promise: str, still: Sequence[str]) -> str:
    """What is promised and who could still find out, as one text to translate."""
    return " ".join([promise, *still])


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
    needed = (text for text in texts(questionnaire, questions) if text.key not in NOT_NEEDED)
    return [text for text in needed if text.key not in said]
