"""A tick, and everyone here: as a browser without JavaScript and as the script sends them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import FollowUp, Place
from ppg.models import AuditEntry
from ppg.time_of_day import clock
from sessions_app.models import RegisterMark
from sessions_app.register import actions
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.sessions_app.register.asking import page_of, rows_by_script, send, state_of, text

pytestmark = pytest.mark.django_db


# --- A tick ----------------------------------------------------------------------------------------------


def test_a_tick_without_javascript_goes_back_to_its_row_and_says_saved(browser_of, facilitator, session, aisha, ben):
    browser = browser_of(facilitator)
    values = {"place": aisha.code, "state": "present", "page_key": str(uuid4())}
    answer = browser.post(reverse("sessions:mark", args=[session.code]), values)
    assert answer.status_code == 302 and answer.headers["Location"] == f"{page_of(session)}#row-{aisha.code}"
    page = text(browser.get(page_of(session)))
    assert "1 of 2 here" in page and "by Femi" in page
    assert page.count('aria-pressed="true"') == 1


def test_a_tick_by_script_gets_what_the_register_says_now(browser_of, facilitator, session, aisha):
    key = str(uuid4())
    answer = send(browser_of(facilitator), session, aisha, "late", key)
    at = clock(RegisterMark.objects.get().made_at)
    now = answer.json()["now"]
    assert abs(now - timezone.now().timestamp()) < 10
    told = {"state": "late", "told": f"Saved at {at} by Femi", "overruled": False}
    assert answer.json() == {"rows": {aisha.code: told}, "now": now, "key": key}


def test_a_tick_costs_the_same_for_one_and_many(
    browser_of, facilitator, session, cohort, aisha, ben, django_assert_max_num_queries
):
    browser = browser_of(facilitator)
    browser.get(page_of(session))
    for state in ("present", "late", "open"):
        with django_assert_max_num_queries(
            11
        ):  # sign-in 2, session, place, transaction 2, lock, marks, mark, trail, row
            send(browser, session, aisha, state)


def test_a_tick_is_in_the_trail_without_its_value(browser_of, facilitator, session, aisha):
    send(browser_of(facilitator), session, aisha, "present")
    entry = AuditEntry.objects.get()
    assert (entry.user, entry.verb, entry.what) == (facilitator, "changed", "registermark")
    assert (entry.ref, entry.person, entry.cohort) == (session.code, aisha.caregiver.code, session.cohort.code)
    assert entry.fields == ["state"]


def test_the_same_tick_sent_again_is_the_same_tick(browser_of, facilitator, session, aisha):
    browser, key = browser_of(facilitator), str(uuid4())
    first = send(browser, session, aisha, "present", key)
    again = send(browser, session, aisha, "present", key)
    assert (again.json()["rows"], again.json()["key"]) == (first.json()["rows"], key)
    assert RegisterMark.objects.count() == AuditEntry.objects.count() == 1


def test_what_the_register_says_already_adds_nothing(browser_of, facilitator, session, aisha):
    browser = browser_of(facilitator)
    send(browser, session, aisha, "present")
    assert state_of(send(browser, session, aisha, "present")) == "present"
    assert RegisterMark.objects.count() == AuditEntry.objects.count() == 1


def test_a_correction_keeps_its_history(browser_of, facilitator, session, aisha):
    browser = browser_of(facilitator)
    for state in ("present", "left_early"):
        send(browser, session, aisha, state)
    assert [mark.state for mark in RegisterMark.objects.all()] == ["present", "left_early"]
    history = text(browser.get(reverse("sessions:register_history", args=[session.code])))
    assert history.index("Left early") < history.index(">Here<")
    assert history.count("Femi Facilitator") >= 2


def test_the_history_tells_two_of_the_same_name_apart(browser_of, facilitator, session, cohort, aisha):
    PlaceFactory(cohort=cohort, seat=2, caregiver=CaregiverFactory(cohort=cohort, name="Aisha Begum"))
    browser = browser_of(facilitator)
    send(browser, session, aisha, "present")
    assert "Aisha S." in text(browser.get(reverse("sessions:register_history", args=[session.code])))


def test_undo_leaves_the_row_open_and_the_tick_in_the_history(browser_of, facilitator, session, aisha):
    browser = browser_of(facilitator)
    send(browser, session, aisha, "present")
    assert state_of(send(browser, session, aisha, "open")) == "open"
    page = text(browser.get(page_of(session)))
    assert "0 of 1 here" in page and "Undone at" in page and 'aria-pressed="true"' not in page
    assert "Undone" in text(browser.get(reverse("sessions:register_history", args=[session.code])))


def test_a_late_retry_is_answered_with_what_counts_now(browser_of, facilitator, session, aisha):
    """The first answer got lost; meanwhile a colleague corrected the row."""
    browser, key = browser_of(facilitator), str(uuid4())
    send(browser, session, aisha, "not_here", key)
    send(browser, session, aisha, "late")
    answer = send(browser, session, aisha, "not_here", key, ago="20")
    assert (state_of(answer), answer.json()["key"]) == ("late", key)
    assert RegisterMark.objects.count() == 2


def test_a_key_used_for_another_person_session_or_state_is_refused(browser_of, facilitator, session, aisha, ben):
    browser, key = browser_of(facilitator), str(uuid4())
    send(browser, session, aisha, "present", key)
    other = SessionFactory(cohort=session.cohort, number=9)
    for answer in (
        send(browser, session, ben, "present", key),
        send(browser, session, aisha, "late", key),
        send(browser, other, aisha, "present", key),
    ):
        assert answer.status_code == 409 and "tick once more" in answer.json()["sentence"]
    assert RegisterMark.objects.get().state == "present"


@pytest.mark.parametrize(
    "wrong", [{"state": "ill"}, {"state": ""}, {"key": "short"}, {"key": "x" * 65}, {"place": "1"}, {"ago": "soon"}]
)
def test_what_our_pages_never_send_is_refused_with_a_sentence(browser_of, facilitator, session, aisha, wrong):
    values = {"place": aisha.code, "state": "present", "key": str(uuid4()), **wrong}
    url = reverse("sessions:mark", args=[session.code])
    answer = browser_of(facilitator).post(url, values, headers={"accept": "application/json"})
    assert answer.status_code == 422 and answer.json()["sentence"]
    assert browser_of(facilitator).post(url, values).status_code in (409, 422)
    assert not RegisterMark.objects.exists()


def test_who_left_before_the_session_cannot_be_ticked(browser_of, facilitator, session, aisha):
    aisha.state, aisha.seat, aisha.left_on = Place.State.LEFT, None, session.day - timedelta(days=1)
    aisha.save()
    answer = send(browser_of(facilitator), session, aisha, "present")
    assert answer.status_code == 409 and "not in the group" in answer.json()["sentence"]


def test_what_is_not_there_any_more_is_told_in_our_own_words(browser_of, facilitator, session, aisha, other_cohort):
    """A 404 of a proxy would say nothing of the sort, and the device keeps its tick."""
    gone = send(browser_of(facilitator), session, PlaceFactory(cohort=other_cohort), "present")
    assert gone.status_code == 404 and "not in your groups" in gone.json()["sentence"]


# --- When a tick was made --------------------------------------------------------------------------------


@pytest.fixture
def noon(session, noon):
    """Noon of the session's day."""
    session.starts_at = noon
    session.save()
    return noon


