"""Prints what is held, table by table and field by field, as Markdown for docs/adopting/processing-record.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand

from ppg.holdings import processing_record as holdings
from ppg.holdings.processing_record import Field, Table


def record() -> str:
    return "\n".join([*whose_data(), *retention(), *at_rest(), *every_field()])


def whose_data() -> Iterator[str]:
    """Whose data, of which kinds: Article 30 (1)(c)."""
    yield from ("## Whose data, and what kinds", "")
    yield from (f"- **{level}**: {words}" for level, words in holdings.LEVELS.items())
    yield from ("", "| about | kinds of data | in |", "|---|---|---|")
    for whose, words in holdings.WHOSE.items():
        tables = [table for table in holdings.tables() if table.whose == whose]
        kinds = {one.level for table in tables for one in table.fields} - {"key", "service"}
        found = ", ".join(level for level in holdings.LEVELS if level in kinds)
        yield f"| {words} | {found} | {', '.join(table.label for table in tables)} |"
    yield ""


def retention() -> Iterator[str]:
    """How long, and what removes it: Article 30 (1)(f)."""
    yield from ("## How long it is kept", "", "| kept | what removes it | tables and fields |", "|---|---|---|")
    for name, rule in holdings.RULES.items():
        whole = [table.label for table in holdings.tables() if table.rule == name]
        others = [f"{table.label}.{one.name}" for table, one in kept_otherwise() if one.rule == name]
        yield f"| {rule.kept} | {rule.removed_by} | {', '.join([*whole, *others])} |"
    yield ""


def kept_otherwise() -> list[tuple[Table, Field]]:
    """Fields that go sooner or later than the rest of their table."""
    return [(table, one) for table in holdings.tables() for one in table.fields if one.rule != table.rule]


def at_rest() -> Iterator[str]:
    """How it lies in the database, by class, and what lies otherwise: Article 32 (1)(a)."""
    yield from ("## How it lies in the database", "", "| how sensitive | how it lies |", "|---|---|")
    yield from (f"| {level} | {words} |" for level, words in holdings.AT_REST.items())
    yield from ("", "Readable against that, each for a reason ([why so](../decisions/at-rest.md)):", "")
    yield from ("| field | how sensitive | why |", "|---|---|---|")
    for table in holdings.tables():
        for field in table.fields:
            if field.why_readable:
                yield f"| {table.label}.{field.name} | {field.level} | {field.why_readable} |"
    yield ""


def every_field() -> Iterator[str]:
    yield from ("## Every table and field", "")
    yield "“Encrypted” is said of what lies encrypted in the database, under keys that are kept elsewhere."
    for table in holdings.tables():
        rule = holdings.RULES[table.rule]
        yield from ("", f"### {table.label}", "")
        yield f"{table.meaning}. About: {holdings.WHOSE[table.whose]}. Kept {rule.kept}; removed by: {rule.removed_by}."
        yield from ("", "| field | what it is | how sensitive | in the database |", "|---|---|---|---|")
        yield from (f"| {one.name} | {_meaning(table, one)} | {one.level} | {_lies(one)} |" for one in table.fields)


def _meaning(table: Table, field: Field) -> str:
    unit = f" ({field.unit})" if field.unit else ""
    kept = f"; kept {holdings.RULES[field.rule].kept}" if field.rule != table.rule else ""
    return f"{field.meaning}{unit}{kept}"


def _lies(field: Field) -> str:
    return "encrypted" if field.encrypted else "readable"


class Command(BaseCommand):
    help = "Prints what is held about whom, how sensitive it is and how long it is kept, for the record of processing."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(record())
