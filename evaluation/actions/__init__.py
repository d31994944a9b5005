"""What is done in evaluation: asking before and after, writing and publishing the report, and withdrawing from it.

Each one is atomic, in the audit trail, with keyword arguments. `at` is when it happened (now, where left out);
`by` is None where a caregiver did it by their link.
"""

from evaluation.actions.asking import (
    close_due_waves,
    close_wave,
    dates_moved,
    make_link,
    open_wave,
    receive,
    send_links,
)
from evaluation.actions.cards import (
    MOST_CARDS,
    card_with,
    make_cards,
    receive_by_card,
    receive_sheets,
    wave_for,
    withdraw_card,
)
from evaluation.actions.planning import choose_plan
from evaluation.actions.reports import SavedMeanwhile, missing, publish, save_text, stamp
from evaluation.actions.withdrawing import withdrawn
from evaluation.reminding import answered

__all__ = [
    "MOST_CARDS",
    "SavedMeanwhile",
    "answered",
    "card_with",
    "choose_plan",
    "close_due_waves",
    "close_wave",
    "dates_moved",
    "make_cards",
    "make_link",
    "missing",
    "open_wave",
    "publish",
    "receive",
    "receive_by_card",
    "receive_sheets",
    "save_text",
    "send_links",
    "stamp",
    "wave_for",
    "withdraw_card",
    "withdrawn",
]
