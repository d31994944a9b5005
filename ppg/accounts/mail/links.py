"""Whose e-mails carry a link, and who makes it. The rooms that know add a `Link` in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ppg.hooks import Hook
from ppg.models import AccountMail, User

Kind = AccountMail.Kind
WITH_LINK = frozenset({Kind.INVITATION, Kind.PASSWORD_RESET})

# The whole address, "https://…", made in the moment of sending and inside the transaction that marks the row as being
# sent; or nothing where there is no link to be had any more: then the e-mail is dropped without a word.
Maker = Callable[[User, AccountMail, datetime], str]


@dataclass(frozen=True)
class Link:
    kind: str
    make: Maker


makers: Hook[Link] = Hook("The link in an e-mail about an account, made while it is sent.", key=lambda link: link.kind)
