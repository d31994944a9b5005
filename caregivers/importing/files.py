"""A list of people as it comes: CSV or XLSX, known by its content and not by its name. Only texts come out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from caregivers.importing import workbooks
from caregivers.importing.columns import about_a_child
from ppg.access.refusals import Refused

MOST_BYTES = 1_000_000
MOST_ROWS = 1000
MOST_COLUMNS = 60
FURTHEST_ROW = 20_000  # a sheet may have a million empty rows between two full ones
MOST_LETTERS = 1_000_000  # of all cells: one text of a workbook may stand in each of them
MOST_LETTERS_OF_CELL = 1_000  # nothing that is brought in may have so many; more is not read
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class Sheet:
    """The list: its headings, and its rows with the numbers a spreadsheet shows beside them."""

    headings: list[str]
    rows: list[tuple[int, list[str]]]
    children: list[int]  # columns about a child: their cells were dropped
    other_sheets: bool = False  # only the first of several is read


def read(data: bytes) -> Sheet:
    """The first sheet of the file, or a refusal that says what is wrong with it and what to do."""
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than 1 MB. Take out what is not about the people, or bring it in in parts"))
    if data.startswith(b"PK"):
        return whole(*from_xlsx(data))
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused(_("The file is protected by a password. Save it without one"))
        raise Refused(_("The file comes from an old Excel. Save it as “Excel workbook (.xlsx)” or as CSV"))
    return whole(from_csv(in_letters(data)))


def whole(rows: Iterable[list[str]], other_sheets: bool = False) -> Sheet:
    """The first row that is not empty holds the headings; the numbers of the rows stay the sheet's."""
    headings: list[str] | None = None
    people: list[tuple[int, list[str]]] = []
    letters = 0
    for number, cells in enumerate(rows, start=1):
        if number > FURTHEST_ROW:
            raise Refused(_("The sheet is longer than 20,000 rows. Delete the empty rows in between"))
        if not any(cells):
            continue
        letters += sum(map(len, cells))
        if letters > MOST_LETTERS:
            raise Refused(_("There is too much text in the list. Bring it in in parts"))
        if headings is None:
            headings = cells
        else:
            people.append((number, cells))
        if len(people) > MOST_ROWS:
            raise Refused(_("The list has more than 1,000 people. Bring it in in parts"))
    if not headings:
        raise Refused(_("The file is empty"))
    if not people:
        raise Refused(_("The list has headings and nobody in it"))
    width = max(len(cells) for cells in [headings, *(cells for _number, cells in people)])
    if width > MOST_COLUMNS:
        raise Refused(_("The list has more than 60 columns. Keep those that are about the people"))
    headings += [""] * (width - len(headings))
    children = [column for column, heading in enumerate(headings) if about_a_child(heading)]
    kept = [
        (
            number,
            ["" if column in children else cell for column, cell in enumerate(cells + [""] * (width - len(cells)))],
        )
        for number, cells in people
    ]
    return Sheet(headings, kept, children, other_sheets)


def tidy(value: Any) -> str:
    """A cell as text: no control characters, no blanks around it, letters composed in one way."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # Excel keeps every number as a fraction
    if not isinstance(value, str | int | float):
        return "="  # a formula of some special kind
    # Cut first: composing letters takes as long as their number by itself.
    text = unicodedata.normalize("NFC", str(value)[:MOST_LETTERS_OF_CELL]).replace("\r\n", "\n")
    return CONTROLS.sub("", text).strip(" \t\n\xa0\u200b\ufeff")


def tidy_row(values: Sequence[Any]) -> list[str]:
    """Without empty cells at its end: a spreadsheet writes them for columns that are empty in every row. Of a row that
    is too wide one cell too many is enough."""
    cells: list[str] = []
    for at, value in enumerate(values):
        if len(cells) > MOST_COLUMNS:
            break
        if text := tidy(value):
            cells += [""] * (min(at, MOST_COLUMNS) - len(cells)) + [text]
    return cells


# --- CSV ---------------------------------------------------------------------------------------------


def in_letters(data: bytes) -> str:
    """UTF-8, the UTF-16 of Excel's "Unicode text", or the Windows encoding of older programs."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data or data.startswith((b"%PDF", b"{\\rtf", b"<")):
        encodings = []
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("The file is not a list we can read. Save it as “Excel workbook (.xlsx)” or as CSV"))


def from_csv(text: str) -> Iterator[list[str]]:
    """Rows of cells, by the separator that finds the most headings."""
    if match := re.match(r"sep=(.)\r?\n", text):  # Excel's own note, which it does not count as a row
        return cells_by(match[1], text[match.end() :])
    return cells_by(max(",;\t", key=lambda separator: columns_by(separator, text)), text)


def columns_by(separator: str, text: str) -> int:
    """How many headings this separator finds in the first row that has any."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        counts = (sum(bool(re.search(r"\w", cell)) for cell in row[: 2 * MOST_COLUMNS]) for row in rows)
        return next(filter(None, islice(counts, FURTHEST_ROW)), 0)
    except csv.Error:
        return 0


def cells_by(separator: str, text: str) -> Iterator[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    try:
        for number, row in enumerate(reader, start=1):  # noqa: B007  # the row after it is the one that cannot be read
            yield tidy_row(row)
    except csv.Error as error:
        sentence = _("Row %(number)d cannot be read: a quotation mark in it is not closed, or stands where none can be")
        raise Refused(sentence % {"number": number + 1}) from error


# --- XLSX --------------------------------------------------------------------------------------------


def from_xlsx(data: bytes) -> tuple[Iterator[list[str]], bool]:
    limits = {"most_columns": MOST_COLUMNS, "most_rows": FURTHEST_ROW, "most_letters": MOST_LETTERS_OF_CELL}
    try:
        rows, other_sheets = workbooks.read(data, **limits)
    except workbooks.TooMuch as error:
        raise Refused(_("The file unpacks to far more than a list. Copy the list into a new workbook")) from error
    except workbooks.HasMacros as error:
        raise Refused(_("The workbook has macros. Save it as “Excel workbook (.xlsx)”, which has none")) from error
    except workbooks.NoSheet as error:
        raise Refused(_("The workbook has no sheet with a list")) from error
    except workbooks.NotAWorkbook as error:
        sentence = _("The file is not an Excel workbook. Save it as “Excel workbook (.xlsx)” or as CSV")
        raise Refused(sentence) from error
    except workbooks.Damaged as error:
        raise Refused(_("The file is damaged. Open it in Excel, save it anew and try again")) from error
    return as_in_the_sheet(rows), other_sheets


def as_in_the_sheet(rows: Iterable[workbooks.Row]) -> Iterator[list[str]]:
    """With the empty rows and cells in between."""
    next_one = 1
    for number, cells in rows:
        for _empty in range(next_one, number):
            yield []
        next_one = number + 1
        yield tidy_row([cells.get(column) for column in range(1, max(cells) + 1)])
