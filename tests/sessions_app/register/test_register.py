"""The register's page and its ticks, as a browser without JavaScript and as the script asks for them."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Place
from ppg.models import AuditEntry
from sessions_app.models import MarkState, RegisterMark
from sessions_app.register import actions
from sessions_app.register import rows as book
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())


@pytest.fixture
def aisha(cohort):
    caregiver = CaregiverFactory(
        cohort=cohort, name="Aisha Surname", allergies="Peanuts", access_needs="Step-free", phone="01632 960123"
    )
    caregiver.emergency_contacts.create(name="Bina", phone="01632 960999", relation="sister")
    return PlaceFactory(cohort=cohort, caregiver=caregiver, seat=1)


@pytest.fixture
def ben(cohort):
    return PlaceFactory(
        cohort=cohort, seat=2, caregiver=CaregiverFactory(cohort=cohort, name="Benjamin Other", liked_name="Ben")
    )


def page_of(session):
    return reverse("sessions:register", args=[session.code])


def text(answer):
    return answer.content.decode()


def send(browser, session, place, state, key=None, **values):
    values = {"place": place.code, "state": state, "key": key or str(uuid4()), **values}
    return browser.post(reverse("sessions:mark", args=[session.code]), values, headers={"accept": "application/json"})


def state_of(answer):
    (row,) = answer.json()["rows"].values()
    return row["state"]


# --- The page --------------------------------------------------------------------------------------


def test_everybody_in_the_group_is_on_it_by_the_name_they_like(browser_of, facilitator, session, aisha, ben):
    page = text(browser_of(facilitator).get(page_of(session)))
    assert page.index(">Aisha</h2>") < page.index(">Ben</h2>")
    assert "0 of 2 here" in page
    assert "Surname" not in page and "Benjamin" not in page


def test_it_says_nothing_about_health_or_contacts(browser_of, facilitator, session, aisha):
    page = text(browser_of(facilitator).get(page_of(session)))
    for secret in ("Peanuts", "Step-free", "01632", "Bina"):
        assert secret not in page


def test_two_of_the_same_name_can_be_told_apart(browser_of, facilitator, session, cohort, aisha):
    PlaceFactory(cohort=cohort, seat=2, caregiver=CaregiverFactory(cohort=cohort, name="Aisha Begum"))
    page = text(browser_of(facilitator).get(page_of(session)))
    assert ">Aisha B.</h2>" in page and ">Aisha S.</h2>" in page


def test_who_left_before_is_not_there_and_who_left_after_still_is(browser_of, facilitator, session, cohort, aisha, ben):
    for place, days in ((aisha, -1), (ben, 1)):
        place.state, place.seat, place.left_on = Place.State.LEFT, None, session.day + timedelta(days=days)
        place.save()
    page = text(browser_of(facilitator).get(page_of(session)))
    assert "Aisha" not in page and ">Ben</h2>" in page


def test_who_left_on_the_day_stays_while_there_is_a_tick(browser_of, facilitator, session, aisha, ben):
    actions.mark(session=session, place=aisha, state="left_early", key="k" * 20, by=facilitator)
    for place in (aisha, ben):
        place.state, place.seat, place.left_on = Place.State.LEFT, None, session.day
        place.save()
    page = text(browser_of(facilitator).get(page_of(session)))
    assert ">Aisha</h2>" in page and "Ben" not in page


def test_who_waits_or_was_offered_a_place_is_not_on_it(browser_of, facilitator, session, cohort):
    caregiver = CaregiverFactory(cohort=cohort, name="Wanda Waiting")
    PlaceFactory(
        cohort=cohort, caregiver=caregiver, state="waiting", seat=None, taken_on=None, waiting_since=timezone.now()
    )
    assert "Wanda" not in text(browser_of(facilitator).get(page_of(session)))


def test_who_joined_later_is_last_and_does_not_count(browser_of, facilitator, cohort, aisha, ben):
    past = SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=14))
    ben.taken_on = timezone.localdate() - timedelta(days=30)
    ben.save()
    page = text(browser_of(facilitator).get(page_of(past)))
    assert page.index(">Ben</h2>") < page.index(">Aisha</h2>")
    assert "0 of 1 here" in page and "after this session" in page


def test_a_group_typed_in_afterwards_counts_everybody(browser_of, facilitator, cohort, aisha, ben):
    past = SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=14))
    assert "0 of 2 here" in text(browser_of(facilitator).get(page_of(past)))


def test_an_empty_group_says_so(browser_of, facilitator, session):
    assert "Nobody has a place" in text(browser_of(facilitator).get(page_of(session)))


def test_the_page_costs_the_same_for_one_eight_and_thirty(
    browser_of, facilitator, session, cohort, aisha, same_queries, django_assert_max_num_queries
):
    def grow(first, last):
        for seat in range(first, last + 1):
            place = PlaceFactory(cohort=cohort, seat=seat)
            actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)

    browser = browser_of(facilitator)
    same_queries(browser, page_of(session), lambda: grow(2, 8))
    same_queries(browser, page_of(session), lambda: grow(9, 30))
    with django_assert_max_num_queries(8):
        assert "29 of 30 here" in text(browser.get(page_of(session)))


@pytest.mark.parametrize("name", ["register_history", "register_print", "somebody_else"])
def test_its_other_pages_cost_the_same_for_one_and_thirty(
    browser_of, facilitator, session, cohort, aisha, same_queries, name
):
    def grow():
        for seat in range(2, 31):
            place = PlaceFactory(cohort=cohort, seat=seat)
            actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)
            CaregiverFactory(cohort=cohort)

    actions.mark(session=session, place=aisha, state="present", key=str(uuid4()), by=facilitator)
    CaregiverFactory(cohort=cohort)
    same_queries(browser_of(facilitator), reverse(f"sessions:{name}", args=[session.code]), grow)


def test_opening_it_on_the_day_keeps_the_facilitator_signed_in_until_two_hours_after(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    browser.get(page_of(session))
    kept = browser.session
    assert kept["keep_until"] == (session.ends_at + timedelta(hours=2)).timestamp()
    kept["seen"] -= 31 * 60
    kept.save()
    assert browser.get(page_of(session)).status_code == 200


def test_opening_it_on_another_day_does_not(browser_of, facilitator, cohort):
    browser = browser_of(facilitator)
    browser.get(page_of(SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=2))))
    assert "keep_until" not in browser.session


def rows_by_script(browser, session):
    return browser.get(page_of(session), headers={"accept": "application/json"}).json()["rows"]


def test_the_script_asks_for_the_states_and_gets_no_names(browser_of, facilitator, session, aisha, ben):
    browser = browser_of(facilitator)
    send(browser, session, aisha, "late")
    answer = browser.get(page_of(session), headers={"accept": "application/json"})
    assert set(answer.json()) == {"rows", "token", "user", "now", "keep_seconds"}
    assert answer.json()["user"] == facilitator.code
    assert {code: row["state"] for code, row in answer.json()["rows"].items()} == {aisha.code: "late", ben.code: "open"}
    assert "Aisha" not in text(answer) and "Ben" not in text(answer)


# --- Who may -----------------------------------------------------------------------------------------

GETS = ["register", "register_history", "register_print", "somebody_else"]


@pytest.mark.parametrize("name", GETS)
@pytest.mark.parametrize("role", ["parent", "manager", "evaluator", "safeguarding", "administrator"])
def test_other_roles_see_none_of_it(browser_of, request, session, role, name):
    browser = browser_of(request.getfixturevalue(role))
    assert browser.get(reverse(f"sessions:{name}", args=[session.code])).status_code == 403


@pytest.mark.parametrize("role", ["parent", "manager"])
def test_other_roles_cannot_tick(browser_of, request, session, aisha, role):
    assert send(browser_of(request.getfixturevalue(role)), session, aisha, "present").status_code == 403
    assert not RegisterMark.objects.exists()


@pytest.mark.parametrize("name", GETS)
def test_a_facilitator_of_another_group_finds_nothing(browser_of, other_facilitator, session, name):
    assert browser_of(other_facilitator).get(reverse(f"sessions:{name}", args=[session.code])).status_code == 404


def test_a_facilitator_of_another_group_cannot_tick(browser_of, other_facilitator, session, aisha):
    assert send(browser_of(other_facilitator), session, aisha, "present").status_code == 404
    everyone = reverse("sessions:everyone_here", args=[session.code])
    assert browser_of(other_facilitator).post(everyone, {"key": str(uuid4())}).status_code == 404
    assert not RegisterMark.objects.exists()


def test_somebody_of_another_group_cannot_be_ticked_here(browser_of, facilitator, session, other_cohort):
    foreign = PlaceFactory(cohort=other_cohort)
    assert send(browser_of(facilitator), session, foreign, "present").status_code == 404


def test_a_stranger_is_sent_to_sign_in_and_nothing_is_ticked(stranger, session, aisha):
    answer = send(stranger, session, aisha, "present")
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))
    assert not RegisterMark.objects.exists()


@pytest.mark.parametrize("name", ["mark", "everyone_here"])
def test_ticking_is_never_a_get(browser_of, facilitator, session, name):
    assert browser_of(facilitator).get(reverse(f"sessions:{name}", args=[session.code])).status_code == 405


@pytest.mark.parametrize("name", ["register", "register_history", "register_print"])
def test_looking_is_never_a_post(browser_of, facilitator, session, name):
    assert browser_of(facilitator).post(reverse(f"sessions:{name}", args=[session.code])).status_code == 405


# --- A tick ------------------------------------------------------------------------------------------


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
    at = timezone.localtime(RegisterMark.objects.get().made_at).strftime("%H:%M")
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


# --- A tick that waited on a device ------------------------------------------------------------------


def test_somebody_elses_tick_is_not_taken_as_ours(browser_of, facilitator, lead, session, aisha):
    """A shared tablet: the facilitator ticked without a connection, then the lead signed in."""
    browser = browser_of(lead)
    everyone_here = reverse("sessions:everyone_here", args=[session.code])
    for answer in (
        send(browser, session, aisha, "present", maker=facilitator.code),
        browser.post(everyone_here, {"key": str(uuid4()), "maker": facilitator.code}),
    ):
        assert answer.status_code == 409 and answer.json() == {"somebody_elses": True}
    assert not RegisterMark.objects.exists()
    assert send(browser_of(facilitator), session, aisha, "present", maker=facilitator.code).status_code == 200


def made_ago(mark):
    return (timezone.now() - mark.made_at).total_seconds()


def test_a_tick_was_made_after_what_its_device_heard_last(browser_of, facilitator, session, aisha, ben):
    """The device's clock was set three hours ahead after the tick; it had heard from us ten minutes ago."""
    browser, heard = browser_of(facilitator), timezone.now().timestamp() - 600
    send(browser, session, aisha, "present", ago=3 * 3600, heard=heard)
    send(browser, session, ben, "present", ago=60, heard=heard)
    assert made_ago(aisha.marks.get()) == pytest.approx(600, abs=10)
    assert made_ago(ben.marks.get()) == pytest.approx(60, abs=10)


