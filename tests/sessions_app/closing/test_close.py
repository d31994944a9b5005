"""Closing a session, on one page."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caregivers.models import FollowUp
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from programmes.models import Resource
from sessions_app.closing import actions, jobs
from sessions_app.closing import changes as closing
from sessions_app.closing.views import ways
from sessions_app.models import Adaptation, Delivery, ItemRemark, LaterQuestion, Pack, SessionStep
from sessions_app.running import actions as running
from sessions_app.running.clock import final_outcomes
from tests.factories import AgendaItemFactory, SessionFactory, SessionItemFactory
from tests.markup import on_one_line
from tests.sessions_app.evening import evening, person, tick

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(cohort):
    return evening(cohort)


@pytest.fixture
def people(cohort, session, facilitator):
    """Aisha and Ben were here, Carol was not; Ben has paper, e-mail is not safe for Dawn, who is not ticked."""
    by_name = {
        "Aisha": person(cohort, "Aisha Amber"),
        "Ben": person(cohort, "Ben Blue", by="paper"),
        "Carol": person(cohort, "Carol Cyan"),
        "Dawn": person(cohort, "Dawn Dun", safe=["text"]),
    }
    for name, state in [("Aisha", "present"), ("Ben", "late"), ("Carol", "not_here")]:
        tick(session, by_name[name], state, facilitator)
    return by_name


def url_of(session):
    return reverse("sessions:close", args=[session.code])


def text(answer):
    return " ".join(answer.content.decode().split())


def step(session, kind, minutes_in, by, **fields):
    at = session.starts_at + timedelta(minutes=minutes_in)
    running.step(session=session, kind=kind, key=str(uuid4()), by=by, at=at, **fields)


@pytest.fixture
def run_by_clock(session, facilitator):
    """Welcome took 10, Stages 8 of 20, Close was left out; nobody pressed the end."""
    session.starts_at = timezone.now() - timedelta(minutes=60)
    session.minutes = 35
    session.save()
    items = {item.title: item for item in session.items.all()}
    step(session, "start", 0, facilitator)
    step(session, "finish", 10, facilitator)
    step(session, "skip", 11, facilitator, item=items["Close"])
    step(session, "finish", 18, facilitator)
    return items


def post(client, session, **values):
    values = {"effect_key": str(uuid4()), "handouts": ["stages", "film", "alarm", "jordan"], **values}
    return client.post(url_of(session), values)


# --- The page --------------------------------------------------------------------------------------------


def test_it_lists_planned_against_actual_minutes(browser_of, facilitator, session, run_by_clock):
    page = text(browser_of(facilitator).get(url_of(session)))
    row = 'Stages<br><span class="missing">Shortened</span></th><td class="num">20</td><td class="num">8</td>'
    assert row in on_one_line(page)
    assert "Shortened: 8 minutes instead of 20" in page
    assert page.count('name="why_') == 2  # Stages and Close, not Welcome


def test_who_is_not_ticked_is_named_with_a_way_to_the_register(browser_of, facilitator, session, people):
    page = text(browser_of(facilitator).get(url_of(session)))
    assert "1 person is not ticked yet:</strong> Dawn." in page
    assert reverse("sessions:register", args=[session.code]) in page


def test_who_gets_the_pack_how_is_told_beforehand(browser_of, facilitator, session, people):
    page = text(browser_of(facilitator).get(url_of(session)))
    assert "2 by e-mail, now" in page and "2 on paper" in page
    assert "Dawn: E-mail is not safe for them." in page
    assert "Ben: " not in page  # they asked for paper: nothing to explain
    assert "No file and no link yet" in page  # Jordan's story


def test_a_film_without_its_link_says_so_before_the_pack_is_sent(browser_of, facilitator, session, people):
    film = session.handouts_in_order.get(resource__slug="film").resource
    film.url = ""
    film.save()
    assert "No link yet: nobody gets it." in text(browser_of(facilitator).get(url_of(session)))


def test_questions_noted_for_later_stand_beside_the_recap(browser_of, facilitator, session):
    now = timezone.now()
    for words, answered in [("What about phones?", None), ("And schools?", now)]:
        LaterQuestion.objects.create(
            session=session, text=words, key=words, at=now, by=facilitator, answered_at=answered
        )
    page = text(browser_of(facilitator).get(url_of(session)))
    assert "What about phones?" in page and "And schools?" not in page


def test_a_session_to_come_cannot_be_closed(browser_of, facilitator, cohort):
    session = SessionFactory(cohort=cohort, starts_at=timezone.now() + timedelta(days=2))
    client = browser_of(facilitator)
    assert "has not taken place yet" in text(client.get(url_of(session)))
    assert post(client, session).status_code == 422
    session.refresh_from_db()
    assert session.closed_at is None
    with pytest.raises(Refused, match="has not taken place"):
        actions.close(session=session, by=facilitator)


def test_a_cancelled_session_cannot_be_closed(facilitator, session):
    session.cancelled_at = timezone.now()
    session.save()
    with pytest.raises(Refused, match="cancelled"):
        actions.close(session=session, by=facilitator)


# --- Closing ---------------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_one_press_closes_and_sends(browser_of, facilitator, session, people, run_by_clock):
    client, stages = browser_of(facilitator), run_by_clock["Stages"]
    answer = post(
        client,
        session,
        recap_points="Trust your instinct\r\n\r\n- Look out for new phones \r\n",
        calls=[people["Aisha"].code],
        **{f"why_{stages.code}": "The film took over", f"asked_{stages.code}": "on"},
    )
    assert answer.status_code == 302 and answer.headers["Location"] == reverse("sessions:pack", args=[session.code])
    session.refresh_from_db()
    assert session.closed_by == facilitator
    assert session.recap_points == ["Trust your instinct", "Look out for new phones"]
    remark = ItemRemark.objects.get()
    assert (remark.item, remark.why, remark.by_group) == (stages, "The film took over", True)
    assert sorted(to for message in mail.outbox for to in message.to) == [
        "aisha@families.example",
        "carol@families.example",
    ]
    follow_ups = {(one.caregiver.called, one.kind, one.reason, one.session_number) for one in FollowUp.objects.all()}
    assert follow_ups == {("Aisha", "call", "asked", 2), ("Carol", "catch_up", "missed", 2)}
    entry = AuditEntry.objects.filter(what="session", ref=session.code).first()
    assert entry.fields == ["closed_at", "recap_points", "remarks"] and entry.user == facilitator


def test_the_clock_stops_when_the_plan_ended_if_nobody_pressed_the_end(facilitator, session, run_by_clock):
    """An hour later the last item has not taken an hour."""
    items = list(session.items.all())
    step(session, "start", 19, facilitator, item=run_by_clock["Close"])  # it came back, and nobody ended it
    shown = final_outcomes(items, session.steps.all(), session.ends_at, timezone.now())
    actions.close(session=session, by=facilitator)
    end = SessionStep.objects.get(kind="end")
    assert end.at == session.ends_at
    in_three_days = timezone.now() + timedelta(days=3)
    kept = final_outcomes(items, session.steps.all(), session.ends_at, in_three_days)
    assert [one.took for one in shown] == [one.took for one in kept] == [10, 8, 16]


def test_sent_twice_it_closes_once(browser_of, facilitator, session, people, django_capture_on_commit_callbacks):
    client, key = browser_of(facilitator), str(uuid4())
    with django_capture_on_commit_callbacks(execute=True):
        answers = [post(client, session, recap_points="Once", effect_key=key) for _ in range(2)]
    assert answers[0].headers["Location"] == reverse("sessions:pack", args=[session.code])
    assert Pack.objects.count() == 1 and Delivery.objects.count() == 4 and len(mail.outbox) == 2
    assert FollowUp.objects.count() == 1


def test_who_closes_second_is_told_and_loses_nothing(facilitator, lead, session):
    actions.close(session=session, by=lead, recap_points=["Lena’s"])
    with pytest.raises(Refused, match="Lena has closed this session meanwhile"):
        actions.close(session=session, by=facilitator, recap_points=["Femi’s"])
    session.refresh_from_db()
    assert session.recap_points == ["Lena’s"] and session.closed_by == lead


def test_what_was_typed_survives_a_mistake(browser_of, facilitator, session, people, run_by_clock):
    stages = run_by_clock["Stages"]
    values = {
        f"why_{stages.code}": "They wanted <b>more</b>",
        f"asked_{stages.code}": "on",
        "recap_points": "x" * 301,
        "calls": [people["Ben"].code],
        "handouts": ["film"],
    }
    answer = post(browser_of(facilitator), session, **values)
    page = text(answer)
    assert answer.status_code == 422 and "A point can have up to 300 letters" in page
    assert "They wanted &lt;b&gt;more&lt;/b&gt;" in page and "x" * 301 in page
    assert page.count(" checked") == 3  # the group asked, Ben's call, one handout
    session.refresh_from_db()
    assert session.closed_at is None and not mail.outbox


def test_a_handout_kept_for_another_time_does_not_go_out(browser_of, facilitator, session, people):
    post(browser_of(facilitator), session, handouts=["film"])
    assert [one["slug"] for one in Pack.objects.get().contents] == ["film"]


def test_without_handouts_there_is_no_pack_and_the_absent_are_offered_to_catch_up(
    browser_of, facilitator, session, people
):
    session.handouts_in_order.all().delete()
    page = text(browser_of(facilitator).get(url_of(session)))
    assert "This session has no handouts" in page and "Close and send" not in page
    post(browser_of(facilitator), session)
    assert not Pack.objects.exists()
    assert FollowUp.objects.get().caregiver == people["Carol"].caregiver
    pack_page = browser_of(facilitator).get(reverse("sessions:pack", args=[session.code]))
    assert "This session had nothing to send" in text(pack_page)


def test_catching_up_is_due_before_the_next_session(cohort, facilitator, session, people):
    following = SessionFactory(cohort=cohort, number=3, starts_at=session.starts_at + timedelta(days=3))
    actions.close(session=session, by=facilitator)
    assert FollowUp.objects.get().due_on == following.day


def test_only_people_of_this_group_can_be_called(browser_of, facilitator, session, people, other_cohort):
    foreign = person(other_cohort, "Zed Zinc")
    assert post(browser_of(facilitator), session, calls=[foreign.code]).status_code == 422


# --- What the button promises ------------------------------------------------------------------------------


def button(page: str) -> str:
    return on_one_line(page).rsplit('class="govuk-button">', 1)[1].split("</button>")[0].strip()


def test_the_button_says_how_many_packs_it_sends(browser_of, facilitator, session, people):
    client = browser_of(facilitator)
    assert button(client.get(url_of(session)).text) == "Close and send 2 packs"
    typed = {"recap_points": "x" * 301, "handouts": ["alarm"], "effect_key": str(uuid4())}
    assert button(client.post(url_of(session), typed).text) == "Close the session", "an alarm is not sent"


def test_a_film_without_its_link_is_promised_to_nobody(browser_of, facilitator, session, people):
    session.handouts_in_order.exclude(resource__kind="film").delete()
    Resource.objects.update(url="")
    page = browser_of(facilitator).get(url_of(session)).text
    assert "Nobody gets anything." in page and "on paper" not in page and button(page) == "Close the session"


def test_where_all_have_paper_nothing_is_said_to_be_sent(browser_of, facilitator, session):
    person(session.cohort, "Ben Blue", by="paper")
    page = browser_of(facilitator).get(url_of(session)).text
    assert button(page) == "Close the session" and "1 on paper" in page and "by e-mail, now" not in page


def test_a_pack_without_anything_in_it_says_so(browser_of, facilitator, session, people):
    session.handouts_in_order.filter(resource__kind="item").delete()
    Resource.objects.update(url="", file="")
    client = browser_of(facilitator)
    assert "The pack is empty: nothing in it has a file or a link yet." in client.get(url_of(session)).text
    assert button(client.get(url_of(session)).text) == "Close the session"
    for name in ("prepare", "session"):
        assert "The pack is empty" in client.get(reverse(f"sessions:{name}", args=[session.code])).text, name


def test_before_the_evening_it_is_said_what_is_not_in_the_pack(browser_of, facilitator, parent, session, people):
    client = browser_of(facilitator)
    for name in ("prepare", "session"):
        page = client.get(reverse(f"sessions:{name}", args=[session.code])).text
        assert "it has no file and no link: Jordan’s story." in page, name
    Resource.objects.filter(slug="jordan").update(url="https://jordan.example/read")
    for name in ("prepare", "session"):
        assert "pack yet" not in client.get(reverse(f"sessions:{name}", args=[session.code])).text, name
    session.handouts_in_order.all().delete()
    where = reverse("sessions:session", args=[session.code])
    assert "this session has no handouts" in client.get(where).text
    assert "this session has no handouts" not in browser_of(parent).get(where).text, "who cannot do anything about it"


# --- Nobody is ticked ------------------------------------------------------------------------------------


@pytest.fixture
def only_apologies(cohort, session, facilitator):
    """Nobody is ticked as here or not here: the register was not taken."""
    away = person(cohort, "Aisha Amber")
    person(cohort, "Ben Blue")
    tick(session, away, "apologies", facilitator)
    return away


def test_where_nobody_is_ticked_the_page_says_so_first(browser_of, facilitator, session, only_apologies):
    page = text(browser_of(facilitator).get(url_of(session)))
    assert "Nobody is ticked on the register yet." in page and "Tick them" in page
    assert "Close and send 2 packs" in page and "Close without a register" not in page


def test_closing_with_nobody_ticked_asks_and_keeps_what_was_typed(browser_of, facilitator, session, only_apologies):
    answer = post(browser_of(facilitator), session, recap_points="Trust your instinct", handouts=["film"])
    page = text(answer)
    assert answer.status_code == 422 and "Nobody is ticked on the register" in page
    assert "Tick them (opens in a new tab)" in page and "Close without a register" in page
    assert "Trust your instinct" in page and page.count(" checked") == 1
    session.refresh_from_db()
    assert session.closed_at is None and not Pack.objects.exists()


def test_it_is_closed_without_a_register_by_who_says_so(browser_of, facilitator, session, only_apologies):
    assert post(browser_of(facilitator), session, without_register="on").status_code == 302
    session.refresh_from_db()
    assert session.closed_by == facilitator


def test_once_somebody_is_ticked_the_same_press_closes(browser_of, facilitator, session, only_apologies):
    client, key = browser_of(facilitator), str(uuid4())
    assert post(client, session, effect_key=key).status_code == 422
    tick(session, only_apologies, "not_here", facilitator)
    assert post(client, session, effect_key=key).status_code == 302


def test_nobody_is_asked_of_a_group_without_people(browser_of, facilitator, session):
    assert post(browser_of(facilitator), session).status_code == 302


# --- Put right afterwards --------------------------------------------------------------------------------


def test_a_closed_session_can_be_put_right_and_nothing_is_sent_again(
    browser_of, facilitator, session, people, run_by_clock
):
    actions.close(session=session, by=facilitator, recap_points=["As it was"])
    client, stages = browser_of(facilitator), run_by_clock["Stages"]
    page = text(client.get(url_of(session)))
    assert "This session is closed" in page and "As it was" in page and "Close and send" not in page
    before = AuditEntry.objects.filter(what="session").count()
    values = {"recap_points": "As it is", f"why_{stages.code}": "No time"}
    assert client.post(url_of(session), values).status_code == 302
    session.refresh_from_db()
    assert session.recap_points == ["As it is"] and ItemRemark.objects.get().why == "No time"
    entry = AuditEntry.objects.filter(what="session").first()
    assert entry.fields == ["recap_points", "remarks"] and entry.user == facilitator
    client.post(url_of(session), values)  # the same again changes nothing
    assert AuditEntry.objects.filter(what="session").count() == before + 1
    assert Pack.objects.count() == 1


@pytest.mark.parametrize(("letters", "status"), [(500, 302), (501, 422)])
def test_a_reason_that_is_too_long_is_said_before_anything_is_kept(
    browser_of, facilitator, session, people, run_by_clock, letters, status
):
    stages = run_by_clock["Stages"]
    answer = browser_of(facilitator).post(url_of(session), {f"why_{stages.code}": "x" * letters})
    session.refresh_from_db()
    assert (answer.status_code, session.closed_at is None) == (status, status == 422)


def test_a_remark_can_be_emptied(facilitator, session, run_by_clock):
    stages = run_by_clock["Stages"]
    actions.close(session=session, by=facilitator, remarks=[actions.Remark(stages, "Wrong")])
    actions.correct(session=session, by=facilitator, recap_points=[], remarks=[actions.Remark(stages, "")])
    assert ItemRemark.objects.get().why == ""


# --- What was changed, where the clock was not used ------------------------------------------------------


def changes(session):
    items = list(session.items.select_related("source", "remark"))
    return [(one.item.title, one.what, one.why) for one in closing.changes(items, [], session.adaptations.all())]


def test_without_the_clock_the_plan_tells_what_was_changed_and_its_reason_is_there_already(
    facilitator, session, cohort
):
    welcome, stages, close = session.items.all()
    source = AgendaItemFactory(guide__programme=cohort.programme, minutes=20)
    for item, minutes, left_out in [(welcome, 20, False), (stages, 15, False), (close, 20, True)]:
        item.source, item.minutes, item.left_out = source, minutes, left_out
        item.save()
    SessionItemFactory(session=session, position=9, title="Guest from school", source=None)
    SessionItemFactory(session=session, position=10, title="Clear up", counted=False)
    for why in ["Earlier reason", "The hall closes early"]:
        Adaptation.objects.create(
            session=session, kind="agenda", why=why, item=stages, at=timezone.now(), by=facilitator
        )
    assert changes(session) == [
        ("Stages", "Planned with 15 minutes instead of 20", "The hall closes early"),
        ("Close", "Left out", ""),
        ("Guest from school", "Added", ""),
    ]
    actions.close(session=session, by=facilitator, remarks=[actions.Remark(stages, "In the end, the film", True)])
    assert changes(session)[0][2] == "In the end, the film"


# --- Who may ---------------------------------------------------------------------------------------------


def test_only_those_who_run_the_groups_sessions_may_close(
    browser_of, session, facilitator, parent, manager, other_facilitator, stranger
):
    url = url_of(session)
    assert browser_of(facilitator).get(url).status_code == 200
    for user, status in [(parent, 403), (manager, 403), (other_facilitator, 404)]:
        client = browser_of(user)
        assert (client.get(url).status_code, post(client, session).status_code) == (status, status)
    assert stranger.get(url).headers["Location"].startswith(reverse("account_login"))
    assert browser_of(facilitator).delete(url).status_code == 405


def test_a_larger_group_costs_the_same(
    browser_of, facilitator, session, people, cohort, same_queries, run_by_clock, django_assert_max_num_queries
):
    def grow():
        for name in ["Ewa Eins", "Farid Fern", "Grace Gold", "Hope Hazel"]:
            tick(session, person(cohort, name), "present", facilitator)
        for number in range(20, 30):
            SessionItemFactory(session=session, position=number)

    client = browser_of(facilitator)
    same_queries(client, url_of(session), grow)
    with django_assert_max_num_queries(12):
        client.get(url_of(session))


def test_two_of_the_same_name_are_told_apart(cohort, session, facilitator, browser_of):
    person(cohort, "Sam Ash", by="")
    person(cohort, "Sam Birch", by="")
    page = text(browser_of(facilitator).get(url_of(session)))
    assert "Sam A.: We have not asked yet how they want them." in page and "Sam B.: " in page


def test_ways_of_an_empty_pack_say_nothing():
    assert ways([], []) == (0, [])


# --- When the group has finished --------------------------------------------------------------------------


def catch_up(session, caregiver, **fields):
    about = {"caregiver": caregiver, "cohort": session.cohort, "session_number": session.number}
    about |= {"kind": "catch_up", "reason": "missed", "offered_on": session.day, "due_on": session.day}
    return FollowUp.objects.create(**about | fields)


def test_a_group_that_has_finished_keeps_no_overdue_catch_ups(session, people, lead):
    carol, dawn = people["Carol"].caregiver, people["Dawn"].caregiver
    open_still = catch_up(session, carol)
    stays = [
        catch_up(session, people["Aisha"].caregiver, done_at=timezone.now(), outcome="taken"),
        catch_up(session, dawn, due_on=session.day + timedelta(days=7)),
        catch_up(session, carol, kind="call", reason="asked"),
    ]
    night = session.starts_at + timedelta(days=1)
    later = SessionFactory(cohort=session.cohort, number=90, starts_at=session.starts_at + timedelta(days=7))
    assert jobs.end_catch_ups(night) == 0, "the group goes on"
    later.delete()
    assert [jobs.end_catch_ups(night), jobs.end_catch_ups(night)] == [1, 0]
    assert list(FollowUp.objects.order_by("pk")) == stays
    entry = AuditEntry.objects.get(what="followup", ref=open_still.code, fields=["taken_back"])
    assert entry.user is None and entry.person == carol.code
