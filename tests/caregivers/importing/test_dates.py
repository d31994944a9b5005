"""A day of a list is read as people and programs write it, and where it is not one the reason is said."""

from __future__ import annotations

from datetime import date

import pytest

from caregivers.importing import dates
from caregivers.importing.faults import Kind, Wrong

SECOND_OF_SEPTEMBER = [
    *("2/9/2026", "02/09/26", "2.9.26", "2-9-2026", "02-Sep-26", "2 Sept 2026", "2 Sept. ’26", "2nd September 2026"),
    *("2nd of September 2026", "the 2nd of Sept 2026", "Wed 2 Sept 2026", "Weds, 2 Sep 2026", "2/9/2026 (Wed)"),
    *("Wednesday, 2 September 2026", "Wednesday the 2nd of September, 2026", "Sep 2, 2026", "Sept 2nd 2026"),
    *("2026-09-02", "2026/9/2", "20260902", "02092026", "2026-09-02 00:00:00", "2026-09-02T09:30"),
    "2026-09-02 09:30:00.000",
    *("02/09/2026 09:30", "02/09/2026 00:00:00", "2/9/26, 9.30am", "2 Sept 2026 at 9:30 p.m.", "2 Sept 2026 3pm"),
    *("2026-09-02T09:30:00Z", "2026-09-02T09:30:00.000Z", "2026-09-02T09:30:00+01:00", "2/9/2026 09:30 BST"),
    *("Wed Sep 02 2026 09:30:00 GMT+0100 (British Summer Time)", "٢/٩/٢٠٢٦", "2–9–2026", "2\xa0Sept\xa02026"),
]


@pytest.mark.parametrize("text", SECOND_OF_SEPTEMBER)
def test_a_day_is_read_as_people_write_it(text):
    assert dates.day(text) == date(2026, 9, 2)


def test_every_month_is_known_by_its_first_letters():
    names = ["jan", "feb", "mar", "apr", "may", "june", "july", "aug", "sept", "oct", "nov", "dec"]
    assert [dates.day(f"5 {name} 2026").month for name in names] == list(range(1, 13))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-09-01T23:30:00Z", 2),  # half past midnight here, in summer
        ("2026-09-02T00:30:00+05:30", 1),
        ("2026-09-01 20:00 -05:00", 2),
        ("1 Sept 2026 11:30 pm GMT", 2),
        ("1/9/2026 23:30 BST", 1),
        ("1/9/2026 23:30", 1),  # no zone is said: ours
    ],
)
def test_a_moment_of_another_zone_is_on_a_day_of_here(text, day):
    assert dates.day(text) == date(2026, 9, day)


def test_in_winter_it_is_the_day_of_universal_time():
    assert dates.day("2026-12-01T23:30:00Z") == date(2026, 12, 1)


@pytest.mark.parametrize(
    ("text", "kind", "said"),
    [
        ("46328", Kind.NUMBER, "Format the column as a date"),
        ("46328.5", Kind.NUMBER, "Format the column as a date"),
        ("2 Sept", Kind.DATE, "has no year"),
        ("2/9", Kind.DATE, "has no year"),
        ("Sept 2nd", Kind.DATE, "has no year"),
        ("Wed 2 Sept", Kind.DATE, "has no year"),
        ("September 2026", Kind.DATE, "has no day"),
        ("Sept ’26", Kind.DATE, "has no day"),
        ("9/2026", Kind.DATE, "has no day"),
        ("2026", Kind.DATE, "has no day"),
        ("9/30/2026", Kind.DATE, "has the month first"),
        ("Tues 2 Sept 2026", Kind.DATE, "another day of the week"),
        ("31/2/2026", Kind.DATE, "is not a date"),
        ("2/13/1999", Kind.DATE, "has the month first"),
        ("2 Sept 1999", Kind.DATE, "is not a date of this century"),
        ("99/99/2026", Kind.DATE, "is not a date"),
        ("2 Smarch 2026", Kind.DATE, "is not a date"),
        ("Smarch 2026", Kind.DATE, "is not a date"),
        ("last week", Kind.DATE, "is not a date"),
        ("20261399", Kind.DATE, "is not a date"),
    ],
)
def test_what_is_no_day_is_told_apart(text, kind, said):
    with pytest.raises(Wrong) as wrong:
        dates.day(text)
    assert wrong.value.kind is kind and said in wrong.value.what and f"“{text}”" in wrong.value.what