@pytest.mark.parametrize("heard", ["-1e300", "1e300", "0", "nan", "inf"])
def test_a_wild_word_of_the_device_never_makes_a_tick_of_tomorrow(browser_of, facilitator, session, aisha, heard):
    answer = send(browser_of(facilitator), session, aisha, "present", ago=60, heard=heard)
    assert answer.status_code in (200, 422)
    assert all(-1 < made_ago(mark) < 100 for mark in RegisterMark.objects.all())


def test_who_is_overruled_by_a_later_tick_is_told(browser_of, facilitator, lead, session, aisha):
    phone, tablet = browser_of(lead), browser_of(facilitator)
    send(tablet, session, aisha, "late")
    counts = aisha.marks.get()
    answer = send(phone, session, aisha, "present", ago=120)  # made before, and comes after
    own = aisha.marks.get(recorded_by=lead)
    sentence = (
        f"Femi ticked Came late at {timezone.localtime(counts.made_at):%H:%M}; "
        f"yours of {timezone.localtime(own.made_at):%H:%M} is in the history."
    )
    told = {"state": "late", "told": sentence, "overruled": True}
    assert answer.json()["rows"] == {aisha.code: told} == rows_by_script(phone, session)
    assert sentence in text(phone.get(page_of(session)))
    assert not rows_by_script(tablet, session)[aisha.code]["overruled"]
    history = text(phone.get(reverse("sessions:register_history", args=[session.code])))
    assert history.index("Came late") < history.index(">Here<")


