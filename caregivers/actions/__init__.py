"""What is done about caregivers: each one atomic, in the audit trail, with keyword arguments.

`at` is when it happened (now, where it is left out). `by` is None where the caregiver did it themselves by a link.
"""

from caregivers.actions.checks import record_check
from caregivers.actions.consents import agree, withdraw
from caregivers.actions.links import LinkEnded, invite, make_own_page, token_of_press
from caregivers.actions.places import decline, leave, offer, take_place, wait
from caregivers.actions.referrals import refer
from caregivers.actions.registration import ANSWERS, Registered, change_answers, register

__all__ = [
    "ANSWERS",
    "LinkEnded",
    "Registered",
    "agree",
    "change_answers",
    "decline",
    "invite",
    "leave",
    "make_own_page",
    "offer",
    "record_check",
    "refer",
    "register",
    "take_place",
    "token_of_press",
    "wait",
    "withdraw",
]
