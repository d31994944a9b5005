"""A megabyte of signs that nobody sees, or of accents, keeps no processor busy."""

from time import thread_time

import pytest
from django.core.exceptions import ValidationError

from ppg.forms.fields import TextField
from ppg.typed import clean

ACCENTS = "e" + "\u0301\u0323" * 100_000  # their order takes as long as their number by itself


def seconds(call):
    began = thread_time()
    call()
    return thread_time() - began


def test_cleaning_joiners_takes_as_long_as_there_are_joiners():
    assert seconds(lambda: clean("\u200d" * 30_000)) < 1


def test_joiners_are_judged_by_what_is_seen_beside_them():
    assert clean("क्\u200d\u200dष") == clean("क्\u200dष") == "क्\u200dष"
    assert clean("a\u200dक") == "aक"


@pytest.mark.parametrize("text", [ACCENTS, "\u200d" * 300_000])
def test_what_is_far_too_long_is_refused_at_once(text):
    field = TextField(label="Name", max_length=100)

    def refuse():
        with pytest.raises(ValidationError, match="100"):
            field.clean(text)

    assert seconds(refuse) < 1
