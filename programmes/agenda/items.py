"""What one part of a guide's agenda and of a session's have in common."""

from __future__ import annotations

from typing import Any

ITEM_FIELDS = ("title", "kind", "minutes", "counted", "lead", "prompts", "speakers")


def fields_of(item: Any) -> dict[str, Any]:
    """What a guide's and a session's item have in common, but for its place."""
    return {name: getattr(item, name) for name in ITEM_FIELDS}
