"""People who sign in and their accounts, the trail of what they did, counts of tries, the service's own details; and
what several machines share: uploaded files, work by the clock, the ledger."""

from ppg.models.account_mail import AccountMail
from ppg.models.accounts import Invitation, SignIn
from ppg.models.chores import Chore
from ppg.models.files import FilePiece, StoredFile
from ppg.models.ledger import LedgerFile, LedgerLine
from ppg.models.limits import Limit
from ppg.models.notes import PrivateNotes
from ppg.models.people import User, UserManager, WorkMail
from ppg.models.service import Canary, Effect, HealthLook, Heartbeat, Service
from ppg.models.trail import AuditEntry, AuditHead, AuditSeal, NothingChanges

__all__ = [
    "AccountMail",
    "AuditEntry",
    "AuditHead",
    "AuditSeal",
    "Canary",
    "Chore",
    "Effect",
    "FilePiece",
    "HealthLook",
    "Heartbeat",
    "Invitation",
    "LedgerFile",
    "LedgerLine",
    "Limit",
    "NothingChanges",
    "PrivateNotes",
    "Service",
    "SignIn",
    "StoredFile",
    "User",
    "UserManager",
    "WorkMail",
]
