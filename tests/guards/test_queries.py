"""Every page costs the same number of queries with one row and with thirty."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from ppg.access.permissions import GRANTS
from ppg.audit_trail import audit
from ppg.models import User
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
from tests.guards.records import (
    commented,
    concern_of,
    information_of,
    not_sent,
    over_many,
    quoted,
    records_of,
    talked,
    way_to_answers,
)
from tests.guards.test_permissions import TABLE, VIEWS

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
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
        not_sent(UserFactory())
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
        way_to_answers(place)
        audit.record(lead, audit.Verb.SAW, place, person=place.caregiver, cohort=cohort)


@pytest.fixture
def cost(browser_of, lead, administrator, safeguarding, manager, seconds_stand_still):
    """`cost(name, records)`: how many queries a page takes, opened by somebody who may."""
    browsers = {user: browser_of(user) for user in (lead, administrator, safeguarding, manager)}

    def reader(name: str) -> User:
        access = VIEWS[name].access
        if name in ("home", "programmes:index"):
            return lead
        may = [user for user in (administrator, lead, safeguarding, manager) if access in GRANTS[user.role]]
        return may[0] if may else lead

    def queries(name: str, records: dict[str, str]) -> int:
        url = reverse(name, args=[records[part] for part in TABLE[name][0].split()])
        with CaptureQueriesContext(connection) as found:
            assert browsers[reader(name)].get(url).status_code == 200, name
        return len(found)

    return queries


def test_one_row_and_thirty_cost_the_same(cost, cohort):
    cohort.places = 200
    cohort.save()
    records = records_of(cohort)
    add_rows(cohort, records, [0])
    for _ in range(10):  # from ten on they are told in the report to share, which takes a look at what was told before
        information_of(cohort, cohort.place_set.first().caregiver, cohort.team.first().user)
    for name in PAGES:
        cost(name, records)  # the session's clock is written once a minute
    single = {name: cost(name, records) for name in PAGES}
    too_many = {name: n for name, n in single.items() if name in MAIN_JOB and n > 8}
    assert not too_many, f"These are opened all day long, and so many queries are too many: {too_many}"
    add_rows(cohort, records, range(1, MANY))
    first = {name: cost(name, records) for name in PAGES}  # who is new on a page is written into the trail
    thirty = {name: cost(name, records) for name in PAGES}
    more = {name: (first[name], n) for name, n in thirty.items() if first[name] > n + 1}
    assert not more, f"Who is new on these is not written into the trail in one query: {more}"
    for_each_row = {name: (single[name], n) for name, n in thirty.items() if n != single[name]}
    assert not for_each_row, f"These ask the database for each row, prefetch or annotate: {for_each_row}"
