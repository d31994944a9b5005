"""The main ways in Firefox and in WebKit, which iPhones have: register, sheets, registration, run, tablet, report.

The suite goes one way in each, an evening at a venue with bad wifi. `script/bench engines` goes every way in all three
engines and prints what passes where.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Playwright

from caregivers.links import actions as links
from caregivers.models import ConsentWording, Referral
from caregivers.posters import actions as posters
from caregivers.wordings import shipped as wordings
from evaluation.models import Report
from feedback.models import SealedAnswer
from ppg.models import User
from sessions_app.models import RegisterMark, Session
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory, SessionItemFactory
from tests.feedback.factories import by_slip, drawn, opened_form, url_of
from tests.journeys import engines
from tests.journeys.engines import STARTED, ByPlaywright, ByWebDriver, Device, Gate
from tests.public_pages import public_pages

# Real clock: nothing tells these browsers another.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.real_clock]
EVERY_WAY = bool(os.environ.get("EVERY_WAY"))  # set by bench/engines.py
NAMES = ["Aisha", "Ben", "Carol"]
STORY = "It is me, and this happened"
CUT = "You are not connected. Nothing is lost"
NEVER_ENDS = """
    const store = new Proxy({}, { get: () => () => ({}) });
    IDBDatabase.prototype.transaction = () => ({ objectStore: () => store, abort() {} });
"""
FIELDS = "[...document.querySelectorAll('main input, main textarea')]"


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    with engines.firefox(playwright) as started:
        yield started


@pytest.fixture(scope="session")
def screen() -> Iterator[str]:
    with engines.screen() as display:
        yield display


@pytest.fixture
def gate(live_server: Any) -> Iterator[Gate]:
    gate = Gate(live_server.thread.port)
    yield gate
    gate.close()


@pytest.fixture
def device(request: pytest.FixtureRequest, gate: Gate) -> Iterator[Device]:
    engine = request.param
    if why := engines.missing(engine):
        pytest.skip(why)
    if engine == "webkit":
        device: Device = ByWebDriver(gate, engines.webkit(request.getfixturevalue("screen")))
    else:
        browser = request.getfixturevalue({"chromium": "browser", "firefox": "firefox"}[engine])
        device = ByPlaywright(gate, browser)
    yield device
    device.close()


@pytest.fixture
def session(cohort):
    session = SessionFactory(cohort=cohort, number=3, starts_at=timezone.now())
    for seat, name in enumerate(NAMES, start=1):
        PlaceFactory(cohort=cohort, seat=seat, caregiver=CaregiverFactory(cohort=cohort, name=f"{name} Example"))
    for position, title in enumerate(["Welcome and check-in", "Film", "Close"], start=1):
        SessionItemFactory(session=session, position=position, title=title, minutes=10)
    return session


def sign_in(device: Device, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = django_settings.SESSION_COOKIE_NAME
    device.sign_in(name, client.cookies[name].value)


def states() -> dict[str, str]:
    return {mark.place.caregiver.called: mark.state for mark in RegisterMark.objects.latest()}


def is_nowhere(device: Device, words: str) -> None:
    device.until(lambda: device.ask("return document.readyState") == "complete", "the page")
    assert not device.ask(f"return {FIELDS}.some((one) => one.value.includes(arguments[0]))", words)
    device.does_not_read(words)


def works(device: Device, sign: str = STARTED) -> None:
    """The page's script has come."""
    device.until(lambda: device.ask("return Boolean(document.querySelector(arguments[0]))", sign), sign)


# --- The ways ------------------------------------------------------------------------------------------------


def open_register(device: Device, session: Session, user: User) -> None:
    sign_in(device, user)
    device.go(reverse("sessions:register", args=[session.code]))
    works(device)


def the_register(device: Device, session: Session, facilitator: User) -> None:
    open_register(device, session, facilitator)
    device.press("Here", "Aisha")
    device.row("Aisha", "Saved at")
    device.press("Other", "Aisha")
    device.press("Undo", "Aisha")
    device.row("Aisha", "Undone at")
    device.press("Everyone here")
    for name in NAMES:
        device.row(name, "Saved at")
    assert states() == dict.fromkeys(NAMES, "present") and RegisterMark.objects.count() == 5
    assert device.fits()


