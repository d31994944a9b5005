"""The run view and the room's display: who may, what a press does, and what two presses at once do."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.asking.actions import open_form
from ppg.access.refusals import Refused
from ppg.forms.effects import key_of
from ppg.models import AuditEntry, Service
from ppg.service_details import service
from ppg.time_of_day import clock
from programmes.models import Resource
from sessions_app.models import LaterQuestion, SessionStep
from sessions_app.register import actions as register
from sessions_app.running import actions
from sessions_app.running.clock import Kind, Phase, state
from tests.factories import PlaceFactory, SessionFactory, SessionItemFactory
from tests.markup import on_one_line

JSON = {"accept": "application/json"}
PRESSES = ("step", "note_question", "show_in_room")


@pytest.fixture
def session(cohort):
    """Set up 30 (outside), Welcome 10, Film 20, Break 10, Talk 30."""
    session = SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())
    rows = [("Set up", "setup", 30), ("Welcome", "welcome", 10), ("Film", "film", 20), ("Break", "break", 10)]
    for position, (title, kind, minutes) in enumerate([*rows, ("Talk", "discussion", 30)], start=1):
        SessionItemFactory(
            session=session, position=position, title=title, kind=kind, minutes=minutes, counted=kind != "setup"
        )
    return session


@pytest.fixture
def welcome(session):
    return session.items.get(title="Welcome")


@pytest.fixture
def film(session):
    item = session.items.get(title="Film")
    item.prompts = ["Start the film", {"Ask": ["What did you see?"]}]
    item.save()
    return item


def url(name, session, **kwargs):
    return reverse(f"sessions:{name}", kwargs={"code": session.code, **kwargs})


def text(answer):
    return on_one_line(answer.content.decode())


def press(browser, session, do, **values):
    values = {"do": do, "key": str(uuid4()), "seen": session.steps.count(), **values}
    return browser.post(url("step", session), values, headers=JSON)


def step(session, kind, by, **values):
    return actions.step(session=session, kind=kind, key=str(uuid4()), by=by, **values)


def now(session):
    return state(session.items.all(), session.steps.all(), timezone.now())


def kinds(session):
    return [one.kind for one in session.steps.all()]


# --- Who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["run", "room", "run_state"])
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("facilitator", 200),
        ("lead", 200),
        ("parent", 200),
        ("manager", 403),
        ("evaluator", 403),
        ("other_facilitator", 404),
    ],
)
def test_the_team_sees_it_and_nobody_else(browser_of, request, session, name, who, status):
    assert browser_of(request.getfixturevalue(who)).get(url(name, session)).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("facilitator", 200), ("lead", 200), ("parent", 403), ("manager", 403), ("other_facilitator", 404)],
)
def test_who_runs_sessions_may_press(browser_of, request, session, who, status):
    assert press(browser_of(request.getfixturevalue(who)), session, "start").status_code == status
    assert SessionStep.objects.count() == (status == 200)


def test_a_parent_watches_without_buttons_and_without_questions(browser_of, facilitator, parent, session):
    step(session, "start", facilitator)
    actions.note_question(session=session, text="What about Ben?", key="k" * 20, by=facilitator)
    page = text(browser_of(parent).get(url("run", session)))
    assert "Welcome" in page and 'form="press"' not in page and "What about Ben?" not in page
    assert "What about Ben?" in text(browser_of(facilitator).get(url("run", session)))


@pytest.mark.parametrize("name", ["run", "room", "run_state", "step", "note_question", "show_in_room"])
def test_a_stranger_signs_in_first(stranger, session, name):
    answer = (stranger.post if name in PRESSES else stranger.get)(url(name, session))
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("account_login"))


@pytest.mark.parametrize("name", PRESSES)
def test_only_a_press_does_something(browser_of, facilitator, session, name):
    assert browser_of(facilitator).get(url(name, session)).status_code == 405


# --- The page --------------------------------------------------------------------------------------------


def test_before_the_start_there_is_one_button(browser_of, facilitator, session):
    page = text(browser_of(facilitator).get(url("run", session)))
    assert page.count('form="press"') == 1 and 'value="start"' in page and "The plan" in page


def test_it_shows_the_item_now_its_prompts_who_leads_and_what_comes_next(browser_of, facilitator, session, film):
    begun = timezone.now() - timedelta(minutes=12)
    step(session, "start", facilitator, at=begun)
    step(session, "finish", facilitator, at=begun + timedelta(minutes=9))
    page = text(browser_of(facilitator).get(url("run", session)))
    assert '<h1 class="run__title" id="now" tabindex="-1">Film</h1>' in page
    for wanted in ("Start the film", "What did you see?", "led by Femi", "Next:<strong>Break</strong>, 10 min"):
        assert wanted in page
    assert "took 9 of 10 min" in page and "1 minute ahead" in page
    assert re.search(r"data-left>\s*(17:00|16:59)<", page)
    assert "Set up, 30 min" in page  # outside the clock, in sight


def test_a_film_opens_at_its_start_and_says_so_and_one_without_a_link_says_that(browser_of, facilitator, session, film):
    with_link = Resource.objects.create(
        slug="a", title="Five questions", kind="film", url="https://youtu.be/abc", starts_at="2:20"
    )
    without = Resource.objects.create(slug="b", title="Are you listening?", kind="film")
    for position, resource in enumerate([with_link, without]):
        film.uses_in_order.create(resource=resource, position=position)
    step(session, "start", facilitator, item=film)
    page = text(browser_of(facilitator).get(url("run", session)))
    assert 'href="https://youtu.be/abc?t=140"' in page and "start at 2:20" in page
    assert page.count("Link needed") == 1


def test_at_the_end_planned_and_actual_minutes_stand_side_by_side(browser_of, facilitator, session):
    begun = timezone.now() - timedelta(minutes=80)
    for kind, minutes in (("start", 0), ("finish", 13), ("finish", 33), ("end", 40)):
        step(session, kind, facilitator, at=begun + timedelta(minutes=minutes))
    page = text(browser_of(facilitator).get(url("run", session)))
    assert "The session has ended" in page
    rows = page[page.index("<tbody>") : page.index("</tbody>")].replace("\n", "")
    assert 'Welcome<br><span class="missing">Extended</span></th><td class="num">10</td><td class="num">13</td>' in rows
    assert 'Talk<br><span class="missing">Left out</span></th><td class="num">30</td><td class="num">–</td>' in rows
    assert "Set up" not in rows


def test_the_rooms_display_has_no_prompts_no_names_and_no_buttons(browser_of, facilitator, session, film):
    step(session, "start", facilitator, item=film)
    actions.note_question(session=session, text="What about Ben?", key="k" * 20, by=facilitator)
    page = text(browser_of(facilitator).get(url("room", session)))
    assert "Film" in page and "Next:<strong>Welcome</strong>" in page
    for secret in ("Start the film", "Femi", "Ben", session.cohort.name, "<button", "<form"):
        assert secret not in page


def test_the_rooms_display_says_when_we_go_on_after_a_break(browser_of, facilitator, session):
    begun = timezone.now()
    step(session, "start", facilitator, at=begun)
    step(session, "break", facilitator, minutes=15, at=begun)
    page = text(browser_of(facilitator).get(url("room", session)))
    wanted = clock(begun + timedelta(minutes=15))
    words = " ".join(re.sub("<[^>]+>", " ", page).split())
    assert f"We go on at {wanted} with Welcome" in words


@pytest.mark.parametrize(("field", "words"), [("cancelled_at", "was cancelled"), ("closed_at", "is closed")])
def test_a_session_that_is_shut_says_so_and_takes_no_press(browser_of, facilitator, session, field, words):
    setattr(session, field, timezone.now())
    session.save()
    browser = browser_of(facilitator)
    page = text(browser.get(url("run", session)))
    assert words in page and 'form="press"' not in page
    answer = press(browser, session, "start")
    assert answer.status_code == 409 and words in answer.json()["said"]


# --- A press ---------------------------------------------------------------------------------------------


def test_a_form_works_without_a_script(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    answer = browser.post(url("step", session), {"do": "start", "page_key": "p" * 22, "seen": 0})
    assert answer.status_code == 302 and answer.headers["Location"] == url("run", session)
    made = SessionStep.objects.get()
    own = key_of("p" * 22 + ".start", by=facilitator, of="step")
    assert (made.kind, made.item.title, made.by, made.key) == ("start", "Welcome", facilitator, own)


def test_what_is_refused_is_said_on_the_page(browser_of, facilitator, session):
    answer = browser_of(facilitator).post(url("step", session), {"do": "finish", "page_key": "p" * 22, "seen": 0})
    assert answer.status_code == 409 and "The session has not started yet." in text(answer)
    assert "Start the session" in text(answer)  # the same page


def test_every_press_of_an_evening(browser_of, facilitator, session, film):
    browser = browser_of(facilitator)
    talk = session.items.get(title="Talk")
    for do in (
        "start",
        "extend:5",
        f"swap:{talk.code}",
        "finish",
        "break:10",
        f"start:{talk.code}",
        f"skip:{film.code}",
    ):
        assert press(browser, session, do).json() == {"said": ""}, do
    stands = now(session)
    assert (stands.phase, stands.item, [item.title for item in stands.next]) == (Phase.RUNNING, talk, ["Break"])
    press(browser, session, "end")
    assert now(session).phase == Phase.ENDED
    press(browser, session, "undo")
    assert now(session).phase == Phase.RUNNING


@pytest.mark.parametrize(
    "do", ["", "dance", "extend", "extend:0", "extend:61", "finish:5", "skip:short", "break", "x:1:2"]
)
def test_a_press_that_our_pages_do_not_make_is_refused(browser_of, facilitator, session, do):
    step(session, "start", facilitator)
    answer = press(browser_of(facilitator), session, do)
    assert answer.status_code == 422 and SessionStep.objects.count() == 1


@pytest.mark.parametrize(("letters", "status"), [(36, 302), (37, 422)])
def test_the_key_of_a_press_is_never_longer_than_its_column(browser_of, facilitator, session, letters, status):
    """PostgreSQL counts: the page's own key and the longest press that there is."""
    step(session, "start", facilitator)
    press = f"skip:{session.items.last().code}"
    answer = browser_of(facilitator).post(url("step", session), {"do": press, "page_key": "p" * letters, "seen": 1})
    assert answer.status_code == status
    longest = SessionStep._meta.get_field("key").max_length
    assert all(len(made.key) <= longest for made in SessionStep.objects.all())


