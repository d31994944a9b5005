"""A list of people as it comes: CSV or XLSX, known by its content and not by its name. Only texts come out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from caregivers.importing import lettering, workbooks
from caregivers.importing.children import Whose, whose
from caregivers.importing.columns import meaning, plain
from caregivers.importing.sheets import FIRST, Line, Sheet, sheet_of
from ppg.access.refusals import Refused
from ppg.typed import clean

MOST_BYTES = 1_000_000
MOST_ROWS = 1000
MOST_COLUMNS = 60
FURTHEST_ROW = 20_000  # a sheet may have a million empty rows between two full ones
MOST_LETTERS = 1_000_000  # of all cells: one text of a workbook may stand in each of them
MOST_LETTERS_OF_CELL = 1_000  # nothing that is brought in may have so many; more is not read
EMPTY = gettext_lazy("The file is empty")
NUMBER_AS_TEXT = re.compile(r"^['‘’`´](?=[+(]?\d)")


@dataclass(frozen=True)
class Lists:
    """What a file holds: the sheets with people on them, which of them is the list, and what is to be known of it."""

    sheets: list[Sheet]
    at: int = 0  # the sheet that is the list
    not_read: list[str] = field(default_factory=list)  # names of sheets that are too large
    hidden_sheets: int = 0
    several: bool = False  # sheets are to be seen in the workbook, some perhaps without anybody on them
    odd_letters: bool = False  # the file does not say which letters it has, and they may be taken for others

    @property
    def sheet(self) -> Sheet:
        return self.sheets[self.at]

    @property
    def odd_words(self) -> list[str]:
        """Some to look at."""
        cells = (cell for _number, line in self.sheet.shown for cell in line)
        return lettering.words_of(cells) if self.odd_letters else []


def read(data: bytes) -> Lists:
    """What the file holds, or a refusal that says what is wrong with it and what to do."""
    if len(data) > MOST_BYTES:
        raise Refused(_("The file is larger than 1 MB. Take out what is not about the people, or bring it in in parts"))
    if data.startswith(b"PK"):
        return from_xlsx(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refused(_("The file is protected by a password. Save it without one"))
        raise Refused(_("The file comes from an old Excel. Save it as “Excel workbook (.xlsx)” or as CSV"))
    text, odd_letters = in_letters(data)
    return Lists([within_limits("", from_csv(text))], odd_letters=odd_letters)


def within_limits(name: str, rows: Iterable[list[str]], hidden_rows: int = 0, hidden_columns: int = 0) -> Sheet:
    """A sheet that is no larger than a list may be. Its rows keep their numbers, with empty ones left out."""
    lines: list[Line] = []
    letters = 0
    for number, cells in enumerate(rows, start=1):
        if number > FURTHEST_ROW:
            raise Refused(_("The sheet is longer than 20,000 rows. Delete the empty rows in between"))
        if not any(cells):
            continue
        letters += sum(map(len, cells))
        if letters > MOST_LETTERS:
            raise Refused(_("There is too much text in the list. Bring it in in parts"))
        lines.append((number, cells))
        if len(lines) > MOST_ROWS + FIRST:
            raise Refused(_("The list has more than 1,000 people. Bring it in in parts"))
    if not lines:
        raise Refused(EMPTY)
    if max(len(cells) for _number, cells in lines) > MOST_COLUMNS:
        raise Refused(_("The list has more than 60 columns. Keep those that are about the people"))
    sheet = sheet_of(name, lines, hidden_rows, hidden_columns)
    if not sheet.rows:
        raise Refused(_("The list has headings and nobody in it"))
    if len(sheet.rows) > MOST_ROWS:
        raise Refused(_("The list has more than 1,000 people. Bring it in in parts"))
    return sheet


def tidy(value: Any) -> str:
    """A cell as text, cleaned as what is typed is; without blanks around it, and without the apostrophe by which a
    spreadsheet is told that a number is text."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if not (value.hour or value.minute) else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # Excel keeps every number as a fraction
    if not isinstance(value, str | int | float):
        return "="  # a formula of some special kind
    return NUMBER_AS_TEXT.sub("", clean(str(value)[:MOST_LETTERS_OF_CELL]).strip())


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


