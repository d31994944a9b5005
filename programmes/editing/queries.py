"""The draft of a guide, for those who may see it."""

from __future__ import annotations

from ppg.models import User
from programmes.models import Guide


def draft_of(user: User, guide: Guide) -> Guide | None:
    """The guide's draft with its plan."""
    versions = Guide.versions.visible_to(user).of(guide)
    return versions.filter(state=Guide.State.DRAFT).select_related("changed_by", "owner").with_plan().first()
