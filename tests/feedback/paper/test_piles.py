"""Typing in paper sheets: a pile is typed sheet by sheet, perhaps twice, and goes into the box once."""

import pytest
from django.urls import reverse

from feedback.models import Form, PaperPile, Question, SealedAnswer
from feedback.paper import actions as paper
from feedback.paper import piles
from feedback.sealing import CONTENT_BYTES, TooLong
from feedback.slips.codes import codes_of
from feedback.slips.queries import sheet_of
from tests.factories import UserFactory
from tests.feedback.factories import drawn, opened_form
from tests.feedback.paper.typed_in import in_box, typed, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(cohort)


@pytest.fixture
def pile(form, facilitator) -> PaperPile:
    return paper.begin_pile(form=form, sheets=3, by=facilitator)


@pytest.fixture
def browser(browser_of, facilitator):
    return browser_of(facilitator)


def type_in(browser, pile, number, again="", **answers):
    data = {f"q-{slug}": value for slug, value in answers.items()}
    return browser.post(url("pile", pile), {**data, "number": number, "again": again})


def type_in_with(browser, pile, number, slip):
    data = {"slip": slip, "q-today": "4", "q-different": "More tea", "number": number, "again": ""}
    return browser.post(url("pile", pile), data)


def test_a_sheet_that_fits_no_envelope_is_refused_while_its_paper_is_still_in_hand(pile):
    with pytest.raises(TooLong, match="write a little less"):
        typed(pile, {"today": 4, "different": "x" * CONTENT_BYTES})
    pile.refresh_from_db()
    assert pile.first[0] is None


# --- Typing ---------------------------------------------------------------------------------------------


def test_a_pile_is_begun_once_however_often_the_button_is_pressed(browser, form):
    press = {"sheets": "10", "effect_key": "b1946ac9-2492-4d23-8f2a-6d1a6d1ab946"}
    first, second = (browser.post(url("type", form), press) for _ in range(2))
    pile = PaperPile.objects.get()
    assert first.url == second.url == url("pile", pile)
    assert "Sheet 1 of 10" in browser.get(first.url).content.decode()


@pytest.mark.parametrize("sheets", ["", "0", "61", "ten"])
def test_the_number_of_sheets_is_a_number(browser, form, sheets):
    page = browser.post(url("type", form), {"sheets": sheets})
    assert page.status_code == 422 and not PaperPile.objects.exists()
    assert f'value="{sheets}"' in page.content.decode() or not sheets


def test_after_each_sheet_the_next_one_opens_by_itself_and_after_the_last_one_the_check(browser, pile):
    for number in (1, 2):
        page = browser.get(type_in(browser, pile, number, today="4").url)
        assert f"Sheet {number + 1} of 3" in page.content.decode()
    page = browser.get(type_in(browser, pile, 3, today="0", different="More tea").url, follow=True)
    assert page.request["PATH_INFO"] == url("pile_check", pile)
    assert "All 3 sheets are typed" in page.content.decode()
    pile.refresh_from_db()
    assert pile.first == [{"today": 4}, {"today": 4}, {"today": 0, "different": "More tea"}]


def test_a_slip_that_was_typed_with_another_sheet_is_said_and_the_sheet_is_kept_on_the_page(browser, pile):
    first, second = drawn(pile.form), codes_of(sheet_of(pile.form))[1]
    assert type_in_with(browser, pile, 1, first).status_code == 302
    page = type_in_with(browser, pile, 2, first.lower())
    assert (
        page.status_code == 422 and "You typed this code on sheet 1 as well." in page.text and "More tea" in page.text
    )
    assert type_in_with(browser, pile, 1, first).status_code == 302, "the same sheet once more"
    assert type_in_with(browser, pile, 2, second).status_code == 302


def test_it_asks_what_the_public_page_asks_and_nothing_has_to_be_answered(browser, pile):
    Question.objects.update(required=True)
    page = browser.get(url("pile", pile)).content.decode()
    for question in pile.form.questionnaire.questions.all():
        assert question.text in page
    assert type_in(browser, pile, 1, time="1").status_code == 302


