"""Whose names are looked for in somebody's words."""

from __future__ import annotations

from caregivers.models import Caregiver, Place
from feedback.identifiers import pieces
from programmes.models import Cohort


def known_names(cohort: Cohort) -> list[str]:
    """Names that notes and quotes must not hold: those of the people and of the team."""
    people = Caregiver.objects.filter(pk__in=Place.objects.filter(cohort=cohort).values("caregiver"))
    names = [name for person in people.only("name", "liked_name") for name in (person.name, person.liked_name)]
    team = list(cohort.team.values_list("user__name", flat=True))
    return [name for name in (*names, *team) if name]


def pieces_of(cohort: Cohort, text: str) -> list[pieces.Piece]:
    return pieces.pieces(text, known_names(cohort))
