"""What an e-mail tells that is worked out in the moment of sending. The rooms that know add a `Facts` in
`AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ppg.accounts.mail.letters import NOTHING
from ppg.hooks import Hook
from ppg.models import AccountMail, User

# Names for its text; `happened` in place of the row's own. None where there is nothing to tell any more: then the
# e-mail is dropped without a word.
Read = Callable[[User, AccountMail, datetime], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Facts:
    kind: str
    read: Read


readers: Hook[Facts] = Hook(
    "What an e-mail to staff tells, read while it is sent, or that there is nothing to tell.", key=lambda one: one.kind
)


def facts_of(user: User, mail: AccountMail, now: datetime) -> Mapping[str, Any] | None:
    return readers[mail.kind].read(user, mail, now) if mail.kind in readers else NOTHING
