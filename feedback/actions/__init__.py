"""What happens to forms and answers."""

from feedback.actions.closing import LEAST_FLOOR, close_due_forms, close_form, least, open_form_box, write_submissions
from feedback.actions.opening import (
    FINAL_LASTS,
    OPEN_AFTER_LAST,
    dates_moved,
    open_final_form,
    open_form,
    why_not_final,
)
from feedback.actions.receiving import MOST_ANSWERS, Closed, receive

__all__ = [
    "FINAL_LASTS",
    "LEAST_FLOOR",
    "MOST_ANSWERS",
    "OPEN_AFTER_LAST",
    "Closed",
    "close_due_forms",
    "close_form",
    "dates_moved",
    "least",
    "open_final_form",
    "open_form",
    "open_form_box",
    "receive",
    "why_not_final",
    "write_submissions",
]
