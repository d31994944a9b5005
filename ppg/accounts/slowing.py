"""Wrong passwords and codes slow down who sends them, and nobody else (docs/decisions/limits.md).

Who tries gets an `Attempt`, counted already, and says what came of it. Where a wait lasts `Waiting` is raised, before
anything is looked at: the sentence says how long, and not whether the password was right.

    attempt = slowing.try_code(request, user)       # in a form's clean: the sentence then stands on the form
    if right: attempt.succeeded()
    else: attempt.failed()
"""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

from ppg import limits
from ppg.accounts import devices
from ppg.audit_trail import audit
from ppg.limits import DAY, Rule, Wait, network
from ppg.models import User

NETWORK = Rule("sign-in network", 100, (60, 60, 300))  # a council is one network: all its strangers together
ACCOUNT = Rule("sign-in account", 50)  # from everywhere: many networks, a few tries each
PAIR = Rule("sign-in", 5)  # one account from one network
CODE = Rule("code", 5)
OWN_PASSWORD = Rule("own password", 5)
DEVICE_TRIES = 5  # a day, on a device that has signed in before; after that it is anybody's
NOTED = 150  # failures a day and account in the trail, and as many of addresses that nobody has

Tries = tuple[tuple[Rule, tuple[str, ...]], ...]


class Waiting(ValidationError):
    """Not now. The sentence says how long."""

    def __init__(self, wait: Wait) -> None:
        super().__init__(wait.sentence, code="wait")
        self.wait = wait


@dataclass(frozen=True)
class Attempt:
    """A try that is counted as wrong until it says otherwise."""

    user: User | None  # None: nobody has this address
    tries: Tries
    field: str
    signed_in: bool = False  # whose password it is tries it themselves

    def succeeded(self) -> None:
        """The narrowest count begins anew; what many share only gets this one try back."""
        *shared, (narrowest, parts) = self.tries
        with transaction.atomic():
            for rule, its_parts in shared:
                limits.give_back(rule, *its_parts)
            limits.forget(narrowest, *parts)

    def failed(self) -> None:
        """Into the trail: by as many queries for an address that nobody has, and as many once the trail has enough."""
        code = self.user.code if self.user else ""
        enough = limits.spend("noted", code, most=NOTED, seconds=DAY)
        with transaction.atomic():
            if enough:
                limits.give_back("noted", code)
            else:
                by = self.user if self.signed_in else None
                audit.record(by, audit.Verb.FAILED, self.user or User(code=""), fields=[self.field])


def try_password(request: HttpRequest, email: str) -> Attempt:
    """Signing in. An address that nobody has is counted like any other."""
    email = email.strip().lower()
    user = User.objects.filter(email=email).first()
    place = network(request)
    strangers = (NETWORK, (place,)), (ACCOUNT, (email,)), (PAIR, (email, place))
    return _try(request, user, strangers, "password")


def try_code(request: HttpRequest, user: User) -> Attempt:
    """The second factor, and a recovery code. Whoever comes so far knows the password: the network says no more."""
    return _try(request, user, ((CODE, (user.code,)),), "code")


def try_own_password(user: User) -> Attempt:
    """Somebody who is signed in proves that it is still them, or chooses a new password."""
    tries = ((OWN_PASSWORD, (user.code,)),)
    return _counted(Attempt(user, tries, "password", signed_in=True))


def ask_for_link(request: HttpRequest, email: str) -> Wait | None:
    """A link for a new password goes to this address, whoever has it."""
    place, address = network(request), email.strip().lower()
    wait = limits.spend("link network", place, most=20, seconds=600)
    return wait or limits.spend("link", address, most=5, seconds=600)


def begin_anew(user: User) -> None:
    """A new password: what was tried with the old one holds nobody up."""
    limits.forget(ACCOUNT, user.email.lower())
    limits.forget(OWN_PASSWORD, user.code)


def _try(request: HttpRequest, user: User | None, strangers: Tries, field: str) -> Attempt:
    # Looked at with nobody too: it takes the same time.
    device = devices.known(request, user or User(code=""))
    if device and limits.spend(f"device {field}", device, most=DEVICE_TRIES, seconds=DAY) is None:
        return Attempt(user, ((Rule(f"device {field}", DEVICE_TRIES), (device,)),), field)
    return _counted(Attempt(user, strangers, field))


def _counted(attempt: Attempt) -> Attempt:
    if wait := limits.spend_slowly(*attempt.tries):
        raise Waiting(wait)
    return attempt
