"""A list of people, looked over row by row: texts in, people and faults out. Nothing here reads or writes the database.

A fault is named as the sheet names the place: "Row 14, column D (Phone): …". A list with one fault is not brought in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from caregivers.importing import cells, contacts, dates
from caregivers.importing.columns import FIELDS, WHOLE_NAME, letter, meaning
from caregivers.importing.faults import Kind, Wrong
from caregivers.importing.sheets import is_heading_about_a_child
from caregivers.models import SafeWay
from caregivers.safe import NEEDS_PHONE, cannot_text
from ppg.typed import comparison_key, email_key, phone_key

__all__ = ["Checked", "Defaults", "Fault", "Kind", "Known", "Person", "check", "known"]

Known = tuple[str, str, str]  # name, phone, e-mail, as they are compared


@dataclass(frozen=True)
class Fault:
    row: int
    column: int
    heading: str
    kind: Kind
    what: str  # a sentence without the place

    def __str__(self) -> str:
        words = {"row": self.row, "column": letter(self.column), "heading": self.heading, "what": self.what}
        if not self.heading:
            return _("Row %(row)d, column %(column)s: %(what)s") % words
        return _("Row %(row)d, column %(column)s (%(heading)s): %(what)s") % words


@dataclass(frozen=True)
class Person:
    """Somebody to bring in: what goes into their record, how they reached us, and their police check."""

    row: int
    details: dict[str, Any]
    source: str
    received_on: date
    check: tuple[str, date] | None = None


@dataclass(frozen=True)
class Defaults:
    """What holds where the list says nothing."""

    source: str = ""
    received_on: date | None = None


@dataclass(frozen=True)
class Checked:
    people: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    left_out: list[int] = field(default_factory=list)  # rows that are here twice or already in the group

    @property
    def ready(self) -> bool:
        return bool(self.people) and not self.faults

    @property
    def by_kind(self) -> list[tuple[Kind, list[Fault]]]:
        """Faults of a kind together, in the order of `Kind`."""
        found = [(kind, [fault for fault in self.faults if fault.kind is kind]) for kind in Kind]
        return [(kind, faults) for kind, faults in found if faults]

    @property
    def twice(self) -> list[Fault]:
        return [fault for fault in self.faults if fault.kind in DUPLICATES]

    @property
    def without_contact(self) -> int:
        """Neither phone nor e-mail: no fault, but somebody has to find out."""
        return sum(not (person.details.get("phone") or person.details.get("email")) for person in self.people)

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(person.check[0] for person in self.people if person.check)


DUPLICATES = {Kind.TWICE, Kind.KNOWN}


def known(name: str, phone: str, email: str) -> Known:
    """Two are the same person if their names are the same and their phones or e-mails are."""
    return (comparison_key(name), phone_key(phone), email_key(email))


def check(
    *,
    headings: Sequence[str],
    rows: Sequence[tuple[int, Sequence[str]]],
    matched: Mapping[str, int],
    defaults: Defaults,
    already: Collection[Known],
    today: date,
    leave_out: bool = False,
) -> Checked:
    """`matched` says which column holds which field; `already` are the people of the group; `leave_out` drops the rows
    of people who are here twice or already in the group."""
    checked = Checked()
    in_list, in_group = Seen(), Seen()
    for one in already:
        in_group.add(one, 0)
    for number, texts in rows:
        row = SheetRow(number, texts, headings, matched, today)
        person = row.person(defaults)
        identity = row.identity()
        earlier = in_list.row_of(identity)
        if in_group.row_of(identity) is not None:
            row.fault(row.name_field, Kind.KNOWN, _("this person is already in the group’s list."))
        elif earlier is not None:
            words = {"row": earlier}
            row.fault(row.name_field, Kind.TWICE, _("the same person as in row %(row)d.") % words)
        in_list.add(identity, number)
        if leave_out and any(fault.kind in DUPLICATES for fault in row.faults):
            checked.left_out.append(number)
            continue
        checked.faults.extend(row.faults)
        if person and not row.faults:
            checked.people.append(person)
    return checked


def no_heading(name: str) -> str:
    """A second list below the first, or headings in two rows, would make people of their headings."""
    if is_heading_about_a_child(name) or meaning(name) in WHOLE_NAME:
        raise Wrong(
            Kind.HEADING, _("“%(text)s” is a heading and nobody’s name. Bring in one list at a time.") % {"text": name}
        )
    return name


class Seen:
    """People met so far, found again by name with phone, e-mail, or neither."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str, str], int] = {}

    @staticmethod
    def keys(person: Known) -> list[tuple[str, str, str]]:
        name, phone, email = person
        if not name:
            return []
        keys = [(name, way, value) for way, value in (("phone", phone), ("email", email)) if value]
        return keys or [(name, "", "")]

    def row_of(self, person: Known) -> int | None:
        return next((self.rows[key] for key in self.keys(person) if key in self.rows), None)

    def add(self, person: Known, row: int) -> None:
        for key in self.keys(person):
            self.rows.setdefault(key, row)


