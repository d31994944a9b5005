"""Browser journeys: the real pages in Chromium against a running server, written as sentences.

`page` is a desk computer, `phone_page` a phone 390 px wide, `new_page(…)` any other; each is a person of their own
(own cookies). `sign_in_as(page, user)` signs in, `check_axe(page)` fails with what axe found. A page that throws, or
that the browser's content policy stops from doing something, fails its test at the end.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, Playwright, expect

from ppg.models import User
from tests import clock
from tests.evaluation.conftest import answered, give, held, places, waves  # noqa: F401  a group that has answered
from tests.journeys import engines
from tests.journeys.engines import CHROMIUM

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright runs a loop in the thread of the test

PATIENCE = 30_000  # milliseconds: a machine that is busy is not a bug. What must be quick says so where it is expected
expect.set_options(timeout=PATIENCE)
HERE = Path(__file__).parent
# GOV.UK keeps aria-expanded on a radio that reveals a field, on purpose: screen readers say it.
ALLOWED = [("aria-allowed-attr", 'type="radio"')]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "journey: walks through the pages in a browser")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # They take longest, so they begin: at the end one process would wait for the other's last.
    items.sort(key=lambda item: HERE not in item.path.parents)
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("journey")
            if os.environ.get("CI"):  # a browser on a busy machine may be late: once more, and the summary says so
                item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(autouse=True)
def what_a_server_needs(transactional_db: None) -> None:
    """The journey's browser and its server see what is committed."""


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with engines.playwright() as started:
        yield started


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    assert CHROMIUM, "The journeys need Chromium: apt-get install chromium-headless-shell, or set CHROMIUM."
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture
def new_page(browser: Browser, live_server: Any) -> Iterator[Callable[..., Page]]:
    """`new_page(width=320, phone=True, javascript=False)`: somebody with a device of their own.

    Addresses may be relative: `page.goto(reverse("home"))`.
    """
    contexts, thrown = [], []

    def make(width: int = 1280, height: int = 900, phone: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": height},
            is_mobile=phone,
            has_touch=phone,
            java_script_enabled=javascript,
            locale="en-GB",
            timezone_id="Europe/London",
        )
        context.set_default_timeout(PATIENCE)
        if clock.AHEAD:
            context.add_init_script(clock.DATE)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: thrown.append(str(error)))
        page.on("console", lambda line: thrown.append(line.text) if "Content Security Policy" in line.text else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not thrown, f"Pages threw: {thrown}"


@pytest.fixture
def page(new_page: Callable[..., Page]) -> Page:
    return new_page()


@pytest.fixture
def phone_page(new_page: Callable[..., Page]) -> Page:
    return new_page(width=390, height=844, phone=True)


@pytest.fixture
def sign_in_as(live_server: Any) -> Callable[[Page, User], None]:
    """Signs in without the form, which has journeys of its own."""

    def sign_in(page: Page, user: User) -> None:
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])

    return sign_in


@pytest.fixture
def check_axe() -> Callable[[Page], None]:
    """Fails with every rule of axe that the page breaks and the elements that break it."""
    axe = Axe()

    def check(page: Page) -> None:
        page.wait_for_load_state()
        found = []
        for rule in axe.run(page).response["violations"]:
            for node in rule["nodes"]:
                if not any(rule["id"] == name and part in node["html"] for name, part in ALLOWED):
                    found.append(f"{rule['id']}: {rule['help']}\n    {node['html'][:200]}")
        assert not found, f"axe on {page.url}:\n" + "\n".join(found)

    return check


@pytest.fixture
def no_sideways_scroll() -> Callable[[Page], None]:
    """Fails where something is wider than the screen."""

    def check(page: Page) -> None:
        page.wait_for_load_state()  # just after a press the next document has no element yet
        wide, screen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        assert wide <= screen, f"{page.url} is {wide} px wide on a screen of {screen} px"

    return check
