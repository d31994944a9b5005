"""Writing the report: what is lost when the browser dies, when the connection goes, and when two write at once."""

from __future__ import annotations

import os
import re
import signal
import time
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from caregivers.consents import actions as consents
from evaluation.models import Report, SectionText
from feedback.focus_group import actions as focus_group
from feedback.quotes import actions as quotes
from feedback.quotes import queries as quote_queries
from tests.factories import UserFactory
from tests.journeys.conftest import CHROMIUM

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")
WORDS = "People came tired and worried and what they valued was not to be judged but to be believed at once. "


@pytest.fixture
def second(cohort):
    user = UserFactory(role="lead", name="Ben Second")
    cohort.team.create(user=user, job="lead")
    return user


def picture(page, name: str) -> None:
    """With PICTURES=folder each page is kept as a picture, to look at."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)


def learned(page):
    return page.get_by_label("What we learned")


def kept() -> str:
    report = Report.objects.first()
    return report.text.get("learned", "") if report else ""


def browsers_process(folder: Path) -> int:
    """The browser that was started with this folder for itself, and no other."""
    for proc in Path("/proc").iterdir():
        try:
            line = (proc / "cmdline").read_bytes().decode(errors="replace")
        except OSError:
            continue
        if proc.name.isdigit() and f"--user-data-dir={folder}" in line and "--type=" not in line:
            return int(proc.name)
    raise AssertionError("The browser was not found.")


def test_the_browser_is_killed_in_mid_sentence(
    browser, live_server, lead, answered, cohort, tmp_path, new_page, sign_in_as
):
    """At most the last five seconds of typing are lost."""
    folder = tmp_path / "browser"
    given = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, args=["--no-sandbox"], base_url=live_server.url
    )
    page = given.new_page()
    sign_in_as(page, lead)
    page.goto(reverse("evaluation:report", args=[cohort.code]))
    learned(page).focus()
    typed: list[tuple[float, int]] = []  # when, how much had been typed
    began, n = time.monotonic(), 0
    while time.monotonic() - began < 12:  # never pausing long enough to count as having stopped
        page.keyboard.insert_text(WORDS[n % len(WORDS)])
        n += 1
        typed.append((time.monotonic(), n))
        page.wait_for_timeout(40)
    died = time.monotonic()
    os.kill(browsers_process(folder), signal.SIGKILL)
    safe = max(count for when, count in typed if when <= died - 5)
    time.sleep(1)  # what had been sent is being kept
    assert len(kept()) >= safe, f"typed {n}, kept {len(kept())}, of which {safe} were older than five seconds"
    again = new_page()
    sign_in_as(again, lead)
    again.goto(reverse("evaluation:report", args=[cohort.code]))
    expect(learned(again)).to_have_value(kept())


def test_what_was_typed_before_the_script_had_come_is_kept_too(page, sign_in_as, lead, answered, cohort):
    late: list = []
    page.route("**/autosave*.js", lambda script: late.append(script))
    sign_in_as(page, lead)
    with page.expect_request("**/autosave*.js"):
        page.goto(reverse("evaluation:report", args=[cohort.code]))
    learned(page).fill("Typed at once.")
    late[0].continue_()
    expect(page.get_by_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))).to_be_visible()
    assert kept() == "Typed at once."


def test_saved_is_true_and_a_lost_connection_loses_nothing(
    new_page, sign_in_as, check_axe, lead, second, answered, cohort
):
    desk = new_page()
    sign_in_as(desk, lead)
    desk.goto(reverse("evaluation:report", args=[cohort.code]))
    picture(desk, "writing-1280")
    learned(desk).fill("Before.")
    expect(desk.get_by_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))).to_be_visible()
    assert kept() == "Before."
    desk.context.set_offline(True)
    learned(desk).fill("Typed in the tunnel.")
    expect(desk.get_by_text(re.compile("No connection: not saved since"))).to_be_visible()
    assert kept() == "Before."
    desk.context.set_offline(False)
    expect(desk.get_by_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))).to_be_visible()
    assert kept() == "Typed in the tunnel."
    desk.context.clear_cookies()
    learned(desk).fill("Typed after the session had ended.")
    expect(desk.get_by_text(re.compile("you are signed out"))).to_be_visible()
    expect(desk.get_by_role("link", name="Sign in (opens in a new tab)")).to_be_visible()
    check_axe(desk)
    picture(desk, "signed-out-1280")
    save = desk.get_by_role("button", name="Save", exact=True)
    save.click()
    desk.wait_for_timeout(500)
    expect(learned(desk)).to_have_value("Typed after the session had ended.")
    expect(desk.get_by_text(re.compile("you are signed out"))).to_be_visible()
    sign_in_as(desk, second)
    save.click()
    desk.wait_for_timeout(500)
    expect(learned(desk)).to_have_value("Typed after the session had ended.")
    assert kept() == "Typed in the tunnel.", "nobody else saves it in their name"
    sign_in_as(desk, lead)
    expect(desk.get_by_text(re.compile(r"^Saved \d\d:\d\d:\d\d$"))).to_be_visible()
    expect(desk.get_by_role("link", name="Sign in (opens in a new tab)")).to_be_hidden()
    assert kept() == "Typed after the session had ended."
    desk.context.clear_cookies()
    learned(desk).fill("Typed once more.")
    expect(desk.get_by_text(re.compile("you are signed out"))).to_be_visible()
    sign_in_as(desk, lead)
    save.click()
    expect(desk.get_by_text("The text is saved.")).to_be_visible()
    assert kept() == "Typed once more."
    desk.get_by_role("button", name=re.compile("Put in.*7 of 8 people who started")).click()
    expect(desk.get_by_label("In short")).to_have_value(re.compile("7 of 8 people who started came to at least"))
    check_axe(desk)


def test_a_page_that_is_opened_again_at_once_shows_what_was_put_in(new_page, sign_in_as, lead, answered, cohort):
    """What was on its way when the page was left may arrive after it has been read anew."""
    desk = new_page()
    sign_in_as(desk, lead)
    address, elsewhere = (reverse(f"evaluation:{name}", args=[cohort.code]) for name in ("report", "report_quotes"))
    desk.goto(address)
    for ways in ((), (elsewhere,)):
        words = f"Typed, and then {len(ways)} pages further at once."
        learned(desk).fill(words)
        for way in (*ways, address):
            desk.goto(way)
        expect(learned(desk)).to_have_value(words)
        assert kept() == words


@pytest.mark.parametrize("javascript", [True, False])
def test_the_sign_in_has_ended_when_save_is_pressed(
    javascript, new_page, sign_in_as, check_axe, no_sideways_scroll, lead, answered, cohort
):
    """Nothing was typed since, so that the page does not know: the sign-in page carries the text."""
    lead.set_password("a long sentence to type")
    lead.save()
    desk = new_page(width=390, javascript=javascript)
    sign_in_as(desk, lead)
    desk.goto(reverse("evaluation:report", args=[cohort.code]))
    desk.context.clear_cookies()
    learned(desk).fill("Tired.\n\nAnd <believed> at once.")
    desk.get_by_role("button", name="Save", exact=True).click()
    expect(desk.get_by_text("What you typed is on this page, locked")).to_be_visible()
    assert "believed" not in desk.content()
    desk.get_by_label("E-mail address").fill(lead.email)
    desk.get_by_label("Password", exact=True).fill("a long sentence to type")
    if javascript:
        check_axe(desk)
    no_sideways_scroll(desk)
    picture(desk, f"sign-in-carries-{javascript}")
    desk.get_by_role("button", name="Sign in").click()
    expect(desk.get_by_role("heading", name="You were signed out. What you typed is here.")).to_be_visible()
    expect(desk.get_by_text("And <believed> at once.")).to_be_visible()
    assert kept() == ""
    if javascript:
        check_axe(desk)
    no_sideways_scroll(desk)
    picture(desk, f"send-again-{javascript}")
    desk.get_by_role("button", name="Send it again").click()
    expect(desk.get_by_text("The text is saved.")).to_be_visible()
    assert kept() == "Tired.\n\nAnd <believed> at once."


def test_two_write_at_once_and_neither_loses_text(
    new_page, sign_in_as, check_axe, no_sideways_scroll, lead, second, answered, cohort
):
    ann, ben = new_page(), new_page(width=390)
    for page, user in ((ann, lead), (ben, second)):
        sign_in_as(page, user)
        page.goto(reverse("evaluation:report", args=[cohort.code]))
    learned(ann).fill("What Ann wrote.")
    expect(ann.get_by_text(re.compile(r"^Saved \d\d:"))).to_be_visible()
    learned(ben).fill("What Ben wrote.")
    expect(ben.get_by_text("Lena Lead wrote something else")).to_be_visible()
    expect(ben.get_by_text("What Ann wrote.")).to_be_visible()
    expect(ben.get_by_text("Lena Lead is writing too: What we learned.")).to_be_visible()
    learned(ann).press_sequentially(" And more.")
    expect(ann.get_by_text("Ben Second wrote something else")).to_be_visible()
    for page, name in ((ann, "two-1280"), (ben, "two-390")):
        check_axe(page)
        no_sideways_scroll(page)
        picture(page, name)
    ann.get_by_role("button", name="Use Ben Second’s text").click()
    expect(learned(ann)).to_have_value("What Ben wrote.")
    assert set(SectionText.objects.values_list("text", flat=True)) == {"What Ann wrote. And more.", "What Ben wrote."}
    ann.get_by_role("link", name="Earlier texts").click()
    expect(ann.get_by_text("What Ann wrote. And more.")).to_be_visible()
    check_axe(ann)
    picture(ann, "earlier-1280")
    ben.goto(reverse("evaluation:recommendations", args=[cohort.code]))
    ben.get_by_label("What should change?").fill("Ring families before writing to them")
    ben.get_by_label("Who sees to it?").fill("Family support team")
    ben.get_by_role("button", name="Keep this recommendation").click()
    expect(ben.get_by_text("Ring families before writing to them").first).to_be_visible()
    no_sideways_scroll(ben)
    check_axe(ben)
    picture(ben, "recommendations-390")


def test_words_that_were_signed_off_are_put_into_the_report(
    new_page, sign_in_as, check_axe, no_sideways_scroll, lead, second, facilitator, places, cohort
):
    talk = focus_group.record(cohort=cohort, held_on=timezone.localdate(), people=6, notes="", by=facilitator)
    consents.agree(caregiver=places[0].caregiver, kind="quotes")
    for words in ("I laughed for the first time in months.", "Somebody rang me back."):
        given = {"focus_group": talk, "caregiver": places[0].caregiver, "words": words, "themes": []}
        said = quotes.quote_somebody(**given, by=facilitator)
        quotes.sign_off(quote=said, seen=quote_queries.stamp(said), by=second)
    phone = new_page(width=320, phone=True, javascript=False)
    desk = new_page()
    for page in (phone, desk):
        sign_in_as(page, lead)
        page.goto(reverse("evaluation:report_quotes", args=[cohort.code]))
        page.get_by_role("button", name=re.compile("Put into the report")).first.click()
        expect(page.get_by_role("heading", name="In the report", exact=True)).to_be_visible()
        no_sideways_scroll(page)
        picture(page, f"quotes-{page.viewport_size['width']}")
    check_axe(desk)
    desk.get_by_role("button", name=re.compile("Move up.*Somebody")).click()
    expect(desk.get_by_role("listitem").filter(has_text="Leave out").first).to_contain_text("Somebody rang me back.")
