"""A session run by the clock: a laptop, a phone and the room's display, with wifi that comes and goes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from ppg.time_of_day import clock
from programmes.models import Resource
from sessions_app.models import LaterQuestion
from sessions_app.running import actions
from sessions_app.running.clock import Running, level
from tests.factories import SessionFactory, SessionItemFactory
from tests.journeys.engines import STARTED

# How long the slowest of the last answers took, in seconds: what a machine that is busy with other things is late by.
SLOWEST = (
    """() => Math.max(0, ...performance.getEntriesByType("resource").slice(-5).map((one) => one.duration)) / 1000"""
)
NOTE_WHEN_SHOWN = """() => {
  const title = () => document.querySelector("#now").textContent.trim();
  let last = title();
  new MutationObserver(() => {
    if (title() === last) return;
    last = title();
    window.shownAt = Date.now() / 1000;
  }).observe(document.body, { childList: true, subtree: true });
}"""


@pytest.fixture
def session(cohort):
    session = SessionFactory(cohort=cohort, number=2, starts_at=timezone.now())
    rows = [("Set up", "setup", 30), ("Welcome and check-in", "welcome", 10), ("Film: Are you listening?", "film", 20)]
    rows += [("Break", "break", 10), ("How it works", "discussion", 30), ("Questions and close", "closing", 20)]
    for position, (title, kind, minutes) in enumerate(rows, start=1):
        item = SessionItemFactory(
            session=session, position=position, title=title, kind=kind, minutes=minutes, counted=kind != "setup"
        )
    item = session.items.get(kind="film")
    item.prompts = ["Start the film at 2:20", {"Ask the group": ["What did you notice?", "Whom does he tell?"]}]
    item.save()
    film = Resource.objects.create(
        slug="f", title="Are you listening?", kind="film", url="https://youtu.be/abc", starts_at="2:20"
    )
    item.uses_in_order.create(resource=film, position=1)
    return session


def url(session, name="run"):
    return reverse(f"sessions:{name}", args=[session.code])


@pytest.fixture
def open_page(session, sign_in_as):
    def open_it(page: Page, user, name: str = "run") -> None:
        sign_in_as(page, user)
        page.goto(url(session, name))
        page.wait_for_selector(STARTED)

    return open_it


def begin(session, by, minutes_ago=0.0):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    return actions.step(session=session, kind="start", key=f"begin-{session.code}", by=by, at=at)


def question(page: Page):
    return page.locator("dialog[data-sure]")


def press(page: Page, name: str, *, sure: bool = True):
    """`sure`: what the page asks before a press so soon after a change is answered with yes."""
    page.get_by_role("button", name=name, exact=True).click()
    if sure and question(page).is_visible():
        question(page).get_by_role("button", name="Yes").click()


def unfold(page: Page, name: str):
    page.locator("summary", has_text=re.compile(f"^{name}$")).click()


def title(page: Page):
    return page.locator("#now")


def shows(page: Page, text: str):
    expect(title(page)).to_have_text(text)


def kinds(session):
    return [step.kind for step in session.steps.all()]


def test_a_laptop_a_phone_and_the_rooms_display_show_the_same_within_two_seconds(
    page, phone_page, new_page, open_page, facilitator, lead, parent, session, check_axe, no_sideways_scroll
):
    laptop, phone, screen = page, phone_page, new_page(width=1280, height=720)
    open_page(laptop, lead)
    open_page(phone, facilitator)
    open_page(screen, parent, "room")
    shows(screen, "Welcome")
    for one in (laptop, phone, screen):
        check_axe(one)
        one.evaluate(NOTE_WHEN_SHOWN)

    def everywhere(text: str):
        """Each device notes by itself when it showed this; the press was made at the last step's time. Two seconds are
        for a machine that answers at once: what it takes longer for an answer, twice, is not the page's doing."""
        devices = (phone, laptop, screen)
        for one in devices:
            shows(one, text)
        pressed = session.steps.last().at.timestamp()
        late = [one.evaluate("window.shownAt") - pressed for one in devices]
        slowest = max(one.evaluate(SLOWEST) for one in devices)
        assert max(late) < 2 + 2 * slowest, f"Shown after {late} seconds, and an answer took {slowest}"

    press(phone, "Start the session")
    everywhere("Welcome and check-in")
    for one in (phone, laptop, screen):
        expect(one.locator("[data-left]")).to_have_text(re.compile("^(10:00|9:5[5-9])$"))
        check_axe(one)
    no_sideways_scroll(phone)

    press(laptop, "Done")
    everywhere("Film: Are you listening?")
    expect(laptop.get_by_text("Whom does he tell?")).to_be_visible()
    expect(screen.get_by_text("Whom does he tell?")).to_have_count(0)
    check_axe(laptop)

    press(phone, "+5 minutes")
    expect(laptop.locator("[data-left]")).to_have_text(re.compile("^24:5"))
    expect(screen.locator("[data-left]")).to_have_text(re.compile("^24:5"))

    unfold(laptop, "Break")
    press(laptop, "5 minutes")
    everywhere("Break")
    expect(screen.get_by_text("We go on at")).to_be_visible()
    check_axe(screen)
    press(phone, "Break over")
    everywhere("Film: Are you listening?")

    press(phone, "Do next Questions and close")
    expect(screen.locator(".room__next")).to_have_text("Next: Questions and close")
    press(laptop, "Skip How it works")
    expect(phone.get_by_role("button", name="Do next after all How it works")).to_be_visible()

    unfold(laptop, "More")
    press(laptop, "End the session")
    for one in (phone, laptop):
        shows(one, "The session has ended")
        check_axe(one)
    shows(screen, "Thank you for coming")
    no_sideways_scroll(phone)
    row = phone.get_by_role("row", name="How it works")
    expect(row).to_contain_text("Left out")
    assert kinds(session) == ["start", "finish", "extend", "break", "start", "swap", "skip", "end"]

    press(phone, "Undo “End”")
    everywhere("Film: Are you listening?")


