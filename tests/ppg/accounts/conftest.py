"""The clock of a code stands still in these tests: none begins in one step of 30 seconds and ends in the next."""

from __future__ import annotations

import time

import pytest


class Clock:
    """`clock.forward(30)`: the next code."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def forward(self, seconds: float) -> None:
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """What `time.time()` says. Dates and times of rows are the real ones."""
    clock = Clock()
    monkeypatch.setattr(time, "time", clock)
    return clock


@pytest.fixture
def strict(settings):
    """As in production: a second factor is required."""
    settings.SECOND_FACTOR_REQUIRED = True
