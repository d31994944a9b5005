"""The pages as people have set their devices: dark, in colours of their own, zoomed in to 400 %, and on paper.

What is looked at here is one page of each kind; `script/bench screens` goes through those of the whole way.
"""

from __future__ import annotations

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory, SessionItemFactory
from tests.journeys.test_run import begin

pytestmark = pytest.mark.django_db(transaction=True)

PAPER = 673  # px of an A4 page between its margins, 178 mm
ZOOMED = {"width": 320, "height": 256}  # a screen of 1280 by 1024 at 400 %
DRAWN = """() => {
  const of = (element, name) => getComputedStyle(element)[name];
  const words = [...document.querySelectorAll(".chart svg text")];
  return {
    words: [...new Set(words.map(word => of(word, "fill")))],
    ink: of(document.querySelector("main p"), "color"),
    page: of(document.body, "backgroundColor"),
    bars: [...new Set([...document.querySelectorAll(".chart .chart-better")].map(bar => of(bar, "fill")))],
  };
}"""


def test_in_the_dark_every_component_can_be_read(page, sign_in_as, facilitator, check_axe):
    page.emulate_media(color_scheme="dark")
    sign_in_as(page, facilitator)
    page.goto(reverse("gallery") + "?wrong")
    assert lightness(page, "backgroundColor") < 60 and lightness(page, "color", of="main p") > 200
    check_axe(page)
    page.emulate_media(color_scheme="light")
    assert lightness(page, "backgroundColor") == 255


def test_in_the_dark_a_stranger_reads_too_and_paper_stays_white(phone_page, check_axe):
    phone_page.emulate_media(color_scheme="dark")
    phone_page.goto("/nothing-here/")
    assert lightness(phone_page, "backgroundColor") < 60
    check_axe(phone_page)
    phone_page.emulate_media(color_scheme="dark", media="print")
    assert lightness(phone_page, "backgroundColor") == 255 and lightness(phone_page, "color", of="main p") < 60


@pytest.mark.parametrize("forced", ["none", "active"])
def test_what_charts_say_is_read_in_the_dark_and_in_forced_colours(page, sign_in_as, lead, answered, cohort, forced):
    page.emulate_media(color_scheme="dark", forced_colors=forced)
    sign_in_as(page, lead)
    page.goto(reverse("evaluation:figures", args=[cohort.code]))
    expect(page.locator(".chart svg").first).to_be_visible()
    drawn = page.evaluate(DRAWN)
    assert drawn["words"] and drawn["bars"]
    for colour in drawn["words"] + drawn["bars"]:
        assert contrast(colour, drawn["page"]) >= 4.5, f"{colour} on {drawn['page']}"
    if forced == "active":
        assert drawn["words"] == [drawn["ink"]], "Words in charts take the person's own colour, as all words do."


def test_on_the_paper_register_a_long_name_leaves_the_boxes_where_they_are(page, sign_in_as, facilitator, cohort):
    session = SessionFactory(cohort=cohort)
    long = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewissenhaft"
    for name in ("Jo", long, "Maria-Magdalena-Konstantina-Alexandropoulou"):
        PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, liked_name=name))
    page.set_viewport_size({"width": PAPER, "height": 900})
    page.emulate_media(media="print")
    sign_in_as(page, facilitator)
    page.goto(reverse("sessions:register_print", args=[session.code]))
    expect(page.get_by_text(long)).to_be_visible()
    rows = page.locator("tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.querySelectorAll('.tick')].map(box => box.getBoundingClientRect().right))"
    )
    assert len(rows) > 3 and len(rows[0]) == 5
    assert all(row == rows[0] for row in rows) and max(rows[0]) <= PAPER
    assert page.evaluate("document.documentElement.scrollWidth") <= PAPER


def test_on_paper_no_link_is_followed_by_its_address(page, sign_in_as, lead, cohort):
    SessionFactory(cohort=cohort)
    page.emulate_media(media="print")
    sign_in_as(page, lead)
    page.goto(cohort.get_absolute_url())
    after = page.locator("a[href]").evaluate_all("all => all.map(one => getComputedStyle(one, '::after').content)")
    assert len(after) > 5 and set(after) == {"none"}


RUNNING = ("run", ".run__dock", "fixed")


def test_zoomed_in_to_400_percent_nothing_stays_in_front_of_what_is_read(
    new_page, sign_in_as, facilitator, cohort, no_sideways_scroll
):
    session = SessionFactory(cohort=cohort)
    PlaceFactory(cohort=cohort)
    page = new_page(**ZOOMED)
    sign_in_as(page, facilitator)
    SessionItemFactory(session=session, minutes=10)
    for name, bar, stays in [("agenda", ".plan-total", "sticky"), ("register", ".register-bar", "sticky"), RUNNING]:
        if name == "run":
            begin(session, facilitator)
        page.goto(reverse(f"sessions:{name}", args=[session.code]))
        no_sideways_scroll(page)
        expect(page.locator(bar)).to_have_css("position", "static")
        page.set_viewport_size({"width": 320, "height": 640})
        expect(page.locator(bar)).to_have_css("position", stays)
        page.set_viewport_size(ZOOMED)


def lightness(page: Page, what: str, of: str = "body") -> int:
    """The brightest of red, green and blue, 0 to 255."""
    return max(parts(page.eval_on_selector(of, f"one => getComputedStyle(one).{what}")))


def parts(colour: str) -> list[int]:
    return [int(part) for part in colour.removeprefix("rgb(").removesuffix(")").split(",")]


def contrast(front: str, behind: str) -> float:
    """As WCAG 2.2 has it, 1 to 21."""

    def luminance(colour: str) -> float:
        linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in parts(colour)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, light = sorted((luminance(front), luminance(behind)))
    return (light + 0.05) / (dark + 0.05)
