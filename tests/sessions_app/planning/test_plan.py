"""When a session is: moved, moved with all after it, cancelled, put back, added."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from feedback.asking.actions import open_form
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from programmes.agenda.changes import out_of_order
from programmes.shipped.actions import load_shipped
from sessions_app.dates import local_start, weekly
from sessions_app.models import Adaptation, Session, SessionStep
from sessions_app.planning import actions as planning
from sessions_app.planning.changes import sentences
from sessions_app.planning.telling import to_tell
from sessions_app.register.actions import mark
from sessions_app.setting_up.actions import set_up
from tests.factories import PlaceFactory, SessionFactory, SessionItemFactory, SpeakerFactory

pytestmark = pytest.mark.django_db

WHY = "The library is shut"


@pytest.fixture
def group(lead, facilitator, parent):
    """Six Tuesdays at 18:00 from 6 October 2026; the clocks go back on the 25th."""
    return set_up(
        programme=load_shipped()[0],
        name="Ipswich, October 2026",
        area="Ipswich",
        days=weekly(date(2026, 10, 6), 6),
        at=time(18),
        places=8,
        by=lead,
        team=[facilitator, parent],
    )


def on_the_clock(group) -> list[str]:
    rows = group.sessions.order_by("number")
    return [f"{timezone.localtime(row.starts_at):%a %d %b %H:%M}" for row in rows]


def number(group, n) -> Session:
    return group.sessions.get(number=n)


def move(session, day, start=time(18), **more):
    planning.move(session=session, day=day, start=start, **{"why": WHY, "by": session.cohort.team.first().user} | more)


# --- Moving ----------------------------------------------------------------------------------------


def test_one_session_moves_and_the_others_stay(group, facilitator):
    move(number(group, 2), date(2026, 10, 15), time(10, 30), by=facilitator)
    assert on_the_clock(group) == [
        "Tue 06 Oct 18:00",
        "Thu 15 Oct 10:30",
        "Tue 20 Oct 18:00",
        "Tue 27 Oct 18:00",
        "Tue 03 Nov 18:00",
        "Tue 10 Nov 18:00",
    ]
    kept = Adaptation.objects.get()
    assert (kept.kind, kept.why, kept.by, kept.by_group) == ("moved", WHY, facilitator, False)
    assert kept.before == {"starts_at": "2026-10-13T17:00:00+00:00"}
    assert kept.after == {"starts_at": "2026-10-15T09:30:00+00:00"}
    assert sentences(kept) == ["Moved from 13 October, 6pm to 15 October, 10:30am"]
    entry = AuditEntry.objects.get(ref=number(group, 2).code)
    assert (entry.user, entry.cohort, entry.fields) == (facilitator, group.code, ["starts_at"])


def test_all_after_it_move_by_as_much_and_stay_at_their_time_over_the_end_of_summer_time(group):
    move(number(group, 3), date(2026, 10, 27), and_after=True)
    assert on_the_clock(group) == [
        "Tue 06 Oct 18:00",
        "Tue 13 Oct 18:00",
        "Tue 27 Oct 18:00",
        "Tue 03 Nov 18:00",
        "Tue 10 Nov 18:00",
        "Tue 17 Nov 18:00",
    ]
    third = number(group, 3)
    assert third.starts_at == datetime(2026, 10, 27, 18, tzinfo=UTC)  # 20 October was 17:00 UTC
    assert Adaptation.objects.filter(kind="moved", why=WHY).count() == 4
    assert AuditEntry.objects.filter(fields=["starts_at"]).count() == 4


def test_back_into_summer_time_they_stay_at_their_time_too(group):
    move(number(group, 4), date(2026, 10, 20) + timedelta(days=1), time(19), and_after=True)
    assert on_the_clock(group)[3:] == ["Wed 21 Oct 19:00", "Wed 28 Oct 19:00", "Wed 04 Nov 19:00"]


@given(days=st.integers(-30, 200), minutes=st.integers(-600, 300), first=st.integers(1, 6))
def test_moving_all_keeps_order_and_distance_on_the_clock(days, minutes, first):
    """Worked out as `move` does, for every shift: no database."""
    starts = [planning.local_start(date(2026, 10, 6) + timedelta(weeks=week), time(18)) for week in range(6)]
    shift = timedelta(days=days, minutes=minutes)
    going = [Session(starts_at=start) for start in starts[first - 1 :]]
    after = [planning.local_start(*planning.parts(planning.on_the_clock(one) + shift)) for one in going]
    assert after == sorted(after)
    clock = [timezone.localtime(moment).replace(tzinfo=None) for moment in after]
    assert all(later - earlier == timedelta(weeks=1) for earlier, later in pairwise(clock))


def test_sent_twice_it_moves_once(group):
    for _ in range(2):
        move(number(group, 3), date(2026, 10, 27), and_after=True, effect_key="a-key-of-one-press")
    assert on_the_clock(group)[2] == "Tue 27 Oct 18:00" and on_the_clock(group)[5] == "Tue 17 Nov 18:00"
    assert Adaptation.objects.count() == 4


def test_the_same_day_and_time_is_no_move(group):
    with pytest.raises(Refused, match="has already"):
        move(number(group, 2), date(2026, 10, 13))
    assert not Adaptation.objects.exists()


def test_the_group_meets_once_at_a_time(group):
    with pytest.raises(Refused, match=r"“3\. .*” is on 20 October 2026, 6pm"):
        move(number(group, 2), date(2026, 10, 20), time(17))
    move(number(group, 2), date(2026, 10, 20), time(16, 30))  # 90 minutes: just over when the other begins
    planning.cancel(session=number(group, 4), why=WHY, by=group.team.first().user)
    move(number(group, 5), date(2026, 10, 27))  # the cancelled one is in nobody's way


def test_what_was_held_does_not_move(group, facilitator):
    second = number(group, 2)
    place = PlaceFactory(cohort=group, taken_on=date(2026, 10, 1))
    mark(session=second, place=place, state="present", key="k" * 20, by=facilitator)
    for first, more in [(2, {}), (2, {"and_after": True}), (1, {"and_after": True})]:
        with pytest.raises(Refused, match=r"register of “2\. .*” is ticked"):
            move(number(group, first), date(2026, 12, 1), **more)
    with pytest.raises(Refused, match="is ticked"):
        planning.cancel(session=second, why=WHY, by=facilitator)
    move(number(group, 3), date(2026, 10, 21), and_after=True)
    mark(session=second, place=place, state="open", key="l" * 20, by=facilitator)  # it was ticked by mistake
    move(second, date(2026, 10, 14))
    assert on_the_clock(group)[1:3] == ["Wed 14 Oct 18:00", "Wed 21 Oct 18:00"]


@pytest.mark.parametrize("days", [-60, 60])
def test_apologies_keep_no_session_where_it_is_and_go_along_with_it(group, facilitator, days):
    """Also the morning after: where only apologies came in, it may have fallen through."""
    second, day = number(group, 2), timezone.localdate() + timedelta(days=days)
    second.starts_at = local_start(day, time(9))
    second.save()
    place = PlaceFactory(cohort=group, taken_on=date(2026, 10, 1))
    mark(session=second, place=place, state="apologies", key="k" * 20, by=facilitator)
    move(second, day + timedelta(days=1), time(9))
    assert number(group, 2).day == day + timedelta(days=1)
    assert second.marks.get().state == "apologies"
    planning.cancel(session=second, why=WHY, by=facilitator)
    assert number(group, 2).cancelled_at


def test_what_was_begun_or_closed_does_not_move(group, facilitator):
    second = number(group, 2)
    SessionStep.objects.create(session=second, kind="start", key="s" * 20, at=timezone.now(), by=facilitator)
    with pytest.raises(Refused, match="has begun or is over"):
        move(second, date(2026, 10, 14))
    SessionStep.objects.create(session=second, kind="undo", key="u" * 20, at=timezone.now(), by=facilitator)
    move(second, date(2026, 10, 14))  # started by mistake and taken back
    second.closed_at = timezone.now()
    second.save()
    with pytest.raises(Refused, match="has begun or is over"):
        move(second, date(2026, 10, 15))


# --- Cancelling ------------------------------------------------------------------------------------


def test_a_cancelled_session_is_not_what_comes_next_and_can_be_put_back(group, facilitator):
    first = number(group, 1)
    now = datetime(2026, 10, 1, tzinfo=UTC)
    planning.cancel(session=first, why="Snow", by=facilitator, effect_key="a-key-of-one-press", at=now)
    planning.cancel(session=first, why="Snow", by=facilitator, effect_key="a-key-of-one-press", at=now)
    planning.cancel(session=first, why="Snow", by=facilitator, at=now)  # pressed on another device
    assert [one.number for one in Session.objects.upcoming(now)] == [2, 3, 4, 5, 6]
    assert not Session.objects.begun(datetime(2026, 10, 7, tzinfo=UTC)).exists()
    with pytest.raises(Refused, match="Put it back first"):
        move(first, date(2026, 10, 7))
    planning.put_back(session=first, why="It thawed", by=facilitator, by_group=True, at=now)
    planning.put_back(session=first, why="It thawed", by=facilitator, at=now)
    assert Session.objects.upcoming(now).first().number == 1
    kept = list(Adaptation.objects.values_list("kind", "why", "by_group"))
    assert kept == [("cancelled", "Snow", False), ("cancelled", "It thawed", True)]
    assert [sentences(one) for one in Adaptation.objects.all()] == [["Cancelled"], ["Put back"]]


def test_it_is_not_put_back_on_top_of_another(group, facilitator):
    planning.cancel(session=number(group, 2), why=WHY, by=facilitator)
    move(number(group, 3), date(2026, 10, 13))
    with pytest.raises(Refused, match="meets then already"):
        planning.put_back(session=number(group, 2), why=WHY, by=facilitator)


def test_home_passes_over_it(browser_of, facilitator, cohort):
    soon = timezone.now() + timedelta(days=1)
    SessionFactory(cohort=cohort, number=1, starts_at=soon, cancelled_at=timezone.now())
    SessionFactory(cohort=cohort, number=2, starts_at=soon + timedelta(days=7))
    page = browser_of(facilitator).get(reverse("home")).content.decode()
    assert "Session 2</a>" in page and "Session 1</a>" not in page


# --- Adding ----------------------------------------------------------------------------------------


def test_an_extra_session_joins_the_group_once(group, facilitator):
    for _ in range(2):
        made = planning.add(
            cohort=group,
            title="Catch-up",
            day=date(2026, 10, 29),
            start=time(12),
            minutes=45,
            items=[(10, "Welcome"), (35, "Talk")],
            why="Three were away",
            by=facilitator,
            effect_key="a-key-of-one-press",
        )
    assert (made.number, made.extra, str(made), made.minutes) == (7, True, "Catch-up", 45)
    assert [(one.position, one.title, one.minutes) for one in made.items.all()] == [(1, "Welcome", 10), (2, "Talk", 35)]
    assert group.sessions.count() == 7 and made.adaptations.get().kind == "added"
    in_time = [one.number for one in group.sessions.order_by("starts_at")]
    assert in_time == [1, 2, 3, 4, 7, 5, 6]


def test_an_extra_session_moves_with_those_after(group, facilitator):
    planning.add(
        cohort=group, title="Visit", day=date(2026, 10, 22), start=time(12), minutes=60, why=WHY, by=facilitator
    )
    move(number(group, 3), date(2026, 10, 27), and_after=True)
    assert on_the_clock(group)[6] == "Thu 29 Oct 12:00"


# --- Feedback that is open -------------------------------------------------------------------------


def test_an_open_form_closes_the_evening_after_or_when_the_group_meets_again_whatever_is_moved(group, facilitator):
    first, second = (number(group, n) for n in (1, 2))
    now = first.starts_at + timedelta(hours=1)
    evening = datetime(2026, 10, 7, 20, tzinfo=timezone.get_current_timezone())
    form = open_form(session=first, by=facilitator, at=now)

    def closes():
        form.refresh_from_db()
        return form.closes_at

    assert closes() == evening
    move(second, date(2026, 10, 7), at=now)
    assert closes() == number(group, 2).starts_at < evening
    planning.cancel(session=second, why=WHY, by=facilitator, at=now)
    assert closes() == evening
    extra = planning.add(
        cohort=group,
        title="Catch-up",
        day=date(2026, 10, 7),
        start=time(12),
        minutes=60,
        why=WHY,
        by=facilitator,
        at=now,
    )
    assert closes() == extra.starts_at
    planning.cancel(session=extra, why=WHY, by=facilitator, at=now)
    planning.put_back(session=second, why=WHY, by=facilitator, at=now)
    assert closes() == number(group, 2).starts_at


def test_a_form_whose_time_is_over_stays_closed(group, facilitator):
    first, second = number(group, 1), number(group, 2)
    form = open_form(session=first, by=facilitator, at=first.starts_at)
    closes_at = form.closes_at
    move(second, date(2026, 10, 16), at=closes_at + timedelta(minutes=1))
    form.refresh_from_db()
    assert form.closes_at == closes_at and not form.is_open(closes_at)


def test_a_form_that_was_opened_late_gets_no_more_time_when_dates_are_moved(group, facilitator):
    first, second = number(group, 1), number(group, 2)
    form = open_form(session=first, by=facilitator, at=first.starts_at + timedelta(days=2))
    closes_at = form.closes_at
    move(second, date(2026, 10, 16), at=closes_at - timedelta(minutes=1))
    form.refresh_from_db()
    assert form.closes_at == closes_at


def test_a_form_closes_the_evening_after_the_day_its_session_was_moved_to(group, facilitator):
    last = number(group, 6)
    form = open_form(session=last, by=facilitator, at=last.starts_at - timedelta(hours=1))
    move(last, date(2026, 11, 12), at=last.starts_at - timedelta(hours=1))
    form.refresh_from_db()
    assert form.closes_at == datetime(2026, 11, 13, 20, tzinfo=timezone.get_current_timezone())


# --- The pages -------------------------------------------------------------------------------------

FORMS = ["move", "cancel", "put_back", "add", "agenda", "add_speaker"]
WHEN = {"day": "2026-10-15", "start": "18:30", "why": WHY}


def url(name, session):
    return reverse(f"sessions:{name}", args=[session.code])


def text(answer) -> str:
    return " ".join(answer.content.decode().split())


def test_the_plan_shows_all_of_it(browser_of, facilitator, group):
    page = text(browser_of(facilitator).get(url("plan", number(group, 4))))
    for word in ["Tuesday 27 October 2026", "85 of 90 minutes, 5 unplanned", "0 of 4", "Youth justice", "Nothing yet"]:
        assert word in page, word


def test_moved_by_the_page(browser_of, facilitator, group):
    client = browser_of(facilitator)
    answer = client.post(url("move", number(group, 2)), WHEN | {"which": "one", "by_group": "on"}, follow=True)
    assert answer.redirect_chain == [(url("plan", number(group, 2)), 302)]
    page = text(answer)
    assert "The session is moved to Thursday 15 October 2026, 6:30pm. Nobody has been told yet." in page
    assert reverse("caregivers:message_new", args=[group.code]) in page
    assert "Moved from 13 October, 6pm to 15 October, 6:30pm" in page
    assert f"“{WHY}”" in page and "The group asked for it" in page and "Femi Facilitator" in page


def words(session) -> str:
    session.refresh_from_db()
    return to_tell(session, session.adaptations.order_by("-at", "-id"), local_start(date(2026, 9, 1), time(9)))


def test_the_words_for_the_group_after_a_move(group):
    second = number(group, 2)
    assert words(second) == ""
    move(second, date(2026, 10, 15), time(18, 30))
    assert words(second) == "We do not meet on Tuesday 13 October. We meet on Thursday 15 October at 6:30pm instead."


def test_all_days_stand_in_the_words_where_several_were_moved_by_one_press(group):
    move(number(group, 2), date(2026, 10, 14), why="Another press")
    fifth = number(group, 5)
    move(fifth, date(2026, 11, 5), and_after=True)
    expected = [
        "The days have changed. We meet on:",
        "• Thursday 5 November at 6pm",
        "• Thursday 12 November at 6pm",
    ]
    assert words(fifth).splitlines() == expected


def test_the_words_after_cancelling_putting_back_and_adding(group, facilitator):
    second = number(group, 2)
    planning.cancel(session=second, why=WHY, by=facilitator)
    assert words(second) == "We do not meet on Tuesday 13 October."
    planning.put_back(session=second, why=WHY, by=facilitator)
    assert words(second) == "We do meet on Tuesday 13 October at 6pm."
    visit = {"day": date(2026, 10, 15), "start": time(18, 30), "title": "Visit", "minutes": 60}
    added = planning.add(cohort=group, why=WHY, by=facilitator, **visit)
    assert words(added) == "We also meet on Thursday 15 October at 6:30pm."


def test_the_plan_offers_to_tell_the_group_with_the_words_ready(browser_of, facilitator, cohort, now):
    session = SessionFactory(cohort=cohort, starts_at=now + timedelta(days=9))
    client, write = browser_of(facilitator), reverse("caregivers:message_new", args=[cohort.code])
    assert "Tell the group" not in client.get(url("plan", session)).text
    planning.cancel(session=session, why=WHY, by=facilitator)
    page = client.get(url("plan", session)).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page[page.index(f'action="{write}"') :]))
    answer = client.post(write, hidden)
    assert answer.status_code == 200 and hidden["text"] in answer.text
    assert hidden["text"].startswith("We do not meet on ") and hidden["to"] == "group"


def test_of_a_session_that_is_over_nobody_is_told(browser_of, facilitator, cohort, now):
    session = SessionFactory(cohort=cohort, starts_at=now + timedelta(days=9))
    planning.cancel(session=session, why=WHY, by=facilitator)
    Session.objects.filter(pk=session.pk).update(starts_at=now - timedelta(days=1))
    assert "Tell the group" not in browser_of(facilitator).get(url("plan", session)).text


def test_all_moved_by_the_page_and_a_bank_holiday_is_named(browser_of, facilitator, group):
    later = WHEN | {"day": "2026-12-01", "which": "after"}
    page = text(browser_of(facilitator).post(url("move", number(group, 3)), later, follow=True))
    assert "4 sessions are moved, this one to Tuesday 1 December 2026, 6:30pm" in page
    later = WHEN | {"day": "2026-12-28", "which": "one"}
    page = text(browser_of(facilitator).post(url("move", number(group, 6)), later, follow=True))
    assert "Monday 28 December 2026 is a bank holiday" in page


def test_who_moves_a_session_hears_of_the_apologies_for_its_old_day(browser_of, facilitator, group):
    second, client = number(group, 2), browser_of(facilitator)
    for key in ("a", "b"):
        place = PlaceFactory(cohort=group, taken_on=date(2026, 9, 1))
        mark(session=second, place=place, state="apologies", key=key * 20, by=facilitator)
    page = text(client.post(url("move", second), WHEN | {"which": "one"}, follow=True))
    assert "2 people sent apologies for the old date" in page
    mark(session=second, place=place, state="open", key="c" * 20, by=facilitator)
    page = text(client.post(url("move", second), WHEN | {"which": "one", "day": "2026-10-16"}, follow=True))
    assert "1 person sent apologies for the old date" in page
    page = text(client.post(url("move", number(group, 1)), WHEN | {"which": "one", "day": "2026-10-07"}, follow=True))
    assert "apologies" not in page


def test_several_bank_holidays_are_named_in_one_notice(browser_of, facilitator, group):
    on_fridays = WHEN | {"day": "2026-12-25", "which": "after"}
    page = browser_of(facilitator).post(url("move", number(group, 3)), on_fridays, follow=True)
    assert "Friday 25 December 2026 is a bank holiday" in text(page)
    assert "Friday 1 January 2027 is a bank holiday" in text(page)
    assert page.text.count('role="region" aria-label="Important') == 1


def test_only_where_sessions_follow_it_is_asked_what_moves(browser_of, facilitator, group):
    client = browser_of(facilitator)
    assert "This session and all 3 after it" in text(client.get(url("move", number(group, 3))))
    assert "What moves?" not in text(client.get(url("move", number(group, 6))))
    assert client.post(url("move", number(group, 6)), WHEN).status_code == 302
    assert client.post(url("move", number(group, 1)), WHEN).status_code == 422


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"why": ""}, "Say why, in a few words"),
        ({"day_day": "45", "day_month": "13", "day_year": "2026"}, "must be a real date"),
        ({"day": ""}, "Enter the new date"),
        ({"start": "25:99"}, "must be a time"),
        ({"day": "1999-01-01"}, "or later"),
        ({"day": "2026-10-20"}, "The group meets then already"),
    ],
)
def test_what_was_typed_stays_when_it_cannot_be_done(browser_of, facilitator, group, sent, sentence):
    typed = WHEN | {"which": "one", "by_group": "on", "why": "Because of the snow"} | sent
    answer = browser_of(facilitator).post(url("move", number(group, 2)), typed)
    assert answer.status_code == 422 and sentence in text(answer)
    assert sent.get("why", "Because of the snow") in text(answer) and f'value="{typed["start"]}"' in text(answer)
    assert not Adaptation.objects.exists() and on_the_clock(group)[1] == "Tue 13 Oct 18:00"


def test_cancelled_and_put_back_by_the_page(browser_of, facilitator, group):
    client, second = browser_of(facilitator), number(group, 2)
    page = text(client.post(url("cancel", second), {"why": "Snow"}, follow=True))
    assert "The session is cancelled" in page and url("put_back", second) in page and url("move", second) not in page
    assert "Cancelled" in text(client.get(second.get_absolute_url()))
    assert "This session is cancelled" in text(client.get(url("register", second)))
    assert client.get(url("move", second)).status_code == 409
    page = text(client.post(url("put_back", second), {"why": "Thaw"}, follow=True))
    assert "The session takes place" in page and url("move", second) in page
    assert "This session is cancelled" not in text(client.get(url("register", second)))


def test_what_was_held_says_so_in_place_of_the_buttons(browser_of, facilitator, group):
    second = number(group, 2)
    place = PlaceFactory(cohort=group, taken_on=date(2026, 10, 1))
    client = browser_of(facilitator)
    mark(session=second, place=place, state="present", key="k" * 20, by=facilitator)
    page = text(client.get(url("plan", second)))
    assert "is ticked, so it was held" in page and url("move", second) not in page
    for name in ("move", "cancel"):
        page = text(client.get(url(name, second)))
        assert "is ticked, so it was held" in page and "Why?" not in page
        answer = client.post(url(name, second), WHEN | {"which": "one"})
        assert answer.status_code == 422 and "is ticked, so it was held" in text(answer)


def test_a_session_added_by_the_page(browser_of, facilitator, group):
    typed = WHEN | {"title": "Catch-up", "minutes": "45", "items": "10 Welcome\n\n35  Talk <b>"}
    client = browser_of(facilitator)
    page = text(client.post(url("add", number(group, 2)), typed, follow=True))
    assert "The session is added" in page and "Extra session" in page and "45 of 45 minutes" in page
    assert "Talk &lt;b&gt;" in page and "6:30pm–6:40pm" in page
    answer = client.post(url("add", number(group, 2)), typed | {"day": "2026-10-16", "items": "Welcome"})
    assert answer.status_code == 422 and "Begin each line" in text(answer) and "Catch-up" in text(answer)
    assert "Catch-up" in text(client.get(group.get_absolute_url()))


@pytest.mark.parametrize("name", ["plan", *FORMS])
def test_only_leads_and_facilitators_of_the_group_plan(
    browser_of, group, parent, manager, other_facilitator, stranger, name
):
    page = url(name, number(group, 4))
    assert browser_of(parent).get(page).status_code == 403
    assert browser_of(manager).get(page).status_code == 403
    assert browser_of(other_facilitator).get(page).status_code == 404
    assert stranger.get(page).headers["Location"].startswith(reverse("account_login"))
    if name == "plan":
        assert browser_of(group.team.first().user).post(page).status_code == 405
    else:
        typed = WHEN | {"which": "one", "title": "x", "minutes": "45"}
        assert browser_of(other_facilitator).post(page, typed).status_code == 404
        assert browser_of(parent).post(page, typed).status_code == 403
    assert not Adaptation.objects.exists() and group.sessions.count() == 6


def test_a_long_plan_costs_the_same(browser_of, lead, facilitator, group, same_queries, django_assert_max_num_queries):
    session = number(group, 4)

    def grow():
        for n in range(30, 34):
            SpeakerFactory(item=SessionItemFactory(session=session, position=n))
            planning.cancel(session=session, why=WHY, by=facilitator)
            planning.put_back(session=session, why=WHY, by=lead)

    SpeakerFactory(item=SessionItemFactory(session=session, position=29))
    planning.cancel(session=session, why=WHY, by=facilitator)
    planning.put_back(session=session, why=WHY, by=lead)
    client = browser_of(lead)
    same_queries(client, url("plan", session), grow)
    with django_assert_max_num_queries(10):
        client.get(url("plan", session))


# --- Which items were moved ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("places", "moved"),
    [
        ([], set()),
        ([1, 2, 3], set()),
        ([2, 1], {2}),
        ([1, 3, 4, 2, 5], {2}),
        ([5, 1, 2, 3, 4], {5}),
        ([2, 3, 4, 5, 1], {1}),
    ],
)
def test_the_fewest_moves_explain_an_order(places, moved):
    found = out_of_order(sorted(places), places)
    assert len(found) == len(moved) and (len(places) == 2 or found == moved)


@given(st.permutations(range(1, 9)))
def test_those_that_stay_keep_their_order(places):
    gone = out_of_order(sorted(places), places)
    stay = [place for place in places if place not in gone]
    assert stay == sorted(stay) and gone <= set(places)
    assert bool(gone) == (list(places) != sorted(places))
