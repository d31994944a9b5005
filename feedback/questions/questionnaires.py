"""The questionnaires that ship, which version a new form takes, and what other apps keep beside one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from feedback.models import Question, Questionnaire
from ppg.files import shipped
from ppg.hooks import Hook

SESSION_FEEDBACK = "session-feedback"
FINAL_FORM = "final-form"
SUGGESTION_BOX = "suggestion-box"
FEWEST, MOST = 3, 6  # questions after a session: one minute


def session_feedback() -> Questionnaire:
    """The questions after a session that are in use; the first version is read from fixtures/."""
    return in_use(SESSION_FEEDBACK)


def final_form() -> Questionnaire:
    """The questions after the programme that are in use."""
    return in_use(FINAL_FORM)


def box_questions() -> Questionnaire:
    """The box's question in use; the first version is read from fixtures/."""
    return in_use(SUGGESTION_BOX)


def in_use(slug: str) -> Questionnaire:
    return Questionnaire.objects.current(slug) or load(slug)


@transaction.atomic
def load(slug: str) -> Questionnaire:
    """The first version of a questionnaire, from fixtures/<slug>.yaml. Nothing changes where it is there already."""
    data = shipped.read(settings.BASE_DIR / "fixtures" / f"{slug}.yaml")
    questions = data.pop("questions")
    questionnaire, made = Questionnaire.objects.get_or_create(slug=slug, version=1, defaults=data)
    if made:
        Question.objects.bulk_create(
            Question(questionnaire=questionnaire, position=position, **question)
            for position, question in enumerate(questions, start=1)
        )
        freeze(questionnaire)
    return questionnaire


def freeze(questionnaire: Questionnaire) -> None:
    """What was loaded is published from the start."""
    questionnaire.published_at = timezone.now()
    questionnaire.save(update_fields=["published_at"])


# --- What higher apps know of a questionnaire ---------------------------------------------------------


@dataclass(frozen=True)
class Extension:
    """What another app keeps beside the questionnaires of one kind: for a measure, how it is scored."""

    kind: str
    started: Callable[[Questionnaire, Questionnaire | None], None]  # a draft, and the version it was copied from
    problems: Callable[[Questionnaire], list[str]]  # what keeps a draft from being published
    facts: Callable[[Questionnaire], Any]  # as JSON: two versions with other facts differ
    page: str  # the name of the address where it is changed, by the questionnaire's code
    label: Any  # what that page is called
    preview: str  # the template that the people asked see


@dataclass(frozen=True)
class Shipped:
    """A questionnaire that ships; `load` reads its first version where it is not there yet."""

    slug: str
    load: Callable[[], object]


extensions: Hook[Extension] = Hook(
    "What is kept beside the questionnaires of one kind, as a measure’s scoring.", key=lambda extension: extension.kind
)
catalogue: Hook[Shipped] = Hook("Questionnaires that ship, loaded at installation.", key=lambda shipped: shipped.slug)

OURS = [
    Shipped(SESSION_FEEDBACK, session_feedback),
    Shipped(FINAL_FORM, final_form),
    Shipped(SUGGESTION_BOX, box_questions),
]


def load_shipped() -> None:
    """Every questionnaire that ships. Those already there stay as they are."""
    for one in catalogue:
        one.load()


def are_missing() -> bool:
    slugs = [one.slug for one in catalogue]
    return Questionnaire.objects.filter(slug__in=slugs).values("slug").distinct().count() < len(slugs)


def problems(draft: Questionnaire) -> list[str]:
    """What keeps it from being published, in sentences."""
    questions = draft.questions.count()
    if questions == 0:
        return [_("Add a question first.")]
    sentences = []
    if draft.kind == Questionnaire.Kind.SESSION and not FEWEST <= questions <= MOST:
        sentences.append(
            _("Answering takes one minute, so ask three to six questions after a session. There are %(n)d now.")
            % {"n": questions}
        )
    if draft.kind == Questionnaire.Kind.BOX and [row.behaviour.is_words for row in draft.questions.all()] != [True]:
        sentences.append(_("The suggestion box asks one question, answered in their own words."))
    return sentences + (extensions[draft.kind].problems(draft) if draft.kind in extensions else [])
