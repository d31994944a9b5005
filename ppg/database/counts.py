"""Counting rows of another table beside each row of a query, in the same statement."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce


def how_many(rows: QuerySet[Any], by: str) -> Coalesce:
    """How many of `rows` there are, 0 where none: for `annotate`. They are narrowed by an `OuterRef`, and `by` names
    their column that it compares."""
    return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)