def tick(session, place, by, state, **more):
    return actions.mark(session=session, place=place, state=state, key=str(uuid4()), by=by, **more)


def test_a_tick_that_waited_on_the_device_was_made_then(session, aisha, facilitator, noon):
    assert tick(session, aisha, facilitator, "present", ago_seconds=90, at=noon).made_at == noon - timedelta(seconds=90)


@pytest.mark.parametrize(("ago", "hours"), [(-50, 0), (1e300, 28 * 24), (3e6, 28 * 24)])
def test_a_tick_is_never_in_the_future_nor_older_than_four_weeks(session, aisha, facilitator, noon, ago, hours):
    assert tick(session, aisha, facilitator, "present", ago_seconds=ago, at=noon).made_at == noon - timedelta(
        hours=hours
    )


def test_the_one_made_later_counts_not_the_one_that_came_later(browser_of, session, aisha, facilitator, lead, noon):
    tick(session, aisha, lead, "late", at=noon)
    tick(session, aisha, facilitator, "not_here", ago_seconds=600, at=noon + timedelta(minutes=1))
    assert session.marks.latest().get().state == "late"
    assert session.marks.count() == 2
    assert rows_by_script(browser_of(lead), session)[aisha.code]["state"] == "late"


def test_ticks_of_one_device_keep_their_order_though_one_travels_longer(session, aisha, facilitator, noon):
    tick(session, aisha, facilitator, "present", ago_seconds=5, at=noon + timedelta(seconds=6))  # made at +0, slow
    tick(session, aisha, facilitator, "late", ago_seconds=6.2, at=noon + timedelta(seconds=7))  # made at +0.5, quick
    assert session.marks.latest().get().state == "late"


