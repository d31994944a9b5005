"""One record of each kind in a cohort, for walking every address."""

from __future__ import annotations

from feedback.actions import open_form
from programmes.models import Cohort
from tests.factories import GuideFactory, PlaceFactory, SessionFactory


def records_of(cohort: Cohort) -> dict[str, str]:
    """Kind of record → its code."""
    place = PlaceFactory(cohort=cohort)
    session = SessionFactory(cohort=cohort)
    open_form(session=session, by=None)
    guide = GuideFactory(programme=cohort.programme)
    return {
        "cohort": cohort.code,
        "session": session.code,
        "caregiver": place.caregiver.code,
        "referral": place.caregiver.referrals.get().code,
        "evaluation": "evaluation",  # the kind of a consent
        "place": place.code,
        "programme": cohort.programme.code,
        "guide": guide.code,
    }
