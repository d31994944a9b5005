"""The sheet on paper, and the page that leads to each way without a phone."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse

from feedback.languages import actions as translating
from feedback.languages import texts as languages
from feedback.languages.queries import said_in
from feedback.models import Form, Question
from feedback.paper import sheet as paper_sheet
from feedback.suggestions import actions as suggestions
from feedback.suggestions import queries as suggestion_queries
from tests.feedback.factories import answered, closed, opened_form
from tests.pdfs import boxes_in, fonts_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def at(name: str, form: Form) -> str:
    return reverse(name, args=[form.code])


def printed(form: Form, **how) -> str:
    return paper_sheet.print_html(form, said_in(form.questionnaire), large=False, **how)


def test_the_sheet_asks_the_same_questions_in_the_same_words(stranger, form):
    page, sheet = stranger.get(reverse("answer_form", args=[form.code])).content.decode(), printed(form)
    for question in form.questionnaire.questions.all():
        for words in [question.text, question.hint, *question.options]:
            assert words in page and words in sheet
    assert "You may use these words in a report, without my name" in sheet
    assert "call 999" in sheet


def test_every_answer_has_a_box_to_tick(form):
    questions = list(form.questionnaire.questions.all())
    boxes = sum(len(question.options) for question in questions) + sum(question.quotable for question in questions)
    assert printed(form).count('class="tick"') == boxes


def test_it_prints_all_kinds_of_questions(form):
    Question.objects.filter(slug="today").update(kind="several", hint="")
    Question.objects.filter(slug="time").update(kind="number", options=["No way", "All the way"])
    sheet = printed(form)
    assert "Tick all that fit." in sheet and "0: No way. 10: All the way." in sheet
    assert len(re.findall(r'<li><span class="tick"></span> \d+</li>', sheet)) == 11


def test_it_is_printed_in_another_language_too(browser_of, facilitator, form, monkeypatch):
    asked = form.questionnaire
    said = {text.key: f"ar {text.key}" for text in languages.texts(asked, list(asked.questions.all()))}
    translating.save_translation(questionnaire=asked, language="ar", said=said, by=facilitator)
    monkeypatch.setattr(paper_sheet, "render_pdf", str.encode)
    browser = browser_of(facilitator)
    assert "?lang=ar" in browser.get(at("feedback:paper", form)).text
    sheet = browser.get(at("feedback:paper_sheet", form), {"lang": "ar", "large": ""}).text
    assert "<h1>ar page.heading</h1>" in sheet and 'lang="ar" dir="rtl"' in sheet and "ar today.0" in sheet
    assert '<span class="phone" dir="ltr">' in sheet  # its groups of figures would stand the other way round
    assert "How was today" not in sheet and "ar page.danger" in sheet


def test_nothing_on_it_names_sheet_person_group_or_session(form, cohort):
    first, second = (printed(form, address="https://x.example/f/code/") for _ in range(2))
    assert first == second
    for word in (cohort.name, form.session.title, "session 2", "parent"):
        assert word.lower() not in first.lower()


@pytest.mark.parametrize("how", [{}, {"large": ""}])
def test_the_pdf_is_tagged_and_leads_to_the_form_online(browser_of, facilitator, form, how, monkeypatch):
    drawn = []
    real = paper_sheet.render_pdf
    monkeypatch.setattr(paper_sheet, "render_pdf", lambda html: drawn.append(html) or real(html))
    browser = browser_of(facilitator)
    for _ in range(2):
        made = browser.get(at("feedback:paper_sheet", form), how)
    assert made.headers["Content-Type"] == "application/pdf" and len(drawn) == 1  # kept for the second look
    assert f"http://testserver/f/{form.code}/" in drawn[0]
    assert ("sheet--large" in drawn[0]) == bool(how)
    assert boxes_in(made.content) == 0 and fonts_of(made.content) == {"arimo", "arimo-Bold"}
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith("en")
        assert len(pdf.pages) == (2 if how else 1)


def test_a_closed_form_is_not_printed(browser_of, facilitator, form):
    closed(form)
    assert browser_of(facilitator).get(at("feedback:paper_sheet", form)).status_code == 409


def test_the_page_leads_to_each_way(browser_of, facilitator, form):
    browser = browser_of(facilitator)
    page = browser.get(at("feedback:paper", form)).content.decode()
    for name in ("feedback:paper_sheet", "feedback:pass_round", "feedback:type"):
        assert at(name, form) in page
    answered(form, 5)
    closed(form)
    page = browser.get(at("feedback:paper", form)).content.decode()
    assert at("feedback:pass_round", form) not in page and at("feedback:type", form) not in page


@pytest.mark.parametrize("name", ["feedback:paper", "feedback:paper_sheet", "feedback:type"])
def test_the_form_a_suggestion_box_is_made_of_is_never_on_paper_or_a_tablet(browser_of, facilitator, cohort, name):
    suggestions.open_box(cohort=cohort, by=facilitator)
    inside = suggestion_queries.forms_of_boxes().get(cohort=cohort)
    assert browser_of(facilitator).get(at(name, inside)).status_code == 404
    assert browser_of(facilitator).post(at("feedback:pass_round", inside)).status_code == 404
