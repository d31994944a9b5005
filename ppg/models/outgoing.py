"""The states of a message on its way, for models; what is done about them is in `ppg.sending.outbox`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

WAITING, SENDING, SENT, FAILED, UNKNOWN = "waiting", "sending", "sent", "failed", "unknown"
# What a row may turn into; an app whose rows know more states has its own table.
NEXT: Mapping[str, set[str]] = {
    WAITING: {SENDING, WAITING, SENT, FAILED},
    SENDING: {SENT, WAITING, FAILED, UNKNOWN},
    UNKNOWN: {WAITING, SENT, FAILED},  # sent again, or known after all
    FAILED: {WAITING},
}
LOST_AFTER = timedelta(minutes=10)  # "being sent" for longer than any server takes: the worker died


def before(state: str) -> list[str]:
    """The states that may turn into this one: what an update in one statement asks for."""
    return [one for one, following in NEXT.items() if state in following]
