"""The register where the wifi fails: cut, reload, lock the phone, sign out, disagree. And what stays on the device."""

import os
import random
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from sessions_app.models import RegisterMark, Session
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory
from tests.journeys.engines import STARTED
from tests.journeys.test_register import NAMES, button, is_pressed, page_of, row, says, states, tick, undo_all

SECRETS = ["Surname", "Peanuts", "Step-free", "01632", "Bina", "WhatsApp", "Facilitator", "Femi Fac"]


@pytest.fixture
def session(cohort):
    """Eight people, each with a surname, needs, contacts and consents that must never be on a device."""
    session = SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())
    for seat, name in enumerate(NAMES, start=1):
        caregiver = CaregiverFactory(
            cohort=cohort, name=f"{name} Surname", allergies="Peanuts", access_needs="Step-free", phone="01632 960123"
        )
        caregiver.emergency_contacts.create(name="Bina", phone="01632 960999", relation="sister")
        PlaceFactory(cohort=cohort, seat=seat, caregiver=caregiver)
    return session


@pytest.fixture
def open_register(session, sign_in_as):
    """Signs in and opens the page; it says by itself when it works without a connection."""

    def open_it(page: Page, user) -> Page:
        sign_in_as(page, user)
        page.goto(page_of(session))
        works_offline(page)
        return page

    return open_it


@pytest.fixture
def phone(phone_page, open_register, facilitator):
    return open_register(phone_page, facilitator)


def works_offline(page: Page):
    expect(page.get_by_text("This page works without a connection until tonight")).to_be_visible(timeout=60_000)


def cut(page: Page, off: bool = True):
    page.context.set_offline(off)


def bar(page: Page, text: str):
    expect(page.get_by_role("status")).to_contain_text(text, timeout=15_000)


def nothing_waits(page: Page):
    for _ in range(400):
        if not waiting(page):
            break
        page.wait_for_timeout(100)
    assert waiting(page) == []
    expect(page.locator("[data-waiting-count]")).to_have_text("")
    expect(page.get_by_text("Saving …")).to_have_count(0)


def lock_the_phone(page: Page, locked: bool = True):
    """The page is frozen: no timer and no script runs in it."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen" if locked else "active"})
    session.detach()


def waiting(page: Page) -> list[dict]:
    """The outbox, as it lies on the device."""
    return on_device(page)["raw"]["register.ticks"]


def on_device(page: Page) -> dict:
    """All that this origin stores in the browser: "raw" as it lies there, "opened" by whoever has the device's key."""
    return page.evaluate(
        """async () => {
            const found = { raw: {}, opened: [] };
            const wait = (request) => new Promise((resolve, reject) => {
                request.onsuccess = () => resolve(request.result);
                request.onerror = () => reject(request.error);
            });
            for (const { name } of await indexedDB.databases()) {
                const database = await wait(indexedDB.open(name));
                const all = {};
                for (const store of database.objectStoreNames) {
                    all[store] = await wait(database.transaction(store).objectStore(store).getAll());
                    found.raw[`${name}.${store}`] = all[store].map((one) =>
                        one.sealed ? new TextDecoder("latin1").decode(one.sealed) : one instanceof CryptoKey
                            ? `key, extractable: ${one.extractable}` : one);
                }
                for (const { iv, sealed } of all.kept ?? []) {
                    const open = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, all.keys[0], sealed);
                    found.opened.push(new TextDecoder().decode(open));
                }
                database.close();
            }
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const request of await cache.keys()) {
                    const kept = await cache.match(request); // gone meanwhile, where a newer copy took its place
                    if (kept) found.raw[request.url] = await kept.text();
                }
            }
            found.raw.storage = JSON.stringify([{ ...localStorage }, { ...sessionStorage }]);
            return found;
        }"""
    )


# --- No connection -------------------------------------------------------------------------------------


