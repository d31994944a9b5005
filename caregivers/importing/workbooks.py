"""An Excel workbook (XLSX) as rows of cells: read as a stream, and left off as soon as it is more than a list.

A workbook of 11 kB can unpack to millions of cells, texts or styles. Libraries make an object of each before anything
can be counted, so the XML is read here, in pieces, by a parser that keeps nothing. What stands in a cell is worked out
as openpyxl does it, with its own functions for dates. Why so: docs/decisions/uploads.md.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from time import thread_time
from typing import Any, NamedTuple
from xml.parsers import expat

from ppg.files import zips

MOST_PARTS = 200
MOST_UNPACKED = 12_000_000
MOST_ELEMENTS = 400_000  # of all that is read; a list of 1,000 people has 60,000 cells
DEEPEST = 40
MOST_NAMES = 2_000  # of elements and attributes that differ: the parser keeps each
LONGEST = 200_000  # bytes from one "<" to the next, so of a tag: the parser holds it whole
MOST_SECONDS = 1.5  # of this thread's processor time
MOST_SHEETS = 10
SOON = 0.5  # of the time: when it has passed no further sheet is begun
MOST_NAME = 100  # letters of a sheet's name; Excel has 31
PIECE = 256 * 1024

Attributes = Mapping[str, str]


class Damaged(ValueError):
    """No workbook, or one that no program wrote so."""


class TooMuch(ValueError):
    """Far more in it than a list."""


class HasMacros(ValueError):
    pass


class NoSheet(ValueError):
    pass


class OnlyHidden(NoSheet):
    pass


@dataclass(frozen=True)
class Shared:
    """A text that stands in another part of the file."""

    number: int


Value = Any  # as openpyxl gives it: text, number, truth, date or time, or nothing
Row = tuple[int, dict[int, Value]]  # the number beside it, and its cells by column; both from 1


@dataclass
class Contents:
    """What is to be seen of a sheet."""

    name: str
    rows: list[Row]  # that have any cell
    hidden_rows: int = 0  # with anything in them; so are those that a filter leaves out
    hidden_columns: int = 0


class Workbook(NamedTuple):
    sheets: list[Contents]  # that are to be seen
    too_large: list[str]  # names of those that are far more than a list
    hidden: int  # how many sheets are hidden


def read(data: bytes, *, most_columns: int, most_rows: int, most_letters: int) -> Workbook:
    """What the workbook holds. If all its sheets are far more than a list, it is.

    Nothing beyond row `most_rows` is read, but that there is something; what stands right of `most_columns` counts as
    the column after that. Of a cell `most_letters` are read.
    """
    try:
        with zips.opened(io.BytesIO(data), most_files=MOST_PARTS, most_unpacked=MOST_UNPACKED) as archive:
            return _read(_OpenWorkbook(archive, most_columns, most_rows, most_letters))
    except zips.TooMuch as error:
        raise TooMuch from error
    except (Damaged, TooMuch, HasMacros, NoSheet):
        raise
    except Exception as error:  # a damaged file breaks wherever it is damaged
        raise Damaged from error


def _read(book: _OpenWorkbook) -> Workbook:
    names = set(book.archive.namelist())
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise NotAWorkbook
    if any("vbaProject" in name for name in names) or book.has_macros():
        raise HasMacros
    book.look_round()
    return Workbook(*book.contents(), book.hidden_sheets)


class NotAWorkbook(Damaged):
    """Another ZIP."""


@dataclass
class _OpenWorkbook:
    archive: zipfile.ZipFile
    most_columns: int
    most_rows: int
    most_letters: int
    sheets: dict[str, str] = field(default_factory=dict)  # parts with a visible sheet each, and its name
    hidden_sheets: int = 0
    strings: str = ""
    styles: str = ""
    since_1904: bool = False
    elements: int = 0
    began: float = field(default_factory=thread_time)

    # --- The XML, in pieces -------------------------------------------------------------------------

    def parse(self, part: str, reader: _Reader) -> None:
        """Hands the part's elements to the reader until that has `done`."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        depth = since = 0

        def start(name: str, attributes: dict[str, str]) -> None:
            nonlocal depth
            depth += 1
            self.elements += 1
            if depth > DEEPEST or self.elements > MOST_ELEMENTS or len(parser.intern) > MOST_NAMES:
                raise TooMuch
            if not self.elements % 4096 and self.late():
                raise TooMuch
            reader.start(_plain(name), attributes)
            if reader.done:
                raise _Enough

        def end(name: str) -> None:
            nonlocal depth
            depth -= 1
            reader.end(_plain(name))
            if reader.done:
                raise _Enough

        parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = reader.text
        parser.StartDoctypeDeclHandler = _no_doctype
        try:
            with self.archive.open(part) as file:
                while piece := file.read(PIECE):
                    if b"\0" in piece:  # two bytes a letter: no program writes it, and lengths could not be seen
                        raise Damaged
                    lengths = [len(one) for one in piece.split(b"<")]
                    lengths[0] += since
                    since = lengths[-1]
                    if max(lengths) > LONGEST:
                        raise TooMuch
                    parser.Parse(piece, False)
            parser.Parse(b"", True)
        except _Enough:
            return
        finally:  # a parser and its handlers hold each other
            parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None

    # --- What is where ------------------------------------------------------------------------------

    def has_macros(self) -> bool:
        types = _Elements("Override", "Default")
        self.parse("[Content_Types].xml", types)
        return any("macroEnabled" in one.get("ContentType", "") for _name, one in types.elements)

    def look_round(self) -> None:
        """Which parts hold visible sheets, texts and styles."""
        related = _Elements("Relationship")
        self.parse("xl/_rels/workbook.xml.rels", related)
        kinds = {
            attributes["Id"]: (_last(attributes["Type"]), _path(attributes["Target"]))
            for _name, attributes in related.elements
        }
        by_kind = dict(kinds.values())
        there = set(self.archive.namelist())
        self.strings, self.styles = (
            path if (path := by_kind.get(kind, "")) in there else "" for kind in ("sharedStrings", "styles")
        )
        said = _Elements("sheet", "workbookPr")
        self.parse("xl/workbook.xml", said)
        for name, attributes in said.elements:
            if name == "workbookPr":
                self.since_1904 = attributes.get("date1904") in ("1", "true")
                continue
            relation = next((value for key, value in attributes.items() if _plain(key) == "id"), "")
            kind, path = kinds.get(relation, ("", ""))
            if kind == "worksheet" and attributes.get("state", "visible") == "visible":
                self.sheets.setdefault(path, attributes.get("name", "")[:MOST_NAME])
            elif kind == "worksheet":
                self.hidden_sheets += 1

    def contents(self) -> tuple[list[Contents], list[str]]:
        if not self.sheets:
            raise OnlyHidden if self.hidden_sheets else NoSheet
        read, too_much, dates = list[Contents](), list[str](), self._dates()
        before = self.elements
        for at, (part, name) in enumerate(self.sheets.items()):
            if at >= MOST_SHEETS or (read and self.late(SOON)):
                too_much.append(name)
                continue
            elements = self.elements
            sheet = _Sheet(self.most_columns, self.most_rows, self.most_letters, dates)
            try:
                self.parse(part, sheet)
                read.append(Contents(name, sheet.rows, sheet.hidden_rows, len(sheet.hidden_met)))
            except TooMuch:
                too_much.append(name)
                self.elements = elements  # the next one may be small
                if self.late():
                    raise
        if not read:
            raise TooMuch
        self.elements = before
        self._fill_in(read)
        return read, too_much

    def late(self, share: float = 1.0) -> bool:
        return thread_time() - self.began > share * MOST_SECONDS

    def _fill_in(self, sheets: list[Contents]) -> None:
        """The texts that stand in another part, each where it is named."""
        rows = [cells for sheet in sheets for _number, cells in sheet.rows]
        wanted = {value.number for cells in rows for value in cells.values() if isinstance(value, Shared)}
        texts = _Texts(wanted, self.most_letters)
        if wanted:
            if not self.strings:
                raise Damaged
            self.parse(self.strings, texts)
            if wanted - set(texts.by_number):
                raise Damaged
        for cells in rows:
            cells |= {at: texts.by_number[one.number] for at, one in cells.items() if isinstance(one, Shared)}

    def _dates(self) -> Callable[[str, int | float], Value]:
        """What a number is, under a style that may make a date or a time of it."""
        from openpyxl.styles import numbers  # slow to import, and only wanted here
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        styles = _Styles()
        if self.styles:
            self.parse(self.styles, styles)
        formats = {**numbers.BUILTIN_FORMATS, **styles.formats}
        kinds: dict[str, tuple[bool, bool]] = {}

        def value(style: str, number: int | float) -> Value:
            known = style.isdecimal() and int(style) < len(styles.used)
            code = formats.get(styles.used[int(style)], "") if known else ""
            if code not in kinds:
                kinds[code] = (numbers.is_date_format(code), numbers.is_timedelta_format(code))
            is_date, is_span = kinds[code]
            if not is_date:
                return number
            try:
                return from_excel(number, MAC_EPOCH if self.since_1904 else WINDOWS_EPOCH, timedelta=is_span)
            except (OverflowError, ValueError):
                return "#VALUE!"

        return value


