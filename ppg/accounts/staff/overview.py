"""What an administrator's home says of the accounts: what did not go out, who waits, what would go wrong one day."""

from __future__ import annotations

from dataclasses import dataclass

from ppg import service
from ppg.accounts.mail import undelivered
from ppg.models import User


@dataclass(frozen=True)
class AccountsToDo:
    unsent: int  # e-mails about accounts that did not go out
    invited: int  # people who have not joined
    alone: bool  # one administrator: nobody could reset their second factor
    no_contact: bool  # nobody whom the e-mails could name

    @property
    def anything(self) -> bool:
        return bool(self.unsent or self.invited or self.alone or self.no_contact)


def accounts_to_do() -> AccountsToDo:
    ours = service.current()
    return AccountsToDo(
        unsent=undelivered().count(),
        invited=User.objects.invited().count(),
        alone=User.objects.administrators().count() == 1,
        no_contact=not (ours.phone or ours.email),
    )