def test_a_press_without_a_key_is_refused(browser_of, facilitator, session):
    assert browser_of(facilitator).post(url("step", session), {"do": "start"}).status_code == 422


def test_an_item_of_another_session_is_not_found(browser_of, facilitator, session):
    step(session, "start", facilitator)
    foreign = SessionItemFactory()
    assert press(browser_of(facilitator), session, f"skip:{foreign.code}").status_code == 404


def test_sent_twice_is_once(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    step(session, "start", facilitator)
    key = str(uuid4())
    for _ in range(2):
        assert press(browser, session, "extend:5", key=key, seen=1).json() == {"said": ""}
    assert kinds(session) == ["start", "extend"]


def test_a_key_is_good_for_one_press_only(facilitator, session):
    actions.step(session=session, kind="start", key="k" * 20, by=facilitator)
    with pytest.raises(Refused, match="something else"):
        actions.step(session=session, kind="end", key="k" * 20, by=facilitator)


def test_only_the_start_and_the_end_are_in_the_audit_trail(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    for do in ("start", "finish", "undo", "extend:5", "end"):
        press(browser, session, do)
    found = [(entry.verb, entry.what, entry.fields) for entry in AuditEntry.objects.order_by("pk")]
    assert found == [("changed", "session", ["started"]), ("changed", "session", ["ended"])]


# --- Two people press -------------------------------------------------------------------------------------


@pytest.mark.parametrize("do", ["finish", "extend:5", "break:5", "end", "undo", "skip", "swap"])
def test_what_somebody_else_has_just_done_is_not_done_twice(browser_of, facilitator, lead, session, do):
    step(session, "start", facilitator)
    do = f"{do}:{session.items.get(title='Talk').code}" if do in ("skip", "swap") else do
    values = {"seen": 1, "on": session.items.get(title="Welcome").code}
    assert press(browser_of(facilitator), session, do, **values).json() == {"said": ""}
    answer = press(browser_of(lead), session, do, **values)
    assert answer.status_code == 200 and answer.json() == {"said": "Femi has done that already."}
    assert SessionStep.objects.count() == 2
    again = press(browser_of(facilitator), session, do, **values)  # on their other device
    assert again.json() == {"said": "You have done that already."}


def test_starting_at_the_same_moment_starts_once(browser_of, facilitator, lead, session):
    press(browser_of(facilitator), session, "start", seen=0)
    assert press(browser_of(lead), session, "start", seen=0).json()["said"] == "Femi has done that already."


def test_a_press_does_not_hit_the_item_that_has_begun_meanwhile(browser_of, facilitator, lead, session, welcome):
    step(session, "start", facilitator)
    step(session, "finish", facilitator)
    answer = press(browser_of(lead), session, "extend:5", seen=1, on=welcome.code)
    assert answer.status_code == 409
    assert answer.json()["said"].startswith("Femi has pressed “Done” meanwhile: now it is “Film”.")
    assert kinds(session) == ["start", "finish"]


def test_nobody_undoes_what_they_have_not_seen(browser_of, facilitator, lead, session):
    step(session, "start", facilitator)
    step(session, "extend", facilitator, minutes=5)
    assert press(browser_of(lead), session, "undo", seen=1).status_code == 409
    assert press(browser_of(lead), session, "undo", seen=2).status_code == 200


def test_undo_names_the_last_step_and_not_the_one_before(session, facilitator):
    step(session, "start", facilitator)
    step(session, "finish", facilitator)
    assert (now(session).last.kind, now(session).last.item.title) == ("finish", "Welcome")
    step(session, "undo", facilitator)
    assert now(session).last.kind == "start"


def test_what_was_done_and_undone_may_be_done_again(browser_of, facilitator, lead, session, welcome):
    step(session, "start", facilitator)
    step(session, "finish", facilitator)
    step(session, "undo", facilitator)
    assert press(browser_of(lead), session, "finish", seen=1, on=welcome.code).json() == {"said": ""}
    assert now(session).item.title == "Film"


def test_other_presses_of_two_people_are_both_done(browser_of, facilitator, lead, session, welcome):
    talk = session.items.get(title="Talk")
    step(session, "start", facilitator)
    step(session, "extend", facilitator, minutes=5)
    assert press(browser_of(lead), session, f"skip:{talk.code}", seen=1).status_code == 200
    assert press(browser_of(lead), session, "finish", seen=2, on=welcome.code).status_code == 200
    assert kinds(session) == ["start", "extend", "skip", "finish"]


# --- Questions for later ----------------------------------------------------------------------------------


def test_a_question_is_noted_once_and_taken_up(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    values = {"text": "What about school?", "effect_key": str(uuid4())}
    for _ in range(2):
        assert browser.post(url("note_question", session), values).status_code == 302
    question = LaterQuestion.objects.get()
    assert (question.text, question.by) == ("What about school?", facilitator)
    assert "What about school?" in text(browser.get(url("run", session)))
    browser.post(url("take_up", session, question=question.code))
    assert "What about school?" not in text(browser.get(url("run", session)))
    question.refresh_from_db()
    assert question.answered_at


@pytest.mark.parametrize("typed", ["", "x" * 501])
def test_a_question_that_does_not_fit_is_kept_on_the_page(browser_of, facilitator, session, typed):
    browser = browser_of(facilitator)
    answer = browser.post(url("note_question", session), {"text": typed, "effect_key": str(uuid4())})
    assert answer.status_code == 422 and typed in text(answer) and "govuk-error-summary" in text(answer)
    answer = browser.post(url("note_question", session), {"text": typed}, headers=JSON)
    assert answer.status_code == 422 and answer.json()["said"]
    assert not LaterQuestion.objects.exists()


def test_a_question_of_another_session_is_not_found(browser_of, facilitator, session, other_cohort):
    other = SessionFactory(cohort=other_cohort)
    question = actions.note_question(session=other, text="?", key="k" * 20, by=facilitator)
    assert browser_of(facilitator).post(url("take_up", session, question=question.code)).status_code == 404


# --- What devices ask ---------------------------------------------------------------------------------------


def ask(browser, session):
    return browser.get(url("run_state", session), headers=JSON).json()


def test_every_press_and_every_question_changes_the_version(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    seen = [ask(browser, session)["version"]]
    press(browser, session, "start")
    seen.append(ask(browser, session)["version"])
    question = actions.note_question(session=session, text="?", key="k" * 20, by=facilitator)
    seen.append(ask(browser, session)["version"])
    actions.take_up(question=question, by=facilitator)
    seen.append(ask(browser, session)["version"])
    press(browser, session, "undo")
    seen.append(ask(browser, session)["version"])
    assert len(set(seen)) == len(seen)
    assert f'data-version="{seen[-1]}"' in text(browser.get(url("run", session)))
    assert f'data-version="{seen[-1]}"' in text(browser.get(url("room", session)))


def test_it_tells_the_servers_time(browser_of, facilitator, session):
    before = timezone.now().timestamp()
    assert before <= ask(browser_of(facilitator), session)["now"] <= timezone.now().timestamp()


def test_a_poll_is_three_queries_however_long_the_evening(browser_of, facilitator, session, django_assert_num_queries):
    browser = browser_of(facilitator)
    ask(browser, session)
    with django_assert_num_queries(3):
        ask(browser, session)
    step(session, "start", facilitator)
    for _ in range(20):
        step(session, "extend", facilitator, minutes=1)
    with django_assert_num_queries(3):
        ask(browser, session)


def test_asking_keeps_nobody_signed_in(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    kept = browser.session
    kept["seen"] = timezone.now().timestamp() - 20 * 60
    kept.save()
    ask(browser, session)
    assert browser.session["seen"] == kept["seen"]
    browser.get(url("room", session))
    assert browser.session["seen"] > kept["seen"]


@pytest.mark.parametrize(("name", "most"), [("run", 8), ("room", 8)])
def test_the_pages_cost_the_same_however_much_happened(
    browser_of, facilitator, session, film, same_queries, django_assert_max_num_queries, name, most
):
    resource = Resource.objects.create(slug="a", title="Film", kind="film")
    film.uses_in_order.create(resource=resource, position=1)
    step(session, "start", facilitator)
    browser = browser_of(facilitator)

    def grow():
        for position in range(6, 12):
            item = SessionItemFactory(session=session, position=position)
            item.uses_in_order.create(resource=resource, position=1)
            step(session, "extend", facilitator, minutes=1)
            actions.note_question(session=session, text="?", key=str(uuid4()), by=facilitator)

    same_queries(browser, url(name, session), grow)
    with django_assert_max_num_queries(most):
        browser.get(url(name, session))


def test_every_kind_of_step_has_a_button_somewhere(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    found = set()
    for kind, minutes in (("start", None), ("break", 5), ("end", None)):
        found |= {do for do in Kind if f'name="do" value="{do}' in text(browser.get(url("run", session)))}
        step(session, kind, facilitator, minutes=minutes)
    assert found == set(Kind)


# --- Undo ---------------------------------------------------------------------------------------------------


def test_what_is_undone_is_what_somebody_has_seen(browser_of, facilitator, session):
    """A press that does not say what its page showed could take back anything."""
    browser = browser_of(facilitator)
    for do in ("start", "extend:5"):
        press(browser, session, do)
    assert press(browser, session, "undo", seen="").status_code == 422
    assert kinds(session) == ["start", "extend"]


def test_one_press_of_undo_takes_back_one_step_however_often_it_arrives(browser_of, facilitator, lead, session):
    browser, key = browser_of(facilitator), str(uuid4())
    for do in ("start", "finish", "extend:5"):
        press(browser, session, do)
    for _ in range(3):
        assert press(browser, session, "undo", key=key, seen=3).json() == {"said": ""}
    assert press(browser_of(lead), session, "undo", seen=3).json() == {"said": "Femi has done that already."}
    stands = now(session)
    assert (stands.item.title, len(stands.taken)) == ("Film", 2)


def test_undo_stands_in_the_dock_after_a_press_and_not_after_an_undo(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    dock = 'id="dock-undo-press"'
    assert dock not in text(browser.get(url("run", session)))
    for do, offered in (("start", True), ("finish", True), ("undo", False), ("extend:5", True), ("end", True)):
        press(browser, session, do)
        page = text(browser.get(url("run", session)))
        assert (dock in page) == offered, do
        assert 'id="do-undo"' in page  # under More, whenever it was
    until = float(re.search(r'data-undo-until="([\d.]+)"', page)[1])
    assert until == pytest.approx(session.steps.last().at.timestamp() + 10, abs=0.01)


# --- The room's display -------------------------------------------------------------------------------------


def show(browser, session, display):
    return browser.post(url("show_in_room", session), {"display": display}, headers=JSON)


@pytest.mark.parametrize("on_break", [False, True])
def test_the_rooms_display_is_never_red_and_never_counts_up(browser_of, parent, facilitator, session, on_break):
    begun = timezone.now() - timedelta(minutes=40)
    step(session, "start", facilitator, at=begun)
    if on_break:
        step(session, "break", facilitator, minutes=5, at=begun)
    page = text(browser_of(parent).get(url("room", session)))
    assert "Starting again in a moment" in page and "data-over-time" in page
    assert not re.search("run__clock--|Over time|Almost over|behind<", page[page.index("room__live") :])


def test_after_the_last_item_the_rooms_display_does_not_say_that_it_starts_again(browser_of, facilitator, session):
    step(session, "start", facilitator, item=session.items.get(title="Talk"), at=timezone.now() - timedelta(hours=1))
    for item in session.items.filter(title__in=["Welcome", "Film", "Break"]):
        step(session, "skip", facilitator, item=item)
    assert "Starting again" not in text(browser_of(facilitator).get(url("room", session)))


def test_the_countdown_is_hidden_by_the_facilitator_or_on_the_display_itself(browser_of, facilitator, session):
    browser = browser_of(facilitator)
    step(session, "start", facilitator)
    assert "data-left" in text(browser.get(url("room", session)))
    hidden = text(browser.get(url("room", session), {"countdown": "off"}))
    assert "data-left" not in hidden and "Show the countdown" in hidden
    assert f'data-page="{url("room", session)}?countdown=off"' in hidden  # it stays so when it draws itself anew
    before = ask(browser, session)["version"]
    assert show(browser, session, "plain").json() == {"said": ""}
    assert ask(browser, session)["version"] != before  # so the display hears of it
    page = text(browser.get(url("room", session)))
    assert "data-left" not in page and "Welcome" in page and "the countdown</a>" not in page
    assert "Show the countdown on the room display" in text(browser.get(url("run", session)))
    assert show(browser, session, "disco").status_code == 422


def test_who_does_not_run_the_session_changes_nothing_on_the_rooms_display(browser_of, parent, session):
    assert show(browser_of(parent), session, "plain").status_code == 403
    session.refresh_from_db()
    assert session.room_display == "countdown"


def test_a_cancelled_session_shows_nothing_else(browser_of, facilitator, session):
    session.cancelled_at = timezone.now()
    session.save()
    answer = show(browser_of(facilitator), session, "plain")
    assert answer.status_code == 409 and answer.json()["said"] == "This session was cancelled."


# --- At the end of the evening ------------------------------------------------------------------------------


def tasks_of(page):
    found = re.findall(r'id="task-(\w+)">(.*?)</(?:a|button)>.*?(?:run__task-state">(.*?)</span>)?</li>', page)
    return [(name, state) for name, _title, state in found]


def test_the_evenings_tasks_stand_in_order_and_say_how_far_they_are(browser_of, facilitator, parent, session):
    place = PlaceFactory(cohort=session.cohort)
    for kind in ("start", "end"):
        step(session, kind, facilitator)
    browser = browser_of(facilitator)
    page = text(browser.get(url("run", session)))
    assert tasks_of(page) == [
        ("feedback", ""), ("register", "1 to tick"), ("stayed", ""), ("close", ""), ("packs", "After closing"),
    ]  # fmt: skip
    register.mark(session=session, place=place, state="present", key="k" * 20, by=facilitator)
    open_form(session=session, by=facilitator)
    states = dict(tasks_of(text(browser.get(url("run", session)))))
    assert states["feedback"] == "Open" and states["register"] == "1 of 1 here" and states["stayed"] == "1 to record"
    assert not tasks_of(text(browser_of(parent).get(url("run", session))))


def test_if_somebody_is_upset_it_says_what_to_do_and_whom_to_ring(browser_of, facilitator, parent, session):
    Service.objects.create(phone="01632 960001")
    service.forget()
    page = text(browser_of(facilitator).get(url("run", session)))
    card = page[page.index('id="upset"') :]
    assert "call 999" in card and 'href="tel:+441632960001"' in card
    assert reverse("caregivers:concern_add", args=[session.cohort.code]) in page


def test_starting_on_another_day_is_possible_and_said_to_be_odd(browser_of, facilitator, session):
    url = reverse("sessions:run", args=[session.code])
    odd = "This session is not planned for today"
    assert odd not in browser_of(facilitator).get(url).content.decode()
    session.starts_at += timedelta(days=1)
    session.save()
    page = browser_of(facilitator).get(url).content.decode()
    assert odd in page and "Start the session" in page
