"""What somebody who leaves, or changes role, has open: shown, and handed over in one go.

The foundation knows neither groups nor drafts. An app that holds something somebody must go on with adds a `Kind` in
its `AppConfig.ready()`, one that opens something to a person an `Access`, and one that knows something to think of a
sentence:

    leaving.kinds.add(leaving.Kind("teams", holdings, hand_over))
    leaving.accesses.add(leaving.Access(words, end))
    leaving.remarks.add(no_safeguarding_lead)

What is handed over, what ends and what stays: docs/decisions/leaving.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from ppg.access.permissions import GRANTS, Permission, Role
from ppg.access.refusals import Refused
from ppg.hooks import Hook
from ppg.models import User


@dataclass(frozen=True)
class Leaver:
    """Who leaves, or who gets `role` instead of the one they have."""

    user: User
    role: str | None = None

    def keeps(self, permission: Permission) -> bool:
        """Whether they may still do it afterwards."""
        return self.role is not None and permission in GRANTS[self.role]


@dataclass(frozen=True)
class Holding:
    """One thing that somebody has open, in words that name no caregiver: administrators read them.

    `key` stays the same while the thing is theirs, so that a page and the press that follows mean the same thing.
    Where it is not `needed` that somebody takes it, it may be left to nobody.
    """

    key: str
    what: str
    takers: tuple[User, ...]
    needed: bool = True
    open: tuple[str, ...] = ()  # "2 calls and follow-ups"
    remarks: tuple[str, ...] = ()
    record: Any = None  # for whoever made it


@dataclass(frozen=True)
class Kind:
    """`holdings(leaver, staff)`: what is open, at the same number of queries however much it is; `staff` are those who
    may sign in. `hand_over(leaver, holding, to, by)`: in the transaction that hands everything over."""

    name: str
    holdings: Callable[[Leaver, Sequence[User]], Iterable[Holding]]
    hand_over: Callable[[Leaver, Holding, User | None, User], None]


@dataclass(frozen=True)
class Access:
    """Something that is open to the person and ends with their sign-in or with their role. `words(leaver)` says what
    ends; `end(leaver, by)` ends it."""

    words: Callable[[Leaver], Iterable[str]]
    end: Callable[[Leaver, User], None]


Remark = Callable[[Leaver], str]

kinds: Hook[Kind] = Hook("What somebody who leaves has open, and how it is handed over.", key=lambda kind: kind.name)
accesses: Hook[Access] = Hook("What is open to somebody and ends with their sign-in or their role.")
remarks: Hook[Remark] = Hook("What should be thought of when somebody leaves the service, as a sentence.")


# --- Reading ---------------------------------------------------------------------------------------------


def holdings(user: User, role: str | None = None) -> list[Holding]:
    """Everything they have open. With `role`, only what does not go with that role."""
    return [holding for _kind, holding in _held(Leaver(user, role))]


def why_not(user: User, role: str | None = None) -> list[str]:
    """What still stands in the way of their leaving, or of the new role, in sentences."""
    return [why_not_to(holding, None) for holding in holdings(user, role) if holding.needed]


def why_not_to(holding: Holding, to: User | None) -> str:
    """Why it cannot go to this person, or to nobody; or nothing."""
    words = {"what": holding.what, "name": to.name if to else ""}
    if to in holding.takers or (to is None and not holding.needed):
        return ""
    if to is None and not holding.takers:
        return _("Nobody who signs in may go on with “%(what)s”. Add somebody whose role fits first.") % words
    if to is None:
        return _("Choose who goes on with “%(what)s”.") % words
    if not to.is_active:
        return _("%(name)s may not sign in any more. Choose somebody else for “%(what)s”.") % words
    return _("%(name)s cannot go on with “%(what)s”. Choose somebody else.") % words


def ending(user: User, role: str | None = None) -> list[str]:
    """What ends with their sign-in, or with the role they have now, in sentences."""
    return [words for access in accesses for words in access.words(Leaver(user, role))]


def to_think_of(user: User, role: str | None = None) -> list[str]:
    """What is not in the way, and should be known."""
    return [words for remark in remarks if (words := remark(Leaver(user, role)))]


def _held(leaver: Leaver) -> list[tuple[Kind, Holding]]:
    staff = list(User.objects.filter(is_active=True).exclude(pk=leaver.user.pk).order_by("name", "pk"))
    return [(kind, holding) for kind in kinds for holding in kind.holdings(leaver, staff)]


# --- Doing -----------------------------------------------------------------------------------------------


@transaction.atomic
def hand_over(
    *, user: User, choices: Mapping[str, User], by: User, role: str | None = None
) -> list[tuple[Holding, User | None]]:
    """Everything they have open goes to whom `choices` names by the holding's key; all of it or nothing. Says what
    went to whom: nothing, where somebody else was quicker.

    Call it in the transaction that blocks them or changes their role: it holds their row, so that nobody hands over to
    somebody who is being blocked.
    """
    people = hold([user, *choices.values()])
    leaver = Leaver(people[user.pk], role)
    chosen = {key: people[to.pk] for key, to in choices.items()}
    open_now = _held(leaver)
    if refusals := [why for _kind, one in open_now if (why := why_not_to(one, chosen.get(one.key)))]:
        raise Refused(" ".join(refusals))
    for kind, holding in open_now:
        kind.hand_over(leaver, holding, chosen.get(holding.key), by)
    if _held(leaver):
        raise Refused(_("Something has come to %(name)s meanwhile. Look again, then press again.") % {"name": user})
    return [(holding, chosen.get(holding.key)) for _kind, holding in open_now]


@transaction.atomic
def end_access(*, user: User, by: User, role: str | None = None) -> None:
    """What `ending` names ends. Sent twice, nothing more happens."""
    leaver = Leaver(hold([user])[user.pk], role)
    for access in accesses:
        access.end(leaver, by)


def hold_accounts(*users: User, by: User | None = None) -> dict[int, User]:
    """These people as they are now, and every administrator: so one account is changed after the other. Two
    administrators who block each other at once would leave none, and two invitations of one address two accounts.
    `by` must still be an administrator by then."""
    people = hold([*users, *([by] if by else []), *User.objects.filter(role=Role.ADMINISTRATOR)])
    if by and not (people[by.pk].can_sign_in and people[by.pk].role == Role.ADMINISTRATOR):
        raise Refused(_("You are not an administrator any more."))
    return people


def hold_at_work(by: User) -> None:
    """First in a transaction after which something is theirs: a draft, a group, the address of a calendar. So nothing
    comes to somebody in the moment in which they are blocked, or get a role that it does not go with."""
    now = hold([by])[by.pk]
    if not now.is_active or now.role != by.role:
        raise Refused(_("Your account was changed meanwhile. Nothing was saved."))


def hold(users: Iterable[User]) -> dict[int, User]:
    """These people as they are now, by number, until the transaction ends. Everybody holds people in the same order,
    before anything else, so that two who hand over at once wait and do not block each other for ever."""
    rows = User.objects.select_for_update(no_key=True).filter(pk__in={user.pk for user in users})
    return {user.pk: user for user in rows.order_by("pk")}
