"""What leaves the information log: how often each method was told of, and nothing else."""

from __future__ import annotations

from collections import Counter

from caregivers.models import Information
from programmes.models import Cohort


def methods_told(cohort: Cohort) -> dict[str, int]:
    """`Information.Method` → in how many entries of this group it is tagged; those never told of are left out.

    Counts of one and two are among them: whoever shows them holds small numbers back.
    """
    rows = Information.objects.filter(cohort=cohort).order_by().values_list("methods", flat=True)
    found = Counter(method for methods in rows for method in set(methods))
    return {method.value: found[method.value] for method in Information.Method if found[method.value]}
