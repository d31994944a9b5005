"""What happens to forms and answers."""

from feedback.actions.closing import LEAST_FLOOR, close_due_forms, close_form, least, open_form_box, write_submissions
from feedback.actions.opening import OPEN_AFTER_LAST, dates_moved, open_form
from feedback.actions.receiving import MOST_ANSWERS, Closed, receive

__all__ = [
    "LEAST_FLOOR",
    "MOST_ANSWERS",
    "OPEN_AFTER_LAST",
    "Closed",
    "close_due_forms",
    "close_form",
    "dates_moved",
    "least",
    "open_form",
    "open_form_box",
    "receive",
    "write_submissions",
]