def test_the_sheet_before_can_be_put_right(browser, pile):
    type_in(browser, pile, 1, today="4", different="Tea")
    page = browser.get(url("pile", pile)).content.decode()
    before = f"{url('pile', pile)}?sheet=1"
    assert before in page
    page = browser.get(before).content.decode()
    assert "Sheet 1 of 3" in page and ">\nTea</textarea>" in page
    assert "Sheet 2 of 3" in browser.get(type_in(browser, pile, 1, today="3").url).content.decode()
    pile.refresh_from_db()
    assert pile.first == [{"today": 3}, None, None]


def test_sent_twice_a_sheet_is_one_sheet(browser, pile):
    for _ in range(2):
        type_in(browser, pile, 1, today="4")
    pile.refresh_from_db()
    assert pile.first == [{"today": 4}, None, None]


def test_words_that_may_be_quoted_keep_their_tick(browser, pile):
    data = {"q-different": "Tea", "quote-different": "on", "number": 1, "again": ""}
    browser.post(url("pile", pile), data)
    pile.refresh_from_db()
    assert pile.first[0] == {"different": {"text": "Tea", "may_quote": True}}
    assert (
        "checked"
        in browser.get(f"{url('pile', pile)}?sheet=1").content.decode().split('name="quote-different"')[1].split(">")[0]
    )


def test_an_empty_sheet_is_asked_about_and_a_blank_one_is_no_answer(browser, pile, form):
    page = type_in(browser, pile, 1)
    assert page.status_code == 422 and "This sheet is blank" in page.content.decode()
    browser.post(url("pile", pile), {"number": 1, "again": "", "blank": "yes"})
    typed(pile, {}, {"today": 1}, {"today": 2})
    page = browser.get(url("pile_check", pile))
    assert page.status_code == 200 and "1 of them was blank" in page.content.decode()
    browser.post(url("pile_check", pile))
    assert in_box(form) == [{"today": 1}, {"today": 2}]


def test_what_was_typed_wrong_is_kept(browser, pile):
    page = type_in(browser, pile, 1, today="3", different="x" * 1001)
    text = page.content.decode()
    assert page.status_code == 422 and "x" * 1001 in text and "Sheet 1 of 3" in text


def test_a_sheet_more_or_less_than_was_counted(browser, pile):
    typed(pile, {"today": 1}, {"today": 2})
    browser.post(url("pile_resize", pile))
    pile.refresh_from_db()
    assert pile.first == [{"today": 1}, {"today": 2}]
    browser.post(url("pile_resize", pile), {"more": "yes"})
    assert "Sheet 3 of 3" in browser.get(url("pile", pile)).content.decode()


# --- Typing a second time ----------------------------------------------------------------------------------


@pytest.fixture
def twice(pile) -> PaperPile:
    """Typed twice with one difference in a scale, one in words, and one that is only a space."""
    typed(pile, {"today": 4}, {"today": 3, "different": "More  tea"}, {"different": "Good"})
    paper.type_again(pile=pile, again=True)
    typed(pile, {"today": 4}, {"today": 2, "different": "More tea"}, {"different": "God"}, again=True)
    return pile


def test_the_second_time_the_sheets_are_empty(browser, pile):
    typed(pile, {"today": 4}, {"today": 4}, {"different": "Secret"})
    page = browser.get(browser.post(url("pile_again", pile)).url).content.decode()
    assert "Sheet 1 of 3" in page and "a second time" in page and "checked" not in page


def test_differences_stand_beside_each_other_with_the_number_of_the_sheet(browser, twice):
    page = browser.get(url("pile_check", twice)).content.decode()
    assert "They differ in 2 answers" in page
    assert "Sheet 2: How was today for you?" in page and "Sheet 3: " in page and "Sheet 1: " not in page
    for words in ("Good", "OK", "God"):
        assert f">{words}</label>" in page


