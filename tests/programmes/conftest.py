"""A shipped guide and its draft."""

from __future__ import annotations

from typing import Any

import pytest

from ppg.models import User
from programmes.agenda.items import fields_of
from programmes.editing import actions as editing
from programmes.models import Guide
from programmes.shipped.actions import load_shipped


@pytest.fixture
def guide(db: None) -> Guide:
    """Session 4: 85 of 90 minutes in six counted parts, and clearing up."""
    return load_shipped()[0].guides.get(number=4)


@pytest.fixture
def draft(guide: Guide, lead: User) -> Guide:
    return editing.start(guide=guide, by=lead)


@pytest.fixture
def everything() -> Any:
    """All that a guide says, field by field."""

    def fields_of_guide(guide: Guide) -> dict[str, Any]:
        whole = Guide.versions.with_plan().get(pk=guide.pk)
        return {
            "title": whole.title,
            "aims": whole.aims,
            "materials": whole.materials,
            "handouts": [(one.position, one.resource_id) for one in whole.handouts_in_order.all()],
            "items": [
                {"key": item.key, "position": item.position}
                | fields_of(item)
                | {"uses": [(use.position, use.resource_id) for use in item.uses_in_order.all()]}
                for item in whole.items.all()
            ],
        }

    return fields_of_guide
