"""What happens to forms and answers."""

from feedback.actions.asking import (
    FINAL_LASTS,
    OPEN_AFTER_LAST,
    close_form,
    dates_moved,
    open_final_form,
    open_form,
    open_form_box,
    write_submissions,
)
from feedback.actions.receiving import MOST_ANSWERS, Closed, receive
from feedback.asking_jobs import close_due_forms
from feedback.asking_queries import why_not_final
from feedback.threshold import LEAST_FLOOR, least

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
