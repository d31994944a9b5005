"""A lead changes what is asked and enters another language; somebody answers in it."""

from __future__ import annotations

import brotli
import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from evaluation.measures.actions import own_measure
from feedback import sealing
from feedback.asking import actions as asking
from feedback.languages import actions as translating
from feedback.languages import texts as languages
from feedback.models import Questionnaire
from feedback.questions import actions as questions
from feedback.questions import fingerprints, questionnaires
from tests.factories import SessionFactory
from tests.feedback.factories import by_slip, url_of

pytestmark = pytest.mark.django_db(transaction=True)
LIGHT = 60 * 1024  # bytes, compressed, with everything
HELLO = "مرحبا"  # stands for every text: how it reads is not what is tried here


def in_arabic(questionnaire: Questionnaire, by) -> None:
    texts = languages.texts(questionnaire, list(questionnaire.questions.all()))
    said = {text.key: f"{HELLO} {number}" for number, text in enumerate(texts)}
    translating.save_translation(questionnaire=questionnaire, language="ar", said=said, by=by)


def test_a_lead_adds_a_question_and_publishes_it(page: Page, lead, sign_in_as, check_axe, no_sideways_scroll):
    sign_in_as(page, lead)
    questionnaires.load_shipped()
    page.goto(reverse("feedback:questionnaires"))
    check_axe(page)
    page.get_by_role("link", name="After a session").click()
    check_axe(page)
    page.get_by_role("button", name="Change these questions").click()
    page.get_by_role("button", name="Add a question").click()
    page.get_by_label("Question", exact=True).fill("Which of these helped?")
    page.get_by_label("Any of several").check()
    page.get_by_label("Words of the answers").fill("The film\nThe talk\nTea and cake")
    check_axe(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Any of several: The film · The talk · Tea and cake")).to_be_visible()
    page.get_by_role("button", name="Up Which of these helped?").click()
    check_axe(page)
    page.set_viewport_size({"width": 320, "height": 700})
    no_sideways_scroll(page)
    page.get_by_role("button", name="Look at it as people see it").click()
    expect(page.get_by_text("Preview: nothing is sent.")).to_be_visible()
    page.get_by_label("Tea and cake").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("nothing was sent, and nothing is kept")).to_be_visible()
    page.get_by_role("button", name="Go on with the draft").click()
    page.get_by_role("button", name="Publish as the next version").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_text("Version 2 is in use.")).to_be_visible()
    slugs = questionnaires.session_feedback().questions.values_list("slug", flat=True)
    assert list(slugs)[-2:] == ["which-of-these-helped", "different"]


def test_somebody_answers_in_arabic_on_a_small_phone_without_javascript(
    new_page, cohort, lead, check_axe, no_sideways_scroll
):
    draft = questions.start(questionnaire=questionnaires.session_feedback(), by=lead)
    fields = {"text": "Which helped?", "hint": "", "kind": "several", "options": ["Film", "Talk"], "quotable": False}
    questions.add_question(questionnaire=draft, by=lead, **fields)
    in_arabic(draft, lead)
    questions.publish(questionnaire=draft, by=lead, seen=fingerprints.fingerprint_of_all(draft))
    form = asking.open_form(session=SessionFactory(cohort=cohort), by=lead)
    phone = new_page(width=320, height=640, phone=True, javascript=False)
    weight = []
    phone.on("response", lambda answer: weight.append(len(brotli.compress(answer.body()))))
    phone.goto(by_slip(form))
    no_sideways_scroll(phone)
    phone.get_by_role("link", name="العربية").click()
    no_sideways_scroll(phone)
    asked = phone.locator("main form")
    expect(asked).to_have_attribute("lang", "ar")
    expect(asked).to_have_attribute("dir", "rtl")
    assert phone.locator("html").get_attribute("lang") == "en-gb", "the menu is in English still"
    radio, word = (asked.locator(one).first.bounding_box() for one in (".govuk-radios__input", ".govuk-radios__label"))
    assert radio and word and radio["x"] + radio["width"] > word["x"] + word["width"] - 1, "it stands right of its word"
    asked.locator("input[name=q-today][value='3']").check()
    asked.locator("input[name=q-which-helped]").nth(1).check()
    asked.locator("textarea").fill(HELLO)
    asked.locator("input[name=quote-different]").check()
    asked.get_by_role("button").click()
    expect(phone.get_by_role("heading", level=1)).to_contain_text(HELLO)
    expect(phone.locator("main a", has_text=HELLO)).to_have_attribute("href", f"{url_of(form)}?lang=ar")
    no_sideways_scroll(phone)
    (payload,) = sealing.open_box([form])
    assert payload["answers"] == {"today": 3, "which-helped": [1], "different": {"text": HELLO, "may_quote": True}}
    assert sum(weight) < 3 * LIGHT  # three pages
    desk = new_page()
    desk.goto(url_of(form) + "?lang=ar")
    check_axe(desk)


def test_texts_and_scores_are_entered_on_any_screen(page: Page, lead, sign_in_as, check_axe, no_sideways_scroll):
    sign_in_as(page, lead)
    draft = questions.start(questionnaire=own_measure().questionnaire, by=lead)
    for address in (
        reverse("feedback:translation", args=[draft.code, "ar"]),
        reverse("evaluation:measure", args=[draft.code]),
        reverse("evaluation:measure", args=[own_measure().questionnaire.code]),
        reverse("feedback:publish_questions", args=[draft.code]),
    ):
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(address)
        check_axe(page)
        page.set_viewport_size({"width": 320, "height": 700})
        no_sideways_scroll(page)
    page.goto(reverse("feedback:translation", args=[draft.code, "cy"]))
    page.get_by_label("I know whom to call when I am worried").fill("Rwy’n gwybod pwy i’w ffonio")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Welsh is not offered yet")).to_be_visible()
