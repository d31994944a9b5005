"""What a group's page says at a glance."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count

from caregivers.models import Place
from programmes.models import Cohort


def places_taken(cohorts: Iterable[Cohort]) -> dict[int, int]:
    """How many are in each group; a group that is missing has nobody."""
    places = Place.objects.filter(cohort__in=cohorts).in_group().order_by()
    return dict(places.values_list("cohort").annotate(Count("id")))
