"""What was promised to go goes by itself: warned of 14 days before, on its day, and nothing that was not warned of."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Caregiver, Erased, Referral
from caregivers.rights import actions as rights
from ppg.access.refusals import Refused
from ppg.background import chores
from ppg.health.work import nightly_work_was_done
from ppg.management.commands.worker import NIGHTLY
from ppg.models import AccountMail, AuditEntry, Service, User
from ppg.service_details import service
from programmes.models import Cohort
from sessions_app.models import RetentionHold, RetentionWarning, Session
from sessions_app.retention import actions, jobs, queries
from tests.factories import CaregiverFactory, CohortFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db

LAST = date(2026, 6, 15)
OVER = date(2027, 6, 15)
WARNED = date(2027, 6, 1)
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"


def at(day: date, hour: int = 9) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(hour)))


def of(cohort: Cohort, last_on: date) -> Cohort:
    """Its last session was on that day; two people are in it, a third was referred."""
    SessionFactory(cohort=cohort, number=1, starts_at=at(last_on - 7 * DAY, 18))
    SessionFactory(cohort=cohort, number=2, starts_at=at(last_on, 18))
    for _seat in (1, 2):
        PlaceFactory(cohort=cohort)
    CaregiverFactory(cohort=cohort)
    return cohort


@pytest.fixture
def old(cohort: Cohort, administrator: User) -> Cohort:
    return of(cohort, LAST)


def nights(first: date, last: date) -> None:
    """The worker's nights, the first and the last day and every third between: what goes, and later the warning."""
    nights = (last - first).days
    for days in [*range(0, nights, 3), nights]:
        jobs.remove(at(first + days * DAY, 5))
        jobs.warn(at(first + days * DAY, 8))


def letters() -> int:
    return AccountMail.objects.filter(kind="retention_due").count()


def gone() -> int:
    return Erased.objects.count()


# --- Warned, then gone -----------------------------------------------------------------------------------


def test_warned_14_days_before_and_not_a_day_sooner(old):
    nights(date(2027, 5, 20), WARNED - DAY)
    assert letters() == 0 and not RetentionWarning.objects.exists()
    nights(WARNED, WARNED)
    row = RetentionWarning.objects.get()
    assert (letters(), row.cohort, row.over_on, row.warned_on) == (1, old, OVER, WARNED)


def test_warned_once_and_gone_on_the_day(old):
    nights(WARNED, OVER - DAY)
    assert (letters(), gone()) == (1, 0)
    nights(OVER, OVER)
    assert (letters(), gone()) == (1, 3)
    nights(OVER + DAY, OVER + 40 * DAY)
    assert (letters(), gone()) == (1, 3)


def test_by_the_workers_own_clock(old):
    """As the worker does it: each night at its hour, whichever machine comes first, and again if it comes again."""
    ours = [one for one in NIGHTLY if one.do in (jobs.remove, jobs.warn)]
    for days in range(15):
        for hour in (4, 6, 9, 9):
            chores.run(ours, at(WARNED + days * DAY, hour))
    assert (letters(), gone()) == (1, 3)


def test_the_letter_goes_to_who_looks_after_it_and_names_nobody(
    old, administrator, lead, manager, django_capture_on_commit_callbacks
):
    person = Caregiver.objects.first()
    with django_capture_on_commit_callbacks(execute=True):
        nights(WARNED, WARNED)
    [message] = mail.outbox
    assert (message.to, message.subject) == ([administrator.email], "Something is due")
    assert "14 days after this e-mail" in message.body
    for word in (old.name, old.code, person.name, "group", "parent"):
        assert word not in message.body


def test_one_letter_for_all_groups_of_a_day(old, other_cohort):
    of(other_cohort, LAST)
    nights(WARNED, WARNED)
    assert (letters(), RetentionWarning.objects.count()) == (1, 2)


def test_what_happened_is_in_the_trail(old):
    nights(WARNED, OVER)
    fields = AuditEntry.objects.filter(what="cohort", user=None).values_list("fields", flat=True)
    assert sorted(map(tuple, fields)) == [("retention",), ("retention_warning",)]


def test_an_upgrade_with_many_that_are_overdue_warns_first(old, other_cohort):
    of(other_cohort, date(2024, 1, 10))
    nights(date(2027, 8, 1), date(2027, 8, 14))
    assert (letters(), gone()) == (1, 0)
    nights(date(2027, 8, 15), date(2027, 8, 15))
    assert gone() == 6


