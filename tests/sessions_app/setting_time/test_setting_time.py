"""One press sets the group's time (P4): which sessions move, and where to."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.times import actions as times
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from sessions_app.dates import bank_holidays, local_start
from sessions_app.models import Adaptation, RegisterMark
from sessions_app.setting_time import actions
from sessions_app.setting_time.queries import new_days
from tests.factories import PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db
MONDAY = date(2031, 3, 3)  # no bank holiday until Easter: 14 April 2031


@pytest.fixture
def sessions(cohort):
    """Four Mondays at 18:00; the third week is skipped, and summer time begins on 30 March."""
    days = [MONDAY + timedelta(weeks=week) for week in (0, 1, 3, 4)]
    return [SessionFactory(cohort=cohort, number=n, starts_at=local_start(day, time(18))) for n, day in enumerate(days)]


@pytest.fixture
def slot(cohort, lead):
    [made] = times.propose(cohort=cohort, weekdays=[3], starts=[time(10, 30)], by=lead)
    return made


def starts(cohort):
    return [timezone.localtime(one.starts_at).strftime("%a %d %b %H:%M") for one in cohort.sessions.order_by("number")]


def set_it(slot, by, at=date(2031, 2, 1), **more):
    actions.set_time(slot=slot, by=by, at=local_start(at, time(12)), **more)


def test_each_session_moves_within_its_week_and_skipped_weeks_stay_skipped(cohort, sessions, slot, lead):
    set_it(slot, lead)
    assert starts(cohort) == ["Thu 06 Mar 10:30", "Thu 13 Mar 10:30", "Thu 27 Mar 10:30", "Thu 03 Apr 10:30"]
    slot.refresh_from_db()
    assert slot.chosen_by == lead and slot.chosen_at
    assert Adaptation.objects.filter(kind="moved", by=lead).count() == 4
    assert AuditEntry.objects.filter(what="slot", ref=slot.code, fields=["chosen"]).count() == 1


def test_what_was_held_keeps_its_date(cohort, sessions, slot, lead):
    RegisterMark.objects.create(
        session=sessions[0],
        place=PlaceFactory(cohort=cohort),
        state="present",
        key="k",
        made_at=timezone.now(),
        recorded_by=lead,
    )
    set_it(slot, lead)
    assert starts(cohort)[:2] == ["Mon 03 Mar 18:00", "Thu 13 Mar 10:30"]


def test_a_session_that_somebody_sent_apologies_for_moves_with_the_others(browser_of, cohort, sessions, slot, lead):
    url = reverse("sessions:set_time", args=[slot.code])
    assert "apologies" not in browser_of(lead).get(url).text
    RegisterMark.objects.create(
        session=sessions[2],
        place=PlaceFactory(cohort=cohort),
        state="apologies",
        key="k",
        made_at=timezone.now(),
        recorded_by=lead,
    )
    assert "1 person sent apologies for an old date" in browser_of(lead).get(url).text
    set_it(slot, lead)
    assert starts(cohort) == ["Thu 06 Mar 10:30", "Thu 13 Mar 10:30", "Thu 27 Mar 10:30", "Thu 03 Apr 10:30"]
    assert sessions[2].marks.get().state == "apologies"


def test_a_day_that_is_over_is_passed_over_and_the_last_takes_the_week_after(cohort, sessions, slot, lead):
    slot.weekday = 0
    slot.save()
    set_it(slot, lead, at=MONDAY)  # Monday noon: 10:30 is over, 18:00 is not
    assert starts(cohort) == ["Mon 10 Mar 10:30", "Mon 24 Mar 10:30", "Mon 31 Mar 10:30", "Mon 07 Apr 10:30"]


def test_bank_holidays_on_the_new_day_are_left_out(cohort, slot, lead):
    SessionFactory(cohort=cohort, number=1, starts_at=local_start(date(2031, 4, 10), time(18)))
    SessionFactory(cohort=cohort, number=2, starts_at=local_start(date(2031, 4, 17), time(18)))
    slot.weekday = 4  # Good Friday is 11 April
    slot.save()
    set_it(slot, lead)
    assert starts(cohort) == ["Fri 18 Apr 10:30", "Fri 25 Apr 10:30"]


def test_cancelled_sessions_and_extra_ones_stay(cohort, sessions, slot, lead):
    sessions[1].cancelled_at = timezone.now()
    sessions[1].save()
    sessions[2].extra = True
    sessions[2].save()
    set_it(slot, lead)
    assert starts(cohort) == ["Thu 06 Mar 10:30", "Mon 10 Mar 18:00", "Mon 24 Mar 18:00", "Thu 03 Apr 10:30"]


def test_another_time_can_be_set_afterwards(cohort, sessions, slot, lead):
    [other] = times.propose(cohort=cohort, weekdays=[1], starts=[time(19)], by=lead)
    set_it(slot, lead)
    set_it(other, lead)
    assert starts(cohort)[0] == "Tue 04 Mar 19:00"
    assert [one for one in cohort.slots.all() if one.chosen_at] == [other]


def test_with_nothing_ahead_there_is_nothing_to_set(cohort, slot, lead):
    with pytest.raises(Refused, match="No session lies ahead"):
        set_it(slot, lead)


def test_the_page_shows_old_and_new_dates_and_one_press_sets_them(browser_of, facilitator, cohort, sessions, slot):
    url = reverse("sessions:set_time", args=[slot.code])
    browser = browser_of(facilitator)
    answer = browser.get(url)
    said = answer.content.decode()
    assert "Monday 3 March 2031, 6pm" in said and "Thursday 6 March 2031, 10:30am" in said
    typed = {"effect_key": str(uuid.uuid4()), "seen": answer.context["plan"].seen}
    for _ in range(2):
        done = browser.post(url, typed, follow=True)
    assert "The group meets on Thursday at 10:30am" in done.content.decode()
    assert Adaptation.objects.count() == 4


def test_dates_that_changed_since_they_were_shown_are_shown_again(browser_of, lead, cohort, sessions, slot):
    url = reverse("sessions:set_time", args=[slot.code])
    browser = browser_of(lead)
    seen = browser.get(url).context["plan"].seen
    sessions[3].starts_at += timedelta(weeks=1)
    sessions[3].save()
    answer = browser.post(url, {"effect_key": str(uuid.uuid4()), "seen": seen})
    assert answer.status_code == 409 and "The dates have changed since you looked" in answer.content.decode()
    assert starts(cohort)[0] == "Mon 03 Mar 18:00"


def test_a_foreign_group_a_role_without_it_and_a_wrong_verb(browser_of, other_facilitator, parent, lead, slot):
    url = reverse("sessions:set_time", args=[slot.code])
    assert browser_of(other_facilitator).get(url).status_code == 404
    assert browser_of(parent).get(url).status_code == 403
    assert browser_of(lead).put(url).status_code == 405


@pytest.mark.parametrize("weekday", range(7))
def test_the_days_are_always_on_the_weekday_in_order_and_never_on_a_bank_holiday(weekday):
    old = [date(2031, 3, 31) + timedelta(weeks=week) for week in (0, 1, 2, 5, 6, 9)]
    after = date(2031, 4, 2)
    days = new_days(old, weekday, after, bank_holidays)
    assert len(days) == len(old) and days == sorted(set(days))
    assert {day.weekday() for day in days} == {weekday} and min(days) > after
    assert not bank_holidays(days)


def test_two_sessions_of_one_week_come_to_stand_in_two():
    old = [MONDAY, MONDAY + timedelta(days=2), MONDAY + timedelta(weeks=1)]
    days = new_days(old, 3, MONDAY - timedelta(days=9), lambda days: [])
    assert [(day - MONDAY).days for day in days] == [3, 10, 17]
    assert isinstance(local_start(days[0], time(9)), datetime)
