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
from evaluation.actions.contents import (
    MOST_QUOTES,
    MOST_RECOMMENDATIONS,
    change_recommendation,
    choose_quote,
    leave_out_quote,
    move_quote,
    move_recommendation,
    quotes_chosen,
    recommend,
    remove_recommendation,
)
from evaluation.actions.planning import choose_plan
from evaluation.actions.reports import missing, publish, save_text, take_text, why_not_publish
from evaluation.actions.taking import take_data
from evaluation.actions.withdrawing import withdrawn
from evaluation.asking.reminding import answered

__all__ = [
    "MOST_CARDS",
    "MOST_QUOTES",
    "MOST_RECOMMENDATIONS",
    "answered",
    "card_with",
    "change_recommendation",
    "choose_plan",
    "choose_quote",
    "close_due_waves",
    "close_wave",
    "dates_moved",
    "leave_out_quote",
    "make_cards",
    "make_link",
    "missing",
    "move_quote",
    "move_recommendation",
    "open_wave",
    "publish",
    "quotes_chosen",
    "receive",
    "receive_by_card",
    "receive_sheets",
    "recommend",
    "remove_recommendation",
    "save_text",
    "send_links",
    "take_data",
    "take_text",
    "wave_for",
    "why_not_publish",
    "withdraw_card",
    "withdrawn",
]
