"""Forms in other languages, and the two kinds of answer that came with them: several, and words to quote."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse

from feedback import sealing
from feedback.answering.forms import AnswerForm
from feedback.asking import actions as asking
from feedback.languages import actions as translating
from feedback.languages import queries as language_queries
from feedback.languages import texts as languages
from feedback.models import Answer, Form, Question, Translation
from feedback.questions import actions as editing
from feedback.questions import fingerprints, questionnaires
from feedback.results.counts import results
from feedback.results.queries import asked_in, sheets_of
from tests.factories import SessionFactory
from tests.feedback.factories import answered, by_slip, closed, drawn, url_of
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(browser_of, lead) -> Client:
    return browser_of(lead)


@pytest.fixture
def form(cohort, lead) -> Form:
    """Open, with a question that takes several answers."""
    draft = editing.start(questionnaire=questionnaires.session_feedback(), by=lead)
    fields = {"text": "Which helped?", "hint": "", "kind": "several", "options": ["Film", "Talk", "Tea"]}
    editing.add_question(questionnaire=draft, by=lead, **fields)
    editing.publish(questionnaire=draft, by=lead, seen=fingerprints.fingerprint_of_all(draft))
    return asking.open_form(session=SessionFactory(cohort=cohort), by=lead)


def texts_of(form: Form) -> list[languages.Text]:
    return languages.texts(form.questionnaire, list(form.questionnaire.questions.all()))


def translated(form: Form, lead, code: str = "cy", but: tuple[str, ...] = ()) -> None:
    said = {text.key: f"{code} {text.key}" for text in texts_of(form) if text.key not in but}
    translating.save_translation(questionnaire=form.questionnaire, language=code, said=said, by=lead)


# --- Several, and words to quote --------------------------------------------------------------------------


def test_several_may_be_ticked_and_words_may_be_quoted(stranger, form):
    data = {"q-which-helped": ["2", "0", "2"], "q-different": "More tea", "quote-different": "on"}
    assert stranger.post(by_slip(form), data).status_code == 302
    (payload,) = sealing.open_box([form])
    assert payload["answers"] == {"different": {"text": "More tea", "may_quote": True}, "which-helped": [0, 2]}


def test_a_tick_without_words_is_no_answer(stranger, form):
    page = stranger.post(by_slip(form), {"q-different": " ", "quote-different": "on"})
    assert page.status_code == 422 and "Answer at least one question" in page.text
    assert stranger.post(url_of(form), {"q-which-helped": ["3"]}).status_code == 422, "was not offered"


def test_what_was_ticked_is_kept_on_a_sheet_that_comes_back(stranger, form):
    page = stranger.post(url_of(form), {"q-which-helped": ["1"], "quote-different": "on", "q-different": "x" * 1001})
    assert page.status_code == 422
    assert re.search(r'name="q-which-helped"[^>]*value="1" checked', on_one_line(page.text))
    assert re.search(r'name="quote-different"[^>]*checked', page.text)


def test_when_opened_each_tick_is_an_answer_and_words_say_whether_they_may_be_quoted(form):
    both, quoted = {"which-helped": [0, 2], "today": 3}, {"different": {"text": "Quote me", "may_quote": True}}
    answered(form, both, {"which-helped": [2]}, quoted, {"different": "Do not"}, {"today": 1})
    closed(form)
    words = Answer.objects.filter(text__isnull=False)
    assert {(str(one), one.may_quote, one.submission) for one in words} == {
        ("Quote me", True, None),
        ("Do not", False, None),
    }
    sheets = sheets_of([form])
    assert sorted(sorted(one.several.get("which-helped", ())) for one in sheets) == [[], [], [], [0, 2], [2]]
    assert sorted(one.answers.get("today", -1) for one in sheets) == [-1, -1, -1, 1, 3]
    found = {one.asked.slug: one for one in results(asked_in(form.questionnaire), sheets, []).questions}
    helped = found["which-helped"]
    assert (helped.n, helped.median) == (2, None), "two people ticked something"
    assert [(one.text, one.count) for one in helped.options] == [("Film", 1), ("Talk", 0), ("Tea", 2)]


def test_a_tick_to_quote_stands_only_where_the_question_has_one():
    plain = Question(slug="more", text="More?", kind="text")
    assert list(AnswerForm([plain]).fields) == ["q-more", "nonce"]
    plain.quotable = True
    assert list(AnswerForm([plain]).fields) == ["q-more", "quote-more", "nonce"]


# --- Other languages ---------------------------------------------------------------------------------------


def test_a_form_is_read_and_answered_in_another_language(stranger, form, lead):
    translated(form, lead)
    page = on_one_line(stranger.get(url_of(form) + "?lang=cy").text)
    assert "cy today.text" in page and "cy page.danger" in page and ">cy page.send<" in page
    asked = re.search(r"<form method=\"post\"[^>]*>", page)[0]
    assert 'action="?send&amp;lang=cy"' in asked and 'lang="cy"' in asked and 'dir="ltr"' in asked
    assert "How was today for you?" not in page and '<html lang="en-gb"' in page
    assert 'href="?" lang="en"' in page and '<strong lang="cy" dir="ltr">Cymraeg</strong>' in page
    assert "cy page.drawn_slip" in page and "cy page.slip" in page and "cy page.open_link" not in page
    sent = stranger.post(url_of(form) + "?send&lang=cy", {"q-today": "4", "slip": drawn(form)})
    assert sent.url == reverse("answer_thanks", args=[form.code]) + "?lang=cy"
    assert f'{url_of(form)}?lang=cy"' in stranger.get(sent.url).text
    assert sealing.open_box([form])[0]["answers"] == {"today": 4}
    assert not stranger.cookies


def test_a_sheet_that_comes_back_stays_in_its_language(stranger, form, lead):
    translated(form, lead, "ar")
    page = stranger.post(url_of(form) + "?send&lang=ar", {})
    assert page.status_code == 422 and "ar today.text" in page.text and 'lang="ar" dir="rtl"' in page.text


def test_what_is_wrong_is_said_in_that_language(stranger, form, lead):
    form.questionnaire.questions.filter(slug="today").update(required=True)
    translated(form, lead)
    page = on_one_line(stranger.post(url_of(form) + "?send&lang=cy", {"q-time": "9", "q-different": "x" * 1001}).text)
    summary = re.search(r'<div class="govuk-error-summary"[^>]*lang="cy" dir="ltr">.*?</ul>', page, re.DOTALL)[0]
    for one in ("put_right", "answer_this", "too_long"):
        assert f"cy page.{one}" in summary
    assert "letters and spaces" not in page and "Choose an answer" not in page
    form.questionnaire.questions.update(required=False)
    assert "cy page.slip_wrong" in stranger.post(url_of(form) + "?send&lang=cy", {"slip": "abc"}).text
    assert "cy page.nothing" in stranger.post(by_slip(form) + "?send&lang=cy", {}).text
    english = stranger.post(by_slip(form) + "?send", {}).text
    assert "There is a problem" in english and "Answer at least one question" in english


def test_thanks_are_said_in_that_language_whatever_the_code(stranger, form, lead):
    assert "Your answers have been sent." in thanks(stranger, "anything")
    translated(form, lead)
    page = thanks(stranger, form.code)
    assert "cy page.thanks" in page and "cy page.sent" in page and "cy page.danger" in page and "cy page.again" in page
    assert page.count("<h1") == 1 and "Your answers have been sent." not in page
    assert thanks(stranger, "anything") == page.replace(form.code, "anything")


def thanks(stranger, code: str) -> str:
    return stranger.get(reverse("answer_thanks", args=[code]), {"lang": "cy"}).text


def test_a_language_is_offered_only_when_nothing_is_missing(stranger, form, lead):
    assert "language-choice" not in stranger.get(url_of(form)).text
    translated(form, lead, but=("which-helped.2",))
    page = stranger.get(url_of(form) + "?lang=cy").text
    assert "language-choice" not in page and "How was today for you?" in page
    translated(form, lead)
    assert 'href="?lang=cy"' in stranger.get(url_of(form)).text


@pytest.mark.parametrize("code", ["xx", "", "en", "<script>", "../"])
def test_a_language_that_is_not_there_is_english(stranger, form, lead, code):
    translated(form, lead)
    page = stranger.get(url_of(form), {"lang": code})
    assert page.status_code == 200 and "How was today for you?" in page.text and "<script>" not in page.text
    assert stranger.get(reverse("answer_thanks", args=[form.code]), {"lang": code}).status_code == 200


def test_the_buttons_are_in_that_language_where_the_product_has_it(stranger, form, lead, settings):
    translated(form, lead)
    settings.LANGUAGES = [("en-gb", "English"), ("cy", "Welsh")]
    assert '<html lang="cy"' in stranger.get(url_of(form) + "?lang=cy").text
    assert '<html lang="en-gb"' in stranger.get(url_of(form)).text, "and only for that page"


@pytest.mark.parametrize("opened_by", ["Est-ce que quelqu’un peut savoir ?", ""])
def test_a_promise_is_a_press_away_once_a_translation_says_what_opens_it(stranger, form, lead, opened_by):
    """A translation from before that sentence is still offered, with all of the promise in sight."""
    said = {text.key: f"Fr {text.english}" for text in texts_of(form)} | {"page.still": opened_by}
    translating.save_translation(questionnaire=form.questionnaire, language="fr", said=said, by=lead)
    page = stranger.get(f"/f/{form.code}/?lang=fr").text
    assert "Fr You drew a slip." in page
    assert ("govuk-inset-text" in page) == (not opened_by)
    assert (f'<span class="govuk-details__summary-text">{opened_by}</span>' in page) == bool(opened_by)


def test_what_is_missing_stands_in_english(form, lead):
    translated(form, lead, but=("today.text", "today.3"))
    row = form.questionnaire.translations.get()
    said = language_queries.spoken(form.questionnaire, list(form.questionnaire.questions.all()), row, [])
    assert said.questions[0].text == "How was today for you?" and said.questions[0].options[3] == "Good"
    assert said.questions[0].options[0] == "cy today.0"


def test_everything_on_the_page_of_a_language_is_asked_for(form):
    """One field for each text: questions, help, words, and what stands around them."""
    keys = [text.key for text in texts_of(form)]
    assert keys[:3] == ["today.text", "today.0", "today.1"] and "different.hint" in keys and "which-helped.2" in keys
    assert [key.removeprefix("page.") for key in keys if key.startswith("page.")] == [
        "heading", "leave_out", "no_name", "slip", "slip_wrong", "drawn_slip", "open_link", "still_open_link",
        "still", "typed_in", "danger",
        "send", "tick", "quote", "put_right", "nothing", "too_long", "thanks", "sent", "again",
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)


def test_stored_words_are_read_back_as_they_were_typed(form):
    questions = list(form.questionnaire.questions.all())
    said = {text.key: text.key for text in texts_of(form)}
    assert languages.flat(languages.nested(questions, said)) == said


def test_a_scale_with_words_at_its_ends_needs_only_those(form):
    ends = Question(slug="s", text="How?", kind="scale", options=["Low", "", "", "High"])
    assert [one.key for one in languages.texts(form.questionnaire, [ends])][:3] == ["s.text", "s.0", "s.3"]
    assert language_queries.in_words(ends, {"s.0": "Isel", "s.3": "Uchel"}).labels == ["1, Isel", "2", "3", "4, Uchel"]


def test_ends_of_a_number_stand_without_english_words_between_them():
    goal = Question(slug="goal", text="Pa mor agos?", kind="number", options=["pell", "agos"])
    said = language_queries.Said("", [goal], language=languages.ALL["cy"])
    assert AnswerForm([goal], said=said)["q-goal"].help_text == "0: pell. 10: agos."


# --- Entering it --------------------------------------------------------------------------------------------


def test_a_translation_is_entered_bit_by_bit(client, form):
    url = reverse("feedback:translation", args=[form.questionnaire.code, "pl"])
    assert "Polski" in client.get(url).text and not Translation.objects.exists()
    page = client.post(url, {"t-today.text": "Jak było?"}, follow=True).text
    assert "not offered yet" in page and "texts are missing" in page
    assert 'value="Jak było?"' in client.get(url).text
    page = client.post(url, {f"t-{text.key}": "Słowo" for text in texts_of(form)}, follow=True).text
    assert "People can choose Polish on the form now" in page and "Offered" in page
    client.post(url, {"t-today.text": " "})
    assert not Translation.objects.exists(), "emptied, it is gone"


def test_what_no_sheet_can_print_is_said_when_it_is_typed(client, form):
    url = reverse("feedback:translation", args=[form.questionnaire.code, "zh-hans"])
    assert "stand in words" not in client.post(url, {"t-today.text": "您今天过得怎么样？"}, follow=True).text
    page = client.post(url, {"t-today.text": "您今天 👍🏽 ☐ ☐ 김?"}, follow=True).text
    assert "On a printed sheet these stand in words: 👍🏽 ☐ 김" in page


def test_a_text_that_is_too_long_is_kept_on_the_page(client, form):
    url = reverse("feedback:translation", args=[form.questionnaire.code, "pl"])
    page = client.post(url, {"t-today.text": "J" * 251, "t-today.0": "Kept"})
    assert page.status_code == 422 and "J" * 251 in page.text and 'value="Kept"' in page.text


def test_choosing_a_language_leads_to_its_page(client, form):
    url = reverse("feedback:add_language", args=[form.questionnaire.code])
    assert client.get(url, {"language": "so"}).url == reverse(
        "feedback:translation", args=[form.questionnaire.code, "so"]
    )
    assert "Choose a language" in client.get(url, {"language": "xx"}, follow=True).text
    assert client.get(reverse("feedback:translation", args=[form.questionnaire.code, "xx"])).status_code == 404


def test_the_next_version_brings_its_translations_and_lacks_only_what_is_new(client, form, lead):
    translated(form, lead)
    draft = editing.start(questionnaire=form.questionnaire, by=lead)
    editing.remove_question(questionnaire=draft, slug="time", by=lead)
    editing.add_question(questionnaire=draft, by=lead, text="New?", hint="", kind="text", options=[])
    words = draft.translations.get().words
    lacks = languages.missing(draft, list(draft.questions.all()), words)
    assert [text.key for text in lacks] == ["new.text"]
    page = client.get(reverse("feedback:publish_questions", args=[draft.code])).text
    assert "These languages lack texts" in page and "1 text<" in on_one_line(page)


def test_a_text_that_was_changed_is_missing_in_the_draft_until_it_is_translated_again(form, lead):
    translated(form, lead)
    draft = editing.start(questionnaire=form.questionnaire, by=lead)
    question = draft.questions.get(slug="today")
    changes = {"text": "How was it?", "options": ["Awful", *question.options[1:]]}
    fields = fingerprints.facts_of(question) | changes
    editing.save_question(questionnaire=draft, slug="today", by=lead, seen=fingerprints.fingerprint(question), **fields)
    lacks = languages.missing(draft, list(draft.questions.all()), draft.translations.get().words)
    assert [text.key for text in lacks] == ["today.text", "today.0"]
    in_use = form.questionnaire
    assert not languages.missing(in_use, list(in_use.questions.all()), in_use.translations.get().words)


def test_our_own_final_form_asks_seven_short_questions(db):
    final = questionnaires.final_form()
    assert [one.slug for one in final.questions.all()] == [
        "whole", "changed", "trust", "safer", "suggest", "best", "one-change",
    ]  # fmt: skip
    assert final.kind == "final" and final == questionnaires.final_form()
