"""What is done in evaluation: asking before and after, writing and publishing the report, and withdrawing from it.

Each one is atomic, in the audit trail, with keyword arguments. `at` is when it happened (now, where left out);
`by` is None where a caregiver did it by their link.
"""

from evaluation.actions.asking import (
    choose_plan,
    close_due_waves,
    close_wave,
    dates_moved,
    make_link,
    open_wave,
    receive,
    send_links,
)
from evaluation.actions.cards import MOST_CARDS, make_cards, receive_by_card, receive_sheets, withdraw_card
from evaluation.actions.reports import (
    MOST_QUOTES,
    MOST_RECOMMENDATIONS,
    add_sentence,
    change_recommendation,
    choose_quote,
    leave_out_quote,
    move_quote,
    move_recommendation,
    publish,
    recommend,
    remove_recommendation,
    save_text,
    take_quotes_out,
    take_text,
)
from evaluation.actions.taking import take_data
from evaluation.actions.withdrawing import withdrawn

__all__ = [
    "MOST_CARDS",
    "MOST_QUOTES",
    "MOST_RECOMMENDATIONS",
    "add_sentence",
    "change_recommendation",
    "choose_plan",
    "choose_quote",
    "close_due_waves",
    "close_wave",
    "dates_moved",
    "leave_out_quote",
    "make_cards",
    "make_link",
    "move_quote",
    "move_recommendation",
    "open_wave",
    "publish",
    "receive",
    "receive_by_card",
    "receive_sheets",
    "recommend",
    "remove_recommendation",
    "save_text",
    "send_links",
    "take_data",
    "take_quotes_out",
    "take_text",
    "withdraw_card",
    "withdrawn",
]
