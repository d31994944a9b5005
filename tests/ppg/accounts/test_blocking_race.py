"""An account is blocked while it writes: nothing comes to it that nobody goes on with afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, time, timedelta
from functools import partial
from typing import Any

import pytest

from feedback.questions import actions as questions
from feedback.questions import questionnaires
from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.accounts.staff import actions as staff
from ppg.models import User
from programmes.editing import actions as editing
from programmes.shipped.actions import load_shipped
from programmes.team import actions as team
from sessions_app.calendar import actions as calendar
from sessions_app.models import CalendarFeed
from sessions_app.setting_up.actions import set_up
from tests.factories import CohortFactory, UserFactory
from tests.races import THREADS, Gap, at_once, only_postgresql, refusals, without_locks

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def leaver(db) -> User:
    return UserFactory(role=Role.LEAD)


@pytest.fixture
def writes(leaver, lead) -> list[Callable[[], Any]]:
    """Drafts of guides and of questions, groups that they come into, and the address of their calendar."""
    guides = list(load_shipped()[0].guides.order_by("pk"))
    groups = [CohortFactory(team=[lead]) for _ in range(THREADS - 1 - len(guides) - 3)]
    return [
        *[partial(editing.start, guide=guide, by=leaver) for guide in guides],
        *[partial(team.join, cohort=group, user=leaver, job="lead", by=lead) for group in groups],
        partial(questions.start, questionnaire=questionnaires.session_feedback(), by=leaver),
        partial(questions.create, kind="session", title="Our own", by=leaver),
        partial(calendar.make_feed, by=leaver, effect_key="one press"),
    ]


def blocked_meanwhile(writes: Any, leaver: User, administrator: User, monkeypatch: Any) -> list[Any]:
    """What became of what they wrote while an administrator, who had seen that they have nothing open, blocked them."""
    gap = Gap(monkeypatch, leaving, "end_access")
    block = partial(staff.block, user=leaver, by=administrator)
    blocked, *written = at_once(block, *gap.meanwhile(*writes))
    assert blocked is None and not User.objects.get(pk=leaver.pk).is_active
    return written


def test_nothing_comes_to_an_account_that_is_being_blocked(writes, leaver, administrator, monkeypatch):
    written = blocked_meanwhile(writes, leaver, administrator, monkeypatch)
    assert len(refusals(written)) == THREADS - 1
    assert not leaving.holdings(leaver) and not CalendarFeed.objects.exists()


@only_postgresql
def test_without_the_lock_all_of_it_is_left_with_them(writes, leaver, administrator, monkeypatch):
    without_locks(monkeypatch, User)
    written = blocked_meanwhile(writes, leaver, administrator, monkeypatch)
    assert not refusals(written)
    assert len(leaving.holdings(leaver)) == THREADS - 2 and CalendarFeed.objects.filter(revoked_at=None).exists()


def test_nothing_comes_to_whoever_got_another_role_since_their_page_opened(leaver):
    guide = load_shipped()[0].guides.get(number=1)
    User.objects.filter(pk=leaver.pk).update(role=Role.FACILITATOR)
    with pytest.raises(Refused, match="Your account was changed meanwhile"):
        editing.start(guide=guide, by=leaver)


def test_nobody_is_in_the_team_of_a_new_group_who_was_blocked_since_the_page_opened(leaver, lead):
    programme = load_shipped()[0]
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    days = [date(2027, 6, 1) + timedelta(weeks=n) for n in range(programme.guides.count())]
    with pytest.raises(Refused, match="may not sign in any more"):
        set_up(programme=programme, name="", area="Ipswich", days=days, at=time(18), places=8, by=lead, team=[leaver])
