"""What is done in evaluation: asking before and after, writing and publishing the report, and withdrawing from it.

Each one is atomic, in the audit trail, with keyword arguments. `at` is when it happened (now, where left out);
`by` is None where a caregiver did it by their link.
"""

from evaluation.actions.asking import answered, close_wave, make_link, open_wave, receive, send_links
from evaluation.actions.reports import SavedMeanwhile, missing, publish, save_text, stamp
from evaluation.actions.withdrawing import withdrawn

__all__ = [
    "SavedMeanwhile",
    "answered",
    "close_wave",
    "make_link",
    "missing",
    "open_wave",
    "publish",
    "receive",
    "save_text",
    "send_links",
    "stamp",
    "withdrawn",
]
