"""What is due: for somebody across their groups, and in one of them.

Every source gives the same columns, so that the database reads them all in one statement. Whoever shows tasks names the
people of those that are shown (`name`), and says so in the trail.
"""

from __future__ import annotations

from collections import Counter, namedtuple
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import (
    Case,
    CharField,
    DateField,
    Expression,
    F,
    Field,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Cast
from django.utils import timezone

from ppg.access.permissions import P, Role, can
from ppg.models import User
from programmes.due.sources import Asked, Source, Task, going_on, names, sources, wholes
from programmes.due.statement import GROUP, PERSON, Day, Moment, Statement, made_of
from programmes.models import Cohort

MOST = 1000  # so many are read; whoever has more has enough to begin with
OF_EACH = 20  # source, for who sees all groups that there are: their days are found in order, and the search ends

# The columns that every source gives, by the name that they have in the statement, in their order.
COLUMNS: dict[str, type[Field[Any, Any]]] = {
    "d_turn": IntegerField,
    "d_due": DateField,
    "d_source": CharField,
    "d_code": CharField,
    "d_cohort": IntegerField,
    "d_cohort_code": CharField,
    "d_cohort_name": CharField,
    "d_owner": IntegerField,
    "d_owner_name": CharField,
    "d_person": IntegerField,
    "d_number": IntegerField,
    "d_detail": CharField,
    "d_part": CharField,
}


Row = namedtuple("Row", COLUMNS)  # type: ignore[misc]  # of a query that Django did not run


@dataclass(frozen=True)
class Due:
    """What is due, the most pressing first."""

    tasks: Sequence[Task]
    more: bool = False  # than were read

    @cached_property
    def to_do(self) -> Sequence[Task]:
        """What the person has to do: without the groups that they only look at."""
        return [task for task in self.tasks if not task.watched]

    @cached_property
    def by_group(self) -> Counter[int]:
        """How many in each group, by its key."""
        return Counter(task.cohort.pk for task in self.tasks if task.cohort)

    @cached_property
    def overdue(self) -> Sequence[Task]:
        return [task for task in self.tasks if task.overdue]

    @cached_property
    def overdue_by_group(self) -> Counter[int]:
        return Counter(task.cohort.pk for task in self.overdue if task.cohort)

    def __len__(self) -> int:
        return len(self.tasks)


def due(user: User, now: datetime, cohort: Cohort | None = None) -> Due:
    """What the person may do and has to, in all their groups or in one of them. One query for whatever groups owe,
    and those of each `Whole`, of which a group has none. Nobody is named yet."""
    today = timezone.localdate(now)
    group = cohort.pk if cohort else None
    found = statement(user.role, one_group=cohort is not None) if user.is_active else Statement("", ())
    rows = [Row(*row) for row in found.rows(person=user.pk, group=group, now=now, today=today)]
    tasks = [_task(row, today) for row in rows[:MOST]]
    if theirs := [whole for whole in wholes if cohort is None and can(user, whole.needs)]:
        asked = ask(user, now, today)
        tasks += [task for whole in theirs for task in whole.tasks(asked)]
    tasks.sort(key=lambda task: _order(task, user))
    return Due(tasks, more=len(rows) > MOST or _cut_short(tasks, user))


def _cut_short(tasks: Sequence[Task], user: User) -> bool:
    """Whether the search for one of the kinds may have ended before its last row."""
    kinds = Counter(task.source.slug for task in tasks if task.source and task.source.due)
    return max(kinds.values(), default=0) >= OF_EACH and not Cohort.objects.visible_to(user).query.where


def ask(user: User, now: Any, today: Any, group: int | None = None) -> Asked:
    seen = Cohort.objects.visible_to(user).order_by()
    every = not seen.query.where
    if group is not None:
        seen, every = seen.filter(pk=group), False
    keys = seen.values("pk")
    current: QuerySet[Cohort] = Cohort.objects.filter(pk__in=keys).order_by()
    for narrow in going_on:
        current = narrow(current, now)
    return Asked(user, keys, current.values("pk"), now, today, every)  # type: ignore[arg-type]  # queries of keys


def statement(role: str, *, one_group: bool) -> Statement:
    """All that is due for somebody with this role, the most pressing first. Made once in a process."""
    anybody = User(pk=PERSON, role=role)
    theirs = [one for one in sources if can(anybody, one.needs) and not (one_group and one.cohort is None)]
    key = (connection.vendor, role, one_group, *(id(source) for source in theirs))
    if key not in _made:
        asked = ask(anybody, Moment(), Day(), GROUP if one_group else None)
        parts = [_rows(source, asked) for source in theirs]
        every = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else next(iter(parts), None)
        made = Statement("", ()) if every is None else made_of(every.order_by("d_turn", "d_due")[: MOST + 1])
        _made[key] = (made, theirs)  # with its sources, so that no other one gets their numbers
    return _made[key][0]


_made: dict[tuple[Any, ...], tuple[Statement, list[Source]]] = {}


def name(tasks: Sequence[Task], user: User) -> list[Task]:
    """Names whom these are about, for who may see people: two of a group who are called the same are told apart. One
    query however many there are. Call `audit.saw` with what comes back: the tasks that name somebody."""
    about = [task for task in tasks if task.person and task.cohort]
    if not about or not can(user, P.PEOPLE_SEE):
        return []
    cohorts, people = {task.cohort.pk for task in about if task.cohort}, {task.person for task in about if task.person}
    found = {key: who for read in names for key, who in read(cohorts, people).items()}
    for task in about:
        if task.cohort and task.person:
            task.caregiver, task.name = found.get((task.cohort.pk, task.person), (None, ""))
    return [task for task in about if task.caregiver]


def _order(task: Task, user: User) -> tuple[bool, bool, date, int, str, str]:
    """What is overdue, then by day, then what has none; of one day first what is mine, then what is nobody's."""
    turn = 1 if task.owner is None else 0 if task.owner.pk == user.pk else 2
    return not task.overdue, task.due is None, task.due or date.max, turn, task.words, task.code


def _rows(source: Source, asked: Asked) -> QuerySet[Any]:
    """A source's rows in the columns that all of them have, as far as they concern the person: what somebody else has
    taken on is theirs until it is overdue, but for the lead of a group."""
    day = _column(source.due, DateField)
    columns: dict[str, Any] = {
        "d_due": day,
        "d_source": Value(source.slug, CharField()),
        "d_code": _column(source.code, CharField),
        "d_cohort": _of(source.cohort, "pk", IntegerField),
        "d_cohort_code": _of(source.cohort, "code", CharField),
        "d_cohort_name": _of(source.cohort, "name", CharField),
        "d_owner": _column(f"{source.owner}_id" if source.owner else "", IntegerField),
        "d_owner_name": _column(f"{source.owner}__name" if source.owner else "", CharField),
        "d_person": _column(f"{source.person}_id" if source.person else "", IntegerField),
        "d_number": _column(source.number, IntegerField),
        "d_detail": _column(source.detail, CharField),
        "d_part": _column(source.part, CharField),
    }
    rows = source.rows(asked).order_by()
    if asked.every and source.due:
        rows = rows.filter(pk__in=rows.order_by(source.found_by or source.due).values("pk")[:OF_EACH])
    rows = rows.annotate(**columns)
    rows = rows.annotate(d_turn=_turn(source, asked))
    if source.owner and asked.user.role != Role.LEAD:
        rows = rows.filter(Q(d_owner=None) | Q(d_owner=asked.user.pk) | Q(d_turn=0))
    return rows.values_list(*COLUMNS)


def _turn(source: Source, asked: Asked) -> Expression:
    """0 for what is overdue, 1 for what has its day still to come, 2 for what has none."""
    passed = Q(d_due__lt=asked.today - source.within)
    cases = [When(passed, then=Value(0)), When(d_due__isnull=False, then=Value(1))]
    return Case(*cases, default=Value(2), output_field=IntegerField())


def _column(what: str | Expression, kind: type[Field[Any, Any]]) -> Any:
    """Where a source has none it says nothing, of the same type as the others: PostgreSQL asks for that."""
    if isinstance(what, str):
        return F(what) if what else Cast(Value(None), kind())
    return what


def _of(cohort: str | None, name: str, kind: type[Field[Any, Any]]) -> Any:
    return _column("" if cohort is None else f"{cohort}__{name}" if cohort else name, kind)


def _task(row: Any, today: date) -> Task:
    source = sources[row.d_source]
    return Task(
        source,
        row.d_code,
        today,
        due=_day(row.d_due) + source.within if row.d_due else None,
        cohort=Cohort(pk=row.d_cohort, code=row.d_cohort_code, name=row.d_cohort_name) if row.d_cohort else None,
        owner=User(pk=row.d_owner, name=row.d_owner_name) if row.d_owner else None,
        person=row.d_person,
        number=row.d_number,
        detail=row.d_detail or "",
        part=row.d_part or "",
    )


def _day(value: date | str) -> date:
    """SQLite keeps days as text."""
    return date.fromisoformat(value) if isinstance(value, str) else value
