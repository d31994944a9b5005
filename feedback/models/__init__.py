"""Questions, anonymous answers, and what a group says beside them: a file for each."""

from feedback.models.answers import (
    Answer,
    Form,
    FormQuerySet,
    PaperPile,
    SealedAnswer,
    SpentNonce,
    Submission,
    Way,
)
from feedback.models.hearing import Coded, FocusGroup, Quote, Suggestion, SuggestionBox, Theme
from feedback.models.questions import Frozen, Question, Questionnaire, Translation
from feedback.models.slips import CountOfOne, Drawn, OpenLink, SlipCount, SlipSheet

__all__ = [
    "Answer",
    "Coded",
    "CountOfOne",
    "Drawn",
    "FocusGroup",
    "Form",
    "FormQuerySet",
    "Frozen",
    "OpenLink",
    "PaperPile",
    "Question",
    "Questionnaire",
    "Quote",
    "SealedAnswer",
    "SlipCount",
    "SlipSheet",
    "SpentNonce",
    "Submission",
    "Suggestion",
    "SuggestionBox",
    "Theme",
    "Translation",
    "Way",
]
