"""The tablet that is passed round, and the sheet on paper."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse

from feedback import languages, paper_sheet, sealing, suggestion_queries, suggestions, translating
from feedback.actions import asking
from feedback.language_queries import said_in
from feedback.models import Form, Question, SealedAnswer
from tests.feedback.factories import answered, opened_form

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


def at(name: str, form: Form) -> str:
    return reverse(name, args=[form.code])


def name_on(page) -> str:
    return re.search(rb'action="\?(s[0-9a-f]{12})"', page.content)[1].decode()


def sheet_of(page, **answers: str) -> tuple[str, dict[str, str]]:
    """Where the sheet on this page is sent, and what with."""
    name = name_on(page)
    nonce = re.search(rb'-nonce" value="([^"]+)"', page.content)[1].decode()
    return f"?{name}", {f"{name}-nonce": nonce, **{f"{name}-q-{slug}": value for slug, value in answers.items()}}


def test_whoever_starts_it_is_signed_out_of_the_tablet_first(browser_of, facilitator, form):
    browser = browser_of(facilitator)
    started = browser.post(at("feedback:pass_round", form))
    assert started.url == at("tablet", form)
    assert "cache" in started.headers["Clear-Site-Data"]
    assert "sessionid" not in browser.cookies or not browser.session.get("_auth_user_id")
    assert browser.get("/").url.startswith(reverse("account_login"))
    assert "Press Start" in browser.get(started.url).content.decode()


def test_no_tablet_for_a_form_that_has_closed(browser_of, facilitator, form):
    asking.close_form(form=form, by=None)
    browser = browser_of(facilitator)
    assert browser.post(at("feedback:pass_round", form)).status_code == 409
    assert browser.get("/").status_code == 200  # still signed in


def test_an_answer_goes_into_the_same_box(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="4", different="Tea")
    sent = stranger.post(at("tablet_sheet", form) + where, sheet)
    assert sent.url == at("tablet_thanks", form)
    assert sealing.open_box([form]) == [{"way": "online", "answers": {"today": 4, "different": "Tea"}}]
    assert "Hand the tablet to the next person" in stranger.get(sent.url).content.decode()


def test_the_same_sheet_sent_twice_is_one_answer(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="4")
    for _ in range(2):
        assert stranger.post(at("tablet_sheet", form) + where, sheet).url == at("tablet_thanks", form)
    assert SealedAnswer.objects.count() == 1


def test_every_look_is_a_new_sheet_whose_fields_no_browser_has_seen(stranger, form):
    first, second = (stranger.get(at("tablet_sheet", form)) for _ in range(2))
    assert name_on(first) != name_on(second)
    for page in (first, second, stranger.get(at("tablet", form)), stranger.get(at("tablet_thanks", form))):
        assert page.headers["Cache-Control"] == "no-store" and not page.cookies
    assert 'autocomplete="off"' in re.search(r"<form[^>]*>", first.content.decode())[0]


def test_what_was_typed_is_kept_on_the_sheet_it_was_typed_on(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), different="x" * 1001)
    page = stranger.post(at("tablet_sheet", form) + where, sheet)
    assert page.status_code == 422 and "x" * 1001 in page.content.decode()
    assert name_on(page) == where[1:] and sheet_of(page)[1][f"{where[1:]}-nonce"] == sheet[f"{where[1:]}-nonce"]


def test_nothing_of_one_person_is_on_what_the_next_one_gets(stranger, form):
    where, sheet = sheet_of(stranger.get(at("tablet_sheet", form)), today="0", different="It is me")
    stranger.post(at("tablet_sheet", form) + where, sheet)
    for name in ("tablet_thanks", "tablet", "tablet_sheet"):
        page = stranger.get(at(name, form)).content.decode()
        assert "It is me" not in page and " checked" not in page


def test_a_form_that_has_closed_and_one_that_never_was_look_the_same(stranger, form):
    never = [stranger.get(reverse(name, args=["nothing"])) for name in ("tablet", "tablet_sheet")]
    asking.close_form(form=form, by=None)
    closed = [stranger.get(at(name, form)) for name in ("tablet", "tablet_sheet")]
    assert {page.status_code for page in never + closed} == {404}
    assert len({page.content for page in never + closed}) == 1
    assert stranger.post(at("tablet_sheet", form), {}).status_code == 404


def test_wrong_verbs(stranger, form):
    assert stranger.post(at("tablet", form)).status_code == 405
    assert stranger.post(at("tablet_thanks", form)).status_code == 405
    assert stranger.put(at("tablet_sheet", form)).status_code == 405


# --- On paper ------------------------------------------------------------------------------------------------


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
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith("en")
        assert len(pdf.pages) == (2 if how else 1)


def test_a_closed_form_is_not_printed(browser_of, facilitator, form):
    asking.close_form(form=form, by=None)
    assert browser_of(facilitator).get(at("feedback:paper_sheet", form)).status_code == 409


def test_the_page_leads_to_each_way(browser_of, facilitator, form):
    browser = browser_of(facilitator)
    page = browser.get(at("feedback:paper", form)).content.decode()
    for name in ("feedback:paper_sheet", "feedback:pass_round", "feedback:type"):
        assert at(name, form) in page
    answered(form, 5)
    asking.close_form(form=form, by=None)
    page = browser.get(at("feedback:paper", form)).content.decode()
    assert at("feedback:pass_round", form) not in page and at("feedback:type", form) not in page


@pytest.mark.parametrize("name", ["feedback:paper", "feedback:paper_sheet", "feedback:type"])
def test_the_form_a_suggestion_box_is_made_of_is_never_on_paper_or_a_tablet(browser_of, facilitator, cohort, name):
    suggestions.open_box(cohort=cohort, by=facilitator)
    inside = suggestion_queries.forms_of_boxes().get(cohort=cohort)
    assert browser_of(facilitator).get(at(name, inside)).status_code == 404
    assert browser_of(facilitator).post(at("feedback:pass_round", inside)).status_code == 404
