"""What a group's page says at a glance."""

from __future__ import annotations

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from caregivers.models import Place
from programmes.models import Cohort


def with_taken(cohorts: QuerySet[Cohort]) -> QuerySet[Cohort]:
    """Each with how many are in it (`taken`)."""
    places = Place.objects.filter(cohort=OuterRef("pk")).in_group().order_by().values("cohort")
    return cohorts.annotate(taken=Coalesce(Subquery(places.annotate(n=Count("pk")).values("n")), 0))
