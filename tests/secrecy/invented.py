"""Is one parent's answer left among answers that were made up? Somebody who runs the group tries, and reads results.

    .venv/bin/python -m tests.secrecy.invented 200 sqlite       200 groups by slips, one guard off each, and weak ways
    .venv/bin/python -m tests.secrecy.invented 50 postgresql 7 slips    50 others, by slips alone (or: guards, weak)

What the attacker does stands in invented_group.py, all of it as page visits. A group counts as found out if one answer
is left when their own sheets are taken away from what a page shows, or if a page shows the first parent's words with
fewer than the least number of parents. Beside that they guess that parent's score: by chance a guess is right as often
as it is when the true answers are shuffled among those that were opened together; where fewer than the least number
are left, as often as one that was drawn from nothing. Ends with 1 if a group was found out the way that the product
suggests, if the guess was better than chance, or if the attack with the whole guard off does not find out every one.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from math import sqrt
from random import Random
from typing import Any
from unittest import mock

from tests.machines import database
from tests.secrecy.attack import set_up

BEYOND = 3  # standard deviations over chance are more than luck


@dataclass(frozen=True)
class Verdict:
    groups: int
    opened: int  # groups whose first parent's answer was opened
    alone: int  # and was left alone, or told
    right: int  # guesses
    chance: float  # of them, by chance
    spread: float  # standard deviation of that
    pages: int
    played: dict[str, int]

    @property
    def within_chance(self) -> bool:
        return self.right <= self.chance + BEYOND * self.spread


def judge(outcomes: Iterable[Any], least: int) -> Verdict:
    outcomes = list(outcomes)
    return Verdict(
        groups=len(outcomes),
        opened=sum(one.real > 0 for one in outcomes),
        alone=sum(one.alone or (len(one.leaks) > 0 and one.real < least) for one in outcomes),
        right=sum(one.guess == one.truth for one in outcomes),
        chance=sum(one.chance for one in outcomes),
        spread=sqrt(sum(one.chance * (1 - one.chance) for one in outcomes)),
        pages=sum(one.pages for one in outcomes),
        played=dict(sum((one.played for one in outcomes), Counter())),
    )


def guards() -> dict[str, Callable[[], Iterable[Any]]]:
    """Each guard by its name, taken out: patches to enter."""
    from feedback.answering import actions as answering
    from feedback.asking import actions as asking
    from feedback.slips import adding_up, forms

    def all_that_came(boxes: Any, key: int, least: int) -> list[int]:
        keys = [box.key for box in boxes]
        return keys if sum(box.sheets for box in boxes) >= least else []

    def without_counting(box_of: Any) -> Callable[[Any], Any]:
        def boxed(form: Any) -> Any:
            return replace(box_of(form), counted=True, adds_up=True)

        return boxed

    every_sheet = property(lambda box: box.sheets if box.adds_up or not box.by_slips else 0)
    return {
        "the whole guard": lambda: [
            mock.patch.object(asking, "by_link", return_value=True),
            mock.patch.object(asking, "opened_together", all_that_came),
            mock.patch.object(asking, "why_not_close", return_value=""),
        ],
        "slips": lambda: [
            mock.patch.object(answering, "is_on", return_value=True),
            mock.patch.object(forms, "is_on", return_value=True),
        ],
        "counting out": lambda: [mock.patch.object(asking, "box_of", without_counting(asking.box_of))],
        "closing by two": lambda: [mock.patch.object(asking, "why_not_close", return_value="")],
        "sheets without a slip": lambda: [mock.patch.object(adding_up.Box, "counts", every_sheet)],
        "adding up": lambda: [mock.patch.object(adding_up.Slips, "add_up", return_value=True)],
    }


@contextmanager
def switched_off(guard: str) -> Iterator[None]:
    with ExitStack() as stack:
        for patch in guards()[guard]():
            stack.enter_context(patch)
        yield


def play(plans: list[Any], chance: Random) -> Verdict:
    from feedback.results.least_answers import least
    from tests.secrecy.invented_group import Group

    return judge([Group(chance, plan, least()).play() for plan in plans], least())


def tell(name: str, verdict: Verdict) -> None:
    print(
        f"  {name}: {verdict.alone} of {verdict.groups} found out, {verdict.opened} opened; guesses right "
        f"{verdict.right}, by chance {verdict.chance:.1f} ± {verdict.spread:.1f}; {verdict.pages} pages",
        flush=True,
    )
    if verdict.played:
        print(f"    took effect: {', '.join(f'{move} {n}' for move, n in sorted(verdict.played.items()))}", flush=True)


# What is left, each measured: what the record and the form say of it.
WEAK: dict[str, dict[str, Any]] = {
    "slips left lying": {"takes": 0, "lying": True},
    "who printed copies the codes for the attacker": {"takes": 0, "copied": True},
    "two count wrong together": {"takes": 4, "ally": True},
    "the others on paper, typed in by the attacker": {"takes": 0, "paper": True, "others": 7},
    "by the open link, nobody else answers": {"link": True},
    "by the open link": {"link": True, "others": 7},
}


def attack(groups: int, kind: str, seed: int, parts: str) -> bool:
    with database(kind):
        set_up()
        from tests.secrecy.invented_group import Plan

        chance, began, good = Random(seed), time.time(), True
        print(f"{kind}, {groups} groups, seed {seed}", flush=True)
        if "slips" in parts:
            verdict = play([Plan(looks=number % 20 == 0) for number in range(groups)], chance)
            tell("by slips", verdict)
            good &= verdict.alone == 0 and verdict.within_chance
        for guard in guards() if "guards" in parts else []:
            takes = 4 if guard in ("counting out", "adding up") else 0
            with switched_off(guard):
                whole = guard == "the whole guard"
                verdict = play([Plan(takes=takes, others=0, link=whole, brief=True)] * groups, chance)
            tell(f"without {guard}", verdict)
            good &= not whole or verdict.alone == groups
        for name, moves in WEAK.items() if "weak" in parts else []:
            tell(name, play([Plan(**{"others": 0, "brief": True} | moves)] * groups, chance))
        print(f"  {time.time() - began:.0f} s; {'good' if good else 'FAILED'}", flush=True)
        return good


if __name__ == "__main__":
    groups, kind, seed, parts = [*sys.argv[1:], *["200", "sqlite", "5", "slips guards weak"][len(sys.argv) - 1 :]]
    sys.exit(0 if attack(int(groups), kind, int(seed), parts) else 1)
