"""Measures beside questionnaires: the one that ships, and how a draft of one is scored."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from evaluation.measures.actions import own_measure, started
from evaluation.measures.queries import OWN, facts, problems
from feedback.models import Questionnaire
from feedback.questions.questionnaires import Extension, Shipped

SHIPPED = Shipped(OWN, own_measure)
SCORING = Extension(
    Questionnaire.Kind.MEASURE,
    started=started,
    problems=problems,
    facts=facts,
    page="evaluation:measure",
    label=gettext_lazy("How it is scored"),
    preview="evaluation/rounds/answer.html",
)
