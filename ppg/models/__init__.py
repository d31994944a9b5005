"""People who sign in and their accounts, the trail of what they did, counts of tries, and the service's own details."""

from ppg.models.account_mail import AccountMail
from ppg.models.accounts import Invitation, SignIn
from ppg.models.limits import Limit
from ppg.models.people import User, UserManager
from ppg.models.service import Canary, Effect, HealthLook, Heartbeat, Service
from ppg.models.trail import AuditEntry, NothingChanges

__all__ = [
    "AccountMail",
    "AuditEntry",
    "Canary",
    "Effect",
    "HealthLook",
    "Heartbeat",
    "Invitation",
    "Limit",
    "NothingChanges",
    "Service",
    "SignIn",
    "User",
    "UserManager",
]
