"""Keeping a questionnaire's words in another language."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from feedback import languages
from feedback.models import Questionnaire
from ppg import audit
from ppg.models import User


@transaction.atomic
def save_translation(
    *, questionnaire: Questionnaire, language: str, said: Mapping[str, str], by: User
) -> list[languages.Text]:
    """The words of one version in one language, whether it is in use or a draft; empty ones are missing. Returns
    what is still missing."""
    questions = list(questionnaire.questions.all())
    words = languages.nested(questions, said)
    rows = questionnaire.translations
    if languages.flat(words):
        rows.update_or_create(language=language, defaults={"words": words})
    else:
        rows.filter(language=language).delete()
    audit.record(by, audit.Verb.CHANGED, questionnaire, fields=[f"translation {language}"])
    return languages.missing(questionnaire, questions, words)
