"""Searching the audit trail: what was asked for, the entries that fit, and each in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from ppg.audit_trail import audit, names
from ppg.audit_trail.names import GROUP, PERSON
from ppg.models import AuditEntry, User
from ppg.models.trail import models_by_name

MOST = 20  # people by one name whose entries are searched together
EVERYTHING = "all"  # looks at this trail too, which would otherwise be most of what it shows


@dataclass(frozen=True)
class Search:
    """Holds codes and dates, so that it may stand in an address."""

    user: str = ""
    people: tuple[str, ...] = ()
    group: str = ""
    action: str = ""
    since: date | None = None
    until: date | None = None
    about: str = ""  # any record, by a link in the results

    @classmethod
    def of(cls, asked: QueryDict) -> Search:
        """What an address asks for; what cannot be read is not asked for."""
        words = {name: _code(asked.get(name, "")) for name in ("user", "group", "action", "about")}
        return cls(
            **words,
            people=tuple(filter(None, map(_code, asked.getlist("person")))),
            since=_day(asked.get("from")),
            until=_day(asked.get("until")),
        )

    def query(self) -> str:
        query = QueryDict(mutable=True)
        parameters = {"user": self.user, "group": self.group, "action": self.action, "about": self.about}
        parameters |= {"from": str(self.since or ""), "until": str(self.until or "")}
        query.update({name: value for name, value in parameters.items() if value})
        query.setlist("person", list(self.people))
        return query.urlencode()

    @property
    def by(self) -> list[str]:
        """What it was narrowed by, for the entry that an export leaves."""
        return [name for name, value in vars(self).items() if value]

    def entries(self) -> QuerySet[AuditEntry]:
        entries = audit.searchable().select_related("user")
        if self.user:
            entries = entries.filter(user__code=self.user)
        if self.people:
            entries = entries.filter(person__in=self.people)
        if self.group:
            entries = entries.filter(cohort=self.group)
        if self.about:
            entries = entries.filter(Q(ref=self.about) | Q(person=self.about) | Q(cohort=self.about))
        if self.since:
            entries = entries.filter(at__gte=_midnight(self.since))
        if self.until:
            entries = entries.filter(at__lt=_midnight(self.until + timedelta(days=1)))
        if self.action in AuditEntry.Verb.values:
            return entries.filter(verb=self.action)
        looks = self.action == EVERYTHING or self.about or self.people
        return entries if looks else entries.exclude(what=AuditEntry._meta.model_name, verb=audit.Verb.SAW)


def _code(text: str) -> str:
    """PostgreSQL takes no NUL, not even to compare with."""
    return "" if "\0" in text else text


def _day(text: str | None) -> date | None:
    try:
        day = parse_date(text or "")
    except ValueError:
        return None
    return day if day and date.min < day < date.max else None  # the next and the last midnight are moments too


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


@dataclass
class EntryLine:
    """One entry in words."""

    entry: AuditEntry
    person: str = ""
    group: str = ""
    account: str = ""  # whose, where it was about somebody's account

    @property
    def details(self) -> str:
        """Names of what was read or changed, and on which page."""
        parts = [field_in_words(self.entry.what, name) for name in self.entry.fields]
        if self.entry.page:
            parts.append(_("on the page “%(page)s”") % {"page": self.entry.page.split(":")[-1].replace("_", " ")})
        return ", ".join(parts)

    def cells(self) -> list[object]:
        at = timezone.localtime(self.entry.at)
        return [
            f"{at:%Y-%m-%d %H:%M:%S}",
            self.entry.who,
            self.entry.deed,
            self.person or self.account,
            self.group,
            self.details,
        ]


def field_in_words(what: str, name: str) -> str:
    """A field as forms call it. Other words are of the entry's own, as "send_again"."""
    try:
        model_field: Any = models_by_name()[what]._meta.get_field(name)
        return str(model_field.verbose_name)
    except (KeyError, FieldDoesNotExist, AttributeError):  # the other side of a relation has no name
        return name.replace("_", " ")


@dataclass
class EntryLines:
    """Entries in words, and the caregivers who are named in them."""

    lines: list[EntryLine] = field(default_factory=list)
    people: list[Any] = field(default_factory=list)

    def __iter__(self) -> Iterator[EntryLine]:
        return iter(self.lines)


def in_words(entries: Iterable[AuditEntry]) -> EntryLines:
    """Three queries, however many entries."""
    rows = list(entries)
    people = {one.code: one for one in _records(PERSON, (row.person for row in rows))}
    groups = {one.code: one for one in _records(GROUP, (row.cohort for row in rows))}
    of_accounts = {row.ref for row in rows if row.what == "user"} | {row.person for row in rows}
    accounts = dict(User.objects.filter(code__in=of_accounts).values_list("code", "name"))
    lines = [
        EntryLine(
            row,
            person=_name(PERSON, people, row.person) if row.person not in accounts else "",
            group=_name(GROUP, groups, row.cohort),
            account=accounts.get(row.ref) or accounts.get(row.person, ""),
        )
        for row in rows
    ]
    lookup = names.lookups[PERSON]
    return EntryLines(lines, [one for one in people.values() if lookup.name(one)])


def _records(column: str, codes: Iterable[str]) -> Iterable[Any]:
    wanted = {code for code in codes if code}
    return names.lookups[column].by_code(wanted) if wanted else []


def _name(column: str, records: dict[str, Any], code: str) -> str:
    """Nothing where the entry names nobody; that they are gone where it names somebody who was erased."""
    if not code:
        return ""
    record = records.get(code)
    return (record and names.lookups[column].name(record)) or str(names.ERASED[column])
