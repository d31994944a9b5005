"""Who may do what: the one table. Middleware enforces it; the README prints it.

A role is a ceiling. The cohorts a person acts on come from the teams they are in
(`Cohort.objects.visible_to(user)` and its like on every model that belongs to a cohort).
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from ppg.models import User


class Permission(Enum):
    """What can be done; the value finishes the sentence "may …"."""

    GUIDE_READ = _("read the programmes and their guides")
    GUIDE_EDIT = _("change the guides and their handouts")
    COHORT_SEE = _("see a group's page")
    COHORT_SET_UP = _("set up a group")
    SESSION_SEE = _("see a session's plan")
    SESSION_PLAN = _("move, cancel and add sessions, and adapt their agenda")
    SESSION_RUN = _("prepare, run and close a session")
    PACK_SEND = _("send the handouts")
    FOLLOW_UP = _("see and record calls and follow-ups")
    CHECKLIST = _("see and tick the checklist")
    REGISTER_SEE = _("see the register")
    REGISTER_MARK = _("tick the register")
    PEOPLE_SEE = _("see the people of a group")
    PEOPLE_REGISTER = _("register a caregiver and change what they told us")
    PLACE_GIVE = _("offer, give and free places")
    CHECK_RECORD = _("record the outcome of a police check")
    CONSENT_RECORD = _("record and withdraw consents")
    FEEDBACK_SEE = _("open, close and read feedback")
    MEASURE_SEND = _("ask for the before and after answers")
    FIGURES_SEE = _("see the figures of a group")
    REPORT_WRITE = _("write and publish the report")
    REPORT_READ = _("read and download published reports")
    USER_MANAGE = _("see the people who sign in")
    AUDIT_SEE = _("search the audit trail")


P = Permission


class Role(TextChoices):
    LEAD = "lead", _("Programme lead")
    FACILITATOR = "facilitator", _("Facilitator")
    PARENT = "parent", _("Parent with lived experience")
    MANAGER = "manager", _("Manager")
    SAFEGUARDING = "safeguarding", _("Safeguarding lead")
    EVALUATOR = "evaluator", _("Evaluator")
    ADMINISTRATOR = "administrator", _("Administrator")


GRANTS: dict[str, frozenset[Permission]] = {
    Role.LEAD: frozenset(P) - {P.USER_MANAGE, P.AUDIT_SEE},
    Role.FACILITATOR: frozenset(
        {
            P.GUIDE_READ,
            P.COHORT_SEE,
            P.SESSION_SEE,
            P.SESSION_PLAN,
            P.SESSION_RUN,
            P.PACK_SEND,
            P.FOLLOW_UP,
            P.CHECKLIST,
            P.REGISTER_SEE,
            P.REGISTER_MARK,
            P.PEOPLE_SEE,
            P.PEOPLE_REGISTER,
            P.CONSENT_RECORD,
            P.FEEDBACK_SEE,
            P.MEASURE_SEND,
            P.FIGURES_SEE,
            P.REPORT_READ,
        }
    ),
    Role.PARENT: frozenset({P.GUIDE_READ, P.COHORT_SEE, P.SESSION_SEE}),
    Role.MANAGER: frozenset({P.GUIDE_READ, P.COHORT_SEE, P.FIGURES_SEE, P.REPORT_READ}),
    Role.SAFEGUARDING: frozenset({P.GUIDE_READ}),
    Role.EVALUATOR: frozenset({P.GUIDE_READ}),
    Role.ADMINISTRATOR: frozenset({P.GUIDE_READ, P.USER_MANAGE, P.AUDIT_SEE}),
}


def can(user: User, permission: Permission) -> bool:
    """Whether the person's role reaches this far, in whichever cohort."""
    return bool(user.is_authenticated and user.is_active and permission in GRANTS.get(user.role, ()))