def test_two_people_press_done_at_the_same_moment(page, phone_page, open_page, facilitator, lead, session):
    begin(session, facilitator)
    open_page(page, lead)
    open_page(phone_page, facilitator)
    page.route("**/run/state/", lambda route: route.abort())  # the laptop has not heard of it yet
    press(phone_page, "Done")
    shows(phone_page, "Film: Are you listening?")
    press(page, "Done")
    expect(page.locator("[data-wire]")).to_contain_text("Femi has done that already.")
    page.unroute("**/run/state/")
    shows(page, "Film: Are you listening?")  # it asks less often where nothing comes back
    assert kinds(session) == ["start", "finish"]


def test_it_survives_a_reload_and_a_locked_phone(phone_page, open_page, facilitator, session):
    page = phone_page
    begin(session, facilitator, minutes_ago=4)
    open_page(page, facilitator)
    expect(page.locator("[data-left]")).to_have_text(re.compile("^(6:00|5:5)"))
    page.reload()
    expect(page.locator("[data-left]")).to_have_text(re.compile("^(6:00|5:5)"))

    hide(page, True)  # locked
    actions.step(session=session, kind="finish", key="k" * 20, by=facilitator)
    page.wait_for_timeout(2500)
    expect(title(page)).to_have_text("Welcome and check-in")
    hide(page, False)
    shows(page, "Film: Are you listening?")


def hide(page: Page, hidden: bool):
    page.evaluate(
        "(hidden) => { Object.defineProperty(document, 'hidden', { get: () => hidden, configurable: true });"
        "document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_without_a_connection_the_clock_goes_on_and_a_press_waits_and_says_so(
    phone_page, open_page, facilitator, session, check_axe
):
    page = phone_page
    begin(session, facilitator)
    open_page(page, facilitator)
    page.context.set_offline(True)
    wire = page.locator("[data-wire]")
    expect(wire).to_have_text("No connection. The clock goes on.")
    before = page.locator("[data-left]").text_content()
    expect(page.locator("[data-left]")).not_to_have_text(before)
    press(page, "Done")
    expect(wire).to_contain_text("Waiting for the connection to send “Done”.")
    check_axe(page)
    press(page, "+5 minutes")
    expect(wire).to_contain_text("One press waits for the connection already.")
    shows(page, "Welcome and check-in")  # what the server has not said is not shown
    assert kinds(session) == ["start"]
    page.context.set_offline(False)
    shows(page, "Film: Are you listening?")
    expect(wire).to_have_text("")
    assert kinds(session) == ["start", "finish"]