def test_who_is_overruled_later_is_told_too_and_an_undo_in_its_own_words(
    browser_of, facilitator, lead, session, aisha, ben
):
    phone, tablet = browser_of(lead), browser_of(facilitator)
    for place, state in ((aisha, "late"), (ben, "open")):
        send(phone, session, place, "present")
        send(tablet, session, place, state)
    rows = rows_by_script(phone, session)
    assert rows[aisha.code]["told"].startswith("Femi ticked Came late at ")
    assert rows[ben.code]["told"].startswith("Femi undid it at ")
    send(phone, session, aisha, "left_early")  # the last word is ours again
    assert rows_by_script(phone, session)[aisha.code]["told"].startswith("Saved at ")


def test_everyone_here_of_a_device_ticks_whom_its_screen_showed_and_when(
    browser_of, facilitator, session, aisha, ben, cohort
):
    came_meanwhile = PlaceFactory(cohort=cohort, seat=3)
    values = {"key": str(uuid4()), "places": f"{aisha.code} {ben.code}", "ago": 300, "maker": facilitator.code}
    url = reverse("sessions:everyone_here", args=[session.code])
    answer = browser_of(facilitator).post(url, values, headers={"accept": "application/json"})
    assert answer.status_code == 200 and not came_meanwhile.marks.exists()
    assert [made_ago(place.marks.get()) for place in (aisha, ben)] == [pytest.approx(300, abs=10)] * 2
    wrong = browser_of(facilitator).post(url, {**values, "places": "1 2"}, headers={"accept": "application/json"})
    assert wrong.status_code == 422


