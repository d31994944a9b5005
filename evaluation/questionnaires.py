"""Measures beside questionnaires: the one that ships, and how a draft of one is scored."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from evaluation.asking.measures import OWN, facts, problems
from evaluation.asking.measuring import own_measure, started
from feedback import questionnaires
from feedback.models import Questionnaire


def register() -> None:
    questionnaires.SHIPPED[OWN] = own_measure
    questionnaires.BESIDE[Questionnaire.Kind.MEASURE] = questionnaires.Beside(
        started=started,
        problems=problems,
        facts=facts,
        page="evaluation:measure",
        label=gettext_lazy("How it is scored"),
        preview="evaluation/answer.html",
    )