def test_a_pile_with_differences_is_sent_when_all_are_settled(browser, twice, form):
    page = browser.post(url("pile_check", twice), {"d-2-today": "second"})
    assert page.status_code == 422 and "Choose what stands on sheet 3" in page.content.decode()
    assert not SealedAnswer.objects.exists()
    browser.post(url("pile_check", twice), {"d-2-today": "second", "d-3-different": "first"})
    assert in_box(form) == [{"different": "Good"}, {"today": 2, "different": "More  tea"}, {"today": 4}]


def test_a_late_press_of_the_first_typing_does_not_reach_the_second(browser, pile):
    typed(pile, {"today": 1}, {"today": 1}, {"today": 1})
    paper.type_again(pile=pile, again=True)
    type_in(browser, pile, 1, today="4")
    pile.refresh_from_db()
    assert pile.second == [None, None, None] and pile.first[0] == {"today": 1}


def test_the_second_typing_can_be_given_up(browser, twice):
    browser.post(url("pile_again", twice), {"stop": "yes"})
    assert "They differ" not in browser.get(url("pile_check", twice)).content.decode()


def test_answers_are_said_in_words():
    several = Question(slug="s", text="Which?", kind="several", options=["Tea", "Talk", "Rest"])
    number = Question(slug="n", text="How far?", kind="number", options=["No", "Yes"])
    first = [{"s": [0, 2], "+code": "AB"}, None, {}]
    second = [{"n": 10, "+code": "AC"}, {}, {"s": [1]}]
    found = piles.differences({"code": "Code"}, [several, number], first, second)
    assert [(one.sheet, one.asked, one.first, one.second) for one in found] == [
        (1, "Code", "AB", "AC"),
        (1, "Which?", "Tea, Rest", "Left out"),
        (1, "How far?", "Left out", "10"),
        (3, "Which?", "Left out", "Talk"),
    ]


# --- Who may ------------------------------------------------------------------------------------------------


def test_a_pile_is_open_to_its_typist_alone(browser_of, lead, pile, form):
    for name in ("pile", "pile_check"):
        assert browser_of(lead).get(url(name, pile)).url == url("paper", form)
    for name in ("pile", "pile_check", "pile_again", "pile_resize", "pile_discard"):
        assert browser_of(lead).post(url(name, pile), {"number": 1, "again": "", "q-today": 1}).url == url(
            "paper", form
        )
    pile.refresh_from_db()
    assert pile.first == [None] * 3
    assert "begun a pile" not in browser_of(lead).get(url("paper", form)).content.decode()


def test_unfinished_piles_are_listed_for_their_typist(browser, pile, form):
    for name in ("paper", "type"):
        page = browser.get(url(name, form)).content.decode()
        assert "begun a pile of 3 sheets" in page and url("pile", pile) in page


def test_what_was_typed_can_be_thrown_away(browser, pile, form):
    assert browser.post(url("pile_discard", pile)).url == url("paper", form)
    assert not PaperPile.objects.exists()
    assert browser.get(url("pile", pile)).url == url("paper", form)


PAGES = ["type", "paper", "paper_sheet", "pile", "pile_check"]
PRESSES = ["pass_round", "pile_again", "pile_resize", "pile_discard"]


@pytest.mark.parametrize("name", [*PAGES, *PRESSES])
def test_who_may(browser_of, stranger, parent, manager, other_facilitator, pile, name):
    where = url(name, pile if name.startswith("pile") else pile.form)
    verb = "get" if name in PAGES else "post"
    assert getattr(stranger, verb)(where).url.startswith(reverse("account_login"))
    assert getattr(browser_of(other_facilitator), verb)(where).status_code == 404
    for user in (parent, manager):
        assert getattr(browser_of(user), verb)(where).status_code == 403
    wrong = getattr(browser_of(UserFactory(role="lead")), "get" if verb == "post" else "delete")(where)
    assert wrong.status_code == 405
