"""All pages that people without an account read, one after the other, on a small and old phone."""

from __future__ import annotations

import brotli
import pytest
from playwright.sync_api import Page, expect

from feedback.languages import actions as translating
from feedback.languages import texts as languages
from feedback.models import Form
from feedback.questions import questionnaires
from ppg.models import User
from tests.journeys.engines import STARTED
from tests.public_pages import public_pages

pytestmark = pytest.mark.django_db(transaction=True)
LIGHT = 60 * 1024  # bytes, compressed, with everything a page loads the first time


def weigh(page: Page, url: str) -> dict[str, int]:
    """What is loaded, by address, for somebody who was never here before."""
    sizes: dict[str, int] = {}

    def add(answer) -> None:
        sizes[answer.url] = len(brotli.compress(answer.body(), quality=5))

    page.on("response", add)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.remove_listener("response", add)
    return sizes


# How far down the first question reaches: to the end of its first answer, or of the first line to write on.
FIRST_QUESTION = """() => {
  const all = [...document.querySelectorAll("main :is(input:not([type=hidden]), select, textarea)")];
  const first = all.find((one) => !one.checkVisibility || one.checkVisibility({ contentVisibilityAuto: true }));
  if (!first) return null;
  const box = first.getBoundingClientRect();
  return Math.round(scrollY + (first.matches("textarea") ? box.top + 40 : box.bottom));
}"""


def test_every_page_fits_and_works_without_javascript_on_320_pixels(new_page, cohort, lead, no_sideways_scroll):
    """And its first question stands in the first screen."""
    phone = new_page(width=320, height=568, phone=True, javascript=False)
    below = {}
    for name, url in in_two_languages(public_pages(cohort, lead), lead).items():
        phone.goto(url)
        no_sideways_scroll(phone)
        assert phone.locator("h1").count() == 1, name
        unseen = phone.locator("main :is(input:not([type=hidden]), button, a):not(.step *)").evaluate_all(
            "all => all.filter(one => one.checkVisibility && !one.checkVisibility()).map(one => one.outerHTML)"
        )
        assert not unseen, f"{name}: without JavaScript nobody reaches {unseen}"
        end = phone.evaluate(FIRST_QUESTION)
        if end and end > 568:
            below[name] = end
    assert not below, f"Their first question ends below the first screen: {below}"


def test_every_page_passes_axe_and_is_light(new_page, cohort, lead, check_axe, live_server):
    heavy = {}
    for name, url in in_two_languages(public_pages(cohort, lead), lead).items():
        phone = new_page(width=390, height=844, phone=True)  # a new one: nothing is in its store
        sizes = weigh(phone, url)
        assert all(one.startswith((live_server.url, "data:")) for one in sizes), (name, sorted(sizes))
        if sum(sizes.values()) >= LIGHT:
            heavy[name] = sizes
        check_axe(phone)
        phone.context.close()
    assert not heavy, heavy


STORY = "It is me, and this happened"
SHEETS = ["answer_form by link", "slip", "box", "measure_answer before", "card_answer"]


def test_a_cut_connection_loses_nothing_of_a_sheet_and_back_does_not_show_it_once_it_is_sent(new_page, cohort, lead):
    pages = public_pages(cohort, lead)
    for name in SHEETS:
        phone = new_page(width=390, height=844, phone=True)
        phone.goto(pages["card"])
        phone.goto(pages[name])
        story, first = phone.locator("main textarea").first, phone.locator("main [type=radio]").first
        if story.count():
            story.fill(STORY)
        else:
            first.check()
        phone.wait_for_selector(STARTED)
        phone.context.set_offline(True)
        phone.get_by_role("button", name="Send").click()
        expect(phone.get_by_role("alert")).to_contain_text("You are not connected. Nothing is lost")
        expect(story).to_have_value(STORY) if story.count() else expect(first).to_be_checked()
        phone.context.set_offline(False)
        phone.get_by_role("button", name="Send").click()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
        phone.go_back()
        assert phone.url.endswith(pages["card"]), name
        phone.go_forward()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Thank you")
        phone.context.close()


def in_two_languages(pages: dict[str, str], by: User) -> dict[str, str]:
    """The form after a session and the suggestion box are there in French too, as a lead has entered it."""
    form = Form.objects.get(code=pages["answer_form"].strip("/").split("/")[-1])
    for asked in (form.questionnaire, questionnaires.box_questions()):
        texts = languages.texts(asked, list(asked.questions.all()))
        said = {text.key: stretched(text.english) for text in texts}
        translating.save_translation(questionnaire=asked, language="fr", said=said, by=by)
    named = ("answer_form", "answer_thanks", "box", "box_thanks")
    return pages | {f"{name} in French": f"{pages[name]}?lang=fr" for name in named}


def stretched(english: str) -> str:
    """About as long as it is in French: a fifth longer."""
    return f"{english} {'bien sûr ' * round(len(english) / 45)}".strip()
