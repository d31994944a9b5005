"""How a group is asked: chosen before the first round."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from evaluation.models import EvaluationPlan, Measure, Wave
from ppg import audit
from ppg.models import User
from ppg.refusals import Refused
from programmes.models import Cohort


@transaction.atomic
def choose_plan(*, cohort: Cohort, mode: str, measure: Measure | None, by: User | None) -> EvaluationPlan:
    """Links or cards, and which measure (None: our own). It stands once the first round is open: people were told."""
    Cohort.objects.select_for_update().get(pk=cohort.pk)
    if Wave.objects.filter(cohort=cohort).exists():
        raise Refused(_("People have been asked already, so this cannot be changed any more."))
    chosen = {"mode": mode, "measure": measure, "chosen_by": by}
    plan, _made = EvaluationPlan.objects.update_or_create(cohort=cohort, defaults=chosen)
    audit.record(by, audit.Verb.CHANGED, plan, cohort=cohort, fields=["measure", "mode"])
    return plan
