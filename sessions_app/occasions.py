"""What a day is besides a day of the week: bank holiday, festival, school holidays. Said wherever dates are set."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import Enum

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ppg.service_details import school_holidays
from sessions_app.dates import bank_holidays


class Kind(Enum):
    BANK_HOLIDAY = "bank holiday"
    FESTIVAL = "festival"
    SCHOOL = "school holidays"


LABELS: dict[Kind, Promise] = {
    Kind.BANK_HOLIDAY: gettext_lazy("Bank holiday"),
    Kind.FESTIVAL: gettext_lazy("Festival"),
    Kind.SCHOOL: gettext_lazy("School holidays"),
}
COLOURS = {Kind.BANK_HOLIDAY: "yellow", Kind.FESTIVAL: "blue", Kind.SCHOOL: "purple"}


@dataclass(frozen=True)
class Occasion:
    kind: Kind
    name: str

    @property
    def label(self) -> str:
        return str(LABELS[self.kind])

    @property
    def colour(self) -> str:
        return COLOURS[self.kind]

    def on(self, day: date) -> str:
        words = {"day": date_format(day, "l j F Y"), "name": self.name}
        if self.kind == Kind.BANK_HOLIDAY:
            return _("%(day)s is a bank holiday (%(name)s).") % words
        if self.kind == Kind.FESTIVAL:
            return _("%(day)s is %(name)s.") % words
        if self.name:
            return _("%(day)s is in the school holidays (%(name)s).") % words
        return _("%(day)s is in the school holidays.") % words

    def __str__(self) -> str:
        """Beside a day that stands there already."""
        return ": ".join(filter(None, [self.label if self.kind == Kind.SCHOOL else "", self.name])) or self.label


def is_working_day(day: date) -> bool:
    """Monday to Friday, and no bank holiday."""
    return day.weekday() < 5 and not bank_holidays([day])


def occasions(days: Iterable[date]) -> dict[date, list[Occasion]]:
    """What there is to say of each of the days; those of which there is nothing are left out."""
    from sessions_app.festivals import Festivals  # slow, and needed on a few pages only

    days = list(days)
    by_kind = [
        (Kind.BANK_HOLIDAY, bank_holidays(days)),
        (Kind.FESTIVAL, Festivals()),
        (Kind.SCHOOL, school_holidays.on(days)),
    ]
    said = {day: [Occasion(kind, names[day]) for kind, names in by_kind if day in names] for day in days}
    return {day: found for day, found in said.items() if found}
