"""A list of people as it comes: CSV or XLSX, known by its content and not by its name. Only texts come out."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from caregivers.importing.columns import about_a_child
from ppg.access.refusals import Refused

MOST_BYTES = 1_000_000
MOST_UNPACKED = 12_000_000  # of an XLSX, which is a ZIP
MOST_PARTS = 200
MOST_ROWS = 1000
MOST_COLUMNS = 60
FURTHEST_ROW = 20_000  # a sheet may have a million empty rows between two full ones
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
    for number, cells in enumerate(rows, start=1):
        if number > FURTHEST_ROW:
            raise Refused(_("The sheet is longer than 20,000 rows. Delete the empty rows in between"))
        if not any(cells):
            continue
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
    text = unicodedata.normalize("NFC", str(value)).replace("\r\n", "\n")
    return CONTROLS.sub("", text).strip(" \t\n\xa0\u200b\ufeff")


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


def from_csv(text: str) -> list[list[str]]:
    """Rows of cells, by the separator that finds the most headings."""
    if match := re.match(r"sep=(.)\r?\n", text):  # Excel's own note, which it does not count as a row
        return cells_by(match[1], text[match.end() :])
    return cells_by(max(",;\t", key=lambda separator: columns_by(separator, text)), text)


def columns_by(separator: str, text: str) -> int:
    """How many headings this separator finds in the first row that has any."""
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        counts = (sum(bool(re.search(r"\w", cell)) for cell in row) for row in rows)
        return next(filter(None, counts), 0)
    except csv.Error:
        return 0


def cells_by(separator: str, text: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[list[str]] = []
    try:
        for row in reader:
            cells = [tidy(cell) for cell in row]
            while cells and not cells[-1]:
                cells.pop()  # a spreadsheet writes separators for columns that are empty in every row
            rows.append(cells)
    except csv.Error as error:
        sentence = _("Row %(number)d cannot be read: a quotation mark in it is not closed, or stands where none can be")
        raise Refused(sentence % {"number": len(rows) + 1}) from error
    return rows


# --- XLSX --------------------------------------------------------------------------------------------


def from_xlsx(data: bytes) -> tuple[list[list[str]], bool]:
    import openpyxl

    is_a_harmless_workbook(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about drawings and rules for cells, which we do not read
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
            if not sheets:
                raise Refused(_("The workbook has no sheet with a list"))
            return list(cells_of(sheets[0])), len(sheets) > 1
    except Refused:
        raise
    except Exception as error:  # a damaged file breaks wherever it is damaged
        raise Refused(_("The file is damaged. Open it in Excel, save it anew and try again")) from error


def cells_of(sheet: Any) -> Iterator[list[str]]:
    sheet.reset_dimensions()  # what the file says about its own size may be wrong
    for number, row in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True), start=1):
        cells = [tidy(value) for value in row]
        while cells and not cells[-1]:
            cells.pop()
        yield cells
        if number > FURTHEST_ROW:
            return


def is_a_harmless_workbook(data: bytes) -> None:
    """Looks into the ZIP before anything is made of it: no bomb, no macros, no XML that declares its own entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            names = {part.filename for part in parts}
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Refused(_("The file unpacks to far more than a list. Copy the list into a new workbook"))
            if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
                raise Refused(_("The file is not an Excel workbook. Save it as “Excel workbook (.xlsx)” or as CSV"))
            if any("vbaProject" in name for name in names) or b"macroEnabled" in archive.read("[Content_Types].xml"):
                raise Refused(_("The workbook has macros. Save it as “Excel workbook (.xlsx)”, which has none"))
            for part in parts:
                if part.filename.endswith((".xml", ".rels")) and declares_entities(archive.read(part)):
                    raise Refused(_("The file is damaged. Open it in Excel, save it anew and try again"))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(_("The file is damaged. Open it in Excel, save it anew and try again")) from error


def declares_entities(xml: bytes) -> bool:
    """No spreadsheet writes a document type; XML in two-byte letters would hide one."""
    return b"<!DOCTYPE" in xml or b"<!ENTITY" in xml or b"\0" in xml