def the_register_without_a_connection(device: Device, session: Session, facilitator: User) -> None:
    open_register(device, session, facilitator)
    device.reads("This page works without a connection until tonight")
    device.press("Here", "Aisha")
    device.row("Aisha", "Saved at")
    device.cut()
    device.press("Other", "Ben")
    device.press("Came late", "Ben")
    device.row("Ben", "Not saved yet")
    device.reload()
    device.reads("This is the copy of the register on this device")
    device.row("Aisha", "Saved at")
    device.row("Ben", "Not saved yet")
    device.press("Other", "Carol")
    device.press("Not here", "Carol")
    device.row("Carol", "Not saved yet")
    device.cut(False)
    for name in NAMES:
        device.row(name, "Saved at")
    assert states() == {"Aisha": "present", "Ben": "late", "Carol": "not_here"} and RegisterMark.objects.count() == 3


def the_register_on_a_silent_storage(device: Device, session: Session, facilitator: User) -> None:
    open_register(device, session, facilitator)
    device.ask(NEVER_ENDS)
    device.press("Here", "Aisha")
    device.row("Aisha", "Saved at")
    device.reads("This browser keeps nothing just now")
    assert states() == {"Aisha": "present"} and RegisterMark.objects.count() == 1


def a_sheet(device: Device, address: str, before: str) -> None:
    device.go(before)
    device.go(address)
    device.until(
        lambda: device.ask("return Boolean(document.querySelector('main form .govuk-error-message'))"), "script"
    )
    by_words = device.ask(f"return {FIELDS}.some((one) => one.type === 'textarea')")
    if by_words:
        device.fill("return document.querySelector('main textarea')", STORY)
    else:
        device.click("return document.querySelector('main [type=radio]')")
    answers = SealedAnswer.objects.count()
    device.cut()
    device.press("Send")
    device.reads(CUT)
    device.cut(False)
    device.press("Send")
    device.reads("Thank you")
    device.back()
    device.until(lambda: device.ask("return location.pathname") == before, "the page before the sheet")
    is_nowhere(device, STORY)
    assert SealedAnswer.objects.count() == answers + 1


def session_feedback(device: Device, pages: dict[str, str]) -> None:
    a_sheet(device, pages["slip"], pages["card"])


def a_sheet_half_filled_in_before(device: Device, cohort: Any) -> None:
    """By its other address: Back leads there once this one is sent."""
    form = opened_form(cohort)
    for address in (url_of(form), by_slip(form)):
        device.go(address)
        works(device, "main form .govuk-error-message")
        device.write("What should we do differently?", STORY)
        device.choose("Very bad")
    device.press("Send")
    device.reads("Thank you")
    device.back()
    device.until(lambda: device.ask("return location.pathname") == url_of(form), "the other address")
    device.offers("Send")
    is_nowhere(device, STORY)
    assert not device.holds("Very bad")


def the_box(device: Device, pages: dict[str, str]) -> None:
    a_sheet(device, pages["box"], pages["card"])


def a_measure(device: Device, pages: dict[str, str]) -> None:
    a_sheet(device, pages["measure_answer before"], pages["card"])


def a_card(device: Device, pages: dict[str, str]) -> None:
    a_sheet(device, pages["card_answer"], pages["card"])


def every_public_page(device: Device, pages: dict[str, str]) -> None:
    for name, address in pages.items():
        device.go(address)
        device.until(lambda: device.ask("return document.querySelectorAll('h1').length") == 1, name)
        assert device.fits(), name


def registration(device: Device, cohort: Any, lead: User) -> None:
    wordings.load(ConsentWording.objects)
    person = CaregiverFactory(cohort=cohort, name="Rosa Marsh")
    fill_in(
        device,
        reverse("register", args=[links.invite(caregiver=person, cohort=cohort, by=lead)]),
        "Your name",
        steps=True,
    )
    assert person.consents.count() == 4


