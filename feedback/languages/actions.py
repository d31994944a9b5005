"""Keeping a questionnaire's words in another language."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction

from feedback.languages import texts
from feedback.models import Questionnaire
from ppg.audit_trail import audit
from ppg.models import User


@transaction.atomic
def save_translation(
    *, questionnaire: Questionnaire, language: str, said: Mapping[str, str], by: User
) -> list[texts.Text]:
    """The words of one version in one language, whether it is in use or a draft; empty ones are missing. Returns
    what is still missing."""
    questions = list(questionnaire.questions.all())
    words = texts.nested(questions, said)
    rows = questionnaire.translations
    if texts.flat(words):
        rows.update_or_create(language=language, defaults={"words": words})
    else:
        rows.filter(language=language).delete()
    audit.record(by, audit.Verb.CHANGED, questionnaire, fields=[f"translation {language}"])
    return texts.missing(questionnaire, questions, words)


def english(questionnaire: Questionnaire) -> dict[str, str]:
    """Every text of this version as it is now, by its key."""
    return {text.key: text.english for text in texts.texts(questionnaire, list(questionnaire.questions.all()))}


def forget_changed(draft: Questionnaire, before: Mapping[str, str]) -> None:
    """Takes out of a draft's translations what no longer says the same as the English: it is missing until somebody
    has looked at it. The version in use keeps its own."""
    now = english(draft)
    changed = {key for key, text in before.items() if now.get(key) != text}
    if not changed:
        return
    questions = list(draft.questions.all())
    for row in draft.translations.all():
        said = {key: text for key, text in texts.flat(row.words).items() if key not in changed}
        row.words = texts.nested(questions, said)
        row.save(update_fields=["words"])
