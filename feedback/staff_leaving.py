"""What of feedback somebody goes on with, and what ends, when a member of staff leaves (`ppg.accounts.leaving`)."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from feedback.models import PaperPile, Questionnaire
from ppg.access.permissions import P
from ppg.accounts.leaving import Access, Leaver
from ppg.accounts.leaving.drafts import kind_of_drafts
from ppg.models import User


def _draft(draft: Questionnaire) -> str:
    return _("Draft of the questions “%(title)s”") % {"title": draft.title}


DRAFTS = kind_of_drafts(
    "questions",
    P.QUESTIONS_EDIT,
    lambda: Questionnaire.objects.filter(state=Questionnaire.State.DRAFT),
    _draft,
)


def nothing_to_say(leaver: Leaver) -> Iterable[str]:
    """A pile is open to its typist and counted nowhere (docs/decisions/paper-piles.md)."""
    return ()


def end_piles(leaver: Leaver, by: User) -> None:
    """Nobody else may open a pile, so it would lie there for ever. Its sheets are still there on paper."""
    if not leaver.keeps(P.FEEDBACK_SEE):
        PaperPile.objects.filter(typed_by=leaver.user).delete()


PILES = Access(nothing_to_say, end_piles)
