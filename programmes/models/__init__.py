"""Programmes, their guides, and the cohorts that run them."""

from programmes.models.alerts import Alert
from programmes.models.cohorts import (
    ChecklistLine,
    Cohort,
    CohortQuerySet,
)
from programmes.models.guides import (
    Agenda,
    AgendaItem,
    CurrentGuides,
    Guide,
    GuideQuerySet,
    Handout,
    ItemKind,
    ItemLead,
    ItemResource,
    Planned,
)
from programmes.models.programmes import (
    Programme,
    ProgrammeQuerySet,
    Resource,
    ResourceQuerySet,
)
from programmes.models.team import (
    SupportRequest,
    SupportRequestQuerySet,
    TeamMember,
    TeamSupport,
    TeamSupportQuerySet,
)

__all__ = [
    "Agenda",
    "AgendaItem",
    "Alert",
    "ChecklistLine",
    "Cohort",
    "CohortQuerySet",
    "CurrentGuides",
    "Guide",
    "GuideQuerySet",
    "Handout",
    "ItemKind",
    "ItemLead",
    "ItemResource",
    "Planned",
    "Programme",
    "ProgrammeQuerySet",
    "Resource",
    "ResourceQuerySet",
    "SupportRequest",
    "SupportRequestQuerySet",
    "TeamMember",
    "TeamSupport",
    "TeamSupportQuerySet",
]
