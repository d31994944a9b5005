"""What is held so that publishing, taking data and withdrawing happen one after the other."""

from __future__ import annotations

from evaluation.models import Report
from programmes.models import Cohort


def locked_report(cohort: Cohort) -> Report:
    """The cohort's report, held, so that publishing and withdrawing happen one after the other."""
    Report.objects.get_or_create(cohort=cohort)
    return Report.objects.select_for_update(of=["self"]).select_related("edited_by").get(cohort=cohort)
