"""The questions before and after in another language: all of it, how answers are kept and the consent too."""

from __future__ import annotations

import pytest
from django.urls import reverse

from evaluation.cards import actions as cards_actions
from evaluation.rounds import actions as rounds
from feedback.languages import texts as languages
from feedback.models import SealedAnswer, Translation
from ppg.links import typed_codes as cards
from tests.evaluation.conftest import answers

pytestmark = pytest.mark.django_db


def translate(form) -> dict[str, str]:
    """Every piece of it reads "cy: …"."""
    questions = list(form.questionnaire.questions.all())
    said = {text.key: f"cy: {text.english}"[:250] for text in languages.texts(form.questionnaire, questions)}
    words = languages.nested(questions, said)
    Translation.objects.create(questionnaire=form.questionnaire, language="cy", words=words)
    return said


@pytest.fixture(params=["link", "card"])
def page(request, cohort, lead, places):
    """The address of the questions, and of its page that says thank you."""
    if request.param == "card":
        rounds.choose_plan(cohort=cohort, mode="coded", measure=None, by=lead)
        code = cards.printed(cards_actions.make_cards(cohort=cohort, by=lead)[0])
        wave = rounds.open_wave(cohort=cohort, point="before", by=lead)
        return wave, reverse("card_answer", args=[code]), request.param
    wave = rounds.open_wave(cohort=cohort, point="before", by=lead)
    token = rounds.make_link(wave=wave, place=places[0], by=lead)
    return wave, reverse("measure_answer", args=[token]), request.param


def test_all_that_is_said_is_said_in_the_language_chosen(stranger, page):
    wave, url, way = page
    assert "?lang=cy" not in stranger.get(url).text
    said = translate(wave.form)
    english = stranger.get(url).text
    assert 'href="?lang=cy"' in english and "cy: " not in english
    by_link, by_card = (languages.BY_LINK, *languages.STILL_BY_LINK), (languages.BY_CARD, *languages.STILL_BY_CARD)
    assert all(line in english for line in (by_card if way == "card" else by_link))
    assert (languages.BY_SENDING in english) == (way == "card")
    text = stranger.get(url, {"lang": "cy"}).text
    promise = said["page.drawn_card" if way == "card" else "page.own_link"]
    assert promise in text and said["trust.text"] in text and said["page.danger"] in text
    assert (said["page.by_sending"] in text) == (way == "card")


def test_answers_in_another_language_are_the_same_answers(stranger, page):
    wave, url, way = page
    translate(wave.form)
    sent = stranger.post(f"{url}?send&lang=cy", {f"q-{slug}": value for slug, value in answers(3).items()})
    assert sent.status_code == 302 and sent.headers["Location"].endswith("/thanks/?lang=cy")
    assert SealedAnswer.objects.count() == 1
    thanks = stranger.get(sent.headers["Location"]).text
    assert "cy: Your answers have been sent." in thanks and ("cy: Keep your card." in thanks) == (way == "card")
    wrong = stranger.post(f"{url}?send&lang=cy", {"q-goal": "eleven"})
    assert wrong.status_code in (404, 422)
