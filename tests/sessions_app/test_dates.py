from datetime import UTC, date, datetime, time

import pytest

from sessions_app.dates import bank_holidays, local_start, plan, weekly


def test_days_are_a_week_apart_and_leave_out_what_is_skipped():
    assert weekly(date(2027, 1, 12), 3) == [date(2027, 1, 12), date(2027, 1, 19), date(2027, 1, 26)]
    assert weekly(date(2027, 1, 12), 2, [date(2027, 1, 12), date(2027, 1, 26)]) == [date(2027, 1, 19), date(2027, 2, 2)]


def test_bank_holidays_on_the_groups_weekday_are_suggested():
    """Mondays in spring 2027: Easter Monday, early May and spring bank holiday; the third falls in the added weeks."""
    weeks = plan(date(2027, 3, 22), 6)
    assert weeks.skip == [date(2027, 3, 29), date(2027, 5, 3)]
    assert weeks.days[-1] == date(2027, 5, 10)
    assert bank_holidays(weeks.all) == {date(2027, 3, 29): "Easter Monday", date(2027, 5, 3): "May Day"}


def test_a_holiday_in_the_weeks_added_for_others_is_found_too():
    weeks = plan(date(2027, 4, 26), 5)  # without skipping it would end on 24 May; 3 May pushes it to the 31st
    assert weeks.skip == [date(2027, 5, 3), date(2027, 5, 31)]
    assert weeks.days == [date(2027, 4, 26), date(2027, 5, 10), date(2027, 5, 17), date(2027, 5, 24), date(2027, 6, 7)]


def test_a_tuesday_group_has_nothing_to_skip():
    assert plan(date(2027, 3, 23), 6).skip == []


def test_what_the_person_chose_counts_and_a_holiday_kept_is_still_flagged():
    weeks = plan(date(2027, 3, 22), 6, ["2027-04-05"])
    assert weeks.skip == [date(2027, 4, 5)]
    assert date(2027, 3, 29) in weeks.days
    assert bank_holidays(weeks.all) == {date(2027, 3, 29): "Easter Monday", date(2027, 5, 3): "May Day"}


def test_other_days_later_weeks_and_nonsense_are_passed_over():
    weeks = plan(date(2027, 1, 12), 3, ["2027-01-13", "2027-06-01", "1066-10-14", "tomorrow", ""])
    assert (weeks.skip, weeks.days) == ([], weekly(date(2027, 1, 12), 3))


def test_a_group_that_meets_once_meets_on_its_day():
    weeks = plan(date(2027, 5, 3), 1)
    assert (weeks.days, weeks.skip, bank_holidays(weeks.all)) == ([date(2027, 5, 3)], [], {date(2027, 5, 3): "May Day"})


def test_bank_holidays_are_those_of_england():
    assert bank_holidays([date(2026, 11, 30), date(2026, 8, 3)]) == {}  # Scotland's
    assert bank_holidays([date(2022, 9, 19)])  # one that no formula gives


@pytest.mark.parametrize(
    ("day", "utc"),
    [(date(2026, 10, 20), 17), (date(2026, 10, 27), 18), (date(2027, 3, 23), 18), (date(2027, 3, 30), 17)],
)
def test_six_in_the_evening_stays_six_when_the_clocks_change(day, utc):
    assert local_start(day, time(18)) == datetime(day.year, day.month, day.day, utc, tzinfo=UTC)