def test_a_clock_that_was_set_back_loses_no_tick(session, aisha, facilitator, lead, noon):
    tick(session, aisha, lead, "not_here", at=noon + timedelta(hours=1))
    tick(session, aisha, facilitator, "present", at=noon)
    assert session.marks.latest().get().state == "present"


# --- Everyone here ---------------------------------------------------------------------------------------


def everyone(browser, session, key, **kwargs):
    return browser.post(reverse("sessions:everyone_here", args=[session.code]), {"key": key}, **kwargs)


def test_everyone_here_ticks_only_whoever_is_not_ticked_yet(browser_of, facilitator, session, aisha, ben):
    browser = browser_of(facilitator)
    send(browser, session, aisha, "apologies")
    answer = everyone(browser, session, str(uuid4()))
    assert answer.status_code == 302 and answer.headers["Location"].startswith(f"{page_of(session)}?pressed=")
    assert {mark.place: mark.state for mark in RegisterMark.objects.latest()} == {aisha: "apologies", ben: "present"}
    assert AuditEntry.objects.filter(person=ben.caregiver.code).count() == 1


def test_everyone_here_twice_is_once_and_does_not_bring_back_what_was_undone(
    browser_of, facilitator, session, aisha, ben
):
    browser, key = browser_of(facilitator), str(uuid4())
    everyone(browser, session, key)
    send(browser, session, ben, "open")
    answer = everyone(browser, session, key, headers={"accept": "application/json"}).json()
    assert answer["key"] == key
    assert {code: row["state"] for code, row in answer["rows"].items()} == {aisha.code: "present", ben.code: "open"}
    assert RegisterMark.objects.count() == 3


def test_everyone_here_leaves_out_who_joined_later(facilitator, cohort, aisha, ben):
    past = SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=14))
    ben.taken_on = timezone.localdate() - timedelta(days=30)
    ben.save()
    assert [mark.place for mark in actions.everyone_here(session=past, key="k" * 20, by=facilitator)] == [ben]


def test_everyone_here_without_a_key_is_refused(browser_of, facilitator, session, aisha):
    assert everyone(browser_of(facilitator), session, "").status_code in (409, 422)
    assert not RegisterMark.objects.exists()


# --- Undo all --------------------------------------------------------------------------------------------


def undo_all(browser, session, press, key=None, **values):
    values = {"press": press, "key": key or str(uuid4()), **values}
    url = reverse("sessions:undo_everyone", args=[session.code])
    return browser.post(url, values, headers={"accept": "application/json"})


def made(place):
    return [mark.state for mark in place.marks.all()]


@pytest.fixture
def carol(cohort):
    return PlaceFactory(cohort=cohort, seat=3, caregiver=CaregiverFactory(cohort=cohort, name="Carol Surname"))


def test_undo_all_takes_back_what_that_press_ticked_and_nothing_else(
    browser_of, facilitator, session, aisha, ben, carol
):
    browser, press = browser_of(facilitator), str(uuid4())
    send(browser, session, aisha, "present")  # before
    everyone(browser, session, press)
    send(browser, session, ben, "late")  # since
    answer = undo_all(browser, session, press)
    states = {code: row["state"] for code, row in answer.json()["rows"].items()}
    assert states == {aisha.code: "present", ben.code: "late", carol.code: "open"}
    assert (made(aisha), made(ben), made(carol)) == (["present"], ["present", "late"], ["present", "open"])
    assert AuditEntry.objects.filter(person=carol.caregiver.code, verb="changed").count() == 2


