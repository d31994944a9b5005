"""What the worker saw is written down: since when something is wrong, on which machine, and when it was looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ppg import health, machine
from ppg.health import looks
from ppg.management.commands import worker
from ppg.models import Canary, HealthLook
from tests.hooks import only

pytestmark = pytest.mark.django_db


@pytest.fixture
def mail(monkeypatch):
    """One check, and what it will find: `mail.finds(health.fault(…))`; `mail.asked` counts."""

    class Mail:
        asked = 0
        finding = health.good("It answers.")

        def finds(self, finding):
            self.finding = finding

        def __call__(self, now):
            self.asked += 1
            return self.finding

    made = Mail()
    only(monkeypatch, health.checks, health.Check("mail", "Mail server", made))
    return made


@pytest.fixture
def on(monkeypatch):
    """`on("web2")`: the worker of that machine looks."""
    return lambda host: monkeypatch.setattr(machine, "name", lambda: host)


BROKEN = health.fault("It is away.", "Mend it.")


def test_each_worker_looks_also_where_another_has_the_minutes_turn(on, now):
    for host in ("web1", "web2"):
        on(host)
        worker.by_the_clock(now, worker.Stop())
    assert set(HealthLook.objects.values_list("host", flat=True)) == {"web1", "web2"}


def test_it_looks_at_all_that_is_quick_and_keeps_what_it_saw(now):
    looks.sweep(now)
    names = set(HealthLook.objects.values_list("name", flat=True))
    assert names == {check.name for check in health.checks if not check.slow and not check.live}
    assert {"mail", "backup", "disk", "keys"} <= names and not names & {"worker", "all_keys", "framework"}


def test_it_looks_once_in_five_minutes(mail, now):
    for seconds in (0, 60, 299, 300, 400):
        looks.sweep(now + timedelta(seconds=seconds))
    assert mail.asked == 2


def test_two_workers_on_one_machine_look_once_and_on_two_machines_each(mail, on, now):
    on("web1")
    looks.sweep(now)
    looks.sweep(now)
    on("web2")
    looks.sweep(now)
    assert mail.asked == 2 and HealthLook.objects.count() == 2


def test_since_when_is_from_where_it_went_wrong_until_it_is_well_again(mail, now):
    def seen(minutes, finding):
        mail.finds(finding)
        looks.sweep(now + timedelta(minutes=minutes))
        return HealthLook.objects.get()

    assert seen(0, health.good("It answers.")).since == now
    assert seen(10, BROKEN).since == now + timedelta(minutes=10)
    again = seen(20, health.warning("It is slow.", "Wait."))
    assert (again.since, again.looked_at) == (now + timedelta(minutes=10), now + timedelta(minutes=20))
    assert seen(30, health.good("It answers.")).since == now + timedelta(minutes=30)


def test_a_clock_that_was_put_back_does_not_keep_it_from_looking(mail, now):
    looks.sweep(now + timedelta(hours=5))
    looks.sweep(now)
    assert mail.asked == 2


def test_what_a_machine_saw_that_is_no_more_goes_after_a_day(mail, on, now):
    on("web2")
    looks.sweep(now - timedelta(hours=25))
    on("web1")
    looks.sweep(now)
    assert HealthLook.objects.get().host == "web1"


def test_a_check_that_is_no_more_goes(mail, now):
    HealthLook.objects.create(
        name="of the version before", host=machine.name(), state="fault", sentence="x", since=now, looked_at=now
    )
    looks.sweep(now + timedelta(minutes=6))
    assert HealthLook.objects.get().name == "mail"


def test_a_worker_with_another_key_in_front_adds_a_canary(mail, planted, settings, now):
    from cryptography.fernet import Fernet

    settings.FIELD_KEYS = [Fernet.generate_key().decode(), *settings.FIELD_KEYS]
    looks.sweep(now)
    assert Canary.objects.count() == 2


# --- For pages -------------------------------------------------------------------------------------------


def test_what_is_alike_on_all_machines_is_said_once_and_names_none(mail, on, now):
    for host in ("web1", "web2"):
        on(host)
        looks.sweep(now)
    [line] = looks.health(now).lines
    assert line.sentence == "It answers." and line.hosts == []


def test_where_machines_differ_each_is_named(mail, on, now):
    on("web1")
    looks.sweep(now)
    mail.finds(BROKEN)
    on("web2")
    looks.sweep(now)
    found = looks.health(now)
    assert [(line.sentence, line.hosts) for line in found.by_urgency] == [
        ("It is away.", ["web2"]),
        ("It answers.", ["web1"]),
    ]
    assert [line.sentence for line in found.troubles] == ["It is away."]


def test_what_was_seen_long_ago_is_called_old(mail, now):
    looks.sweep(now)
    assert not looks.health(now + timedelta(minutes=14)).is_old
    assert looks.health(now + timedelta(minutes=16)).is_old


def test_what_is_of_no_use_an_hour_later_is_looked_at_when_it_is_shown(monkeypatch, now):
    live = health.Check("worker", "Worker", lambda at: BROKEN, live=True)
    only(monkeypatch, health.checks, live)
    looks.sweep(now)
    assert not HealthLook.objects.exists()
    assert looks.health(now).troubles[0].sentence == "It is away."
