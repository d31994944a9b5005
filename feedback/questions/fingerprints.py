"""Two editors at once: whether what a page showed is still what is there."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from feedback.models import Question, Questionnaire
from feedback.questions.questionnaires import extensions
from ppg.models import User
from ppg.versions import ChangedMeanwhile, digest, who_changed

QUESTION_FIELDS = ("text", "hint", "kind", "options", "quotable")


def facts_of(question: Question) -> dict[str, Any]:
    return {name: getattr(question, name) for name in QUESTION_FIELDS}


def fingerprint(question: Question) -> str:
    """Of what the page of one question shows, so that the same one changed by somebody else is noticed."""
    return digest(facts_of(question))


def fingerprint_of_about(draft: Questionnaire) -> str:
    return digest([draft.title, draft.intro])


def fingerprint_of_all(draft: Questionnaire) -> str:
    questions = [[question.slug, facts_of(question)] for question in draft.questions.all()]
    extension = extensions[draft.kind].facts(draft) if draft.kind in extensions else None
    return digest([draft.title, draft.intro, questions, extension])


def meanwhile(draft: Questionnaire, by: User) -> ChangedMeanwhile:
    return ChangedMeanwhile(
        _(
            "%(who)s changed this after you opened the page. What you typed is still here. "
            "Look at theirs first; if you save again, yours takes its place."
        )
        % {"who": who_changed(draft, by)}
    )
