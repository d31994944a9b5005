"""A refusal is a sentence: the same one beside the disabled button and on the page that refuses."""

from __future__ import annotations


class Refused(Exception):
    """What was asked cannot be done now. `str()` is a sentence for the person who asked."""

    status = 409
