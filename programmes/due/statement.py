"""The one statement that reads what is due, made once for a role and used again with other values.

To put some thirty queries together takes ten times as long as the database takes to answer them, and the statement is
the same for everybody of a role: only who asks, for which group and when is another. So sources are given stand-ins for
these three. A number that is nobody's key stands for the person and for the group, `Moment` and `Day` for now and
today, moved by as much as a source moves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import DateField, DateTimeField, QuerySet, Value

PERSON, GROUP = -1_000_003, -1_000_033  # keys are positive


class Later(Value):
    """A value that is known when the statement is used."""

    kind: type[DateField[Any, Any]]
    shift: timedelta

    def __init__(self, shift: timedelta = timedelta(0)) -> None:
        super().__init__(None, self.kind())
        self.shift = shift

    def __add__(self, shift: timedelta) -> Self:  # type: ignore[override]
        return type(self)(self.shift + shift)

    def __sub__(self, shift: timedelta) -> Self:  # type: ignore[override]
        return type(self)(self.shift - shift)

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        return "%s", (self,)


class Moment(Later):
    kind = DateTimeField


class Day(Later):
    kind = DateField


@dataclass(frozen=True)
class Statement:
    """The text and its values; none where nothing can be due."""

    sql: str
    values: Sequence[Any]

    def rows(self, *, person: int, group: int | None, now: datetime, today: date) -> list[tuple[Any, ...]]:
        keys = {PERSON: person, GROUP: group}

        def known(value: Any) -> Any:
            if isinstance(value, Later):
                at = (now if isinstance(value, Moment) else today) + value.shift
                return value.output_field.get_db_prep_value(at, connection)
            return keys.get(value, value) if type(value) is int else value

        if not self.sql:
            return []
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [known(value) for value in self.values])
            return cursor.fetchall()


def made_of(query: QuerySet[Any]) -> Statement:
    try:
        sql, values = query.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return Statement("", ())
    return Statement(sql, tuple(values))