# --- What a device may keep --------------------------------------------------------------------------


def test_the_copy_for_the_device_says_least(browser_of, facilitator, session, aisha, ben):
    send(browser_of(facilitator), session, aisha, "present")
    page = text(browser_of(facilitator).get(page_of(session) + "?kept"))
    assert ">Aisha</h2>" in page and "1 of 2 here" in page and "Saved at" in page
    secrets = ("Surname", "Other", "Benjamin", "Peanuts", "Step-free", "01632", "Bina", "Facilitator", "csrf")
    assert [secret for secret in secrets if secret in page] == []
    assert "data-keep-seconds" not in page


@pytest.mark.parametrize(
    ("hour", "kept"),
    [(18, 10 * 3600), (22, 6 * 3600), (3, 3600), (4, 10 * 3600)],
)
def test_a_copy_is_kept_until_four_in_the_morning_and_never_over_ten_hours(noon, hour, kept):
    assert book.keep_seconds(noon.replace(hour=hour)) == kept


def test_the_night_before_the_clocks_change_is_as_long_as_it_is():
    before = datetime(2026, 3, 28, 23, tzinfo=timezone.get_current_timezone())
    assert book.keep_seconds(before) == 4 * 3600


def test_the_worker_is_for_anybody_and_holds_nobody(stranger, browser_of, facilitator):
    url = reverse("sessions:register_worker")
    answer = stranger.get(url)
    assert answer.status_code == 200 and answer.headers["Content-Type"] == "text/javascript"
    assert "No connection" in text(answer) and "default-src 'none'" in text(answer)
    assert text(browser_of(facilitator).get(url)) == text(answer)
    assert url.rpartition("/")[0] == "/sessions"  # a worker serves nothing above its own folder
    assert "Service-Worker-Allowed" not in answer.headers


def test_no_page_is_kept_by_the_browser_itself(browser_of, facilitator, session, aisha):
    for query in ("", "?kept"):
        assert browser_of(facilitator).get(page_of(session) + query).headers["Cache-Control"] == "no-store"


def test_signing_out_clears_what_the_browser_holds_but_no_tick_that_waits(browser_of, facilitator):
    url = reverse("account_logout")
    assert "Clear-Site-Data" not in browser_of(facilitator).get(url).headers
    assert browser_of(facilitator).post(url).headers["Clear-Site-Data"] == '"cache"'
    everything = browser_of(facilitator).post(url, {"nothing_waits": "yes"})
    assert everything.headers["Clear-Site-Data"] == '"cache", "storage"'


# --- When a tick was made ------------------------------------------------------------------------------


def tick(session, place, by, state, **more):
    return actions.mark(session=session, place=place, state=state, key=str(uuid4()), by=by, **more)