MOST_FORMAT = 255  # letters of a number's format, as in Excel


class _Enough(Exception):
    """The reader has what it needs."""


def _no_doctype(*_what: Any) -> None:
    """No spreadsheet writes a document type; it could declare a billion laughs."""
    raise Damaged


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


def _last(address: str) -> str:
    return address.rpartition("/")[2]


def _path(target: str) -> str:
    """Of a part, as the workbook names it."""
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))


# --- Readers -------------------------------------------------------------------------------------------


class _Reader:
    """Gets a part's elements one after the other, and keeps what it wants."""

    done = False

    def start(self, name: str, attributes: Attributes) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


class _Elements(_Reader):
    """The attributes of the elements of some names."""

    MOST = 2_000

    def __init__(self, *names: str) -> None:
        self.names, self.elements = set(names), list[tuple[str, Attributes]]()

    def start(self, name: str, attributes: Attributes) -> None:
        if name in self.names:
            self.elements.append((name, attributes))
        if len(self.elements) > self.MOST:
            raise TooMuch


class _Styles(_Reader):
    """Number formats by their id, and for each style the id of its format."""

    MOST_FORMATS = 5_000

    def __init__(self) -> None:
        self.formats: dict[int, str] = {}
        self.used: list[int] = []
        self.inside = False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "numFmt" and not self.inside:
            self.formats[int(attributes["numFmtId"])] = attributes["formatCode"][:MOST_FORMAT]
        elif name == "cellXfs":
            self.inside = True
        elif name == "xf" and self.inside:
            self.used.append(int(attributes.get("numFmtId", 0)))
        if len(self.formats) > self.MOST_FORMATS:
            raise TooMuch

    def end(self, name: str) -> None:
        self.done = name == "cellXfs"


