"""Ten thousand odd bodies at every form and address, as every role and as a stranger.

    script/bench fuzz                           10,000 with seed 1, on SQLite
    script/bench fuzz 10000 1 postgresql        on a PostgreSQL of its own
    script/bench fuzz 10000 1 sqlite 4711       the body 4711 of that run alone, as long as the pages are the same

The demo's database with a record of each kind; the forms are read off the pages and filled in, then one to three things
are made odd (tests/fuzzing/bodies.py). What a body wrote is undone. Wrong is: an error; a form that comes back without
a sentence; being led on without anything taken or said; a field of no form that changes what is stored; a look that
writes; a page with what was typed unescaped. Ends with 1 where something is wrong.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from collections import defaultdict
from contextlib import redirect_stdout
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from tests import machines

AT = 1_795_000_000  # a moment in November 2026, so that the demo's dates are the same in each run
OF_A_FORM = 6  # as many people or records it is kept of
QUERIES = 0.12  # of what is sent


def main() -> int:
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdecimal()]
    kind = next((argument for argument in sys.argv[1:] if not argument.isdecimal()), "sqlite")
    most, seed, only = (*numbers, *(10_000, 1, 0)[len(numbers) :])[:3]
    with machines.database(kind):
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
        import django

        django.setup()
        from tests.fuzzing.runs import chance, standing_still

        with standing_still(AT), Path(os.devnull).open("w") as nowhere:
            for handler in logging.root.handlers:  # lines are written all the same, as that may fail too
                handler.setStream(nowhere)  # type: ignore[attr-defined]
            with chance("the demo"), redirect_stdout(nowhere):
                fuzz, addresses = begin(seed)
            return go(fuzz, addresses, most, only)


def begin(seed: int) -> tuple[Any, list[tuple[str, str, str]]]:
    """Everybody's browser, and (who, the address's name, the address)."""
    from django.core.management import call_command

    from bench import same_pages
    from ppg.models import User
    from tests.fuzzing.runs import Fuzz, browser

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("demo")
    same_pages.MANY = 2
    addresses = same_pages.addresses()
    browsers = {who: browser(User.objects.get(email=who) if who else None) for who, _name, _url in addresses}
    return Fuzz(browsers, seed), addresses


def go(fuzz: Any, addresses: list[tuple[str, str, str]], most: int, only: int) -> int:
    from tests.fuzzing.runs import Run

    began = time.perf_counter()
    forms, names = harvest(fuzz, addresses)
    print(
        f"{len(addresses)} pages, {sum(map(len, forms.values()))} forms at {len(forms)} addresses,"
        f" read in {time.perf_counter() - began:.0f} s",
        flush=True,
    )
    run, shown, began = Run(), list[Any](), time.perf_counter()
    turns = zip(*(cycle(forms[name]) for name in sorted(forms)), strict=False)
    at_forms = cycle(target for turn in islice(turns, OF_A_FORM) for target in turn)
    at_pages = cycle(Random(fuzz.seed).sample(addresses, len(addresses)))
    dice = Random(f"{fuzz.seed} order")
    for number in range(1, most + 1):
        if dice.random() < QUERIES:
            who, name, url = next(at_pages)
            if only in (0, number):
                fuzz.query(number, who, name, url, names, run)
        else:
            target = next(at_forms)
            if only in (0, number):
                fuzz.send(number, target, run)
        for fault in run.faults[len(shown) :]:
            shown.append(fault)
            print(fault, flush=True)
        if number % 1_000 == 0:
            print(f"{number:,} sent, {len(run.faults)} wrong, {time.perf_counter() - began:.0f} s", flush=True)
    return tell(run)


def harvest(fuzz: Any, addresses: list[tuple[str, str, str]]) -> tuple[dict[str, list[Any]], list[str]]:
    """Name of an address → the forms that go there, of a few people each; and the names that pages read of a query.

    Addresses that no page has a form for are sent what their views ask for."""
    from tests.fuzzing.pages import SentForm
    from tests.fuzzing.runs import Target, names_read

    forms: dict[str, list[Any]] = defaultdict(list)
    seen: set[Any] = set()
    asked: set[str] = set()
    for who, _name, url in addresses:
        with names_read() as names:
            found = fuzz.targets(who, url)
        asked |= names
        for target in found:
            shape = (target.name, who, tuple(sorted(target.form.controls)))
            if shape not in seen and len(forms[target.name]) < OF_A_FORM:
                seen.add(shape)
                forms[target.name].append(target)
    for who, name, url in addresses:
        if len(forms[name]) < 2 and ("to itself", name, who) not in seen:
            seen.add(("to itself", name, who))
            forms[name].append(Target(who, name, SentForm(url)))
    takes = {
        name: [target for target in targets if fuzz.asked_for(target, Random(target.form.url)) != 405]
        for name, targets in forms.items()
    }
    return {name: targets for name, targets in takes.items() if targets}, sorted(asked)


def tell(run: Any) -> int:
    print(f"At {len(run.names)} addresses. " + ", ".join(f"{what} {n:,}" for what, n in sorted(run.came.items())))
    kinds: dict[tuple[str, str, str], list[Any]] = defaultdict(list)
    for fault in run.faults:
        about = ("", fault.what) if fault.kind == "error" else (fault.name, "")
        kinds[fault.kind, *about].append(fault)
    for (kind, name, what), faults in sorted(kinds.items()):
        print(f"\n{len(faults)} times {kind} {name} {what}")
        print("  " + ", ".join(str(fault.number) for fault in faults[:20]))
    print(f"{len(run.faults)} wrong, of {len(kinds)} kinds.")
    return int(bool(run.faults))


if __name__ == "__main__":
    sys.exit(main())
