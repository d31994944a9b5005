"""A workbook is read as openpyxl reads it, and never further than a list goes."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime, time, timedelta
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from caregivers.importing import files, workbooks
from tests.bombs import TEXT, workbook


def saved(book: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> list[workbooks.Row]:
    return sheets_of(data)[0].rows


def sheets_of(data: bytes) -> list[workbooks.Contents]:
    return workbooks.read(data, most_columns=60, most_rows=20_000, most_letters=1_000)[0]


def by_openpyxl(data: bytes) -> list[workbooks.Row]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about the year
        sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    rows = [(cells[0].row, {cell.column: cell.value for cell in cells if cell.value is not None}) for cells in sheet]
    return [row for row in rows if row[1]]


CELLS: list[Any] = [
    *("Rosa", "two\nlines", " blanks ", "Zoë & <Müller>", "naïve \u0301", "=A1&B1", "#N/A", "", "7700900001"),
    *(0, 1, -1.5, 1e-9, 1e30, 7_700_900_001, 3.0, True, False, None),
    *(
        date(2026, 3, 2),
        datetime(2026, 3, 2, 9, 30),  # noqa: DTZ001  # as in a spreadsheet
        time(9, 30),
        timedelta(hours=30),
        date(1900, 2, 1),
    ),
]


@pytest.mark.parametrize("since", [MAC_EPOCH, WINDOWS_EPOCH])
def test_every_kind_of_cell_is_what_openpyxl_makes_of_it(since):
    book = openpyxl.Workbook()
    book.epoch = since
    book.active.append(CELLS)
    book.active["B3"] = 45_000.25
    book.active["B3"].number_format = "dd/mm/yyyy hh:mm"
    book.active["C3"] = 45_000
    book.active["C3"].number_format = '"on the" 0'
    book.active["D9"] = 1e12
    book.active["D9"].number_format = "yyyy"  # there is no such year
    assert read(saved(book)) == by_openpyxl(saved(book))


def test_text_in_several_letterings_is_one_text():
    book = openpyxl.Workbook()
    book.active["A1"] = CellRichText("Rosa ", TextBlock(InlineFont(b=True), "Marsh"))
    assert read(saved(book)) == [(1, {1: "Rosa Marsh"})]


def test_text_may_lie_in_the_cell_and_how_it_is_spoken_is_no_part_of_it():
    sheet = b'<row><c t="inlineStr"><is><t>Ro</t><rPh sb="0" eb="1"><t>no</t></rPh><t>sa</t></is></c></row>'
    assert read(workbook(sheet + TEXT, b"<si><t>Om</t><rPh><t>no</t></rPh><t>ar</t></si>")) == [
        (1, {1: "Rosa"}),
        (2, {1: "Omar"}),
    ]


def test_cells_that_say_no_place_follow_one_another():
    sheet = b'<row r="4"><c/><c><v>1</v></c><c r="F4"><v>2</v></c><c><v>3</v></c></row><row><c><v>4</v></c></row>'
    assert read(workbook(sheet)) == [(4, {2: 1, 6: 2, 7: 3}), (5, {1: 4})]


def test_names_with_a_prefix_are_read_as_well():
    sheet = b'<x:worksheet xmlns:x="x"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    assert read(workbook(**{"worksheets/sheet1": sheet})) == [(1, {1: 1})]


def test_the_sheets_that_are_to_be_seen_are_read():
    book = openpyxl.Workbook()
    book.active["A1"], book.active.sheet_state = "hidden", "hidden"
    book.create_sheet("Seen")["A1"] = "seen"
    book.create_sheet("Seen too")["B2"] = "as well"
    read_of = [(sheet.name, sheet.rows) for sheet in sheets_of(saved(book))]
    assert read_of == [("Seen", [(1, {1: "seen"})]), ("Seen too", [(2, {2: "as well"})])]


def with_hidden() -> openpyxl.Workbook:
    book = openpyxl.Workbook()
    for row in (["Name", "Phone", "Secret"], ["Rosa", "1", "x"], ["Omar", "2", "y"], ["Ama", "3", ""]):
        book.active.append(row)
    return book


def test_hidden_rows_and_columns_are_left_out_and_counted():
    book = with_hidden()
    book.active.row_dimensions[3].hidden = True
    book.active.row_dimensions[9].hidden = True  # with nothing in it: nobody would miss it
    book.active.column_dimensions["C"].hidden = True
    book.active.column_dimensions["E"].hidden = True
    (sheet,) = sheets_of(saved(book))
    assert [cells for _number, cells in sheet.rows] == [
        {1: "Name", 2: "Phone"},
        {1: "Rosa", 2: "1"},
        {1: "Ama", 2: "3"},
    ]
    assert (sheet.hidden_rows, sheet.hidden_columns) == (1, 1)


def test_what_is_drawn_to_nothing_is_hidden_too():
    part = (
        b'<worksheet><cols><col min="2" max="2" width="0" customWidth="1"/></cols><sheetData>'
        b'<row ht="0" customHeight="1"><c><v>1</v></c></row><row ht="0.5"><c><v>2</v></c><c><v>3</v></c></row>'
        b"</sheetData></worksheet>"
    )
    (sheet,) = sheets_of(workbook(**{"worksheets/sheet1": part}))
    assert (sheet.rows, sheet.hidden_rows, sheet.hidden_columns) == ([(2, {1: 2})], 1, 1)


def test_a_sheet_that_is_far_more_than_a_list_does_not_cost_the_list(monkeypatch):
    book = with_hidden()
    archive = book.create_sheet("Archive", 0)
    for number in range(200):
        archive.append([number])
    monkeypatch.setattr(workbooks, "MOST_ELEMENTS", 150)
    found = workbooks.read(saved(book), most_columns=60, most_rows=20_000, most_letters=1_000)
    assert ([sheet.name for sheet in found.sheets], found.too_large) == (["Sheet"], ["Archive"])


def test_of_a_long_cell_no_more_is_read_than_could_be_wrong_with_it():
    sheet = files.read(workbook(TEXT * 2, b"<si><t>%s</t></si>" % (b"a" * 5_000))).sheet
    assert [len(cells[0]) for _number, cells in sheet.rows] == [files.MOST_LETTERS_OF_CELL]


MANY = {
    "elements": ("MOST_ELEMENTS", 6, workbook(b"<row/>" * 7)),
    "depth": ("DEEPEST", 4, workbook(b"<row><c><a/></c></row>")),
    "names": ("MOST_NAMES", 30, workbook(b"".join(b"<a%d/>" % number for number in range(31)))),
    "a long tag": ("LONGEST", 400, workbook(b'<c a="%s"/>' % (b"a" * 400))),
    "processor time": ("MOST_SECONDS", -1, workbook(b"<row/>" * 5_000)),
    "bytes": ("MOST_UNPACKED", 900, workbook(b" " * 1_000)),
}


@pytest.mark.parametrize("what", MANY)
def test_it_stops_at_each_of_its_bounds(monkeypatch, what):
    name, most, data = MANY[what]
    try:
        read(data)  # by the bounds that hold it is a workbook like any other
    except workbooks.TooMuch as error:
        raise AssertionError from error
    monkeypatch.setattr(workbooks, name, most)
    with pytest.raises(workbooks.TooMuch):
        read(data)


def test_what_comes_behind_the_list_is_not_even_looked_at(monkeypatch):
    """The list has been read by then: what is left of the part, and texts that no cell names, cost nothing."""
    monkeypatch.setattr(workbooks, "MOST_ELEMENTS", 100)
    strings, more = b"<si><t>Rosa</t></si>" + b"<si/>" * 200, b"<x/>" * 200
    behind = b"<worksheet><sheetData>%s</sheetData>%s</worksheet>" % (TEXT, more)
    assert read(workbook(strings=strings, **{"worksheets/sheet1": behind})) == [(1, {1: "Rosa"})]
