"""A time of day is written in one way."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from ppg.time_of_day import clock, day_and_clock


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (time(18, 30), "6:30pm"),
        (time(18), "6pm"),
        (time(9, 5), "9:05am"),
        (time(12), "midday"),
        (time(12, 30), "12:30pm"),
        (time(0), "midnight"),
        (time(0, 5), "12:05am"),
    ],
)
def test_a_time_is_written_as_gov_uk_writes_it(at, written):
    assert clock(at) == written


def test_a_moment_is_told_by_the_clock_on_the_wall():
    summer = datetime(2026, 7, 1, 17, 30, tzinfo=UTC)
    with timezone.override("Europe/London"):
        assert clock(summer) == "6:30pm"
        assert day_and_clock(summer) == "1 July 2026, 6:30pm"
        late = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
        assert day_and_clock(late, "l j F") == "Thursday 2 July, 12:30am", "it is tomorrow there"


def test_other_languages_have_a_clock_of_24_hours():
    with translation.override("pl"):
        assert clock(time(18, 30)) == "18:30"


def test_pages_write_it_by_a_filter_and_nothing_by_nothing():
    drawn = Template("{{ at|clock }}, {{ at|day_and_clock:'l j F' }};{{ none|clock }}{{ none|day_and_clock }}")
    at = datetime(2026, 12, 1, 18, 30, tzinfo=UTC)
    assert drawn.render(Context({"at": at, "none": None})) == "6:30pm, Tuesday 1 December, 6:30pm;"
