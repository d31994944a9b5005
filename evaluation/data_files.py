"""Tables as files: a workbook, or an archive of CSVs, each with its codebook."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Sequence

from evaluation.tables import Cell, Table, codebook
from ppg.spreadsheets import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZIP = "application/zip"
NO_TIME = (1980, 1, 1, 0, 0, 0)  # the same figures give the same file
SECOND = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*<")


def workbook(tables: Sequence[Table]) -> bytes:
    """An XLSX with a sheet for each table and one for the codebook. Numbers are numbers, text is never a formula."""
    from openpyxl import Workbook  # slow to import, and only wanted here

    book = Workbook(write_only=True)
    for table in (*tables, codebook(tables)):
        sheet = book.create_sheet(table.name)
        sheet.append(list(table.header))
        for row in table.rows:
            sheet.append([_cell(cell) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return _timeless(out)


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
    """A negative number is no formula; a word that begins with a minus might be."""
    return harmless(cell) if isinstance(cell, str) else cell