def test_while_nobody_can_be_warned_nothing_goes_and_health_says_why(old, administrator):
    User.objects.filter(pk=administrator.pk).update(is_active=False)
    with pytest.raises(Refused, match="no administrator"):
        jobs.warn(at(WARNED, 8))
    assert not RetentionWarning.objects.exists()
    assert jobs.remove(at(OVER, 5)) == 0


def test_a_worker_that_comes_late_is_late_by_as_much(old):
    nights(WARNED + 3 * DAY, OVER + 2 * DAY)
    assert gone() == 0
    nights(OVER + 3 * DAY, OVER + 3 * DAY)
    assert gone() == 3


# --- What has changed is warned of again -----------------------------------------------------------------


def test_a_session_that_is_added_moves_the_day_and_it_is_warned_of_again(old):
    nights(WARNED, OVER - DAY)
    SessionFactory(cohort=old, number=3, starts_at=at(LAST + 21 * DAY, 18))
    nights(OVER, OVER + 7 * DAY)
    nights(OVER + 8 * DAY, OVER + 20 * DAY)
    assert (letters(), gone()) == (2, 0)
    nights(OVER + 21 * DAY, OVER + 21 * DAY)
    assert gone() == 3


def test_dates_that_move_nearer_are_warned_of_14_days_before_it_goes(old):
    nights(WARNED, WARNED)
    Session.objects.filter(cohort=old).update(starts_at=at(LAST - 60 * DAY, 18))
    nights(WARNED + DAY, WARNED + 14 * DAY)
    assert (letters(), gone()) == (2, 0)
    nights(WARNED + 15 * DAY, WARNED + 15 * DAY)
    assert gone() == 3


def test_dates_that_move_away_and_back_are_warned_of_anew(old):
    nights(WARNED, OVER - 3 * DAY)
    Session.objects.filter(cohort=old).update(starts_at=at(LAST + 90 * DAY, 18))
    nights(OVER - 2 * DAY, OVER - 2 * DAY)
    Session.objects.filter(cohort=old).update(starts_at=at(LAST, 18))
    nights(OVER - DAY, OVER + 12 * DAY)
    assert (letters(), gone()) == (2, 0)
    nights(OVER + 13 * DAY, OVER + 13 * DAY)
    assert gone() == 3


def test_other_months_in_the_setting_are_another_day(old):
    nights(WARNED, OVER - DAY)
    Service.objects.create(keep_months=13)
    service.forget()
    nights(OVER, OVER)
    assert gone() == 0


def test_somebody_who_was_added_since_was_not_warned_of(old):
    nights(WARNED, OVER - DAY)
    CaregiverFactory(cohort=old)
    nights(OVER, OVER + 13 * DAY)
    assert (letters(), gone()) == (2, 0)
    nights(OVER + 14 * DAY, OVER + 14 * DAY)
    assert gone() == 4


def test_somebody_who_asked_to_be_erased_since_holds_nothing_up(old, lead):
    nights(WARNED, OVER - DAY)
    rights.erase(caregiver=Caregiver.objects.first(), by=lead)
    nights(OVER, OVER)
    assert (letters(), gone()) == (1, 3)


def test_who_is_in_a_later_group_goes_with_that_and_is_warned_of_then(old, other_cohort):
    person = old.place_set.first().caregiver
    SessionFactory(cohort=other_cohort, starts_at=at(LAST + 60 * DAY))
    Referral.objects.create(caregiver=person, cohort=other_cohort, source="hub", received_on=LAST)
    nights(WARNED, OVER)
    assert gone() == 2
    nights(OVER + DAY, OVER + 59 * DAY)
    assert (gone(), letters()) == (2, 2)
    nights(OVER + 60 * DAY, OVER + 60 * DAY)
    assert gone() == 3


def test_after_a_restore_everything_is_warned_of_again(old, settings, tmp_path, capsys):
    """What was decided since the backup is not known."""
    settings.BACKUPS = tmp_path
    nights(WARNED, WARNED)
    call_command("backup", tmp_path / "of today")
    call_command("restore", tmp_path / "of today", replace=True)
    nights(WARNED + DAY, OVER)
    assert (RetentionWarning.objects.get().warned_on, gone()) == (WARNED + DAY, 0)


