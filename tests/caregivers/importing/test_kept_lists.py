"""Lists as people keep them, through the pages: what was read is said, and staff choose other rows and sheets."""

from __future__ import annotations

from datetime import time
from html import unescape

import openpyxl
import pytest

from caregivers.importing import workbooks
from caregivers.models import Caregiver
from tests.caregivers.importing.test_import import Steps, csv_of, xlsx_of

pytestmark = pytest.mark.django_db
HEADS = ["Name", "Mobile", "Source"]
ROSA = ["Rosa Marsh", "07700 900001", "Community"]
OMAR = ["Omar Reed", "07700 900002", "Early help"]


@pytest.fixture
def steps(browser_of, lead, cohort):
    return Steps(browser_of(lead), cohort)


def book_of(**sheets):
    """A workbook with these sheets, in their order."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    return book


def names_of(page):
    return [person.details["name"] for person in page.context["checked"].people]


def words_of(page):
    """As they are read, on one line."""
    return " ".join(unescape(page.text).split())


# --- Rows of headings, and sheets ------------------------------------------------------------------------


def test_the_row_of_headings_is_shown_and_another_one_can_be_chosen(steps):
    page = steps.file(xlsx_of([["Referrals, November 2026"], [], HEADS, ROSA, OMAR]))
    assert "Row 3: Name · Mobile · Source" in page.text
    assert names_of(steps.columns(page)) == ["Rosa Marsh", "Omar Reed"]
    page = steps.columns(page, heading="1", source="hub", do="read")
    assert "What the columns hold" in page.text and "Row 1: Referrals, November 2026" in page.text
    assert page.context["form"]["source"].value() == "hub", "what was typed stays"
    page = steps.columns(page, heading="3")
    assert names_of(steps.columns(page)) == ["Rosa Marsh", "Omar Reed"]


def test_a_list_without_headings_can_be_matched_by_hand(steps):
    page = steps.columns(steps.file(csv_of([ROSA, OMAR])), heading="0")
    assert "Column A, without a heading" in page.text and "Rosa Marsh · Omar Reed" in page.text
    page = steps.columns(page, column_0="name", column_1="phone", column_2="source")
    assert names_of(page) == ["Rosa Marsh", "Omar Reed"]


def test_another_row_is_read_also_when_only_the_main_button_is_pressed(steps):
    page = steps.columns(steps.file(csv_of([["Naam", "Wer"], ["Name", "Mobile"], ROSA[:2]])), heading="1")
    assert "checked" not in page.context and "Row 1: Naam · Wer" in page.text


def test_read_again_from_the_same_rows_everything_chosen_stays(steps):
    page = steps.columns(steps.file(csv_of([HEADS, ROSA])), column_1="allergies", received_on="", do="read")
    assert page.status_code == 200
    assert page.context["form"]["column_1"].value() == "allergies"
    assert "2026" not in str(page.context["form"]["received_on"].value())


def test_the_sheet_with_the_list_is_found_and_another_one_can_be_chosen(steps):
    book = book_of(Notes=[["Please read"]], List=[HEADS, ROSA], Older=[["Name"], ["Omar Reed"]])
    page = steps.file(xlsx_of([], book))
    assert page.context["upload"].sheet.name == "List"
    assert [name for _at, name in page.context["form"].fields["sheet"].choices] == ["List", "Older"]
    older = steps.columns(page, sheet="1", do="read")
    assert older.context["upload"].sheet.name == "Older"
    assert names_of(steps.columns(older, source="hub")) == ["Omar Reed"]
    assert names_of(steps.columns(steps.columns(older, sheet="0"))) == ["Rosa Marsh"]


def test_a_sheet_of_children_is_not_taken_for_the_list(steps):
    wide = ["Name", "Mobile", "E-mail", "Allergies"]
    book = book_of(Children=[wide, ["Little Secret", "1", "2", "3"]], Parents=[HEADS, ROSA])
    page = steps.file(xlsx_of([], book))
    assert page.context["upload"].sheet.name == "Parents"
    children = steps.columns(page, sheet="0")
    assert "“Children” sounds like a list of children" in words_of(children)
    assert "Little Secret" not in children.text


def test_which_sheet_was_read_is_said_where_there_are_several(steps):
    assert "Sheet</dt>" in steps.file(xlsx_of([], book_of(Notes=[["Please read"]], List=[HEADS, ROSA]))).text
    assert "Sheet1" not in steps.file(xlsx_of([], book_of(Sheet1=[HEADS, ROSA]))).text


def test_a_sheet_that_is_no_list_does_not_stop_the_others(steps, monkeypatch):
    monkeypatch.setattr(workbooks, "MOST_ELEMENTS", 300)
    book = book_of(Archive=[["x"]] * 300, List=[HEADS, ROSA])
    page = steps.file(xlsx_of([], book))
    assert "Sheet Archive is far more than a list and was not read" in words_of(page)
    assert names_of(steps.columns(page)) == ["Rosa Marsh"]


def test_nobody_below_the_row_is_a_sentence(steps):
    page = steps.columns(steps.file(csv_of([HEADS, ROSA])), heading="2")
    assert page.status_code == 422 and "nobody below that row" in page.text


def test_a_choice_that_is_not_offered_changes_nothing(steps):
    page = steps.columns(steps.file(csv_of([HEADS, ROSA])), heading="77", sheet="5")
    assert page.status_code == 422 and page.context["upload"].sheet.heading == 1


# --- What is left out --------------------------------------------------------------------------------------


def test_hidden_rows_and_columns_stay_out_and_are_counted(steps):
    book = book_of(List=[HEADS, ROSA, OMAR])
    book["List"].row_dimensions[3].hidden = True
    book["List"].column_dimensions["B"].hidden = True
    page = steps.file(xlsx_of([], book))
    for said in ("Hidden rows, left out", "Hidden columns, left out"):
        assert said in page.text
    assert "07700" not in page.text
    page = steps.columns(page)
    assert names_of(page) == ["Rosa Marsh"] and "Hidden rows, left out" in page.text


def test_hidden_sheets_stay_out_and_are_counted(steps):
    book = book_of(Old=[["Name"], ["Ada Vale"]], List=[HEADS, ROSA], Older=[["Name"], ["Ben Vale"]])
    book["Old"].sheet_state, book["Older"].sheet_state = "hidden", "veryHidden"
    page = steps.file(xlsx_of([], book))
    assert "Hidden sheets, left out" in page.text and page.context["upload"].lists.hidden_sheets == 2
    assert "Ada Vale" not in page.text and "Ben Vale" not in page.text
    page = steps.columns(page)
    assert names_of(page) == ["Rosa Marsh"] and "Hidden sheets, left out" in page.text


def test_a_time_in_a_cell_is_a_time(steps):
    page = steps.preview(xlsx_of([[*HEADS, "Safe times"], [*ROSA, time(18, 30)], [*OMAR, "0.7708333333"]]))
    assert [str(fault) for fault in page.context["checked"].faults] == [
        "Row 3, column D (Safe times): “0.7708333333” is the number that a spreadsheet keeps for a time. "
        "Format the column as a time."
    ]
    assert page.context["checked"].people[0].details["safe_when"] == "18:30"


def test_letters_of_an_old_mac_are_shown_to_look_at(steps):
    page = steps.file(csv_of([HEADS, ["Zoë O’Brien", *ROSA[1:]]], encoding="mac_roman"))
    assert "Look at these: Zoë · O’Brien" in words_of(page)


def test_no_word_of_a_child_is_among_those_to_look_at(steps):
    rows = [["Name", "ChildName", "Youth"], ["Zoë", "Zoltán", "Zénaïde"]]
    page = steps.file(csv_of(rows, encoding="mac_roman"))
    assert "Look at these: Zoë." in words_of(page)
    page = steps.file(csv_of([["Children"], *rows], encoding="mac_roman"))
    assert "does not say how its letters are kept. If names are wrong" in words_of(page)


def test_a_second_list_below_the_first_makes_nobody(steps):
    page = steps.file(csv_of([HEADS, ROSA, ["Child’s name", "DOB", ""], ["Little Secret", "", "Community"]]))
    assert "Rosa Marsh" not in page.text, "below it the column is about children"
    page = steps.columns(page, theirs=["0"], column_0="name")
    assert "Row 3, column A (Name): “Child’s name” is a heading and nobody’s name" in words_of(page)


def test_nothing_said_of_a_phone_is_no_phone(steps):
    page = steps.preview(csv_of([HEADS, ["Rosa Marsh", "n/a", "Community"], ["Omar Reed", "–", "Community"]]))
    assert page.context["checked"].without_contact == 2


# --- Children ----------------------------------------------------------------------------------------------


def test_a_child_below_a_title_is_neither_shown_nor_taken(steps):
    rows = [["Referrals"], [], ["Name", "ChildName", "Mobile"], ["Rosa Marsh", "Little Secret", "07700 900001"]]
    page = steps.file(xlsx_of(rows))
    assert "Column B (ChildName) seems to be about a child" in words_of(page)
    assert "Little Secret" not in page.text and "Little Secret" not in str(page.context["upload"])
    page = steps.columns(page, heading="1")
    assert "Little Secret" not in page.text


def test_a_column_in_doubt_stays_out_until_staff_say_whose_it_is(steps):
    page = steps.file(csv_of([["Name", "Youth worker", "Source"], ["Rosa Marsh", "Little Secret", "Community"]]))
    assert "Which of these are about the parents and carers?" in page.text
    assert "Little Secret" not in page.text
    assert names_of(steps.columns(page)) == ["Rosa Marsh"]
    refused = steps.columns(page, column_1="allergies")
    assert refused.status_code == 422 and "Column B may be about a child" in refused.text
    assert "Little Secret" not in refused.text
    taken = steps.columns(refused, column_1="allergies", theirs=["1"])
    assert taken.context["checked"].people[0].details["allergies"] == "Little Secret"
    again = steps.press(taken, "import_check", do="columns")
    assert again.context["form"]["theirs"].value() == ["1"]


def test_a_list_in_doubt_stays_out_until_staff_say_whose_it_is(steps):
    page = steps.file(csv_of([["Children, 2026"], HEADS, ROSA]))
    assert "Rosa" not in page.text
    sealed = page.context["form"]["sealed"].value()
    straight = steps.client.post(steps.url("import_do"), {"sealed": sealed})
    assert straight.status_code == 422 and not Caregiver.objects.exists()
    refused = steps.columns(page)
    assert refused.status_code == 422 and "if they are the parents and carers" in refused.text
    assert "Rosa" not in refused.text
    steps.press(steps.columns(refused, theirs=["all"]))
    assert Caregiver.objects.get().name == "Rosa Marsh"


def test_the_childs_name_beside_the_parents_is_left_out(steps):
    page = steps.file(csv_of([["Name", "DOB", "Parent/carer", "Source"], ["Little Secret", "x", *ROSA[::2]]]))
    assert "Little Secret" not in page.text
    assert names_of(steps.columns(page)) == ["Rosa Marsh"]


@pytest.mark.parametrize("step", ["import_do", "import_faults"])
def test_a_list_of_which_nobody_has_said_where_the_names_are_is_refused(steps, step):
    page = steps.file(csv_of([["Wer", "Was"], ["Rosa", "x"]]))
    answer = steps.client.post(steps.url(step), {"sealed": page.context["form"]["sealed"].value()})
    assert answer.status_code == 422 and "Say which column holds the names" in answer.text
