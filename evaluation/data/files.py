"""Tables as files: a workbook, or an archive of CSVs, each with its codebook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from evaluation.data.tables import Cell, Table, codebook
from ppg.documents.spreadsheets import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
ENDING = {XLSX: "xlsx", ZIP: "zip"}
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same figures give the same file
NO_SIGN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")  # XML has none of these
SECOND = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*<")


def name(code: str, day: date, kind: str) -> str:
    """figures-2026-03-27-k7q2.xlsx: it names nobody and no group, as it lies in a folder of downloads afterwards.

    The day and a piece of the random code tell two files apart; what they are stands in them, in “about”.
    """
    return f"figures-{day.isoformat()}-{piece(code)}.{ENDING[kind]}"


def piece(code: str) -> str:
    """Of a random code: enough to tell two files apart."""
    return re.sub(r"[^a-z0-9]", "", code.lower())[:4]


def workbook(tables: Sequence[Table]) -> bytes:
    """An XLSX with a sheet for each table and one for the codebook. Numbers are numbers, text is never a formula.

    Row after row is written and forgotten: a report may be over ten thousand groups.
    """
    from openpyxl import Workbook  # slow to import, and only wanted here

    book = Workbook(write_only=True)
    for table in (*tables, codebook(tables)):
        _fill(book.create_sheet(table.name), table)
    out = io.BytesIO()
    book.save(out)
    return _timeless(out)


WIDEST = 60  # letters: what is longer goes over several lines
MANY = 8  # columns from which the first one stays in sight too


def _fill(sheet: Any, table: Table) -> None:
    """The head in bold, and always in sight; columns as wide as what is in them; numbers with two decimals at most to
    be seen, whole in the cell."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    bold, top, wrapped = Font(bold=True), Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)

    def styled(cell: Cell, long: bool) -> Any:
        made = WriteOnlyCell(sheet, _cell(cell))
        if isinstance(cell, float):
            made.number_format = "0.0#"
        if long:
            made.alignment = wrapped if _letters(cell) > WIDEST else top
        return made

    sheet.freeze_panes = "B2" if len(table.columns) > MANY else "A2"
    for number, width in enumerate(_widths(table), start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    head = [WriteOnlyCell(sheet, word) for word in table.header]
    for cell in head:
        cell.font = bold
    sheet.append(head)
    for row in table.rows:
        long = any(_letters(cell) > WIDEST for cell in row)
        plain = not long and not any(isinstance(cell, float) for cell in row)
        sheet.append([_cell(cell) if plain else styled(cell, long) for cell in row])


def _widths(table: Table) -> list[int]:
    widths = [len(word) for word in table.header]
    for row in table.rows:
        widths = [max(width, _letters(cell)) for width, cell in zip(widths, row, strict=True)]
    return [min(width, WIDEST) + 2 for width in widths]


def _letters(cell: Cell) -> int:
    return 0 if cell is None else len(f"{cell:.2f}" if isinstance(cell, float) else str(cell))


def _timeless(book: io.BytesIO) -> bytes:
    """The same workbook without the second it was made in."""
    out = io.BytesIO()
    with zipfile.ZipFile(book) as made, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as again:
        for name in made.namelist():
            content = SECOND.sub(rb"\g<1>2000-01-01T00:00:00Z<", made.read(name))
            again.writestr(zipfile.ZipInfo(name, NO_TIME), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def archive(tables: Sequence[Table]) -> bytes:
    """A ZIP with a CSV for each table and one for the codebook: UTF-8, with the mark that Excel looks for."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as together:
        for table in (*tables, codebook(tables)):
            info = zipfile.ZipInfo(f"{table.name}.csv", NO_TIME)
            together.writestr(info, _csv(table).encode("utf-8-sig"), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _csv(table: Table) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(table.header)
    writer.writerows([_cell(cell) for cell in row] for row in table.rows)
    return text.getvalue()


def _cell(cell: Cell) -> Cell:
    """A negative number is no formula; a word that begins with a minus might be. Signs that no workbook can hold are
    left out, or there would be no file at all."""
    return harmless(NO_SIGN.sub("", cell)) if isinstance(cell, str) else cell