def test_a_database_put_back_by_its_own_means_is_warned_of_again(old):
    """As the worker sees it: a warning that nobody has looked at for days."""
    nights(WARNED, WARNED)
    nights(WARNED + 4 * DAY, OVER + 3 * DAY)
    assert (letters(), gone()) == (2, 0)


# --- One that fails --------------------------------------------------------------------------------------


@pytest.fixture
def fails(monkeypatch):
    """Erasing one person fails: another group's rows are not in the way."""

    def of_person(person: Caregiver) -> None:
        erase = rights.erase

        def failing(**values):
            if values["caregiver"] == person:
                raise IntegrityError("a row is in the way")
            erase(**values)

        monkeypatch.setattr(rights, "erase", failing)

    return of_person


def test_one_that_fails_is_whole_holds_up_no_other_and_health_says_so(old, other_cohort, fails):
    of(other_cohort, LAST - DAY)
    nights(WARNED, OVER - DAY - DAY)
    fails(old.place_set.last().caregiver)
    [job] = [one for one in NIGHTLY if one.do is jobs.remove]
    chores.run([job], at(OVER, 5))
    assert set(Caregiver.objects.filter(erased_at=None).values_list("referrals__cohort", flat=True)) == {old.pk}
    assert Caregiver.objects.filter(erased_at=None).count() == 3, "nobody of the group that failed has gone"
    assert "the details of 1 group could not be deleted" in nightly_work_was_done(at(OVER, 6)).sentence


def test_what_failed_goes_the_next_night(old, fails, monkeypatch):
    nights(WARNED, OVER - DAY)
    with monkeypatch.context():
        fails(Caregiver.objects.last())
        with pytest.raises(Refused):
            jobs.remove(at(OVER, 5))
    monkeypatch.undo()
    nights(OVER + DAY, OVER + DAY)
    assert (gone(), letters()) == (3, 1)


# --- Kept longer -----------------------------------------------------------------------------------------

UNTIL = date(2027, 9, 1)


def held(cohort: Cohort, by: User, until: date = UNTIL, on: date = OVER - 3 * DAY) -> RetentionHold:
    return actions.keep_longer(cohort=cohort, until=until, why="A complaint is open", by=by, at=at(on))


def test_what_is_kept_longer_stays_and_is_warned_of_before_the_hold_ends(old, administrator):
    nights(WARNED, OVER - 4 * DAY)
    held(old, administrator)
    nights(OVER - 3 * DAY, UNTIL - 15 * DAY)
    assert (letters(), gone()) == (1, 0)
    nights(UNTIL - 14 * DAY, UNTIL - DAY)
    assert (letters(), gone()) == (2, 0)
    nights(UNTIL, UNTIL)
    assert gone() == 3


def test_it_cannot_be_removed_by_a_press_either(old, administrator):
    held(old, administrator)
    with pytest.raises(Refused, match="not over yet"):
        actions.remove(group=queries.group_of(old.code, OVER), seen=3, by=administrator, at=at(OVER))


def test_a_hold_that_is_ended_is_warned_of_again(old, administrator):
    nights(WARNED, OVER - 4 * DAY)
    hold = held(old, administrator)
    actions.end_hold(hold=hold, by=administrator, at=at(OVER + 10 * DAY))
    nights(OVER + 10 * DAY, OVER + 23 * DAY)
    assert (letters(), gone()) == (2, 0)
    nights(OVER + 24 * DAY, OVER + 24 * DAY)
    assert gone() == 3


def test_a_hold_holds_people_who_are_in_another_group_too(old, administrator, other_cohort):
    of(other_cohort, LAST)
    person = old.place_set.first().caregiver
    Referral.objects.create(caregiver=person, cohort=other_cohort, source="hub", received_on=LAST)
    held(other_cohort, administrator)
    nights(WARNED, OVER)
    assert gone() == 2
    person.refresh_from_db()
    assert person.erased_at is None


def test_a_hold_and_its_end_are_in_the_trail_with_who(old, administrator):
    hold = held(old, administrator)
    actions.end_hold(hold=hold, by=administrator)
    actions.end_hold(hold=hold, by=administrator)
    entries = AuditEntry.objects.filter(what="retentionhold", ref=hold.code, cohort=old.code, user=administrator)
    assert list(entries.order_by("id").values_list("verb", "fields")) == [
        ("created", ["until", "why"]),
        ("changed", ["ended_at"]),
    ]


