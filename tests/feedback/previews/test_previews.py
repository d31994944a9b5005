"""Questions are looked at on the page that people get."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from feedback.asking import actions as asking
from feedback.models import Questionnaire
from feedback.questions import actions as questions
from feedback.questions import questionnaires
from tests.factories import SessionFactory
from tests.feedback.questions.test_questionnaires import at, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(browser_of, lead) -> Client:
    return browser_of(lead)


@pytest.fixture
def current() -> Questionnaire:
    return questionnaires.session_feedback()


def test_the_preview_is_the_page_that_people_get_and_keeps_nothing(client, stranger, cohort, current):
    form = asking.open_form(session=SessionFactory(cohort=cohort), by=None)
    preview = client.get(at("preview", current.code))
    public = stranger.get(reverse("answer_form", args=[form.code]))
    assert preview.templates[0].name == public.templates[0].name == "feedback/answering/answer.html"
    assert "Preview: nothing is sent." in text(preview) and "Preview" not in text(public)
    answer = client.post(at("preview", current.code) + "?send", {"q-today": "4"}, follow=True)
    assert "nothing is kept" in text(answer) and not form.sealed.exists()


@pytest.mark.parametrize(
    ("slug", "template"),
    [
        ("final-form", "feedback/answering/answer.html"),
        ("before-and-after", "evaluation/rounds/answer.html"),
        ("suggestion-box", "feedback/suggestions/box.html"),
    ],
)
def test_each_kind_is_looked_at_on_its_own_page(client, slug, template):
    questionnaires.load_shipped()
    shown = Questionnaire.objects.get(slug=slug)
    page = client.get(at("preview", shown.code))
    assert page.templates[0].name == template and "Preview: nothing is sent." in text(page)
    assert all(question.text in page.text for question in shown.questions.all())
    assert "Enter its texts" in client.get(at("questionnaire", shown.code)).text


def test_the_suggestion_box_asks_one_question_in_their_own_words(client, lead):
    questionnaires.load_shipped()
    draft = questions.start(questionnaire=Questionnaire.objects.get(slug="suggestion-box"), by=lead)
    assert questionnaires.problems(draft) == []
    questions.add_question(questionnaire=draft, by=lead, text="And?", hint="", kind="text", options=[])
    assert "asks one question" in text(client.get(at("edit_questions", draft.code)))
