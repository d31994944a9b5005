"""What higher apps do when the dates of a group's sessions change.

Sessions know neither forms nor figures. An app whose rows hang on the dates registers in its `AppConfig.ready()`:

    moved.add(actions.dates_moved)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from programmes.models import Cohort

DatesMoved = Callable[[Cohort, datetime], None]

_listeners: list[DatesMoved] = []


def add(function: DatesMoved) -> None:
    _listeners.append(function)


def tell(cohort: Cohort, at: datetime) -> None:
    """Runs in the transaction of the change, with the cohort's row locked."""
    for function in _listeners:
        function(cohort, at)