def test_a_press_that_waits_can_be_forgotten(phone_page, open_page, facilitator, session):
    page = phone_page
    begin(session, facilitator)
    open_page(page, facilitator)
    page.context.set_offline(True)
    press(page, "Done")
    press(page, "Do not send it")
    expect(title(page)).to_be_focused()
    page.context.set_offline(False)
    expect(page.locator("[data-wire]")).to_have_text("", timeout=20_000)
    assert kinds(session) == ["start"]


def test_a_press_whose_answer_is_lost_is_not_doubled(phone_page, open_page, facilitator, session):
    page, lost = phone_page, []
    begin(session, facilitator)
    open_page(page, facilitator)

    def lose_the_first_answer(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/run/step/", lose_the_first_answer)
    press(page, "+5 minutes")
    expect(page.locator("[data-left]")).to_have_text(re.compile("^(15:00|14:5)"))
    expect(page.locator("[data-wire]")).to_have_text("")
    assert lost == [200] and kinds(session) == ["start", "extend"]


def test_who_was_signed_out_is_told_and_the_press_waits(phone_page, open_page, sign_in_as, facilitator, session):
    page = phone_page
    begin(session, facilitator)
    open_page(page, facilitator)
    page.context.clear_cookies()
    press(page, "Done")
    expect(page.locator("[data-wire]")).to_contain_text("You are signed out.")
    sign_in_as(page, facilitator)  # in another tab; the page's token is of no use any more
    shows(page, "Film: Are you listening?")
    assert kinds(session) == ["start", "finish"]


def test_the_colour_of_the_time_changes_by_itself_and_is_said_in_words(page, open_page, facilitator, session):
    begin(session, facilitator, minutes_ago=10 - 2 - 5 / 60)
    open_page(page, facilitator)
    clock, words = page.locator("[data-clock]"), page.locator("[data-level]")
    expect(clock).to_have_class(re.compile("run__clock--calm"))
    expect(clock).to_have_class(re.compile("run__clock--amber"), timeout=10_000)
    expect(words).to_have_text("Nearly time")


def test_over_its_time_the_page_says_by_how_much_it_is_behind(page, open_page, facilitator, session):
    begin(session, facilitator, minutes_ago=11 - 5 / 60)
    session.starts_at = timezone.now() - timedelta(minutes=11 - 5 / 60)
    session.save()
    open_page(page, facilitator)
    expect(page.locator("[data-left]")).to_have_text(re.compile(r"^\+0:5[5-9]$"))
    expect(page.locator("[data-pace]")).to_have_text("On time")
    expect(page.locator("[data-pace]")).to_have_text("1 minute behind", timeout=10_000)
    expect(page.locator("[data-level]")).to_have_text("Over time")


def test_a_question_is_noted_without_leaving_the_page(phone_page, open_page, facilitator, session, check_axe):
    page = phone_page
    begin(session, facilitator)
    open_page(page, facilitator)
    for text in ("What about school?", "Who pays?"):
        unfold(page, "Note")
        page.get_by_label("Note a question for later").fill(text)
        press(page, "Save question")
        expect(page.locator("[data-wire]")).to_have_text("Question saved.")
        expect(page.get_by_label("Note a question for later")).to_be_hidden()
        expect(page.locator("#id_text")).to_have_value("")
        expect(page.get_by_role("listitem").filter(has_text=text)).to_be_visible()
    check_axe(page)
    press(page, "Answered Who pays?")
    expect(page.get_by_text("Who pays?", exact=True)).to_have_count(0)
    assert [bool(one.answered_at) for one in LaterQuestion.objects.all()] == [False, True]


def test_what_is_being_typed_stays_while_the_page_changes(page, open_page, facilitator, session):
    begin(session, facilitator)
    open_page(page, facilitator)
    unfold(page, "Note")
    page.get_by_label("Note a question for later").fill("Half a quest")
    actions.step(session=session, kind="finish", key="k" * 20, by=facilitator)
    shows(page, "Film: Are you listening?")
    field = page.get_by_label("Note a question for later")
    expect(field).to_have_value("Half a quest")
    expect(field).to_be_focused()


def test_a_whole_session_without_javascript(new_page, sign_in_as, facilitator, session):
    page = new_page(width=320, height=640, phone=True, javascript=False)
    sign_in_as(page, facilitator)
    page.goto(url(session))
    press(page, "Start the session")
    shows(page, "Welcome and check-in")
    expect(page.get_by_text("As it was at")).to_be_visible()
    page.get_by_role("link", name="Update").click()
    press(page, "+5 minutes")
    press(page, "Done")
    shows(page, "Film: Are you listening?")
    unfold(page, "Break")
    press(page, "10 minutes")
    shows(page, "Break")
    press(page, "Break over")
    press(page, "Do next How it works")
    press(page, "Skip Questions and close")
    press(page, "Do next after all Questions and close")
    unfold(page, "Note")
    page.get_by_label("Note a question for later").fill("What about school?")
    press(page, "Save question")
    expect(page.get_by_text("Question saved.")).to_be_visible()
    press(page, "Answered What about school?")
    unfold(page, "More")
    press(page, "End the session")
    shows(page, "The session has ended")
    press(page, "Undo “End”")
    for _ in range(4):
        page.locator("#do-main").click()
    shows(page, "Everything is done")
    page.locator("#do-main").click()
    shows(page, "The session has ended")


def test_by_keyboard_alone_the_focus_stays_where_it_was(page, open_page, facilitator, session):
    page.clock.install(time=timezone.now())
    open_page(page, facilitator)
    tab_to(page, "do-main")
    page.keyboard.press("Enter")
    shows(page, "Welcome and check-in")
    expect(page.locator("#do-main")).to_be_focused()  # now "Done"
    page.clock.fast_forward(2500)  # what has just come on would be asked about
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # 5 more minutes
    expect(page.locator("[data-left]")).to_have_text(re.compile("^(15:00|14:5)"))
    expect(page.locator("#do-extend")).to_be_focused()
    page.clock.fast_forward(2500)
    tab_to(page, f"skip-{session.items.get(kind='film').code}")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Do next after all Film: Are you listening?")).to_be_visible()
    expect(title(page)).to_be_focused()  # the button is gone
    tab_to(page, "fold-more")
    page.keyboard.press("Enter")
    tab_to(page, "do-end")
    page.keyboard.press("Enter")
    expect(question(page).get_by_role("button", name="No")).to_be_focused()  # Enter once too often ends nothing
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    shows(page, "The session has ended")
    expect(page.locator("#fold-more")).to_be_focused()
    assert kinds(session) == ["start", "extend", "skip", "end"]


def tab_to(page: Page, element: str):
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == element:
            return
    raise AssertionError(f"Tab never comes to #{element}")


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_button_is_big_enough_for_a_thumb_and_nothing_scrolls_sideways(
    new_page, open_page, facilitator, session, width, no_sideways_scroll
):
    begin(session, facilitator, minutes_ago=8)
    page = new_page(width=width, height=844)
    open_page(page, facilitator)
    no_sideways_scroll(page)
    # All at one moment: the undo of the last press goes by itself.
    boxes = page.locator("main button:visible, summary:visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect()).map(({width, height}) => [width, height])"
    )
    assert len(boxes) >= 14
    assert not [box for box in boxes if min(box) < 44]
    digits = page.locator("[data-left]").evaluate("(left) => parseFloat(getComputedStyle(left).fontSize)")
    assert digits >= 72, "The time left must be readable at arm's length"
    main = page.locator("#do-main").bounding_box()
    assert main["y"] + main["height"] <= 844, "The main button is always in sight"
    open_page(page, facilitator, "room")
    no_sideways_scroll(page)


# --- In a dim room ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(390, 760), (320, 568), (320, 256)])
def test_title_item_and_clock_stand_in_the_first_screen(new_page, open_page, facilitator, session, width, height):
    """320 by 256 is a screen of 1280 by 1024 at 400 %."""
    begin(session, facilitator, minutes_ago=12)
    page = new_page(width=width, height=height)
    open_page(page, facilitator)
    dock = page.locator(".run__dock").bounding_box()
    for part in (page.get_by_text(session.title, exact=True), title(page), page.locator("[data-left]")):
        box = part.bounding_box()
        assert box["y"] >= 0 and box["y"] + box["height"] <= min(height, dock["y"])
    if height > 320:
        assert dock["y"] + dock["height"] == height


def test_the_page_is_dark_while_the_session_runs_unless_somebody_wants_it_light(
    phone_page, open_page, facilitator, session, check_axe
):
    page = phone_page
    page.emulate_media(color_scheme="light")
    brightness = "Math.max(...getComputedStyle(document.body).backgroundColor.match(/[0-9]+/g).slice(0, 3))"
    open_page(page, facilitator)
    assert page.evaluate(brightness) > 200
    press(page, "Start the session")
    shows(page, "Welcome and check-in")
    assert page.evaluate(brightness) < 60
    check_axe(page)
    unfold(page, "More")
    check_axe(page)
    page.get_by_role("link", name="Light page").click()
    page.wait_for_selector(STARTED)
    assert page.evaluate(brightness) > 200
    actions.step(session=session, kind="finish", key="k" * 20, by=facilitator)
    shows(page, "Film: Are you listening?")
    assert page.evaluate(brightness) > 200  # also when the page has drawn itself anew


def test_a_second_press_on_what_has_just_come_on_is_asked_about(phone_page, open_page, facilitator, session, check_axe):
    page = phone_page
    page.clock.install(time=timezone.now())
    begin(session, facilitator, minutes_ago=5)
    open_page(page, facilitator)
    press(page, "Done")
    shows(page, "Film: Are you listening?")
    press(page, "Done", sure=False)  # the finger was quicker than the eye
    expect(question(page)).to_contain_text("now it is “Film: Are you listening?”. Press “Done” again?")
    check_axe(page)
    question(page).get_by_role("button", name="No").click()
    assert kinds(session) == ["start", "finish"]
    press(page, "Undo “Done: Welcome and check-in”")  # what somebody reaches for in haste is not asked about
    shows(page, "Welcome and check-in")
    expect(page.locator("#dock-undo-press")).to_have_count(0)
    page.clock.fast_forward(2500)
    press(page, "Done", sure=False)
    shows(page, "Film: Are you listening?")
    assert kinds(session) == ["start", "finish", "undo", "finish"]


def test_undo_goes_from_the_dock_after_ten_seconds_and_stays_under_more(phone_page, open_page, facilitator, session):
    page = phone_page
    page.clock.install(time=timezone.now())
    begin(session, facilitator)
    open_page(page, facilitator)
    undo = page.locator("#dock-undo-press")
    expect(undo).to_be_visible()
    page.clock.fast_forward(11_000)
    expect(undo).to_be_hidden()
    unfold(page, "More")
    expect(page.locator("#do-undo")).to_be_visible()


def test_how_pressing_it_is_is_said_once(page, open_page, facilitator, session):
    """A screen reader says what is written into a polite region: at a fifth, at a twentieth, and when it is over."""
    begin(session, facilitator, minutes_ago=7.9)
    page.clock.install(time=timezone.now())
    open_page(page, facilitator)
    said = page.locator("[data-warn]")
    expect(said).to_have_attribute("aria-live", "polite")
    page.evaluate(
        """() => { window.said = [];
        const region = document.querySelector("[data-warn]");
        new MutationObserver(() => window.said.push(region.textContent)).observe(region, { childList: true }); }"""
    )
    page.route("**/run/state/", lambda route: route.abort())  # its clock runs ahead of the server's
    for _ in range(20):
        page.clock.run_for(10_000)
    title = "Welcome and check-in"
    assert page.evaluate("window.said") == [f"Nearly time: {title}", f"Almost over: {title}", f"Over time: {title}"]


def test_the_rooms_display_goes_over_its_time_without_counting_up(page, open_page, facilitator, session):
    begin(session, facilitator, minutes_ago=10 - 3 / 60)
    open_page(page, facilitator, "room")
    soon = page.get_by_text("Starting again in a moment")
    expect(soon).to_be_hidden()
    expect(soon).to_be_visible()
    expect(page.locator("[data-left]")).to_be_hidden()
    assert not page.locator("[class*=run__clock--]").count()


def test_the_facilitator_changes_what_the_rooms_display_shows(
    page, phone_page, open_page, facilitator, parent, session
):
    begin(session, facilitator)
    open_page(page, parent, "room")
    open_page(phone_page, facilitator)
    unfold(phone_page, "More")
    press(phone_page, "Hide the countdown on the room display")
    expect(page.locator("[data-left]")).to_have_count(0)
    unfold(phone_page, "More")
    press(phone_page, "Show the feedback code")
    expect(phone_page.get_by_role("img", name="QR code that opens the form")).to_be_visible()
    expect(page.get_by_role("img", name="QR code that opens the form")).to_be_visible()
    phone_page.get_by_role("link", name="Back").click()
    unfold(phone_page, "More")
    press(phone_page, "Take the feedback code off the room display")
    expect(page.locator("[data-left]")).to_be_visible()
    page.get_by_role("link", name="Hide the countdown").click()
    expect(page.locator("[data-left]")).to_have_count(0)


# --- Idle devices ----------------------------------------------------------------------------------------


@pytest.fixture
def polls(page):
    """Every question that the page asks."""
    found = []
    page.on("request", lambda request: found.append(request.url) if request.url.endswith("/run/state/") else None)
    return found


def test_a_hidden_page_stops_asking_and_begins_again_when_seen(page, open_page, polls, facilitator, session):
    open_page(page, facilitator)
    page.wait_for_timeout(3000)
    assert 2 <= len(polls) <= 4
    hide(page, True)
    page.wait_for_timeout(300)
    asked = len(polls)
    page.wait_for_timeout(3000)
    assert len(polls) == asked
    hide(page, False)
    page.wait_for_timeout(500)
    assert len(polls) > asked


@pytest.mark.parametrize(("ended", "hours"), [(False, 3), (True, 0.1)])
def test_a_forgotten_page_stops_asking_until_it_is_touched(page, open_page, polls, facilitator, session, ended, hours):
    begin(session, facilitator)
    if ended:
        actions.step(session=session, kind="end", key="k" * 20, by=facilitator)
    page.clock.install(time=timezone.now())
    open_page(page, facilitator)
    page.clock.fast_forward(int(hours * 3600 * 1000) + 5000)
    expect(page.locator("[data-wire]")).to_have_text("This page has stopped asking for news. Touch it to go on.")
    asked = len(polls)
    page.clock.fast_forward(60_000)
    page.wait_for_timeout(500)
    assert len(polls) == asked
    page.mouse.click(5, 5)
    expect(page.locator("[data-wire]")).to_have_text("")
    assert len(polls) > asked


# --- The clock by itself ----------------------------------------------------------------------------------


@pytest.fixture
def logic(page):
    """Runs a piece of script with everything that run-clock.js exports."""
    page.goto(reverse("account_login"))

    def run(script: str):
        load = "const logic = await import('/static/js/run-clock.js');"
        return page.evaluate(f"(async () => {{ {load} {script} }})()")

    return run


def test_it_agrees_with_the_server_on_levels_and_digits(logic):
    lefts = [600, 121, 120, 119.5, 31, 30, 0.4, 0, -0.2, -1, -61, -600]
    computed = logic(f"return {lefts}.map((left) => [logic.level(left, 600), logic.clockText(left)])")
    now = Running(timezone.now(), None, {}, (), 600, 0.0, None)
    expected = []
    for left in lefts:
        object.__setattr__(now, "elapsed", 600 - left)
        expected.append([str(level(left, 600)), now.clock])
    assert computed == expected


def test_it_writes_times_as_the_server_does(logic):
    at = [datetime(2026, 7, 1, hour, minute, tzinfo=UTC) for hour in (0, 8, 11, 17, 23) for minute in (0, 5, 30)]
    assert logic(f"return {[one.timestamp() for one in at]}.map(logic.timeOfDay)") == [clock(one) for one in at]


def test_it_goes_by_the_servers_time_and_prefers_the_quickest_answer(logic):
    assert logic(
        "const clock = new logic.ServerClock(1000, 0);"
        "clock.hear(1010.2, 10, 10.4); const quick = clock.time(20);"
        "clock.hear(1022, 20, 23); const slow = clock.time(30);"  # slower, and nothing against it: kept
        "return [quick, slow].map((value) => Math.round(value * 10) / 10)"
    ) == [1020, 1030]


def test_a_device_whose_clock_stood_still_while_it_slept_is_put_right(logic):
    assert logic(
        "const clock = new logic.ServerClock(1000, 0); clock.hear(1001, 0.9, 1.1);"
        "clock.hear(1600, 2, 4); return Math.round(clock.time(4))"
    ) == pytest.approx(1601, abs=1)


def test_each_level_is_said_once_for_each_time_that_something_has(logic):
    assert logic(
        "const warnings = new logic.Warnings();"
        "return [['a', 'amber'], ['a', 'amber'], ['a', 'red'], ['a', 'amber'], ['a', 'over'], ['a', 'over'],"
        "['b', 'calm'], ['b', 'over'], ['b', 'red'], ['c', 'amber']].map(([on, how]) => warnings.next(on, how))"
    ) == [False, False, True, False, True, False, False, True, False, True]


def test_the_end_moves_only_while_something_is_over_its_time_or_nothing_is_on(logic):
    assert logic(
        "return [[{ told: 100, deadline: 200 }, 150], [{ told: 100, deadline: 200 }, 230],"
        "[{ told: 210, deadline: 200 }, 230], [{ told: 100 }, 160], [{ told: 100 }, 90]]"
        ".map(([page, now]) => logic.drift(page, now))"
    ) == [0, 30, 20, 60, 0]


def test_the_pace_in_words(logic):
    texts = "{ onTime: 'on', behindOne: 'b1', behindMany: 'b{n}', aheadOne: 'a1', aheadMany: 'a{n}' }"
    script = f"return [0, 59, -59, 60, 130, -60, -190].map((behind) => logic.pace(behind, {texts}))"
    assert logic(script) == ["on", "on", "on", "b1", "b2", "a1", "a3"]


def test_it_asks_often_backs_off_and_stops(logic):
    assert logic(
        "const watch = new logic.Watch(0), waits = [watch.wait(1)];"
        "watch.failures = 3; waits.push(watch.wait(1)); watch.failures = 99; waits.push(watch.wait(1));"
        "watch.failures = 0; waits.push(watch.wait(3 * 3600), watch.wait(3 * 3600 + 1));"
        "watch.touch(4 * 3600); waits.push(watch.wait(4 * 3600)); watch.ended = true;"
        "waits.push(watch.wait(4 * 3600 + 299), watch.wait(4 * 3600 + 301));"
        "watch.touch(5 * 3600); watch.hidden = true; waits.push(watch.wait(5 * 3600)); return waits"
    ) == [1, 4, 15, 1, None, 1, 1, None, None]


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, "{ said: '' }", "done"),
        (409, "{ said: 'No' }", "refused"),
        (422, "{ said: 'No' }", "refused"),
        (404, "null", "refused"),
        (403, "null", "expired"),
        (200, "null", "failed"),  # somebody's sign-in page for the wifi
        (200, "{}", "failed"),
        (0, "null", "failed"),  # no connection, or a redirect to our own sign-in page
        (500, "null", "failed"),
        (503, "{ said: '' }", "failed"),
    ],
)
def test_only_the_servers_own_answer_counts(logic, status, answer, expected):
    assert logic(f"return logic.verdict({status}, {answer})") == expected
