"""What these pages know of somebody who leaves (`ppg.accounts.leaving`). What they own is in `caregivers.owned`."""

from __future__ import annotations

from collections.abc import Collection

from django.utils.translation import gettext as _

from caregivers.concerns.queries import safeguarding_leads
from ppg.access.permissions import Role
from ppg.accounts.leaving import Leaver


def read_by_a_safeguarding_lead(cohorts: Collection[int]) -> set[int]:
    """Where nobody signs in as safeguarding lead a group needs its lead to the end: nobody else would read a concern.
    Asked without looking whether there is one."""
    return set(cohorts) if safeguarding_leads().exists() else set()


def no_safeguarding_lead(leaver: Leaver) -> str:
    """Said of everybody who is the last, whether anything waits for them or not: whether there are concerns is told
    to nobody here (docs/decisions/concerns.md)."""
    if leaver.user.role != Role.SAFEGUARDING or leaver.role == Role.SAFEGUARDING:
        return ""
    if safeguarding_leads().exclude(pk=leaver.user.pk).exists():
        return ""
    return _("Nobody else signs in as safeguarding lead. Until somebody does, each group’s lead stands in.")