def in_letters(data: bytes) -> tuple[str, bool]:
    """UTF-8, the UTF-16 of Excel's "Unicode text", or what older programs of Windows and of Macs write; and whether it
    is odd, as nothing says which of the two it is."""
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    is_text = is_utf_16 or not (b"\0" in data or data.startswith((b"%PDF", b"{\\rtf", b"<")))
    if is_text:
        with suppress(UnicodeDecodeError):
            return data.decode("utf-16" if is_utf_16 else "utf-8-sig"), False
    if is_text and not is_utf_16 and (found := lettering.of_one_byte(data)):
        return found.text, found.odd
    raise Refused(_("The file is not a list we can read. Save it as “Excel workbook (.xlsx)” or as CSV"))


def from_csv(text: str) -> Iterator[list[str]]:
    """Rows of cells, by the separator that finds the most headings."""
    if match := re.match(r"sep=(.)\r?\n", text):  # Excel's own note, which it does not count as a row
        return cells_by(match[1], text[match.end() :])
    return cells_by(max(",;\t", key=lambda separator: columns_by(separator, text)), text)


def columns_by(separator: str, text: str) -> tuple[int, int]:
    """How many headings that we know this separator finds in one of the first rows, and how many of any kind in the
    first that has any."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        rows = (row[: 2 * MOST_COLUMNS] for row in islice(reader, FURTHEST_ROW))
        first = list(islice((row for row in rows if any(re.search(r"\w", cell) for cell in row)), FIRST))
    except csv.Error:
        return 0, 0
    known = max((len({meaning(cell) for cell in row} - {""}) for row in first), default=0)
    return known, sum(bool(re.search(r"\w", cell)) for cell in first[0]) if first else 0


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


def from_xlsx(data: bytes) -> Lists:
    limits = {"most_columns": MOST_COLUMNS, "most_rows": FURTHEST_ROW, "most_letters": MOST_LETTERS_OF_CELL}
    try:
        workbook = workbooks.read(data, **limits)
    except workbooks.TooMuch as error:
        raise Refused(_("The file unpacks to far more than a list. Copy the list into a new workbook")) from error
    except workbooks.HasMacros as error:
        raise Refused(_("The workbook has macros. Save it as “Excel workbook (.xlsx)”, which has none")) from error
    except workbooks.OnlyHidden as error:
        sentence = _("The workbook has no sheet with a list that is not hidden. Show it in the workbook, and save")
        raise Refused(sentence) from error
    except workbooks.NoSheet as error:
        raise Refused(_("The workbook has no sheet with a list")) from error
    except workbooks.NotAWorkbook as error:
        sentence = _("The file is not an Excel workbook. Save it as “Excel workbook (.xlsx)” or as CSV")
        raise Refused(sentence) from error
    except workbooks.Damaged as error:
        raise Refused(_("The file is damaged. Open it in Excel, save it anew and try again")) from error
    return of_sheets(workbook)


def of_sheets(workbook: workbooks.Workbook) -> Lists:
    """Those with people on them. The list is the sheet that knows most headings, and not one that is named after
    children."""
    sheets, not_read, letters = list[Sheet](), list(workbook.too_large), 0
    refusals: list[Refused] = []
    for one in workbook.sheets:
        try:
            sheet = within_limits(tidy(one.name), as_in_the_sheet(one.rows), one.hidden_rows, one.hidden_columns)
        except Refused as refusal:
            refusals.append(refusal)
            continue
        letters += sum(len(cell) for _number, cells in sheet.lines for cell in cells)
        if letters > MOST_LETTERS:
            not_read.append(sheet.name)
        else:
            sheets.append(sheet)
    if not sheets:
        raise next((one for one in refusals if str(one) != EMPTY), refusals[0])
    at = max(range(len(sheets)), key=lambda place: likeness(sheets[place]))
    return Lists(sheets, at, not_read, workbook.hidden, several=len(workbook.sheets) + len(workbook.too_large) > 1)


def likeness(sheet: Sheet) -> tuple[bool, int]:
    """How much it looks like a list of caregivers, to be compared."""
    return whose(plain(sheet.name)) is not Whose.CHILDS, len(sheet.guess())


def as_in_the_sheet(rows: Iterable[workbooks.Row]) -> Iterator[list[str]]:
    """With the empty rows and cells in between."""
    next_one = 1
    for number, cells in rows:
        for _empty in range(next_one, number):
            yield []
        next_one = number + 1
        yield tidy_row([cells.get(column) for column in range(1, max(cells) + 1)])
