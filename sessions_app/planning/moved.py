"""What higher apps do when the dates of a group's sessions change.

Sessions know neither forms nor figures. An app whose rows hang on the dates says so in its `AppConfig.ready()`:

    followers.add(actions.dates_moved)
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ppg.hooks import Hook
from programmes.models import Cohort

DatesMoved = Callable[[Cohort, datetime], None]

followers: Hook[DatesMoved] = Hook("What follows when the dates of a group’s sessions change.")


def tell(cohort: Cohort, at: datetime) -> None:
    """Runs in the transaction of the change, with the cohort's row locked."""
    for function in followers:
        function(cohort, at)
