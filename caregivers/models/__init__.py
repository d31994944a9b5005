"""What is held about caregivers, a file for each part of it."""

from caregivers.models.consents import Consent, ConsentKind, ConsentQuerySet, ConsentWording, ConsentWordingQuerySet
from caregivers.models.erased import Erased
from caregivers.models.follow_ups import FollowUp, FollowUpQuerySet
from caregivers.models.link_mails import LinkMail
from caregivers.models.links import LinkEnded, PersonalLink, PersonalLinkQuerySet, Poster
from caregivers.models.messages import Message, MessageCopy
from caregivers.models.people import (
    Caregiver,
    CaregiverQuerySet,
    EmergencyContact,
    ErasedMeanwhile,
    HandoutsBy,
    How,
    KeptApart,
    PoliceCheck,
    Referral,
    ReferralQuerySet,
    SafeWay,
)
from caregivers.models.places import NEXT, Place, PlaceQuerySet
from caregivers.models.restricted import Concern, ConcernStep, Information, Restricted
from caregivers.models.times import Slot, SlotAnswer

__all__ = [
    "NEXT",
    "Caregiver",
    "CaregiverQuerySet",
    "Concern",
    "ConcernStep",
    "Consent",
    "ConsentKind",
    "ConsentQuerySet",
    "ConsentWording",
    "ConsentWordingQuerySet",
    "EmergencyContact",
    "Erased",
    "ErasedMeanwhile",
    "FollowUp",
    "FollowUpQuerySet",
    "HandoutsBy",
    "How",
    "Information",
    "KeptApart",
    "LinkEnded",
    "LinkMail",
    "Message",
    "MessageCopy",
    "PersonalLink",
    "PersonalLinkQuerySet",
    "Place",
    "PlaceQuerySet",
    "PoliceCheck",
    "Poster",
    "Referral",
    "ReferralQuerySet",
    "Restricted",
    "SafeWay",
    "Slot",
    "SlotAnswer",
]
