"""The register on a phone at a venue with bad wifi."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from ppg.forms.effects import key_of
from sessions_app.models import RegisterMark, Session
from sessions_app.register import actions
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.journeys.engines import STARTED

NAMES = ["Aisha", "Ben", "Carol", "Dawn", "Ewa", "Farid", "Grace", "Hope"]


@pytest.fixture
def session(cohort):
    session = SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())
    for seat, name in enumerate(NAMES, start=1):
        PlaceFactory(cohort=cohort, seat=seat, caregiver=CaregiverFactory(cohort=cohort, name=f"{name} Example"))
    return session


def page_of(session):
    return reverse("sessions:register", args=[session.code])


@pytest.fixture
def open_register(session, sign_in_as):
    """Signs in, opens the page and waits until its script has taken over."""

    def open_it(page: Page, user) -> None:
        sign_in_as(page, user)
        page.goto(page_of(session))
        page.wait_for_selector(STARTED)

    return open_it


def row(page: Page, name: str):
    return page.get_by_role("listitem").filter(has=page.get_by_role("heading", name=name, exact=True))


def button(page: Page, name: str, label: str):
    """Also while "Other" is folded, where only its script knows of it."""
    return row(page, name).get_by_role("button", name=f"{label}, {name}", exact=True, include_hidden=True)


def tick(page: Page, name: str, label: str):
    """With one press, or two where the exceptions are folded away."""
    pressed = button(page, name, label)
    if not pressed.is_visible():
        row(page, name).locator("summary").click()
    pressed.click()


def says(page: Page, name: str, text: str):
    expect(row(page, name).locator(".register-row__state")).to_contain_text(text)


def is_pressed(page: Page, name: str, label: str, pressed: bool = True):
    expect(button(page, name, label)).to_have_attribute("aria-pressed", "true" if pressed else "false")


def states():
    return {mark.place.caregiver.called: mark.state for mark in RegisterMark.objects.latest()}


def test_the_facilitator_ticks_the_register_on_a_phone(
    phone_page, open_register, facilitator, session, check_axe, no_sideways_scroll
):
    page = phone_page
    open_register(page, facilitator)
    expect(page.get_by_role("status")).to_contain_text("0 of 8 here")
    check_axe(page)
    no_sideways_scroll(page)

    tick(page, "Aisha", "Here")
    says(page, "Aisha", "Saved at")
    tick(page, "Ben", "Came late")
    says(page, "Ben", "by Femi")
    tick(page, "Carol", "Sent apologies")
    says(page, "Carol", "Saved at")
    tick(page, "Dawn", "Not here")
    says(page, "Dawn", "Saved at")
    is_pressed(page, "Ben", "Came late")
    expect(page.get_by_role("status")).to_contain_text("2 of 8 here")
    check_axe(page)
    assert states() == {"Aisha": "present", "Ben": "late", "Carol": "apologies", "Dawn": "not_here"}

    tick(page, "Dawn", "Undo")
    says(page, "Dawn", "Undone at")
    is_pressed(page, "Dawn", "Not here", False)
    expect(button(page, "Dawn", "Here")).to_be_focused()

    page.get_by_role("button", name="Everyone here").click()
    expect(page.get_by_role("status")).to_contain_text("7 of 8 here")
    says(page, "Hope", "Saved at")
    expect(page.get_by_role("button", name="Everyone here")).to_be_hidden()

    page.reload()
    is_pressed(page, "Carol", "Sent apologies")
    is_pressed(page, "Hope", "Here")
    assert RegisterMark.objects.count() == 4 + 1 + 5
    check_axe(page)


def test_a_tick_whose_request_fails_says_so_and_is_sent_again(
    phone_page, open_register, facilitator, session, check_axe
):
    page, keys, broken = phone_page, [], [True]
    open_register(page, facilitator)

    def fail(route: Route):
        keys.append(re.search(r"key=([^&]+)", route.request.post_data)[1])
        route.abort() if broken else route.continue_()

    page.route("**/mark/", fail)
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "Not saved yet – will try again")
    expect(page.get_by_role("status")).to_contain_text("0 of 8 here 1 not saved yet")
    check_axe(page)
    assert not RegisterMark.objects.exists()
    broken.clear()
    says(page, "Aisha", "Saved at")
    expect(page.get_by_role("status")).to_have_text("1 of 8 here ")
    kept = RegisterMark.objects.get().key
    assert len(keys) >= 2 and {key_of(key, by=facilitator, of="tick") for key in keys} == {kept}


def test_a_tick_whose_answer_is_lost_is_not_doubled(phone_page, open_register, facilitator, session):
    page, lost = phone_page, []
    open_register(page, facilitator)

    def lose_the_first_answer(route: Route):
        if lost:
            return route.continue_()
        lost.append(route.fetch().status)
        route.abort()

    page.route("**/mark/", lose_the_first_answer)
    tick(page, "Aisha", "Came late")
    says(page, "Aisha", "Not saved yet")
    says(page, "Aisha", "Saved at")
    assert lost == [200] and RegisterMark.objects.count() == 1


def test_before_the_day_apologies_are_ticked_and_on_the_day_the_page_offers_the_rest(
    phone_page, open_register, facilitator, session, check_axe, no_sideways_scroll
):
    page, today = phone_page, session.starts_at
    Session.objects.update(starts_at=today + timedelta(days=2))
    open_register(page, facilitator)
    tick(page, "Aisha", "Sent apologies")
    says(page, "Aisha", "Saved at")
    expect(page.get_by_role("status")).to_contain_text("1 of 8 sent apologies")
    expect(page.get_by_role("button", name="Here, Aisha")).to_have_count(0)
    assert page.locator("summary").count() == 0
    check_axe(page)
    no_sideways_scroll(page)
    Session.objects.update(starts_at=today)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the phone is taken out again
    tick(page, "Ben", "Here")
    says(page, "Ben", "Saved at")
    assert states() == {"Aisha": "apologies", "Ben": "present"}


def test_a_tick_of_a_session_that_was_moved_meanwhile_is_refused_on_its_row(
    phone_page, open_register, facilitator, session
):
    page = phone_page
    open_register(page, facilitator)
    page.context.set_offline(True)
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "Not saved yet")
    Session.objects.update(starts_at=session.starts_at + timedelta(days=7))
    page.context.set_offline(False)
    says(page, "Aisha", "Until that day only apologies can be ticked")
    assert not RegisterMark.objects.exists()


def test_ticks_made_while_the_wifi_is_gone_are_sent_in_order_when_it_is_back(
    phone_page, open_register, facilitator, session
):
    page = phone_page
    open_register(page, facilitator)
    page.context.set_offline(True)
    tick(page, "Aisha", "Here")
    tick(page, "Ben", "Here")
    tick(page, "Aisha", "Left early")
    says(page, "Ben", "Not saved yet")
    expect(page.get_by_role("status")).to_contain_text("2 not saved yet")
    page.context.set_offline(False)
    says(page, "Ben", "Saved at")
    says(page, "Aisha", "Saved at")
    assert states() == {"Aisha": "left_early", "Ben": "present"}


def test_who_was_signed_out_is_told_and_loses_nothing(phone_page, open_register, sign_in_as, facilitator, session):
    page = phone_page
    open_register(page, facilitator)
    page.context.clear_cookies()
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "You are signed out")
    assert not RegisterMark.objects.exists()
    sign_in_as(page, facilitator)  # in another tab; the page's token is of no use any more
    says(page, "Aisha", "Saved at")
    assert states() == {"Aisha": "present"}


def test_a_tick_that_is_refused_says_why_and_goes_back(phone_page, open_register, facilitator, session):
    page = phone_page
    open_register(page, facilitator)
    place = session.on_register().get(seat=1)
    place.state, place.seat, place.left_on = "left", None, session.day
    place.save(update_fields=["state", "seat", "left_on"])
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "not in the group on the day")
    is_pressed(page, "Aisha", "Here", False)


def test_two_devices_see_each_others_ticks(phone_page, new_page, open_register, facilitator, lead, session):
    phone, tablet = phone_page, new_page(width=820, height=1180, phone=True)
    for page, user in ((phone, facilitator), (tablet, lead)):
        open_register(page, user)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    tablet.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # taken in hand again
    is_pressed(tablet, "Aisha", "Here")
    says(tablet, "Aisha", "by Femi")


def test_it_works_without_javascript(new_page, sign_in_as, facilitator, session, no_sideways_scroll):
    page = new_page(width=320, height=640, phone=True, javascript=False)
    sign_in_as(page, facilitator)
    page.goto(page_of(session))
    tick(page, "Grace", "Here")
    assert page.url.endswith("#row-" + RegisterMark.objects.get().place.code)
    says(page, "Grace", "Saved at")
    is_pressed(page, "Grace", "Here")
    tick(page, "Grace", "Undo")
    says(page, "Grace", "Undone at")
    page.get_by_role("button", name="Everyone here").click()
    expect(page.get_by_role("status")).to_contain_text("8 of 8 here")
    page.get_by_role("button", name="Undo all").click()
    expect(page.get_by_role("status")).to_contain_text("0 of 8 here")
    no_sideways_scroll(page)


# --- On one screen -----------------------------------------------------------------------------------------

TARGETS = "main button:visible, main summary:visible, main .register a:visible"


def on_screen(page: Page, what: str) -> list[dict]:
    """Where each of these lies, if the screen shows it whole and nothing lies over it."""
    return page.evaluate(
        """(what) => [...document.querySelectorAll(what)].filter((one) => one.checkVisibility()).map((one) => {
            const { left, top, right, bottom, width, height } = one.getBoundingClientRect();
            const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
            const at = [[left + 9, top + 9], [right - 9, bottom - 9]].map(([x, y]) => document.elementFromPoint(x, y));
            const isClear = at.every((over) => one === over || one.contains(over));
            return { name: one.ariaLabel ?? one.textContent.trim(), width, height, whole: inside && isClear };
        })""",
        what,
    )


def test_eight_people_fit_one_screen_before_and_after_they_are_ticked(phone_page, open_register, facilitator):
    page = phone_page
    page.set_viewport_size({"width": 390, "height": 760})
    open_register(page, facilitator)
    for last in ("Everyone here", "Undo all"):
        rows, pressed = (
            on_screen(page, ".register-row"),
            on_screen(page, ".register-row button, summary, form > .govuk-button"),
        )
        assert len(rows) == 8 and len(pressed) == 8 * 2 + 1 and pressed[-1]["name"] == last
        assert [one for one in rows + pressed if not one["whole"]] == []
        assert all(60 <= one["height"] <= 68 for one in rows), rows
        assert all((one["width"], one["height"]) >= (104, 56) for one in pressed if one["name"].startswith("Here, "))
        assert page.evaluate("scrollY") == 0
        if last == "Everyone here":
            page.get_by_role("button", name=last).click()
            says(page, "Hope", "Saved at")


def test_everyone_but_one_is_three_presses_without_scrolling(phone_page, open_register, facilitator):
    page = phone_page
    page.set_viewport_size({"width": 390, "height": 760})
    open_register(page, facilitator)
    page.evaluate("presses = 0; addEventListener('click', (event) => (presses += event.isTrusted), true)")
    page.get_by_role("button", name="Everyone here").click()
    tick(page, "Carol", "Sent apologies")
    says(page, "Carol", "Saved at")
    assert page.evaluate("[presses, scrollY]") == [3, 0]
    assert states() == {**dict.fromkeys(NAMES, "present"), "Carol": "apologies"}


def test_from_home_to_the_first_tick_are_two_presses(phone_page, sign_in_as, facilitator, session):
    page = phone_page
    page.set_viewport_size({"width": 390, "height": 760})
    sign_in_as(page, facilitator)
    page.goto(reverse("home"))
    page.locator(f'main a[href="{page_of(session)}"]').first.click()
    button(page, "Aisha", "Here").click()
    says(page, "Aisha", "Saved at")
    assert states() == {"Aisha": "present"}


def test_each_button_alone_says_what_it_does_and_whom(phone_page, open_register, facilitator):
    """As a screen reader lists them, without what stands around."""
    page = phone_page
    open_register(page, facilitator)
    tick(page, "Ben", "Came late")
    row(page, "Ben").locator("summary").click()
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    pressed = ("button", "DisclosureTriangle", "DisclosureTriangleGrouped", "link")
    shown = [node for node in tree if not node["ignored"] and node["role"]["value"] in pressed]
    names = [" ".join(node["name"]["value"].split()) for node in shown]
    assert len(names) == len(set(names))
    for name in NAMES:
        other = "Other, Ben: Came late" if name == "Ben" else f"Other, {name}"
        assert {f"Here, {name}", other, f"Needs and contacts of {name}"} <= set(names)
    assert {f"{label}, Ben" for label in ("Came late", "Left early", "Sent apologies", "Not here", "Undo")} <= set(
        names
    )


def test_other_folds_again_and_says_what_was_chosen(phone_page, open_register, facilitator, check_axe):
    page = phone_page
    open_register(page, facilitator)
    other = row(page, "Ben").locator("summary")
    tick(page, "Ben", "Left early")
    expect(other).to_have_text("Left early")
    expect(other).to_be_focused()
    expect(button(page, "Ben", "Came late")).to_be_hidden()
    other.click()
    check_axe(page)
    button(page, "Ben", "Undo").click()
    says(page, "Ben", "Undone at")
    expect(other).to_have_text("Other")


# --- Undo all ----------------------------------------------------------------------------------------------


def undo_all(page: Page):
    """Not with the finger that has just pressed "everyone here": they lie in one place."""
    expect(page.get_by_role("button", name="Undo all")).to_be_visible()
    page.wait_for_timeout(1000)
    page.get_by_role("button", name="Undo all").click()


def test_undo_all_takes_back_that_press_and_no_tick_before_or_after_it(
    phone_page, open_register, facilitator, check_axe
):
    page = phone_page
    open_register(page, facilitator)
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "Saved at")
    page.get_by_role("button", name="Everyone here").click()
    tick(page, "Ben", "Came late")
    says(page, "Ben", "Saved at")
    undo_all(page)
    for name in NAMES[2:]:
        says(page, name, "Undone at")
    expect(page.get_by_role("status")).to_contain_text("2 of 8 here")
    expect(page.get_by_role("button", name="Undo all")).to_be_hidden()
    expect(page.get_by_role("button", name="Everyone here")).to_be_visible()
    check_axe(page)
    assert states() == {"Aisha": "present", "Ben": "late", **dict.fromkeys(NAMES[2:], "open")}
    assert RegisterMark.objects.count() == 1 + 7 + 1 + 6


def test_a_finger_that_taps_twice_undoes_nothing(phone_page, open_register, facilitator):
    page = phone_page
    open_register(page, facilitator)
    box = page.get_by_role("button", name="Everyone here").bounding_box()
    for _ in range(2):
        page.mouse.click(box["x"] + 100, box["y"] + 20)
    says(page, "Hope", "Saved at")
    expect(page.get_by_role("status")).to_contain_text("8 of 8 here")
    assert RegisterMark.objects.count() == 8


def test_undo_all_leaves_what_a_colleague_ticked_since(phone_page, new_page, open_register, facilitator, lead):
    phone, tablet = phone_page, new_page(width=820, height=1180, phone=True)
    open_register(phone, facilitator)
    phone.get_by_role("button", name="Everyone here").click()
    says(phone, "Hope", "Saved at")
    open_register(tablet, lead)
    tick(tablet, "Aisha", "Came late")  # the phone has not heard of it
    says(tablet, "Aisha", "Saved at")
    undo_all(phone)
    says(phone, "Hope", "Undone at")
    says(phone, "Aisha", "Lena ticked Came late")
    is_pressed(phone, "Aisha", "Came late")
    assert states() == {"Aisha": "late", **dict.fromkeys(NAMES[1:], "open")}


# --- Targets -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_every_target_is_big_enough_for_a_thumb_and_nothing_scrolls_sideways(
    new_page, open_register, facilitator, session, width, no_sideways_scroll
):
    place = session.on_register().get(seat=1)
    actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)
    page = new_page(width=width, height=844)
    open_register(page, facilitator)
    no_sideways_scroll(page)
    row(page, "Aisha").locator("summary").click()
    targets = page.locator(TARGETS).all()
    assert len(targets) == 8 * 3 + 4 + 1 + 1  # of each the link, two buttons; four exceptions, undo; everyone
    small = [
        (box["width"], box["height"])
        for box in (target.bounding_box() for target in targets)
        if box["height"] < 44 or box["width"] < 44
    ]
    assert not small


@pytest.mark.parametrize("name", ["register_history", "register_print", "somebody_else"])
def test_its_other_pages_are_accessible_and_fit_a_phone(
    new_page, sign_in_as, facilitator, session, cohort, check_axe, no_sideways_scroll, name
):
    CaregiverFactory(cohort=cohort, name="Wanda Waiting")
    place = session.on_register().get(seat=1)
    actions.mark(session=session, place=place, state="present", key=str(uuid4()), by=facilitator)
    page = new_page(width=320, height=640, phone=True)
    sign_in_as(page, facilitator)
    page.goto(reverse(f"sessions:{name}", args=[session.code]))
    check_axe(page)
    no_sideways_scroll(page)


def test_needs_and_contacts_are_one_tap_from_the_row_and_back(
    phone_page, open_register, facilitator, session, check_axe, no_sideways_scroll
):
    page = phone_page
    place = session.on_register().get(seat=8)
    place.caregiver.allergies = "Peanuts"
    place.caregiver.save(update_fields=["allergies"])
    place.caregiver.emergency_contacts.create(name="Bina", phone="01632 960999", relation="sister")
    open_register(page, facilitator)
    row(page, "Hope").get_by_role("link", name="Needs and contacts").click()
    expect(page.get_by_text("Peanuts")).to_be_visible()
    expect(page.get_by_role("link", name="01632 960999")).to_have_attribute("href", "tel:+441632960999")
    check_axe(page)
    no_sideways_scroll(page)
    page.get_by_role("link", name="Back to the register").click()
    expect(row(page, "Hope")).to_be_in_viewport()


# --- The outbox by itself ------------------------------------------------------------------------------


@pytest.fixture
def logic(page, live_server):
    """Runs a piece of script with everything that register-logic.js exports."""
    page.goto(reverse("account_login"))

    def run(script: str):
        load = "const logic = await import('/static/js/register-logic.js');"
        return page.evaluate(f"(async () => {{ {load} {script} }})()")

    return run


def test_a_key_is_made_with_and_without_a_secure_page(logic):
    with_uuid, without, again = logic(
        "const plain = { getRandomValues: (a) => crypto.getRandomValues(a) };"
        "return [logic.newKey({ randomUUID: () => 'from-the-browser' }), logic.newKey(plain), logic.newKey(plain)]"
    )
    assert with_uuid == "from-the-browser"
    assert re.fullmatch("[0-9a-f]{32}", without) and without != again


BOX = """
    const box = new logic.Outbox();
    const add = (key, places, user = "femi", base = "/a/") =>
        box.ticks.push({ key, places, state: `state of ${key}`, user, base });
