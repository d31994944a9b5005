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
    PEOPLE_LOOKS = _("see who opened the record of a person")
    PEOPLE_REGISTER = _("register a caregiver and change what they told us")
    PLACE_GIVE = _("offer, give and free places")
    CHECK_RECORD = _("record the outcome of a police check")
    CONSENT_RECORD = _("record and withdraw consents")
    RECRUIT = _("see the board, print the poster, name who owes the next step")
    TIMES = _("propose times, write down who can come, choose the best")
    MESSAGE = _("write to the people of a group by the ways that are safe")
    PEOPLE_IMPORT = _("bring in a list of people")
    CONCERN = _("write down concerns and information, and read one's own")
    CONCERN_CLOSE = _("close concerns and the information log")
    RIGHTS = _("hand over or erase everything held about a person")
    ANSWERS_CODE = _("tell somebody the code that opens their own answers")
    TEAM_EDIT = _("change the team of a group")
    TEAM_SUPPORT = _("record the support given to the team")
    OWN_PART = _("see their own part of the next session and their support, and ask for support")
    PRIVATE_NOTES = _("keep private notes that nobody else can open")
    FEEDBACK_SEE = _("open, close and read feedback")
    SLIPS_PRINT = _("print the slips and cards that people draw")
    SLIPS_COUNT = _("count the slips and cards that are left over")
    SUGGESTIONS = _("read and answer the suggestion box")
    QUESTIONS_EDIT = _("change the questions that people are asked")
    MEASURE_SEND = _("ask for the before and after answers")
    FIGURES_SEE = _("see the figures of a group")
    REPORT_WRITE = _("write and publish the report")
    REPORT_READ = _("read and download published reports")
    ACROSS = _("make a report over many groups")
    DATA_TAKE = _("take the anonymous data of groups opened to them")
    USER_MANAGE = _("invite staff, change and block their accounts")
    AUDIT_SEE = _("search the audit trail")
    WORDING_EDIT = _("change the wording of consents and notices")
    HEALTH_SEE = _("see how the service is, and what it still needs")
    RETENTION = _("remove personal data when its time is over")


P = Permission


class Role(TextChoices):
    LEAD = "lead", _("Programme lead")
    FACILITATOR = "facilitator", _("Facilitator")
    PARENT = "parent", _("Parent with lived experience")
    MANAGER = "manager", _("Manager")
    SAFEGUARDING = "safeguarding", _("Safeguarding lead")
    EVALUATOR = "evaluator", _("Evaluator")
    ADMINISTRATOR = "administrator", _("Administrator")


# Each role names what it may: a new permission is nobody's until it stands here.
GRANTS: dict[str, frozenset[Permission]] = {
    Role.LEAD: frozenset(
        {
            P.GUIDE_READ,
            P.GUIDE_EDIT,
            P.COHORT_SEE,
            P.COHORT_SET_UP,
            P.SESSION_SEE,
            P.SESSION_PLAN,
            P.SESSION_RUN,
            P.PACK_SEND,
            P.FOLLOW_UP,
            P.CHECKLIST,
            P.REGISTER_SEE,
            P.REGISTER_MARK,
            P.PEOPLE_SEE,
            P.PEOPLE_LOOKS,
            P.PEOPLE_REGISTER,
            P.PLACE_GIVE,
            P.CHECK_RECORD,
            P.CONSENT_RECORD,
            P.RECRUIT,
            P.TIMES,
            P.MESSAGE,
            P.PEOPLE_IMPORT,
            P.CONCERN,
            P.RIGHTS,
            P.TEAM_EDIT,
            P.TEAM_SUPPORT,
            P.FEEDBACK_SEE,
            P.SLIPS_COUNT,
            P.SUGGESTIONS,
            P.QUESTIONS_EDIT,
            P.MEASURE_SEND,
            P.FIGURES_SEE,
            P.REPORT_WRITE,
            P.REPORT_READ,
            P.DATA_TAKE,
        }
    ),
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
            P.RECRUIT,
            P.TIMES,
            P.MESSAGE,
            P.CONCERN,
            P.FEEDBACK_SEE,
            P.SLIPS_COUNT,
            P.SUGGESTIONS,
            P.MEASURE_SEND,
            P.FIGURES_SEE,
            P.REPORT_READ,
        }
    ),
    Role.PARENT: frozenset(
        {
            P.GUIDE_READ,
            P.COHORT_SEE,
            P.SESSION_SEE,
            P.SLIPS_PRINT,
            P.SLIPS_COUNT,
            P.OWN_PART,
            P.PRIVATE_NOTES,
        }
    ),
    Role.MANAGER: frozenset({P.GUIDE_READ, P.COHORT_SEE, P.FIGURES_SEE, P.REPORT_READ, P.TEAM_SUPPORT, P.ACROSS}),
    Role.SAFEGUARDING: frozenset({P.GUIDE_READ, P.CONCERN, P.CONCERN_CLOSE, P.ANSWERS_CODE}),
    Role.EVALUATOR: frozenset({P.GUIDE_READ, P.DATA_TAKE}),
    Role.ADMINISTRATOR: frozenset(
        {P.GUIDE_READ, P.USER_MANAGE, P.AUDIT_SEE, P.WORDING_EDIT, P.HEALTH_SEE, P.RETENTION, P.SLIPS_PRINT}
    ),
}


def can(user: User, permission: Permission) -> bool:
    """Whether the person's role reaches this far, in whichever cohort."""
    return bool(user.is_authenticated and user.is_active and permission in GRANTS.get(user.role, ()))
