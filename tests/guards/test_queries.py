"""Every page costs the same number of queries with one row and with thirty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ppg import audit
from ppg.permissions import GRANTS, P, Role
from programmes.models import Cohort, TeamMember, TeamSupport
from sessions_app.models import RegisterMark
from tests.factories import (
    AgendaItemFactory,
    CohortFactory,
    GuideFactory,
    PlaceFactory,
    SessionFactory,
    SessionItemFactory,
    UserFactory,
)
from tests.guards.records import commented, concern_of, information_of, over_many, quoted, records_of, talked
from tests.guards.test_permissions import TABLE, VIEWS

pytestmark = pytest.mark.django_db
PAGES = sorted(name for name, (_kind, status) in TABLE.items() if status == 200)
MANY = 30
FAR = 30_000  # from the numbers that factories give
MAIN_JOB = {
    "home",
    "cohort",
    "sessions:session",
    "sessions:register",
    "sessions:run",
    "caregivers:people",
    "feedback:session",
}


def add_rows(cohort: Cohort, records: dict[str, str], numbers: Iterable[int]) -> None:
    """More of everything: people, sessions, agenda items, ticks, groups, staff, entries in the trail."""
    lead = cohort.team.first().user
    session = cohort.sessions.get(code=records["session"])
    guide = cohort.programme.guides.get(code=records["guide"])
    for number in numbers:
        place = PlaceFactory(cohort=cohort, seat=100 + number)
        SessionFactory(cohort=cohort, number=FAR + number, starts_at=timezone.now() + timedelta(days=30 + number))
        SessionItemFactory(session=session, position=FAR + number)
        AgendaItemFactory(guide=guide, position=FAR + number)
        GuideFactory(programme=cohort.programme, number=FAR + number)
        CohortFactory(team=[lead])
        member = TeamMember.objects.create(cohort=cohort, user=UserFactory(role="parent"), job="parent")
        if number % 2:
            TeamSupport.objects.create(member=member, kind="clinical", offered_on=timezone.localdate())
        UserFactory()
        RegisterMark.objects.create(
            session=session,
            place=place,
            state="present",
            key=f"{session.code}-{number}",
            made_at=timezone.now(),
            recorded_by=lead,
        )
        concern_of(cohort, place.caregiver, lead)
        information_of(cohort, place.caregiver, lead)
        commented(cohort)
        quoted(talked(cohort), place.caregiver)
        over_many(lead)
        audit.record(lead, audit.Verb.SAW, place, person=place.caregiver, cohort=cohort)


@pytest.mark.parametrize("name", PAGES)
def test_one_row_and_thirty_cost_the_same(name, browser_of, lead, administrator, safeguarding, manager, cohort):
    cohort.places = 200
    cohort.save()
    records = records_of(cohort)
    add_rows(cohort, records, [0])
    access = VIEWS[name].access
    browser = browser_of(lead if access not in GRANTS[Role.ADMINISTRATOR] else administrator)
    if access is P.CONCERN_CLOSE:
        browser = browser_of(safeguarding)
    if access is P.ACROSS:
        browser = browser_of(manager)
    if name in ("home", "programmes:index"):
        browser = browser_of(lead)
    url = reverse(name, args=[records[part] for part in TABLE[name][0].split()])

    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(url).status_code == 200
        return len(queries)

    cost()  # the session's clock is written once a minute
    one = cost()
    assert one <= 8 or name not in MAIN_JOB, f"{name} is opened all day long: {one} queries are too many."
    add_rows(cohort, records, range(1, MANY))
    assert cost() == one, f"{name} asks the database for each row: prefetch or annotate in the queryset."