def the_poster(device: Device, cohort: Any, lead: User) -> None:
    poster = posters.switch_poster(cohort=cohort, on=True, by=lead, site="http://groups.example.test")
    fill_in(device, reverse("interest", args=[poster.code]), "What should we call you?")
    assert Referral.objects.count() == 1


def fill_in(device: Device, address: str, name: str, steps: bool = False) -> None:
    device.go(reverse("card"))
    device.go(address)
    works(device, "main form [role=alert]")
    device.write(name, "Rosa Marsh")
    device.write("Phone number", "07700 900 982")
    device.choose("Text message")
    device.cut()
    for button in ("Continue", "Continue") if steps else ():  # nothing is sent from step to step
        device.press(button)
    first = "Check your answers" if steps else "Send"
    device.press(first)
    device.reads(CUT)
    assert device.holds(name) == "Rosa Marsh" and device.holds("Text message")
    device.cut(False)
    device.press(first)
    if steps:
        device.press("Send")
    device.until(lambda: device.ask("return location.pathname") not in (address, ""), "thanks")
    is_nowhere(device, "07700")
    for _step in range(4 if steps else 1):
        device.back()
        is_nowhere(device, "07700")
    device.until(lambda: device.ask("return location.pathname") == reverse("card"), "the page before the form")


def running_a_session(device: Device, session: Session, facilitator: User) -> None:
    sign_in(device, facilitator)
    device.go(reverse("sessions:run", args=[session.code]))
    works(device)
    device.press("Start the session")
    device.until(lambda: session.steps.count() == 1, "the start is kept")
    device.reload()  # a press right after a change would be asked about
    works(device)
    device.offers("Done")
    device.cut()
    device.press("Done")
    device.cut(False)
    device.until(lambda: [step.kind for step in session.steps.all()] == ["start", "finish"], "the next part, once")
    assert device.fits()


def the_tablet(device: Device, cohort: Any) -> None:
    form = opened_form(cohort)
    device.go(reverse("tablet", args=[form.code]))
    device.press("Start")
    works(device)
    device.write("The code on your slip", drawn(form))
    device.write("What should we do differently?", STORY)
    device.cut()
    device.press("Send")
    device.reads("Your answers are not sent yet")
    device.cut(False)
    device.press("Send")
    device.reads("Hand the tablet to the next person.")
    is_nowhere(device, STORY)
    device.back()
    is_nowhere(device, STORY)
    assert SealedAnswer.objects.count() == 1


def writing_the_report(device: Device, cohort: Any, lead: User, answered: Any) -> None:
    sign_in(device, lead)
    device.go(reverse("evaluation:report", args=[cohort.code]))
    device.until(lambda: device.ask("return document.body.classList.contains('js-enabled')"), "the script")
    device.write("What we learned", "Before.")
    device.reads("Saved ")
    device.cut()
    device.write("What we learned", "Typed in the tunnel.")
    device.reads("No connection: not saved since")
    device.cut(False)
    kept = lambda: Report.objects.get().text.get("learned")  # noqa: E731
    device.until(lambda: kept() == "Typed in the tunnel.", "the text is kept")


WAYS: list[Callable[..., None]] = [
    every_public_page,
    session_feedback,
    a_sheet_half_filled_in_before,
    the_box,
    a_measure,
    a_card,
    the_tablet,
    registration,
    the_poster,
    the_register,
    the_register_without_a_connection,
    the_register_on_a_silent_storage,
    running_a_session,
    writing_the_report,
]


@pytest.fixture
def pages(cohort, lead) -> dict[str, str]:
    return public_pages(cohort, lead)


@pytest.mark.parametrize("device", ["firefox", "webkit"], indirect=True)
def test_an_evening_with_bad_wifi(device, session, facilitator, pages):
    the_register_without_a_connection(device, session, facilitator)
    session_feedback(device, pages)


@pytest.mark.skipif(not EVERY_WAY, reason="every way in every engine: script/bench engines")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@pytest.mark.parametrize("device", ["chromium", "firefox", "webkit"], indirect=True)
def test_every_way(request: pytest.FixtureRequest, device: Device, way: Callable[..., None]):
    asked = [name for name in inspect.signature(way).parameters if name != "device"]
    way(device, **{name: request.getfixturevalue(name) for name in asked})
