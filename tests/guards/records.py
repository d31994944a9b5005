"""One record of each kind in a cohort, for walking every address."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from caregivers.actions import keep_apart
from caregivers.follow_ups import offer
from evaluation.actions import open_wave
from evaluation.figures import figures
from evaluation.models import Report, ReportVersion
from feedback.actions import open_form
from programmes.editing import start
from programmes.models import Cohort, Resource
from sessions_app.actions.packs import make
from sessions_app.actions.running import note_question
from tests.factories import (
    AgendaItemFactory,
    CaregiverFactory,
    GuideFactory,
    PlaceFactory,
    ResourceFactory,
    SessionFactory,
    SpeakerFactory,
)


def records_of(cohort: Cohort) -> dict[str, str]:
    """Kind of record → its code."""
    place = PlaceFactory(cohort=cohort)
    session = SessionFactory(cohort=cohort)
    open_form(session=session, by=None)
    guide = GuideFactory(programme=cohort.programme)
    item = AgendaItemFactory(guide=guide)
    start(guide=guide, by=cohort.team.first().user)
    pack = make(session=session, resources=[ResourceFactory()], by=cohort.team.first().user)
    return {
        "cohort": cohort.code,
        "session": session.code,
        "speaker": SpeakerFactory(item__session=session).code,
        "question": note_question(
            session=session, text="Why?", key=f"question-{session.code}", by=cohort.team.first().user
        ).code,
        "delivery": pack.deliveries.get(place=place).code,
        "caregiver": place.caregiver.code,
        "referral": place.caregiver.referrals.get().code,
        "follow_up": offer(caregiver=place.caregiver, cohort=cohort, kind="call", by=None).code,
        "line": "support-parent",  # of the checklist, ticked by hand
        "apart": keep_apart(one=place.caregiver, other=CaregiverFactory(cohort=cohort), by=None).code,
        "evaluation": "evaluation",  # the kind of a consent
        "place": place.code,
        "programme": cohort.programme.code,
        "guide": guide.code,
        "item": item.key,
        "resource": with_file().code,
        "wave": open_wave(cohort=cohort, point="before", by=None).code,
        "version": published(cohort).code,
    }


def with_file() -> Resource:
    if not default_storage.exists("resources/guard.pdf"):
        default_storage.save("resources/guard.pdf", ContentFile(b"%PDF-1.7"))
    return ResourceFactory(file="resources/guard.pdf", file_name="guard.pdf")


def published(cohort: Cohort) -> ReportVersion:
    report, _ = Report.objects.get_or_create(cohort=cohort)
    version, _ = ReportVersion.objects.get_or_create(
        report=report,
        number=1,
        defaults={
            "text": {},
            "figures": figures(people=[], sessions=[]).to_dict(),
            "published_at": timezone.now(),
            "published_by": cohort.team.first().user,
            "pdf": b"%PDF",
        },
    )
    return version