class SheetRow:
    """One row of the list: reads its cells and gathers what is wrong with them."""

    def __init__(
        self, number: int, texts: Sequence[str], headings: Sequence[str], matched: Mapping[str, int], today: date
    ) -> None:
        self.number, self.texts, self.headings, self.matched, self.today = number, texts, headings, matched, today
        self.faults: list[Fault] = []
        self.name_field = next(name for name in WHOLE_NAME if name in matched)

    def text(self, name: str) -> str:
        return cells.something(name, self.written(name))

    def written(self, name: str) -> str:
        return self.texts[self.matched[name]] if name in self.matched else ""

    def name(self) -> str:
        if "name" in self.matched:
            return " ".join(self.text("name").split())
        return " ".join(f"{self.text('first_name')} {self.text('surname')}".split())

    def identity(self) -> Known:
        address = contacts.addresses_in(self.text("email"))
        return known(self.name(), self.text("phone"), address[0] if address else "")

    def fault(self, name: str, kind: Kind, what: str) -> None:
        """`name`'s column is the place, or the name's where the list has no column for it."""
        column = self.matched.get(name, self.matched[self.name_field])
        self.faults.append(Fault(self.number, column, self.headings[column], kind, what))

    def read(self, name: str, reader: Any, *more: Any) -> Any:
        """The cell's value; None, and a fault, where it has none."""
        try:
            return reader(cells.no_formula(self.text(name)), *more)
        except Wrong as wrong:
            self.fault(name, wrong.kind, wrong.what)
            return None

    def person(self, defaults: Defaults) -> Person | None:
        for part in set(WHOLE_NAME) & set(self.matched):
            self.read(part, str)
        details: dict[str, Any] = {"name": self.name()}
        self.named(details["name"])
        for name in cells.TEXTS:
            details[name] = self.read(name, cells.own_words, FIELDS[name].most)
        details["phone"] = self.read("phone", contacts.phone)
        details["email"] = self.read("email", contacts.email)
        details["safe_ways"] = self.read("safe_ways", cells.safe_ways)
        details["handouts_by"] = self.read("handouts_by", cells.handouts)
        self.reachable(details)
        source = self.read("source", cells.source, defaults.source)
        received_on = self.read("received_on", dates.received, self.today, defaults.received_on)
        outcome = self.checked()
        if self.faults or received_on is None:
            return None
        return Person(self.number, details, source, received_on, outcome)

    def named(self, name: str) -> None:
        try:
            no_heading(cells.needed(name, self.written(self.name_field)))
            cells.short(name, FIELDS["name"].most, Kind.NAME_LONG)
        except Wrong as wrong:
            self.fault(self.name_field, wrong.kind, wrong.what)

    def reachable(self, details: Mapping[str, Any]) -> None:
        """A safe way needs its number or address, and handouts by e-mail an address."""
        safe = set(details["safe_ways"] or ())
        if safe & NEEDS_PHONE and details["phone"] == "":
            self.fault("safe_ways", Kind.SAFE_WAY_BARE, _("text, call and voicemail need a phone number."))
        if cannot_text(safe, details["phone"] or ""):
            self.fault("safe_ways", Kind.SAFE_WAY_BARE, _("text needs a number that can take one, such as a mobile’s."))
        if SafeWay.EMAIL in safe and details["email"] == "":
            self.fault("safe_ways", Kind.SAFE_WAY_BARE, _("e-mail needs an e-mail address."))
        if details["handouts_by"] == "email" and details["email"] == "":
            self.fault("handouts_by", Kind.HANDOUTS_BARE, _("handouts by e-mail need an e-mail address."))

    def checked(self) -> tuple[str, date] | None:
        """The police check: an outcome and its date, or neither."""
        outcome = self.read("check_outcome", cells.outcome)
        on = self.read("check_on", dates.past_day, self.today)
        if outcome and not self.text("check_on"):
            self.fault("check_on", Kind.CHECK_HALF, _("the police check has an outcome and no date."))
        if on and not self.text("check_outcome"):
            self.fault("check_outcome", Kind.CHECK_HALF, _("the police check has a date and no outcome."))
        return (outcome, on) if outcome and on else None