class _Letters:
    """Text that comes in pieces, up to a length."""

    def __init__(self, most: int) -> None:
        self.most, self.pieces, self.length = most, list[str](), 0

    def add(self, text: str) -> None:
        if self.length < self.most:
            self.pieces.append(text[: self.most - self.length])
            self.length += len(self.pieces[-1])

    def taken(self) -> str:
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return text


class _Texts(_Reader):
    """Of the shared texts those that are wanted. How a text is spoken, which stands beside Japanese, is left out."""

    def __init__(self, wanted: Iterable[int], most_letters: int) -> None:
        self.wanted, self.by_number = set(wanted), dict[int, str]()
        self.last, self.number = max(self.wanted, default=-1), -1
        self.letters, self.inside, self.spoken = _Letters(most_letters), False, False

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "si":
            self.number += 1
        self.spoken = self.spoken or name == "rPh"
        self.inside = name == "t" and not self.spoken and self.number in self.wanted

    def end(self, name: str) -> None:
        self.inside = False
        if name == "rPh":
            self.spoken = False
        if name == "si" and self.number in self.wanted:
            self.by_number[self.number] = self.letters.taken()
            self.done = self.number >= self.last

    def text(self, text: str) -> None:
        if self.inside:
            self.letters.add(text)


CELL = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class _Sheet(_Reader):
    """Rows and cells, as far down and as far right as wanted."""

    def __init__(
        self, most_columns: int, most_rows: int, most_letters: int, dates: Callable[[str, int | float], Value]
    ) -> None:
        self.most_columns, self.most_rows, self.dates = most_columns, most_rows, dates
        self.rows: list[Row] = []
        self.hidden_rows, self.hidden, self.hidden_met = 0, set[int](), set[int]()
        self.row = self.column = 0
        self.row_hidden = False
        self.cells: dict[int, Value] = {}
        self.kind = self.style = self.reading = ""
        self.formula = self.spoken = False
        self.letters = _Letters(most_letters)

    def start(self, name: str, attributes: Attributes) -> None:
        if name == "row":
            self.row = max(int(attributes.get("r", self.row + 1)), self.row + 1)
            self.column, self.cells, self.row_hidden = 0, {}, _is_hidden(attributes, "ht")
            if self.row > self.most_rows:
                self.rows.append((self.row, {1: "x"}))
                self.done = True
        elif name == "c":
            at = CELL.fullmatch(attributes.get("r", ""))
            self.column = _column(at[1]) if at else self.column + 1
            self.kind, self.style = attributes.get("t", "n"), attributes.get("s", "0")
            self.formula = False
        elif name == "f":
            self.formula = True
        elif name == "col" and _is_hidden(attributes, "width"):
            last = min(int(attributes["max"]), self.most_columns + 1)
            self.hidden |= set(range(int(attributes["min"]), last + 1))
        self.spoken = self.spoken or name == "rPh"
        self.reading = name if name in ("v", "t", "f") and not self.spoken else ""

    def text(self, text: str) -> None:
        if self.reading == ("f" if self.formula else "t" if self.kind == "inlineStr" else "v"):
            self.letters.add(text)

    def end(self, name: str) -> None:
        self.reading = ""
        if name == "rPh":
            self.spoken = False
        elif name == "c":
            value = self.value(self.letters.taken())
            column = min(self.column, self.most_columns + 1)
            if value in (None, ""):
                pass
            elif column in self.hidden and not self.row_hidden:
                self.hidden_met.add(column)
            else:
                self.cells[column] = value
        elif name == "row" and self.cells and self.row_hidden:
            self.hidden_rows += 1
        elif name == "row" and self.cells:
            self.rows.append((self.row, self.cells))
        self.done = name == "sheetData"

    def value(self, text: str) -> Value:
        """As openpyxl: a formula is its text, since a list holds values."""
        if self.formula:
            return f"={text.removeprefix('=')}"
        if not text:
            return None
        if self.kind == "s":
            return Shared(int(text))
        if self.kind == "b":
            return bool(int(text))
        if self.kind == "n":
            return self.dates(self.style, float(text) if re.search("[.eE]", text) else int(text))
        return datetime.fromisoformat(text) if self.kind == "d" else text


def _is_hidden(attributes: Attributes, size: str) -> bool:
    """Hidden, left out by a filter, folded away, or drawn to nothing."""
    return attributes.get("hidden") in ("1", "true") or _is_nought(attributes.get(size, ""))


def _is_nought(size: str) -> bool:
    return bool(re.fullmatch(r"0+(\.0*)?", size))


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number