def test_a_later_hold_takes_the_place_of_the_one_before(old, administrator):
    first = held(old, administrator)
    second = held(old, administrator, until=UNTIL + 30 * DAY)
    first.refresh_from_db()
    assert first.ended_by == administrator and list(RetentionHold.objects.standing()) == [second]


@pytest.mark.parametrize(
    ("until", "why"),
    [
        (OVER, "from 16 June 2027 to 15 June 2028"),
        (date(2028, 6, 16), "from 16 June 2027 to 15 June 2028"),
    ],
)
def test_not_shorter_and_not_for_ever(old, administrator, until, why):
    with pytest.raises(Refused, match=why):
        held(old, administrator, until=until)


# --- Pages -----------------------------------------------------------------------------------------------


@pytest.fixture
def today(now):
    return timezone.localdate(now)


@pytest.fixture
def lately(cohort, administrator, today):
    """A group whose time is over in ten days, as of the day the test runs."""
    over = today + 10 * DAY
    last = over - timedelta(days=370)
    of(cohort, last)
    Service.objects.create(keep_months=12)
    service.forget()
    held_over = queries.group_of(cohort.code, today).over_on
    Session.objects.filter(cohort=cohort).update(starts_at=at(last + (over - held_over)))
    return cohort


GROUP, HOLD, END = map(reverse, ("sessions:retention_group", "sessions:retention_hold", "sessions:retention_hold_end"))


def asked(page) -> dict[str, str]:
    return {"effect_key": page.context["form"]["effect_key"].value()}


def test_home_and_retention_say_which_group_goes_on_which_day(lately, browser_of, administrator, lead, now, today):
    jobs.warn(now)
    day = f"{queries.group_of(lately.code, today).goes_on(today):%-d %B %Y}"
    client = browser_of(administrator)
    for page in (client.get(reverse("home")), client.get(reverse("sessions:retention"))):
        assert lately.name in page.text and day in page.text
    assert "deleted automatically" not in browser_of(lead).get(reverse("home")).text


def test_kept_longer_on_the_page_and_ended_by_one_press(lately, browser_of, administrator, today):
    client, where = browser_of(administrator), f"{HOLD}?group={lately.code}"
    until = today + 90 * DAY
    said = asked(client.get(where)) | {"until": str(until), "why": "A complaint is open"}
    for _press in range(2):
        assert client.post(where, said).url == f"{GROUP}?group={lately.code}"
    hold = RetentionHold.objects.get()
    page = client.get(reverse("sessions:retention")).text
    assert all(words in page for words in ("A complaint is open", administrator.name, f"{until:%-d %B %Y}"))
    assert client.post(END, {"hold": hold.code}).status_code == 302
    assert not RetentionHold.objects.standing().exists()
    assert "A complaint is open" not in client.get(reverse("sessions:retention")).text
    assert "A complaint is open" in client.get(GROUP, {"group": lately.code}).text, "it stays in sight there"


def test_what_was_typed_is_kept_and_a_reason_is_asked_for(lately, browser_of, administrator, today):
    client, where = browser_of(administrator), f"{HOLD}?group={lately.code}"
    answer = client.post(where, asked(client.get(where)) | {"until": str(today + 500 * DAY), "why": ""})
    assert answer.status_code == 422 and "Say why, in a few words" in answer.text and "or earlier" in answer.text
    answer = client.post(where, asked(client.get(where)) | {"until": str(today + 5 * DAY), "why": "A court asks"})
    assert answer.status_code == 422 and "or later" in answer.text and "A court asks" in answer.text


def test_only_who_looks_after_retention_keeps_longer(lately, browser_of, lead, manager, administrator):
    for user in (lead, manager):
        assert browser_of(user).get(HOLD, {"group": lately.code}).status_code == 403
        assert browser_of(user).post(END, {"hold": "A" * 22}).status_code == 403
    client = browser_of(administrator)
    assert client.get(HOLD, {"group": "A" * 22}).status_code == 404
    assert client.post(END, {"hold": "A" * 22}).status_code == 404
    assert client.get(HOLD).url == reverse("sessions:retention")


def test_pages_cost_the_same_with_more_groups_warned_of_and_kept_longer(
    lately, browser_of, administrator, same_queries
):
    def grow():
        for _number in range(4):
            held(of(CohortFactory(), LAST), administrator)
            of(CohortFactory(), date(2024, 1, 8))
        actions.warn(at=timezone.now())

    same_queries(browser_of(administrator), reverse("sessions:retention"), grow)