def test_undo_all_again_or_under_another_key_undoes_nothing_more(browser_of, facilitator, session, aisha):
    browser, press, key = browser_of(facilitator), str(uuid4()), str(uuid4())
    everyone(browser, session, press)
    for again in (key, key, press, None):
        assert undo_all(browser, session, press, again).status_code == 200
    assert made(aisha) == ["present", "open"]
    send(browser, session, aisha, "present")
    undo_all(browser, session, press, key)  # arrives late
    assert made(aisha) == ["present", "open", "present"]


def test_a_tick_that_a_colleague_confirmed_after_the_press_stays(browser_of, facilitator, lead, session, aisha):
    press = str(uuid4())
    everyone(browser_of(facilitator), session, press)
    for state in ("late", "present"):
        send(browser_of(lead), session, aisha, state)
    undo_all(browser_of(facilitator), session, press)
    assert made(aisha) == ["present", "late", "present"]


def test_only_who_pressed_it_can_undo_all(browser_of, facilitator, lead, session, aisha):
    press = str(uuid4())
    everyone(browser_of(facilitator), session, press)
    undo_all(browser_of(lead), session, press)
    assert made(aisha) == ["present"]


def test_undo_all_of_some_rows_leaves_the_others(browser_of, facilitator, session, aisha, ben):
    """A script sends one row at a time."""
    browser, press = browser_of(facilitator), str(uuid4())
    everyone(browser, session, press)
    undo_all(browser, session, press, places=ben.code)
    assert (made(aisha), made(ben)) == (["present"], ["present", "open"])


def test_an_undo_is_never_older_than_what_it_undoes(session, aisha, facilitator, noon):
    press = "p" * 20
    actions.everyone_here(session=session, key=press, by=facilitator, at=noon)
    later = noon + timedelta(minutes=5)
    actions.undo_everyone(session=session, press=press, key="u" * 20, by=facilitator, ago_seconds=3000, at=later)
    assert session.marks.latest().get().state == "open"


def test_without_a_script_undo_all_is_offered_after_the_press(browser_of, facilitator, lead, session, aisha, ben):
    browser, press = browser_of(facilitator), str(uuid4())
    page = everyone(browser, session, press, follow=True)
    assert f'name="press" value="{press}"' in text(page)
    assert f'data-pressed="{aisha.code} {ben.code} "' in text(page)
    assert f'name="press" value="{press}"' not in text(browser_of(lead).get(f"{page_of(session)}?pressed={press}"))
    answer = browser.post(reverse("sessions:undo_everyone", args=[session.code]), {"press": press, "key": str(uuid4())})
    assert answer.status_code == 302 and answer.headers["Location"] == page_of(session)
    assert made(aisha) == made(ben) == ["present", "open"]
    assert f'name="press" value="{press}"' not in text(browser.get(f"{page_of(session)}?pressed={press}"))


@pytest.mark.parametrize("wrong", [{"press": ""}, {"key": "short"}, {"places": "1"}])
def test_an_undo_all_that_our_pages_never_send_is_refused_with_a_sentence(
    browser_of, facilitator, session, aisha, wrong
):
    answer = undo_all(browser_of(facilitator), session, **{"press": str(uuid4()), **wrong})
    assert answer.status_code == 422 and answer.json()["sentence"]


def test_apologies_count_again_only_later_once_all_is_undone(browser_of, facilitator, session, cohort, aisha, ben):
    """The first tick of the day had made two absences in a row of them; with no tick left it was no register."""
    missed = SessionFactory(cohort=cohort, number=2, starts_at=session.starts_at - timedelta(days=7))
    browser, press = browser_of(facilitator), str(uuid4())
    for one in (missed, session):
        send(browser, one, aisha, "apologies")
    everyone(browser, session, press)
    assert FollowUp.objects.count() == 1
    undo_all(browser, session, press)
    assert not FollowUp.objects.exists()
