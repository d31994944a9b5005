"""Which groups somebody who is invited starts with. What a group is, is known further up: that app adds it here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from ppg.hooks import Hook
from ppg.models import User


@dataclass(frozen=True)
class Groups:
    """`choices()` lists the groups that run or will, as (code, name); `join(user, codes, by)` puts somebody into
    their teams with the job that their role names; `why_not(role, codes)` says why that role has no job there;
    `forget(user)` takes somebody who never came out of the teams they were put into."""

    choices: Callable[[], list[tuple[str, str]]]
    why_not: Callable[[str, list[str]], str]
    join: Callable[[User, Iterable[str], User], None]
    forget: Callable[[User], None]


sources: Hook[Groups] = Hook("Groups that somebody who is invited may start in.")


def choices() -> list[tuple[str, str]]:
    return [choice for groups in sources for choice in groups.choices()]


def why_not(role: str, codes: list[str]) -> str:
    return next(filter(None, (groups.why_not(role, codes) for groups in sources)), "")


def join(user: User, codes: Iterable[str], by: User) -> None:
    for groups in sources:
        groups.join(user, codes, by)


def forget(user: User) -> None:
    for groups in sources:
        groups.forget(user)
