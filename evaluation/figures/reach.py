"""Who was referred, was offered a place, started and completed, in all and by where they came from."""

from __future__ import annotations

from collections.abc import Sequence

from evaluation.figures.rows import PersonRow
from evaluation.figures.shapes import Reach, SourceReach


def reach(people: Sequence[PersonRow]) -> Reach:
    sources = sorted({person.source for person in people})
    by_source = tuple(
        SourceReach(source=source, **_count([person for person in people if person.source == source]))
        for source in sources
    )
    return Reach(**_count(people), by_source=by_source)


def _count(rows: Sequence[PersonRow]) -> dict[str, int]:
    return {
        "referred": len(rows),
        "offered": sum(row.offered or row.started for row in rows),
        "started": sum(row.started for row in rows),
        "completed": sum(row.completed for row in rows),
    }
