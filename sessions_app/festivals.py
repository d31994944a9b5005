"""Festivals on which people may not come, though most are no bank holidays: worked out by `holidays`, for any year."""

from __future__ import annotations

from typing import Any

from holidays.calendars import JULIAN_CALENDAR
from holidays.groups import (
    ChristianHolidays,
    HebrewCalendarHolidays,
    HinduCalendarHolidays,
    InternationalHolidays,
    IslamicHolidays,
)
from holidays.holiday_base import HolidayBase


class Festivals(
    HolidayBase,
    ChristianHolidays,
    HebrewCalendarHolidays,
    HinduCalendarHolidays,
    InternationalHolidays,
    IslamicHolidays,
):
    """By day, as `Festivals()[day]`. Jewish days begin on the evening before, which is when groups meet."""

    country = "festivals"  # the library asks for one
    estimated_label = "%s (the day depends on the moon)"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        ChristianHolidays.__init__(self)
        HebrewCalendarHolidays.__init__(self)
        HinduCalendarHolidays.__init__(self)
        InternationalHolidays.__init__(self)
        IslamicHolidays.__init__(self)
        super().__init__(*args, **kwargs)

    def _populate_public_holidays(self) -> None:
        self._add_christmas_eve("Christmas Eve")
        self._add_new_years_eve("New Year’s Eve")
        self._add_good_friday("Orthodox Good Friday", JULIAN_CALENDAR)
        self._add_easter_monday("Orthodox Easter Monday", JULIAN_CALENDAR)
        self._add_eid_al_fitr_day("Eid al-Fitr")
        self._add_eid_al_adha_day("Eid al-Adha")
        self._add_diwali_india("Diwali")
        self._add_vaisakhi("Vaisakhi")
        self._add_passover("Passover", [-1, 0])
        self._add_rosh_hashanah("Rosh Hashanah", [-1, 0])
        self._add_yom_kippur("Yom Kippur", [-1, 0])