"""


def test_ticks_leave_the_outbox_in_order_and_only_when_answered(logic):
    assert logic(
        BOX + "add('1', ['a']); add('2', ['a']);"
        "const next = () => box.next('/a/', 'femi')?.key;"
        "const seen = [next(), box.waitingFor('a', 'femi').key, box.size('/a/', 'femi')];"
        "box.failed(); seen.push(next(), box.failures);"
        "box.answered('1'); seen.push(next(), box.failures);"
        "box.answered('2'); seen.push(next() === undefined, box.size('/a/', 'femi'));"
        "return seen"
    ) == ["1", "2", 1, "1", 1, "2", 0, True, 0]


def test_the_outbox_keeps_people_and_sessions_apart(logic):
    assert logic(
        BOX + "add('1', ['a'], 'lena'); add('2', ['b', 'c']); add('3', ['d'], 'femi', '/b/');"
        "return [box.next('/a/', 'femi').key, box.bases('femi'), box.size('/a/', 'femi'), box.size('/b/', 'femi'),"
        " box.waitingFor('a', 'femi') === undefined,"
        " box.isSomebodyElses('a', 'femi'), box.isSomebodyElses('b', 'femi')]"
    ) == ["2", ["/a/", "/b/"], 2, 1, True, True, False]


def test_it_waits_longer_after_each_failure_but_never_over_half_a_minute(logic):
    waits = logic(
        "const box = new logic.Outbox(); const waits = [box.waitMs];"
        "for (let i = 0; i < 9; i += 1) { box.failed(); waits.push(box.waitMs); } return waits"
    )
    assert waits == [1000, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 30000, 30000]


@pytest.mark.parametrize(
    ("what", "wall", "steady", "run", "expected"),
    [
        ("all is well", 65_000, 6_000, 1, 5),
        ("the steady clock stopped while the phone slept", 665_000, 6_000, 1, 605),
        ("the clock was set back", 10_000, 6_000, 1, 5),
        ("the page was loaded again", 65_000, 100, 2, 5),
        ("the page was loaded again and the clock set back", 10_000, 100, 2, 0),
    ],
)
def test_how_long_ago_a_tick_was_made(logic, what, wall, steady, run, expected):
    tick = "{ key: 'k', base: '/a/', wall: 60000, steady: 1000, run: 1 }"
    now = f"{{ wall: {wall}, steady: {steady}, run: {run} }}"
    assert logic(f"const tick = {tick}; return logic.agoSeconds(tick, [tick], {now})") == expected, what


def test_a_tick_is_no_younger_than_the_ones_made_after_it(logic):
    """The clock was set back an hour between the two, and the page was loaded again after them."""
    ticks = "[{ key: '1', base: '/a/', wall: 9e6 }, { key: '2', base: '/a/', wall: 5e6 }]"
    now = "{ wall: 5.2e6, steady: 0, run: 9 }"
    assert logic(f"const all = {ticks}; return all.map((tick) => logic.agoSeconds(tick, all, {now}))") == [200, 200]


@pytest.mark.parametrize(("now", "over"), [(1000, False), (4999, False), (5000, True), (900, False), (-90_000, True)])
def test_a_copy_is_over_at_its_time_and_when_the_clock_was_set_back(logic, now, over):
    assert logic(f"return logic.isOver({{ made: 1000, until: 5000 }}, {now})") is over


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, "{ key: 'k' }", "saved"),
        (200, "{ key: 'other' }", "failed"),
        (200, "null", "failed"),  # somebody's sign-in page for the wifi
        (0, "null", "failed"),
        (500, "null", "failed"),
        (429, "null", "failed"),
        (403, "null", "expired"),
        (409, "{ sentence: 'No' }", "refused"),
        (404, "{ sentence: 'No' }", "refused"),
        (404, "null", "failed"),  # of a proxy
        (409, "{ somebody_elses: true }", "waits"),
    ],
)
def test_only_the_servers_own_answer_is_saved(logic, status, answer, expected):
    assert logic(f"return logic.verdict({status}, {answer}, 'k')") == expected


def test_who_joined_after_the_session_counts_once_ticked(logic):
    there = "{state:'present'}, {state:'open'}, {state:'not_here'}"
    rows = f"[{there}, {{state:'open', later:true}}, {{state:'late', later:true}}]"
    assert logic(f"return logic.count({rows})") == {"here": 2, "total": 4}


def test_before_the_day_apologies_are_counted(logic):
    rows = "[{state:'apologies'}, {state:'open'}, {state:'apologies', later:true}]"
    assert logic(f"return logic.count({rows}, true)") == {"here": 2, "total": 3}
