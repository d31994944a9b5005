"""Many at the same moment, each on a connection of its own; and the same without what makes one wait for the other.

A race has two tests: it goes well, and without the lock it goes wrong. The second shows that the first can fail. It
needs PostgreSQL: SQLite lets one transaction write at a time, so there no lock makes a difference.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial, wraps
from itertools import count
from threading import Barrier, BrokenBarrierError, Event, Thread
from typing import Any

import pytest
from django.db import connection, connections
from django.db.models import Model, QuerySet

from ppg.access.refusals import Refused

THREADS = 20
LONG = 60  # seconds: whoever waits so long waits for ever
PATIENCE = 0.3  # seconds after which it is clear that a lock keeps the others away

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite's one writer hides what this shows (DATABASE_URL)"
)


def at_once(*calls: Callable[[], Any], faults: bool = False) -> list[Any]:
    """What each call returned, or the refusal it got, in the order of the calls. What else goes wrong is raised; with
    `faults`, where it is expected, it stands among the results."""
    start, results = Barrier(len(calls)), [None] * len(calls)

    def run(number: int, call: Callable[[], Any]) -> None:
        try:
            start.wait(timeout=LONG)
            results[number] = call()
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=LONG)
    assert not any(thread.is_alive() for thread in threads), "They wait for each other."
    broken = [one for one in results if isinstance(one, Exception) and not isinstance(one, Refused)]
    if broken and not faults:
        raise broken[0]
    return results


def numbered(number: int, do: Callable[[int], Any]) -> list[Callable[[], Any]]:
    """The calls `do(0)`, `do(1)` and so on."""
    return [partial(do, index) for index in range(number)]


def refusals(results: Iterable[Any]) -> list[Refused]:
    return [one for one in results if isinstance(one, Refused)]


def meet_after(monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, number: int = THREADS) -> None:
    """Makes the gap that a race falls into wide enough to be met each time: who comes out of `owner.name` waits
    until so many have come, or until it is clear that a lock keeps the others away."""
    through, met = getattr(owner, name), Event()
    gate = Barrier(number, action=met.set)

    @wraps(through)
    def together(*args: Any, **kwargs: Any) -> Any:
        found = through(*args, **kwargs)
        if not met.is_set():  # once is enough
            with suppress(BrokenBarrierError):
                gate.wait(timeout=PATIENCE)
        return found

    monkeypatch.setattr(owner, name, together)


def without_locks(monkeypatch: pytest.MonkeyPatch, *models: type[Model]) -> None:
    """Rows of these models are read without being held. Nothing keeps anybody away then, so they are waited for."""
    held = QuerySet.select_for_update

    def read(rows: QuerySet, *args: Any, **kwargs: Any) -> QuerySet:
        return rows.all() if rows.model in models else held(rows, *args, **kwargs)

    monkeypatch.setattr(QuerySet, "select_for_update", read)
    monkeypatch.setattr(sys.modules[__name__], "PATIENCE", LONG / 4)


class Gap:
    """Who first comes out of `owner.name` stays there, with what they have read, while others go on: until those are
    through, or until it is clear that a lock keeps them away."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, patience: float = 0) -> None:
        self.begun, self.over, self.through = Event(), Event(), getattr(owner, name)

        @wraps(self.through)
        def stay(*args: Any, **kwargs: Any) -> Any:
            found = self.through(*args, **kwargs)
            self.begun.set()
            self.over.wait(patience or PATIENCE)
            self.over.set()
            return found

        monkeypatch.setattr(owner, name, stay)

    def meanwhile(self, *calls: Callable[[], Any]) -> list[Callable[[], Any]]:
        """These begin while somebody stays in the gap; when all of them are through it is over."""
        ended = count(1)

        def later(call: Callable[[], Any]) -> Any:
            assert self.begun.wait(LONG), "Nobody came to the gap."
            try:
                return call()
            finally:
                connections.close_all()
                if next(ended) == len(calls):
                    self.over.set()

        return [partial(later, call) for call in calls]
