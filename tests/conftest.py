"""The people of every test: those of one cohort, those of another, and a browser for each.

`lead`, `facilitator` and `parent` are the team of `cohort`; `other_facilitator` works with `other_cohort` only.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import hypothesis
import pytest
from django.apps import AppConfig
from django.contrib.contenttypes.management import create_contenttypes
from django.core.cache import caches
from django.db.models.signals import post_migrate
from django.dispatch import receiver
from django.test import Client
from django.utils import timezone

from caregivers.models import ConsentWording
from caregivers.wordings import shipped as wordings
from ppg import memory_counts
from ppg.access.permissions import Role
from ppg.health import readiness
from ppg.models import User
from ppg.service_details import service
from programmes.models import Cohort
from tests import clock
from tests.factories import CohortFactory, UserFactory

gc.set_threshold(100_000, 20, 50)  # looking for rubbish so often took a fourteenth of the time

# A machine that is busy is not a bug: no test fails for being slow once.
hypothesis.settings.register_profile("ours", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("ours")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--backwards", action="store_true", help="the last test first: none may need another before it")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("backwards"):
        items.reverse()
    for item in items:
        if clock.AHEAD and item.get_closest_marker("real_clock"):
            item.add_marker(pytest.mark.skip("needs the real clock"))
        if "db" not in getattr(item, "fixturenames", ()) and not item.get_closest_marker("django_db"):
            item.add_marker("anywhere")


# Django's own permissions and content types are used nowhere here (ppg/access/permissions.py is the table), and making
# them anew takes a fifth of a second after each test with transactions of its own.
post_migrate.disconnect(dispatch_uid="django.contrib.auth.management.create_permissions")
post_migrate.disconnect(create_contenttypes)


@receiver(post_migrate)
def what_migrations_put_in(app_config: AppConfig, using: str, **kwargs: Any) -> None:
    """A test with transactions of its own empties every table at its end; whichever test comes next finds the texts of
    consents and notices all the same."""
    if app_config.label == "caregivers":
        wordings.load(ConsentWording.objects.using(using))


@pytest.fixture(autouse=True)
def nothing_is_kept_between_tests() -> None:
    service.forget()
    readiness.forget()
    memory_counts.forget()
    for cache in caches.all():
        cache.clear()


@pytest.fixture
def now() -> datetime:
    """The moment a test begins: of its own day also where the tests run past midnight."""
    return timezone.now()


@pytest.fixture
def seconds_stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sessions write down when they were last seen once a minute, and the trail who looked at a page once in ten: which
    page does it depends on nothing but the first, however long a test takes, and midnight does not come in between."""
    began, now = time.time(), timezone.now()
    monkeypatch.setattr(time, "time", lambda: began)
    monkeypatch.setattr(timezone, "now", lambda: now)


@pytest.fixture
def lead(db: None) -> User:
    return UserFactory(name="Lena Lead", email="lena@council.example", role=Role.LEAD)


@pytest.fixture
def facilitator(db: None) -> User:
    return UserFactory(name="Femi Facilitator", role=Role.FACILITATOR)


@pytest.fixture
def other_facilitator(db: None, other_cohort: Cohort) -> User:
    return other_cohort.team.get().user


@pytest.fixture
def parent(db: None) -> User:
    return UserFactory(name="Pat Parent", role=Role.PARENT)


@pytest.fixture
def manager(db: None) -> User:
    return UserFactory(name="Mo Manager", role=Role.MANAGER)


@pytest.fixture
def safeguarding(db: None) -> User:
    return UserFactory(name="Sade Safeguarding", role=Role.SAFEGUARDING)


@pytest.fixture
def evaluator(db: None) -> User:
    return UserFactory(name="Eve Evaluator", role=Role.EVALUATOR)


@pytest.fixture
def administrator(db: None) -> User:
    return UserFactory(name="Ada Administrator", role=Role.ADMINISTRATOR)


@pytest.fixture
def cohort(lead: User, facilitator: User, parent: User) -> Cohort:
    return CohortFactory(name="Ipswich spring", team=[lead, facilitator, parent])


@pytest.fixture
def other_cohort(db: None) -> Cohort:
    return CohortFactory(name="Lowestoft", team=[UserFactory(name="Olu Other", role=Role.FACILITATOR)])


@pytest.fixture
def browser_of() -> Callable[[User], Client]:
    """A signed-in client: `browser_of(lead).get(url)`."""

    def sign_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def stranger() -> Client:
    """Nobody is signed in."""
    return Client()


@pytest.fixture
def same_queries(seconds_stand_still: None) -> Callable[..., None]:
    """`same_queries(client, url, grow)`: the page costs the same before and after `grow()` adds rows."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def check(client: Client, url: str, grow: Callable[[], Any]) -> None:
        client.get(url)  # the session's clock is written once a minute
        with CaptureQueriesContext(connection) as few:
            assert client.get(url).status_code == 200
        grow()
        client.get(url)  # who is new on the page is written into the trail once
        with CaptureQueriesContext(connection) as many:
            assert client.get(url).status_code == 200
        assert len(many) == len(few), [query["sql"][:160] for query in many.captured_queries]

    return check
