"""What is done about caregivers: each one atomic, in the audit trail, with keyword arguments.

`at` is when it happened (now, where it is left out). `by` is None where the caregiver did it themselves by a link.
"""

from caregivers.actions.apart import Together, end_apart, keep_apart
from caregivers.actions.consents import agree, withdraw
from caregivers.actions.interest import express_interest
from caregivers.actions.links import LinkEnded, invite, make_own_page, token_of_press
from caregivers.actions.own_page import answer_offer
from caregivers.actions.places import decline, end_offers, leave, offer, set_size, take_place, wait
from caregivers.actions.police_checks import record_check
from caregivers.actions.posters import switch_poster
from caregivers.actions.referrals import contacted, name_owner, not_reached, refer
from caregivers.actions.registration import ANSWERS, Registered, change_answers, register
from caregivers.actions.wordings import publish_wording

__all__ = [
    "ANSWERS",
    "LinkEnded",
    "Registered",
    "Together",
    "agree",
    "answer_offer",
    "change_answers",
    "contacted",
    "decline",
    "end_apart",
    "end_offers",
    "express_interest",
    "invite",
    "keep_apart",
    "leave",
    "make_own_page",
    "name_owner",
    "not_reached",
    "offer",
    "publish_wording",
    "record_check",
    "refer",
    "register",
    "set_size",
    "switch_poster",
    "take_place",
    "token_of_press",
    "wait",
    "withdraw",
]
