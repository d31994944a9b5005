"""A sealed card, from the printer to the answers and out again."""

from __future__ import annotations

import os
import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from evaluation.cards import actions as cards_actions
from evaluation.models import Card
from evaluation.rounds import actions as rounds
from feedback.models import SealedAnswer
from ppg.links import typed_codes as cards

pytestmark = pytest.mark.django_db(transaction=True)
PICTURES = os.environ.get("PICTURES", "")


def test_a_parent_prints_cards_somebody_answers_with_one_and_takes_it_out_and_two_count_the_rest(
    new_page, sign_in_as, check_axe, no_sideways_scroll, lead, parent, cohort, places
):
    def looks_right(page, name):
        check_axe(page)
        no_sideways_scroll(page)
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}.png", full_page=True)

    desk = new_page()
    sign_in_as(desk, lead)
    desk.goto(reverse("evaluation:waves", args=[cohort.code]))
    looks_right(desk, "waves")
    desk.get_by_role("link", name="Change How people answer").click()
    looks_right(desk, "plan")
    desk.get_by_label("Coded cards").check()
    desk.get_by_role("button", name="Keep this choice").click()
    desk.get_by_role("button", name="Open the questions Before the programme").click()
    expect(desk.get_by_text("Have the cards printed")).to_be_visible()
    looks_right(desk, "waves-not-printed")
    home = new_page()
    sign_in_as(home, parent)
    home.goto(reverse("feedback:slips"))
    home.get_by_role("link", name=f"Print the cards: {cohort.name}").click()
    looks_right(home, "cards")
    with home.expect_download() as download:
        home.get_by_role("button", name="Print the cards (PDF)").click()
    assert download.value.suggested_filename == "cards.pdf" and Card.objects.count() == 10
    desk.goto(reverse("evaluation:waves", args=[cohort.code]))
    looks_right(desk, "waves-coded")

    code = cards_actions.make_cards(cohort=cohort, by=parent)[0]
    slip = code[:-1] + cards.ALPHABET[cards.ALPHABET.index(code[-1]) - 1]
    phone = new_page(width=320, phone=True)
    phone.goto(reverse("card"))
    looks_right(phone, "card")
    phone.get_by_label("The code on your card").fill(slip)
    phone.get_by_role("button", name="Go on").click()
    expect(phone.get_by_role("alert").get_by_text("That is not a card of ours")).to_be_visible()
    looks_right(phone, "card-wrong")
    phone.get_by_label("The code on your card").fill(f"{code[:5]} {code[5:]}".lower())
    phone.get_by_role("button", name="Go on").click()
    looks_right(phone, "card-answer")
    phone.get_by_role("group", name="I trust the services").get_by_label("Mostly true").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    looks_right(phone, "card-thanks")
    assert SealedAnswer.objects.count() == 1

    phone.get_by_role("link", name="Take your answers out").click()
    looks_right(phone, "card-take-out")
    phone.get_by_label("The code on your card").fill(code)
    phone.get_by_role("button", name="Take my answers out").click()
    expect(phone.get_by_role("heading", name=re.compile("Your answers are out"))).to_be_visible()
    looks_right(phone, "card-taken-out")
    assert SealedAnswer.objects.count() == 0

    rounds.close_wave(wave=cohort.waves.get(), by=None)
    for page in (desk, home):
        page.goto(reverse("evaluation:count_cards", args=[cohort.code]))
        looks_right(page, "cards-count")
        page.get_by_label("How many cards are left over?").fill("2")
        page.get_by_label("How many people were there to draw one?").fill("8")
        page.get_by_role("button", name="Save what I counted").click()
    expect(home.get_by_text("Both counts are the same.")).to_be_visible()
    desk.goto(reverse("evaluation:waves", args=[cohort.code]))
    expect(desk.get_by_text("2 made void")).to_be_visible()
    looks_right(desk, "waves-counted")


def test_the_same_by_qr_code_without_scripts(new_page, no_sideways_scroll, cohort, lead):
    rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
    code = cards_actions.make_cards(cohort=cohort, by=lead)[0]
    rounds.open_wave(cohort=cohort, point="before", by=lead)
    phone = new_page(width=320, phone=True, javascript=False)
    phone.goto(reverse("card_answer", args=[cards.printed(code)]))
    no_sideways_scroll(phone)
    phone.get_by_role("group", name="I trust the services").get_by_label("Mostly true").check()
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    assert SealedAnswer.objects.count() == 1