@pytest.fixture
def noon():
    return datetime(2026, 3, 5, 12, tzinfo=timezone.get_current_timezone())


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


# --- Everyone here -------------------------------------------------------------------------------------


def everyone(browser, session, key, **kwargs):
    return browser.post(reverse("sessions:everyone_here", args=[session.code]), {"key": key}, **kwargs)


def test_everyone_here_ticks_only_whoever_is_not_ticked_yet(browser_of, facilitator, session, aisha, ben):
    browser = browser_of(facilitator)
    send(browser, session, aisha, "apologies")
    answer = everyone(browser, session, str(uuid4()))
    assert answer.status_code == 302 and answer.headers["Location"] == page_of(session)
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


# --- Needs and contacts --------------------------------------------------------------------------------


def details_of(session, place):
    return reverse("sessions:row_details", args=[session.code, place.code])


def test_needs_and_contacts_are_one_tap_away_and_the_tap_is_in_the_trail(browser_of, facilitator, session, aisha):
    browser = browser_of(facilitator)
    assert details_of(session, aisha) in text(browser.get(page_of(session)))
    page = text(browser.get(details_of(session, aisha)))
    for wanted in ("Peanuts", "Step-free", "Bina", "sister", "01632 960999"):
        assert wanted in page
    assert "Aisha Surname" in page  # for whoever comes to help
    assert "01632 960123" not in page  # their own number is not what was asked for
    entry = AuditEntry.objects.exclude(page="sessions:register").get()
    assert (entry.user, entry.verb, entry.person) == (facilitator, "saw", aisha.caregiver.code)
    assert entry.fields == ["access_needs", "allergies", "emergency_contacts"]


def test_what_was_not_told_and_what_was_not_asked_are_two_things(browser_of, facilitator, session, ben):
    browser = browser_of(facilitator)
    assert "Not known yet" in text(browser.get(details_of(session, ben)))
    ben.caregiver.registered_at, ben.caregiver.registered_how = timezone.now(), "online"
    ben.caregiver.save()
    page = text(browser.get(details_of(session, ben)))
    assert "They told us of none" in page and "No emergency contact" in page


@pytest.mark.parametrize(("who", "status"), [("parent", 403), ("manager", 403), ("other_facilitator", 404)])
def test_needs_and_contacts_are_for_the_groups_own_facilitators(browser_of, request, session, aisha, who, status):
    answer = browser_of(request.getfixturevalue(who)).get(details_of(session, aisha))
    assert answer.status_code == status and "Peanuts" not in text(answer)
    assert not AuditEntry.objects.exists()


def test_needs_of_somebody_in_another_group_are_not_found_through_ones_own_session(
    browser_of, facilitator, session, other_cohort
):
    assert browser_of(facilitator).get(details_of(session, PlaceFactory(cohort=other_cohort))).status_code == 404


# --- On paper ------------------------------------------------------------------------------------------


def test_the_paper_has_names_they_like_and_boxes_and_nothing_that_tells(browser_of, facilitator, session, aisha, ben):
    paper = text(browser_of(facilitator).get(reverse("sessions:register_print", args=[session.code])))
    assert "Aisha" in paper and "Ben" in paper
    assert paper.count('class="tick"') == 5 * (2 + 2)
    for secret in ("Surname", "Other", "Peanuts", "Step-free", session.title, session.cohort.programme.title):
        assert secret not in paper


# --- Somebody else came --------------------------------------------------------------------------------


@pytest.fixture
def wanda(cohort):
    return CaregiverFactory(cohort=cohort, name="Wanda Waiting", registered_at=timezone.now(), registered_how="online")


def wait_for_a_place(caregiver, cohort, **fields):
    fields = {"state": "waiting", "seat": None, "taken_on": None, "waiting_since": timezone.now(), **fields}
    return PlaceFactory(cohort=cohort, caregiver=caregiver, **fields)


def let_in(browser, session, caregiver, **values):
    values = {"person": caregiver.code, "key": str(uuid4()), **values}
    return browser.post(reverse("sessions:somebody_else", args=[session.code]), values)


def door(browser, session):
    return text(browser.get(reverse("sessions:somebody_else", args=[session.code])))


