"""What is due, source by source.

This module owns the list. A source is added by the app whose rows it reads, in its `AppConfig.ready()`:

    sources.add(Source("calls", P.FOLLOW_UP, rows=calls, words=call, url=where, due="due_on", person="caregiver"))

`rows` narrows the app's own rows to what is open in the groups that are asked for. It gets them as a query and hands it
on as one (`cohort__in=asked.cohorts`), so that ten thousand groups cost what ten do. The rest names columns: all
sources are read together in one statement (`programmes.due.queries`).

What no group owes, as an account that waits, is a `Whole`: a few sentences that are read by themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Expression, Q, QuerySet

from ppg.access.permissions import P
from ppg.hooks import Hook
from ppg.models import User
from programmes.models import Cohort

AT_ONCE = timedelta(0)


@dataclass(frozen=True)
class Asked:
    """Who asks, when, and for which groups. `rows` of a source is given stand-ins for the person, now and today
    (`programmes.due.statement`): it adds and subtracts days, hands them to queries, and asks nothing but the role."""

    user: User
    cohorts: QuerySet[Cohort]  # those that the person may see: of one group, that one
    going_on: QuerySet[Cohort]  # those of them that meet still, or met for the last time not long ago
    now: Any  # a datetime
    today: Any  # a date
    every: bool = False  # `cohorts` are all that there are

    def within(self, path: str = "cohort") -> Q:
        """In the groups asked for. Who sees all of them asks for none: a day then finds the rows, and not each group
        one after the other."""
        return Q() if self.every else Q(**{f"{path}__in": self.cohorts})


@dataclass(frozen=True)
class Source:
    """One kind of thing that is due.

    needs     who may do it; nobody else is told of it
    rows      what is open, as a query
    words     what is to be done, in the words of the press ("Call")
    url       the page where that is done
    due       the column with the day by which, and `within` how long after that day; "" where there is none
    person    the column with the caregiver, `owner` the one with who does it
    number    the column with the session's number (0: an extra one), for `words`
    detail    a column of text for `words`, and `part` one with a second code for `url`
    cohort    the foreign key to the group: "" where the rows are groups themselves, None where they belong to none
    found_by  the column with an index that sorts the rows as `due` does, where that is worked out
    watched   it is no task of this person's: they are told how a group stands, and look at it
    """

    slug: str
    needs: P
    rows: Callable[[Asked], QuerySet[Any]]
    words: Callable[[Task], str]
    url: Callable[[Task], str]
    due: str | Expression = ""
    within: timedelta = AT_ONCE
    person: str = ""
    owner: str = ""
    number: str | Expression = ""
    detail: str | Expression = ""
    part: str | Expression = ""
    cohort: str | None = "cohort"
    code: str | Expression = "code"
    watched: bool = False
    found_by: str = ""


@dataclass(frozen=True)
class Whole:
    """What is due in the whole service, beside any group. `tasks` reads it, in two queries at most."""

    slug: str
    needs: P
    tasks: Callable[[Asked], Iterable[Task]]


@dataclass
class Task:
    """One thing that somebody has to do, as it is shown."""

    source: Source | None
    code: str
    today: date
    due: date | None = None
    cohort: Cohort | None = None  # of it only code and name are read
    owner: User | None = None  # of it only the name is read
    person: int | None = None  # whom it is about: named by `queries.name`, to those who may see people
    number: int | None = None
    detail: str = ""
    part: str = ""
    caregiver: Any = None
    name: str = ""
    sentence: str = field(default="", kw_only=True)  # of what comes from a `Whole`
    address: str = field(default="", kw_only=True)
    hint: str = field(default="", kw_only=True)

    @property
    def words(self) -> str:
        return self.source.words(self) if self.source else self.sentence

    @property
    def url(self) -> str:
        return self.source.url(self) if self.source else self.address

    @property
    def watched(self) -> bool:
        return bool(self.source and self.source.watched)

    @property
    def overdue(self) -> bool:
        return self.due is not None and self.due < self.today

    @property
    def is_today(self) -> bool:
        return self.due == self.today


# Read in one statement, in the order of their days.
sources: Hook[Source] = Hook(
    "What is due in a group, and who may do it: home, a group’s page and the mail of the day show it.",
    key=lambda source: source.slug,
)
wholes: Hook[Whole] = Hook(
    "What is due in the whole service, beside any group, for those who may do it.", key=lambda whole: whole.slug
)
# A lower app knows neither sessions nor people.
going_on: Hook[Callable[[QuerySet[Cohort], datetime], QuerySet[Cohort]]] = Hook(
    "Which groups meet still or have not long ended; one app says it.", key=lambda narrow: "going on"
)
# Given groups and people by their keys, who they are and what they are called in that group.
names: Hook[Callable[[Collection[int], Collection[int]], Mapping[tuple[int, int], tuple[Any, str]]]] = Hook(
    "What the people of several groups are called; one app says it.", key=lambda read: "names"
)
