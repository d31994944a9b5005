"""Who sent which sheet? Eight people answer in a known order at known times, and somebody who holds nearly everything
tries to read that order out of it.

    .venv/bin/python -m tests.secrecy.attack                     200 trials on SQLite and on PostgreSQL (an hour or so)
    .venv/bin/python -m tests.secrecy.attack 20 sqlite           20, on one

What is held, the installation's keys apart: the database's files with the journal after every answer (or a dump with
`xmin` and `ctid`, and the raw pages with what is left of deleted rows), the log, the audit trail, the jobs, a nightly
backup in the middle and one at the end, and every page about the group that a facilitator can open, after every
answer. What is declared: the mean |Kendall tau| of the best of all ways to put the people in order, and the largest
mean tau. Noise is what the best way reaches where the true orders are shuffled, the most of 300 times. With one
protection switched off the same program must find the order. Ends with 1 where it is otherwise.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest import mock

from tests.machines import ROOT, database

FOUND = 0.9  # mean |tau| of the best way, where a protection is off


def orders_of(trial: Callable[[Random], Any], ways: dict[str, Any], trials: int, chance: Random) -> tuple[Any, Any]:
    """(way → the orders it gave, what was held)."""
    from tests.secrecy.attack_orders import order

    orders: dict[str, list[list[int]]] = {way: [] for way in ways}
    kept = []
    for _ in range(trials):
        held = trial(chance)
        for way, score in ways.items():
            orders[way].append(order(score(held), chance))
        kept.append((held.seats, held.pages_told))
    return orders, kept


@contextmanager
def switched_off(protection: str) -> Iterator[None]:
    """The product with one of its protections taken out."""
    from cryptography.fernet import Fernet

    from feedback import sealing
    from feedback.answering import actions as answering
    from feedback.asking.actions import write_submissions
    from feedback.models import Form, SealedAnswer

    def loose(form: Form, payload: Any) -> SealedAnswer:
        return SealedAnswer(form=form, envelope=Fernet(form.key).encrypt(json.dumps(payload).encode()).decode())

    def at_once(*, form: Form, answers: Any, nonce: str, from_here: int) -> bool:
        write_submissions(form, [{"way": "online", "answers": answers}])
        Form.objects.filter(pk=form.pk).update(opened_with=form)
        return True

    patches: dict[str, Any] = {
        "shuffling": mock.patch.object(sealing, "shuffle", return_value=None),
        "padding": mock.patch.object(sealing, "seal", loose),
        "sealing": mock.patch.object(answering, "receive", at_once),
    }
    with patches[protection]:
        yield


def tell(name: str, verdict: Any, all_ways: bool = True) -> None:
    likeness, way = verdict.best
    leaning, other = verdict.most_leaning
    print(f"  {name}: best mean |tau| {likeness:.3f} ({way}), by chance up to {verdict.noise:.3f}")
    print(f"    largest mean tau {leaning:.3f} ({other}), by chance up to {verdict.noise_leaning:.3f}", flush=True)
    if all_ways:
        for attempt in sorted(verdict.likeness, key=lambda attempt: -verdict.likeness[attempt]):
            print(f"      {verdict.likeness[attempt]:.3f} {verdict.leaning[attempt]:+.3f}  {attempt}")


def attack(trials: int, kind: str, seed: int) -> bool:
    with database(kind):
        set_up()
        from tests.secrecy.attack_orders import EIGHT, FEEDBACK, MEASURE, judge
        from tests.secrecy.attack_trial import feedback_trial, measure_trial

        chance, began, good = Random(seed), time.time(), True
        in_time = [list(EIGHT)] * trials
        print(f"{kind}, {trials} trials, seed {seed}", flush=True)
        orders, kept = orders_of(feedback_trial, FEEDBACK, trials, chance)
        verdict = judge(orders, in_time, chance)
        tell("feedback, order of sending", verdict)
        told = sum(pages for _seats, pages in kept)
        print(f"    pages that changed while a form was open: {told}")
        good &= verdict.within_noise and told == 0
        orders, kept = orders_of(measure_trial, MEASURE, trials, chance)
        verdict = judge(orders, in_time, chance)
        tell("measure by links, order of sending", verdict)
        good &= verdict.within_noise
        seats = [sorted(EIGHT, key=lambda who, seats=seats: seats[who]) for seats, _pages in kept]
        verdict = judge(orders, seats, chance)
        tell("measure by links, order of places", verdict, all_ways=False)
        good &= verdict.within_noise
        for protection in ("shuffling", "padding", "sealing"):
            with switched_off(protection):
                few = max(trials // 10, 3)
                orders, _kept = orders_of(feedback_trial, FEEDBACK, few, chance)
            verdict = judge(orders, [list(EIGHT)] * few, chance, times=20)
            tell(f"without {protection} ({few} trials)", verdict, all_ways=False)
            print("    found by:", ", ".join(way for way, value in verdict.likeness.items() if value >= FOUND))
            good &= verdict.best[0] >= FOUND
        print(f"  {time.time() - began:.0f} s; {'good' if good else 'FAILED'}", flush=True)
        return good


def set_up() -> None:
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)


if __name__ == "__main__":
    trials = sys.argv[1] if len(sys.argv) > 1 else "200"
    if len(sys.argv) > 2:
        sys.exit(0 if attack(int(trials), sys.argv[2], seed=int(sys.argv[3]) if len(sys.argv) > 3 else 5) else 1)
    # Django is set up once in a process: each database gets one of its own.
    again = [sys.executable, "-m", "tests.secrecy.attack", trials]
    kinds = [subprocess.run([*again, kind], cwd=ROOT, check=False) for kind in ("sqlite", "postgresql")]
    sys.exit(max(done.returncode for done in kinds))