def test_who_came_unannounced_gets_a_place_and_a_tick(browser_of, facilitator, session, cohort, aisha, wanda):
    browser = browser_of(facilitator)
    page = door(browser, session)
    assert "Wanda Waiting" in page and "Aisha" not in page and "Give a place" in page
    answer = let_in(browser, session, wanda)
    place = wanda.places.get()
    assert answer.headers["Location"] == f"{page_of(session)}#row-{place.code}"
    assert place.state == "taken" and session.marks.get().state == "present"


def test_letting_in_twice_is_once(browser_of, facilitator, session, wanda):
    browser, key = browser_of(facilitator), str(uuid4())
    assert let_in(browser, session, wanda, key=key).headers == let_in(browser, session, wanda, key=key).headers
    assert wanda.places.count() == session.marks.count() == 1


@pytest.mark.parametrize(
    ("outcome", "sentence", "to_do"),
    [("asked", "not clear yet", "Ask the programme lead about the check"), ("concern", "a concern", "before they go")],
)
def test_without_a_clear_check_the_page_says_what_to_do(
    browser_of, facilitator, session, wanda, outcome, sentence, to_do
):
    wanda.checks.update(outcome=outcome)
    browser = browser_of(facilitator)
    page = door(browser, session)
    assert sentence in page and to_do in page and "Give a place" not in page
    answer = let_in(browser, session, wanda)
    assert answer.status_code == 422 and sentence in text(answer)
    assert not wanda.places.exists() and not session.marks.exists()


def test_a_full_group_stays_full(browser_of, facilitator, session, cohort, wanda):
    for seat in range(1, cohort.places + 1):
        PlaceFactory(cohort=cohort, seat=seat)
    browser = browser_of(facilitator)
    page = door(browser, session)
    assert "No place is free" in page and "This group is full" in page and "Give a place" not in page
    assert let_in(browser, session, wanda).status_code == 422
    assert cohort.place_set.in_group().count() == cohort.places


def test_who_has_not_registered_is_registered_first(browser_of, facilitator, session, cohort):
    CaregiverFactory(cohort=cohort, name="Nora New")
    page = door(browser_of(facilitator), session)
    assert "not registered yet" in page and "Register them now" in page and "Give a place" not in page


@pytest.fixture
def queue(cohort, wanda):
    """One place is free, and Quentin is before Wanda on the waiting list."""
    quentin = CaregiverFactory(
        cohort=cohort, name="Quentin Queue", registered_at=timezone.now(), registered_how="online"
    )
    wait_for_a_place(quentin, cohort, waiting_since=timezone.now() - timedelta(days=3))
    wait_for_a_place(wanda, cohort)
    for seat in range(2, cohort.places + 1):
        PlaceFactory(cohort=cohort, seat=seat)


def test_a_facilitator_keeps_the_order_of_the_waiting_list(browser_of, facilitator, session, queue, wanda):
    browser = browser_of(facilitator)
    assert "Only the programme lead can change the order" in door(browser, session)
    answer = let_in(browser, session, wanda, why_first="because")
    assert answer.status_code == 422 and wanda.places.get().state == "waiting"


def test_a_lead_may_override_it_with_a_reason_and_only_with_one(browser_of, lead, session, queue, wanda):
    browser = browser_of(lead)
    assert "Came to session 3" in door(browser, session)
    assert let_in(browser, session, wanda, why_first=" ").status_code == 422
    assert let_in(browser, session, wanda, why_first="Came to session 3").status_code == 302
    assert wanda.places.get().why_first == "Came to session 3"


def test_a_reason_that_was_typed_is_kept_when_something_else_is_wrong(browser_of, lead, session, queue, wanda):
    answer = let_in(browser_of(lead), session, wanda, why_first="She walked five miles", key="short")
    assert answer.status_code == 422 and 'value="She walked five miles"' in text(answer)


def test_somebody_of_another_group_is_not_found_at_the_door(browser_of, facilitator, session, other_cohort):
    foreign = CaregiverFactory(cohort=other_cohort)
    assert let_in(browser_of(facilitator), session, foreign).status_code == 404


def test_every_state_has_a_button_but_the_open_one(browser_of, facilitator, session, aisha):
    page = text(browser_of(facilitator).get(page_of(session)))
    for state in MarkState:
        assert f'name="state" value="{state.value}"' in page
    assert page.count("aria-pressed") == len(MarkState) - 1