def test_cut_tick_four_reload_lock_the_phone_and_connect_again(phone, session, check_axe, no_sideways_scroll):
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    cut(phone)
    for name, label in (("Ben", "Here"), ("Carol", "Came late"), ("Dawn", "Not here"), ("Ben", "Left early")):
        tick(phone, name, label)
        is_pressed(phone, name, label)
    says(phone, "Dawn", "Not saved yet")
    bar(phone, "3 not saved yet")

    phone.reload()
    expect(phone.get_by_text("This is the copy of the register on this device")).to_be_visible()
    bar(phone, "1 of 8 here 3 not saved yet")
    is_pressed(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    is_pressed(phone, "Ben", "Left early")
    is_pressed(phone, "Ben", "Here", False)
    says(phone, "Carol", "Not saved yet")
    check_axe(phone)
    no_sideways_scroll(phone)
    tick(phone, "Ewa", "Sent apologies")
    bar(phone, "4 not saved yet")

    lock_the_phone(phone)
    cut(phone, False)
    assert RegisterMark.objects.count() == 1
    lock_the_phone(phone, False)
    for name in ("Ben", "Carol", "Dawn", "Ewa"):
        says(phone, name, "Saved at")
    nothing_waits(phone)
    assert waiting(phone) == []
    expected = {"Aisha": "present", "Ben": "left_early", "Carol": "late", "Dawn": "not_here", "Ewa": "apologies"}
    assert states() == expected
    assert RegisterMark.objects.count() == 6
    expect(phone.get_by_text("The connection is back.")).to_be_visible()
    check_axe(phone)
    phone.get_by_role("link", name="Load the whole page").click()
    says(phone, "Ewa", "Saved at")
    expect(phone.get_by_role("button", name="Sign out")).to_be_visible()


def test_what_was_saved_since_the_page_was_opened_is_on_its_copy(phone, session):
    """The cached page is as old as the evening; its rows are not."""
    for name in ("Aisha", "Ben"):
        tick(phone, name, "Came late")
        says(phone, name, "Saved at")
    tick(phone, "Ben", "Undo")
    says(phone, "Ben", "Undone at")
    cut(phone)
    phone.reload()
    is_pressed(phone, "Aisha", "Came late")
    says(phone, "Aisha", "by Femi")
    is_pressed(phone, "Ben", "Came late", False)
    says(phone, "Ben", "Undone at")
    bar(phone, "1 of 8 here")


def test_everyone_here_waits_too(phone, session):
    tick(phone, "Aisha", "Not here")
    says(phone, "Aisha", "Saved at")
    cut(phone)
    phone.get_by_role("button", name="Everyone here").click()
    bar(phone, "0 of 8 here 7 not saved yet")
    phone.reload()
    bar(phone, "0 of 8 here 7 not saved yet")
    expect(phone.get_by_role("button", name="Everyone here")).to_be_hidden()
    cut(phone, False)
    nothing_waits(phone)
    assert states() == {"Aisha": "not_here", **dict.fromkeys(NAMES[1:], "present")}
    assert RegisterMark.objects.count() == 8


def test_undo_all_waits_too_and_comes_after_the_press_that_it_undoes(phone, session):
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    cut(phone)
    phone.get_by_role("button", name="Everyone here").click()
    bar(phone, "1 of 8 here 7 not saved yet")
    tick(phone, "Ben", "Came late")
    undo_all(phone)
    is_pressed(phone, "Carol", "Here", False)
    is_pressed(phone, "Ben", "Came late")
    bar(phone, "1 of 8 here 7 not saved yet")
    phone.reload()
    is_pressed(phone, "Carol", "Here", False)
    bar(phone, "1 of 8 here 7 not saved yet")
    cut(phone, False)
    nothing_waits(phone)
    assert states() == {"Aisha": "present", "Ben": "late", **dict.fromkeys(NAMES[2:], "open")}
    assert RegisterMark.objects.count() == 1 + 7 + 1 + 6


def test_a_tick_is_saved_from_any_page_of_ours(phone, session):
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    phone.goto("about:blank")
    cut(phone, False)
    assert not RegisterMark.objects.exists()
    phone.goto(reverse("home"))
    for _ in range(50):
        if not waiting(phone):
            break
        phone.wait_for_timeout(100)
    assert states() == {"Aisha": "present"}
    cut(phone)
    phone.goto(page_of(session))  # the copy says so too
    says(phone, "Aisha", "Saved at")


def test_the_server_dies_when_it_has_written_the_tick_and_the_page_is_loaded_again(phone, session):
    lost = []

    def die(route: Route):
        lost.append(route.fetch().status)
        route.abort()

    phone.route("**/mark/", die)
    tick(phone, "Aisha", "Came late")
    says(phone, "Aisha", "Not saved yet")
    assert lost[0] == 200 and RegisterMark.objects.count() == 1
    cut(phone)
    phone.reload()
    says(phone, "Aisha", "Not saved yet")
    phone.unroute("**/mark/")
    cut(phone, False)
    says(phone, "Aisha", "Saved at")
    assert RegisterMark.objects.count() == 1 and waiting(phone) == []


@pytest.mark.parametrize("trouble", ["Promise.resolve(new Response('', { status: 503 }))", "new Promise(() => {})"])
def test_the_copy_also_serves_where_the_server_is_ill_and_where_the_wifi_leads_nowhere(phone, session, trouble):
    worker = phone.context.service_workers[0]
    worker.evaluate(
        f"() => {{ const real = fetch; self.fetch = (one) => one.mode === 'navigate' ? {trouble} : real(one); }}"
    )
    phone.reload()
    expect(phone.get_by_text("This is the copy of the register on this device")).to_be_attached()
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")


def test_what_needs_a_connection_says_so_and_leads_back(phone, session, check_axe):
    cut(phone)
    row(phone, "Aisha").get_by_role("link", name="Needs and contacts").click()
    expect(phone.get_by_text("This page needs a connection.")).to_be_visible()
    check_axe(phone)
    phone.get_by_role("link", name="Back to the register").click()
    expect(row(phone, "Aisha")).to_be_visible()


def test_what_was_asked_before_a_tick_was_saved_does_not_take_it_back(phone, session):
    """The register's answer of before the tick arrives after the tick's own."""
    held = []

    def hold(route: Route):
        if "json" not in route.request.headers.get("accept", "") or held:
            return route.continue_()
        held.append((route, route.fetch()))

    phone.route(f"**{page_of(session)}", hold)
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    phone.wait_for_timeout(500)
    ((route, answer),) = held
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    route.fulfill(response=answer)
    phone.wait_for_timeout(500)
    is_pressed(phone, "Aisha", "Here")
    bar(phone, "1 of 8 here")


def test_a_tick_that_is_saved_while_the_page_is_loaded_again_is_on_it(phone, session):
    """The page was made before the tick was saved; the one it takes the place of heard that it was."""
    old = phone.request.get(page_of(session))
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    worker = phone.context.service_workers[0]
    worker.evaluate(
        """(html) => { const real = fetch; self.fetch = (one) => one.mode === "navigate"
            ? Promise.resolve(new Response(html, { headers: { "Content-Type": "text/html" } })) : real(one); }""",
        old.text(),
    )
    phone.reload()
    is_pressed(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    bar(phone, "1 of 8 here")
    cut(phone)
    worker.evaluate("() => { self.fetch = () => Promise.reject(new Error('no connection')); }")
    phone.reload()
    says(phone, "Aisha", "Saved at")


# --- Signed out, and somebody else ---------------------------------------------------------------------


def test_signed_out_meanwhile_nothing_is_lost_and_signing_in_sends_it(phone, session, sign_in_as, facilitator):
    cut(phone)
    tick(phone, "Aisha", "Here")
    tick(phone, "Ben", "Came late")
    says(phone, "Ben", "Not saved yet")
    phone.context.clear_cookies()
    cut(phone, False)
    says(phone, "Aisha", "You are signed out")
    assert not RegisterMark.objects.exists()
    phone.reload()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    phone.wait_for_function("async () => !(await indexedDB.databases()).length || true")
    assert on_device(phone)["opened"] == [] and len(waiting(phone)) == 2
    sign_in_as(phone, facilitator)
    phone.goto(page_of(session))
    says(phone, "Aisha", "Saved at")
    says(phone, "Ben", "Saved at")
    assert states() == {"Aisha": "present", "Ben": "late"} and RegisterMark.objects.count() == 2


def test_ticks_of_somebody_else_on_the_same_device_wait_for_them(phone, session, sign_in_as, lead, facilitator):
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    phone.context.clear_cookies()
    sign_in_as(phone, lead)  # in another tab
    cut(phone, False)
    says(phone, "Aisha", "A tick that somebody else made here waits on this device until they sign in again.")
    is_pressed(phone, "Aisha", "Here", False)
    tick(phone, "Ben", "Here")
    says(phone, "Ben", "by Lena")
    assert states() == {"Ben": "present"} and len(waiting(phone)) == 1
    sign_in_as(phone, facilitator)
    phone.reload()
    says(phone, "Aisha", "by Femi")
    assert RegisterMark.objects.count() == 2 and waiting(phone) == []


def test_signing_out_with_ticks_that_wait_warns_first(phone, session, sign_in_as, facilitator):
    phone.route("**/mark/", lambda route: route.abort())
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    asked = []
    phone.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    phone.get_by_role("button", name="Sign out").click()
    phone.wait_for_timeout(300)
    assert asked and "not saved yet" in asked[0]
    says(phone, "Aisha", "Not saved yet")
    phone.once("dialog", lambda dialog: dialog.accept())
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    kept = on_device(phone)
    assert len(kept["raw"]["register.ticks"]) == 1 and kept["opened"] == []
    phone.unroute("**/mark/")
    sign_in_as(phone, facilitator)
    phone.goto(page_of(session))
    says(phone, "Aisha", "Saved at")


# --- Two devices ---------------------------------------------------------------------------------------


def test_two_devices_disagree_the_later_counts_and_the_other_is_told(
    phone, new_page, open_register, session, lead, check_axe
):
    tablet = open_register(new_page(width=820, height=1180, phone=True), lead)
    cut(tablet)
    tick(tablet, "Aisha", "Not here")
    says(tablet, "Aisha", "Not saved yet")
    tablet.wait_for_timeout(1100)
    tick(phone, "Aisha", "Came late")
    says(phone, "Aisha", "Saved at")
    tick(tablet, "Ben", "Sent apologies")  # made without a connection, and yet the later of the two
    tick(phone, "Carol", "Here")
    says(phone, "Carol", "Saved at")

    cut(tablet, False)
    told = row(tablet, "Aisha").locator(".register-row__state")
    expect(told).to_have_text(re.compile(r"Femi ticked Came late at \S+; yours of \S+ is in the history\."))
    expect(tablet.locator("[data-said]")).to_contain_text(re.compile("Femi ticked Came late|Ben"))
    is_pressed(tablet, "Aisha", "Came late")
    is_pressed(tablet, "Carol", "Here")
    check_axe(tablet)
    assert states() == {"Aisha": "late", "Ben": "apologies", "Carol": "present"}
    aisha = session.on_register().get(seat=1)
    assert [mark.state for mark in aisha.marks.all()] == ["not_here", "late"]
    tick(tablet, "Aisha", "Here")
    says(tablet, "Aisha", "Saved at")
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    says(phone, "Aisha", "Lena ticked Here at")


# --- What stays on the device --------------------------------------------------------------------------


def text_of(stored: dict) -> str:
    return str(stored["raw"]) + str(stored["opened"])


def test_what_is_on_the_device_is_the_least_and_sealed(phone, session, facilitator):
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    cut(phone, False)
    says(phone, "Aisha", "Saved at")
    row(phone, "Aisha").get_by_role("link", name="Needs and contacts").click()
    expect(phone.get_by_text("Peanuts")).to_be_visible()
    phone.get_by_role("link", name="Back to the register").click()
    works_offline(phone)
    cut(phone)
    tick(phone, "Ben", "Came late")
    says(phone, "Ben", "Not saved yet")

    stored = on_device(phone)
    assert [name for name in SECRETS if name in text_of(stored)] == []
    assert any(">Aisha</h2>" in page for page in stored["opened"])  # what could leak is there
    assert not any(name in str(stored["raw"]) for name in NAMES)
    assert stored["raw"]["register.keys"] == ["key, extractable: false"]
    (lies,) = stored["raw"]["register.ticks"]
    assert set(lies) == {
        *("n", "base", "places", "state", "key", "everyone", "user", "heard"),
        *("wall", "steady", "run"),
    }
    place = session.on_register().get(seat=2)
    assert (lies["places"], lies["base"], lies["user"]) == ([place.code], page_of(session), facilitator.code)
    assert stored["raw"].pop("storage") == "[{},{}]"
    stored = [name for name in stored["raw"] if not name.startswith("register.")]
    assert stored and all(re.search(r"/static/[\w/.-]+\.(css|js|svg)$", name) for name in stored)


def test_only_the_register_is_served_without_a_connection(phone, session):
    scopes = phone.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).map((one) => one.scope)")
    assert [scope.partition(phone.url.partition("/sessions")[0])[2] for scope in scopes] == [page_of(session)]
    cut(phone)
    for url in (reverse("home"), session.get_absolute_url(), reverse("account_login")):
        with pytest.raises(Exception, match="ERR_INTERNET_DISCONNECTED"):
            phone.goto(url)


def test_signing_out_takes_everything(phone, session):
    assert any("Aisha" in page for page in on_device(phone)["opened"])
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    found = on_device(phone)
    assert found["opened"] == [] and not any(name in text_of(found) for name in NAMES)
    assert not [name for name in found["raw"] if "/static/" in name]
    assert phone.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_names_can_be_removed_without_a_connection(phone, session, check_axe):
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    phone.reload()
    phone.get_by_role("button", name="Remove the names from this device").click()
    expect(phone.get_by_text("The register is not kept on this device any more.")).to_be_visible()
    expect(phone.get_by_text("Ticks that wait on this device to be saved: 1.")).to_be_visible()
    check_axe(phone)
    assert on_device(phone)["opened"] == [] and len(waiting(phone)) == 1
    cut(phone, False)
    phone.get_by_role("link", name="Try again").click()
    says(phone, "Aisha", "Saved at")


TOMORROW = "Date.now() + 24 * 3600 * 1000"


def test_after_the_night_the_copy_is_not_opened_any_more(phone, session):
    """By the worker, whose clock stands at tomorrow."""
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    phone.context.service_workers[0].evaluate(f"() => {{ const then = {TOMORROW}; Date.now = () => then; }}")
    phone.reload()
    expect(phone.get_by_text("The register is not kept on this device any more.")).to_be_visible()
    expect(phone.get_by_text("Ticks that wait on this device to be saved: 1.")).to_be_visible()
    found = on_device(phone)
    assert found["opened"] == found["raw"]["register.kept"] == found["raw"]["register.keys"] == []
    assert len(found["raw"]["register.ticks"]) == 1


def test_after_the_night_any_page_removes_the_copy(phone, session):
    phone.goto("about:blank")
    phone.clock.set_fixed_time(timezone.now() + timedelta(hours=11))
    phone.goto(reverse("home"))
    phone.wait_for_timeout(500)
    assert on_device(phone)["opened"] == []


def test_in_the_night_a_page_left_open_removes_it_too(phone, session):
    phone.clock.install(time=timezone.now())
    phone.reload()
    works_offline(phone)
    cut(phone)
    phone.clock.fast_forward("11:00:00")
    expect(phone.get_by_text("The register is not kept on this device any more.")).to_be_visible()
    assert on_device(phone)["opened"] == []


# --- The session was moved meanwhile ---------------------------------------------------------------------


def test_ticks_of_a_session_that_was_moved_ahead_are_not_lost_without_a_word(phone, session):
    """They are refused, as nobody can be here before the day. A page of another kind cannot say so: they wait."""
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    Session.objects.filter(pk=session.pk).update(starts_at=session.starts_at + timedelta(days=7))
    cut(phone, False)
    phone.goto(reverse("sessions:session", args=[session.code]))
    with phone.expect_response("**/register/mark/") as told:
        phone.evaluate("dispatchEvent(new Event('online'))")
    assert told.value.status == 409
    assert len(waiting(phone)) == 1

    phone.goto(page_of(session))
    says(phone, "Aisha", "Until that day only apologies can be ticked")
    assert waiting(phone) == [] and not RegisterMark.objects.exists()


def test_a_refusal_is_not_taken_off_the_screen_by_loading_the_page_again(phone, session):
    cut(phone)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")
    Session.objects.filter(pk=session.pk).update(starts_at=session.starts_at + timedelta(days=7))
    cut(phone, False)
    says(phone, "Aisha", "Until that day only apologies can be ticked")
    with phone.expect_response(lambda answer: answer.url.endswith(page_of(session))):
        phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # it looks again
    phone.wait_for_timeout(500)
    says(phone, "Aisha", "Until that day only apologies can be ticked")


# --- By chance -----------------------------------------------------------------------------------------

SEQUENCES = int(os.environ.get("REGISTER_SEQUENCES", "5"))  # bench/register_offline.py runs a hundred
STEPS = ["tick"] * 6 + [
    "cut",
    "connect",
    "reload",
    "reload",
    "lock",
    "unlock",
    "lose",
    "refuse",
    "everyone",
    "two",
    "undo",
]
LABELS = {"present": "Here", "late": "Came late", "left_early": "Left early", "apologies": "Sent apologies"}


@pytest.mark.parametrize("seed", range(SEQUENCES))
def test_whatever_happens_the_server_holds_what_the_screen_said(phone, session, seed):
    """Ticks, undoings, cuts, reloads, frozen pages, lost answers and errors, in any order. Every tick makes exactly
    one mark, in the order they were made, and no row says "Saved" of what the server does not hold."""
    chance = random.Random(seed)
    made: dict[str, list[str]] = {name: [] for name in NAMES}  # what was ticked, in order
    trouble: list[str] = []

    def answer(route: Route):
        match trouble.pop() if trouble else "":
            case "lose":
                route.fetch()
                route.abort()
            case "refuse":
                route.fulfill(status=503, body="Upgrading")
            case _:
                route.continue_()

    phone.route("**/register/mark/", answer)
    phone.route("**/register/everyone-here/", answer)
    phone.route("**/register/undo-everyone/", answer)
    locked = False
    pressed: set[str] = set()  # what "everyone here" ticked and nothing has changed since
    for _ in range(14):
        step = chance.choice(STEPS)
        if locked and step not in ("cut", "connect"):
            lock_the_phone(phone, False)
            locked = False
        if step == "cut":
            cut(phone)
        elif step == "connect":
            cut(phone, False)
        elif step == "lock":
            lock_the_phone(phone)
            locked = True
        elif step in ("lose", "refuse"):
            trouble.append(step)
        elif step == "reload":
            phone.reload()
            phone.wait_for_selector(STARTED)
            pressed.clear()
        elif step == "everyone":
            everyone = phone.get_by_role("button", name="Everyone here")
            if everyone.is_visible():
                pressed = {name for name in NAMES if (made[name] or ["open"])[-1] == "open"}
                everyone.click()
                expect(everyone).to_be_hidden()
                for name in pressed:
                    made[name].append("present")
        elif step == "undo" and pressed:
            undo_all(phone)
            expect(phone.get_by_role("button", name="Undo all")).to_be_hidden()
            for name in pressed:
                made[name].append("open")
            pressed.clear()
        elif step in ("tick", "two"):
            for name in chance.sample(NAMES, 2 if step == "two" else 1):
                now = (made[name] or ["open"])[-1]
                state = chance.choice([one for one in (*LABELS, "open") if one != now])
                tick(phone, name, LABELS.get(state, "Undo"))
                pressed.discard(name)
                if state == "open":
                    expect(button(phone, name, "Undo")).to_have_attribute("hidden", "")
                else:
                    is_pressed(phone, name, LABELS[state])
                made[name].append(state)
        if not locked:
            check_that_saved_is_saved(phone, made)

    if locked:
        lock_the_phone(phone, False)
    trouble.clear()
    cut(phone, False)
    nothing_waits(phone)
    held = {name: [] for name in NAMES}
    for mark in RegisterMark.objects.order_by("id").select_related("place__caregiver"):
        held[mark.place.caregiver.called].append(mark.state)
    if path := os.environ.get("REGISTER_FIGURES"):
        with open(path, "a") as file:
            file.write(f"{seed} {sum(map(len, made.values()))} {sum(map(len, held.values()))}\n")
    assert held == made
    assert states() == {name: ticked[-1] for name, ticked in made.items() if ticked}
    assert shown(phone) == {name: (ticked or ["open"])[-1] for name, ticked in made.items()}


def shown(page: Page) -> dict[str, str]:
    return {name: state for name, state, _ in rows_shown(page)}


def rows_shown(page: Page) -> list[list[str]]:
    return page.evaluate(
        """() => [...document.querySelectorAll("[data-place]")].map((row) => [
            row.querySelector("h2").textContent,
            row.querySelector("[aria-pressed=true]")?.value ?? "open",
            row.querySelector("[data-told]").textContent,
        ])"""
    )


def check_that_saved_is_saved(page: Page, made: dict[str, list[str]]):
    saved = [(name, state) for name, state, told in rows_shown(page) if told.startswith(("Saved at", "Undone at"))]
    latest = states()
    for name, state in saved:
        assert latest[name] == state == made[name][-1], f"{name} is said to be saved as {state}"
