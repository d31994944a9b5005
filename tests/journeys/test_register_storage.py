"""The register on a browser that keeps nothing: its storage never answers, is full, was cleared, or refuses the worker.

A tick is never lost without a word: it is saved, or its row says that it is not."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from sessions_app.models import RegisterMark
from tests.factories import SessionFactory
from tests.journeys.test_register import is_pressed, page_of, row, says, session, states, tick  # noqa: F401
from tests.journeys.test_register_offline import bar, cut, nothing_waits, on_device, open_register, phone, works_offline  # noqa: F401

KEEPS_NOTHING = "This browser keeps nothing just now"
NEVER_OPENS = "IDBFactory.prototype.open = () => ({});"
NEVER_ENDS = """() => {
    const nothing = () => ({});
    const store = new Proxy({}, { get: () => nothing });
    IDBDatabase.prototype.transaction = () => ({ objectStore: () => store, abort() {} });
}"""
IS_FULL = """() => {
    const full = () => { throw new DOMException("full", "QuotaExceededError"); };
    IDBObjectStore.prototype.add = IDBObjectStore.prototype.put = full;
}"""
REFUSES_WORKERS = """ServiceWorkerContainer.prototype.register = () =>
    Promise.reject(new DOMException("not here", "SecurityError"));"""


@pytest.fixture
def without(phone_page, session, sign_in_as, facilitator):  # noqa: F811
    """Opens the register in a browser that begins with this script."""

    def open_it(script: str) -> Page:
        phone_page.add_init_script(script)
        sign_in_as(phone_page, facilitator)
        phone_page.goto(page_of(session))
        return phone_page

    return open_it


def keeps_nothing(page: Page) -> None:
    bar(page, KEEPS_NOTHING)


def cannot_open_again(page: Page, so: bool = True) -> None:
    sentence = page.get_by_text("This device cannot keep this page.")
    (expect(sentence).to_be_visible if so else expect(sentence).to_be_hidden)()


def clear_away(page: Page, kinds: str) -> None:
    """As a browser does that needs the room."""
    devtools = page.context.new_cdp_session(page)
    origin = page.evaluate("location.origin")
    devtools.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": kinds})
    devtools.detach()


def no_answers(page: Page, off: bool = True) -> None:
    """The server is not reached, and the browser does not know."""
    if off:
        page.route("**/mark/", lambda route: route.abort())
    else:
        page.unroute("**/mark/")


def test_a_storage_that_never_answers_is_waited_for_two_seconds_and_then_done_without(
    without, check_axe, no_sideways_scroll
):
    page = without(NEVER_OPENS)
    tick(page, "Aisha", "Here")  # before it is known
    says(page, "Aisha", "Saved at")
    keeps_nothing(page)
    cannot_open_again(page)
    no_answers(page)
    tick(page, "Ben", "Came late")
    says(page, "Ben", "Not saved yet")
    is_pressed(page, "Ben", "Came late")
    check_axe(page)
    page.set_viewport_size({"width": 320, "height": 640})
    no_sideways_scroll(page)
    no_answers(page, False)
    says(page, "Ben", "Saved at")
    assert states() == {"Aisha": "present", "Ben": "late"} and RegisterMark.objects.count() == 2


def test_leaving_while_a_tick_waits_in_the_page_alone_asks_first(without):
    page = without(NEVER_OPENS)
    keeps_nothing(page)
    no_answers(page)
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "Not saved yet")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.reload()
    assert asked == ["beforeunload"]


def test_a_storage_that_falls_silent_while_ticking_loses_and_doubles_nothing(phone):  # noqa: F811
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    phone.evaluate(NEVER_ENDS)
    tick(phone, "Ben", "Here")
    expect(row(phone, "Ben").locator(".register-row__state")).to_have_text("Saving …", timeout=1_500)
    says(phone, "Ben", "Saved at")
    keeps_nothing(phone)
    tick(phone, "Ben", "Undo")
    says(phone, "Ben", "Undone at")
    assert states() == {"Aisha": "present", "Ben": "open"} and RegisterMark.objects.count() == 3


def test_a_full_storage_keeps_no_copy_rather_than_an_old_one(phone, check_axe):  # noqa: F811
    phone.evaluate(IS_FULL)
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Saved at")
    keeps_nothing(phone)
    cannot_open_again(phone)
    expect(phone.get_by_text("This page works without a connection until tonight")).to_be_hidden()
    assert on_device(phone)["opened"] == []
    cut(phone)
    phone.reload()
    expect(phone.get_by_text("The register is not kept on this device any more.")).to_be_visible()
    check_axe(phone)
    assert states() == {"Aisha": "present"}


def test_what_was_ticked_outlives_a_cleared_storage_while_the_page_is_open(phone):  # noqa: F811
    cut(phone)
    for name, label in (("Aisha", "Here"), ("Ben", "Here"), ("Aisha", "Came late")):
        tick(phone, name, label)
        is_pressed(phone, name, label)
    says(phone, "Aisha", "Not saved yet")
    clear_away(phone, "indexeddb")
    tick(phone, "Carol", "Here")
    is_pressed(phone, "Carol", "Here")
    is_pressed(phone, "Aisha", "Came late")
    bar(phone, "3 not saved yet")
    cut(phone, False)
    phone.evaluate("dispatchEvent(new Event('online'))")  # the other session with Chromium keeps it from saying so
    for name in ("Aisha", "Ben", "Carol"):
        says(phone, name, "Saved at")
    nothing_waits(phone)
    assert states() == {"Aisha": "late", "Ben": "present", "Carol": "present"} and RegisterMark.objects.count() == 4


def test_a_copy_that_the_browser_has_cleared_away_is_made_again(phone):  # noqa: F811
    clear_away(phone, "service_workers,cache_storage")
    held: list[Route] = []
    phone.route("**/*kept", lambda route: held.append(route))
    phone.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(phone.get_by_text("This page works without a connection until tonight")).to_be_hidden()
    for route in held:
        route.continue_()
    phone.unroute("**/*kept")
    works_offline(phone)
    cut(phone)
    phone.reload()
    expect(phone.get_by_text("This is the copy of the register on this device")).to_be_visible()
    tick(phone, "Aisha", "Here")
    says(phone, "Aisha", "Not saved yet")


def test_a_refused_worker_is_said_and_ticks_wait_all_the_same(without):
    page = without(REFUSES_WORKERS)
    cannot_open_again(page)
    cut(page)
    tick(page, "Aisha", "Here")
    says(page, "Aisha", "Not saved yet")
    cut(page, False)
    says(page, "Aisha", "Saved at")
    assert RegisterMark.objects.count() == 1


def test_a_newer_worker_takes_the_place_of_an_old_one(phone, session, settings):  # noqa: F811
    settings.SECURE_REFERRER_POLICY = "strict-origin"  # another version: its script is another
    phone.reload()
    works_offline(phone)
    phone.evaluate("navigator.serviceWorker.ready.then((one) => one.update())")
    phone.wait_for_function("navigator.serviceWorker.ready.then((one) => !one.installing && !one.waiting)")
    cut(phone)
    copy = phone.reload()
    assert copy and copy.headers["referrer-policy"] == "strict-origin"
    expect(phone.get_by_text("This is the copy of the register on this device")).to_be_visible()


def test_a_register_that_is_opened_leaves_the_copy_of_another_its_styles_and_scripts(phone, cohort):  # noqa: F811
    """The other was kept by an older version, whose files had other names."""
    older = "/static/js/register.0123456789ab.js"
    phone.evaluate(
        """async (older) => {
            const url = new URL(older, location.href).href;
            await (await caches.open("register-assets")).put(url, new Response("older"));
            const wait = (request) => new Promise((ok) => (request.onsuccess = () => ok(request.result)));
            const database = await wait(indexedDB.open("register"));
            const kept = database.transaction("kept", "readwrite").objectStore("kept");
            const name = `page ${location.pathname}`;
            const copy = await wait(kept.get(name));
            await wait(kept.put({ ...copy, assets: [...copy.assets, url] }, name));
            database.close();
        }""",
        older,
    )
    other = SessionFactory(cohort=cohort, number=4)
    phone.goto(page_of(other))
    works_offline(phone)
    assert phone.evaluate("(older) => caches.match(older).then((found) => found.text())", older) == "older"


def test_the_worker_opens_nothing_of_a_silent_storage_but_the_page_where_there_is_a_connection(phone):  # noqa: F811
    worker = phone.context.service_workers[0]
    worker.evaluate("() => { indexedDB.open = () => ({}); }")
    phone.reload()
    expect(row(phone, "Aisha")).to_be_visible()
    works_offline(phone)
    cut(phone)
    phone.reload()
    expect(phone.get_by_text("the browser does not open its storage just now")).to_be_visible()
