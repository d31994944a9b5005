"""What an administrator's home says of the accounts: what did not go out, and who waits."""

from __future__ import annotations

from dataclasses import dataclass

from ppg.accounts.mail import undelivered
from ppg.models import User


@dataclass(frozen=True)
class AccountsToDo:
    unsent: int  # e-mails about accounts that did not go out
    invited: int  # people who have not joined

    @property
    def anything(self) -> bool:
        return bool(self.unsent or self.invited)


def accounts_to_do() -> AccountsToDo:
    return AccountsToDo(
        unsent=undelivered().count(),
        invited=User.objects.invited().count(),
    )
