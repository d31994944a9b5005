"""Files that are small outside and huge, deep or slow inside: 100 kB at the most, each of the worst of its kind.

    .venv/bin/python -m tests.bombs          reads each in this process, as the product does, and says what it cost

Each is read by what reads uploads, under limits of the system that would end the process at several times what is
allowed. `tests/guards/test_uploads.py` runs it as a child.
"""

from __future__ import annotations

import ctypes
import gc
import io
import json
import os
import resource
import struct
import sys
import time
import zipfile
import zlib
from collections.abc import Callable

MOST_OUTSIDE = 100_000
ONE_CELL = b'<row r="1"><c r="A1"><v>0</v></c></row>'
SCHEMAS = b"http://schemas.openxmlformats.org"
OFFICE = b"application/vnd.openxmlformats-officedocument"
TYPES = b'<Types xmlns="%s/package/2006/content-types">%s</Types>' % (
    SCHEMAS,
    b"".join(
        b'<Override PartName="/xl/%s.xml" ContentType="%s.spreadsheetml.%s+xml"/>' % (one[0], OFFICE, one[1])
        for one in (
            (b"workbook", b"sheet.main"),
            (b"worksheets/sheet1", b"worksheet"),
            (b"sharedStrings", b"sharedStrings"),
            (b"styles", b"styles"),
        )
    ),
)
MAIN = b'xmlns="%s/spreadsheetml/2006/main" xmlns:r="%s/officeDocument/2006/relationships"' % (SCHEMAS, SCHEMAS)
RELATIONS = b"".join(
    b'<Relationship Id="%s" Type="%s/officeDocument/2006/relationships/%s" Target="%s"/>' % (one[0], SCHEMAS, *one[1:])
    for one in (
        (b"rId1", b"worksheet", b"worksheets/sheet1.xml"),
        (b"rId2", b"sharedStrings", b"sharedStrings.xml"),
        (b"rId3", b"styles", b"styles.xml"),
    )
)


def workbook(
    sheet: bytes = ONE_CELL,
    strings: bytes = b"",
    styles: bytes = b"",
    book: bytes = b"",
    hidden: bool = False,
    **raw: bytes,
) -> bytes:
    """An XLSX with just this in its parts; `raw` parts stand as they are given."""
    parts = {
        "[Content_Types].xml": TYPES,
        "xl/workbook.xml": b'<workbook %s><sheets><sheet name="a" sheetId="1" r:id="rId1"%s/></sheets>%s</workbook>'
        % (MAIN, b' state="hidden"' if hidden else b"", book),
        "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%s/package/2006/relationships">%s</Relationships>'
        % (SCHEMAS, RELATIONS),
        "xl/worksheets/sheet1.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (MAIN, sheet),
        "xl/sharedStrings.xml": b"<sst %s>%s</sst>" % (MAIN, strings),
        "xl/styles.xml": b"<styleSheet %s>%s</styleSheet>" % (MAIN, styles),
    }
    return zipped({**parts, **{f"xl/{name}.xml": data for name, data in raw.items()}})


def zipped(parts: dict[str, bytes], way: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", way, compresslevel=6) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def full(text: bytes, rows: int = 1000, columns: int = 60) -> bytes:
    """Every cell of the largest list says the same shared text."""
    row = b"<row>%s</row>" % (b'<c t="s"><v>0</v></c>' * columns)
    return workbook(row * rows, strings=b"<si><t>%s</t></si>" % text)


def sheets(*parts: bytes, strings: bytes = b"", again: int = 1) -> bytes:
    """A workbook with several sheets, each named as often as said."""
    numbers = range(1, len(parts) + 1)
    types = b"".join(
        b'<Override PartName="/xl/worksheets/sheet%d.xml" ContentType="%s.spreadsheetml.worksheet+xml"/>'
        % (one, OFFICE)
        for one in numbers
    )
    kind = b"%s/officeDocument/2006/relationships/worksheet" % SCHEMAS
    related = b"".join(
        b'<Relationship Id="s%d" Type="%s" Target="worksheets/sheet%d.xml"/>' % (one, kind, one) for one in numbers
    )
    named = b"".join(b'<sheet name="n%d" sheetId="%d" r:id="s%d"/>' % (one, one, one) for one in numbers) * again
    return zipped(
        {
            "[Content_Types].xml": TYPES.replace(b"</Types>", types + b"</Types>"),
            "xl/workbook.xml": b"<workbook %s><sheets>%s</sheets></workbook>" % (MAIN, named),
            "xl/_rels/workbook.xml.rels": b'<Relationships xmlns="%s/package/2006/relationships">%s%s</Relationships>'
            % (SCHEMAS, RELATIONS, related),
            "xl/sharedStrings.xml": b"<sst %s>%s</sst>" % (MAIN, strings),
            "xl/styles.xml": b"<styleSheet %s/>" % MAIN,
            **{
                f"xl/worksheets/sheet{number}.xml": b"<worksheet %s><sheetData>%s</sheetData></worksheet>"
                % (MAIN, part)
                for number, part in zip(numbers, parts, strict=True)
            },
        }
    )


def many_texts() -> bytes:
    """Each cell another text, in the last of very many."""
    cells = b"".join(b'<c t="s"><v>%d</v></c>' % number for number in range(150_000, 150_500))
    return workbook(b"<row>%s</row>" % cells, strings=b"<si><t>a</t></si>" * 600_000)


def names(number: int) -> bytes:
    """Elements of as many names."""
    return workbook(b"".join(b"<a%x/>" % one for one in range(number)))


def understated() -> bytes:
    """Its table says that the sheet is a few bytes long; it unpacks to many."""
    data = workbook(b"<row/>" * 1_500_000)
    size = struct.pack(
        "<L", len(b"<row/>") * 1_500_000 + len(b"<worksheet %s><sheetData></sheetData></worksheet>" % MAIN)
    )
    return data.replace(size, struct.pack("<L", 200))


def too_large_a_table() -> bytes:
    """As many files as 100 kB can name."""
    return zipped({f"{number:x}": b"" for number in range(1_150)}, zipfile.ZIP_STORED)


LAUGHS = b"<!DOCTYPE sst [<!ENTITY l0 'ha'>%s]><sst><si><t>&l9;</t></si></sst>" % b"".join(
    b"<!ENTITY l%d '%s'>" % (number, b"&l%d;" % (number - 1) * 10) for number in range(1, 10)
)
TEXT = b'<row><c t="s"><v>0</v></c></row>'
SHEET = 11_900_000  # bytes: as large as it may be when unpacked
LISTS: dict[str, Callable[[], bytes]] = {
    "a sheet of blanks": lambda: workbook(b" " * 30_000_000),
    "a sheet longer than it says": understated,
    "rows without end": lambda: workbook(b"<row/>" * (SHEET // 6)),
    "one wide row": lambda: workbook(b"<row>%s</row>" % (b"<c/>" * (SHEET // 4))),
    "full cells in one wide row": lambda: workbook(b"<row>%s</row>" % (b"<c><v>1</v></c>" * (SHEET // 15))),
    "the last cell of all": lambda: workbook(
        b'<row r="1"/><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        book=b"",
    ),
    "a size that is not so": lambda: workbook(
        **{
            "worksheets/sheet1": b'<worksheet><dimension ref="A1:XFD1048576"/><sheetData>%s</sheetData></worksheet>'
            % ONE_CELL
        }
    ),
    "many texts": many_texts,
    "one long text": lambda: workbook(TEXT, strings=b"<si><t>%s</t></si>" % (b"a" * SHEET)),
    "one long text everywhere": lambda: full(b"a" * 32_767),
    "the largest list": lambda: full(b"a" * 16),
    "many text pieces": lambda: workbook(TEXT, strings=b"<si>%s</si>" % (b"<r><t>a</t></r>" * (SHEET // 15))),
    "many styles": lambda: workbook(styles=b"<cellXfs>%s</cellXfs>" % (b"<xf/>" * (SHEET // 5))),
    "many fonts": lambda: workbook(styles=b"<fonts>%s</fonts>" % (b"<font/>" * (SHEET // 7))),
    "many names": lambda: workbook(
        book=b"<definedNames>%s</definedNames>" % (b'<definedName name="a"/>' * (SHEET // 24))
    ),
    "deep": lambda: workbook(b"<a>" * (SHEET // 3)),
    "many element names": lambda: names(12_000),
    "many attributes": lambda: workbook(b"<c %s/>" % b" ".join(b'a%x=""' % number for number in range(15_000))),
    "one long attribute": lambda: workbook(b'<c a="%s"/>' % (b"a" * SHEET)),
    "one long comment": lambda: workbook(b"<!--%s-->" % (b"a" * SHEET)),
    "many comments": lambda: workbook(b"<!---->" * (SHEET // 7)),
    "a billion laughs": lambda: workbook(TEXT, sharedStrings=LAUGHS),
    "a long number": lambda: workbook(b"<row><c><v>%s</v></c></row>" % (b"9" * SHEET)),
    "a high number": lambda: workbook(b"<row><c><v>1e999</v></c></row>" * 1000),
    "signs that are composed": lambda: full(b"a" + "\u0316\u0301".encode() * 1_000, rows=8),
    "signs that are composed, CSV": lambda: b"Name\n" + ("\u0301\u0316" * 24_000).encode(),
    "blank lines, CSV": lambda: b"\n" * MOST_OUTSIDE,
    "separators, CSV": lambda: b"," * MOST_OUTSIDE,
    "quotation marks, CSV": lambda: b'Name\n"' + b'""' * 49_990,
    "many large sheets": lambda: sheets(*[b"<row/>" * 200_000] * 9),
    "many sheets that are almost lists": lambda: sheets(*[(b"<row>%s</row>" % (b"<c><v>1</v></c>" * 60)) * 900] * 8),
    "many sheets of one long text": lambda: sheets(
        *[(b"<row>%s</row>" % (b'<c t="s"><v>0</v></c>' * 60)) * 15] * 9, strings=b"<si><t>%s</t></si>" % (b"a" * 1_000)
    ),
    "one sheet many times": lambda: sheets(b"<row/>" * 390_000, again=1_900),
    "every column hidden": lambda: workbook(
        **{
            "worksheets/sheet1": b"<worksheet><cols>%s</cols><sheetData>%s</sheetData></worksheet>"
            % (b'<col min="1" max="16384" hidden="1"/>' * 100_000, ONE_CELL)
        }
    ),
    "headings without a gap": lambda: b",".join([b"childnameofparent" * 11] * 60) * 8 + b"\nRosa",
    "headings everywhere": lambda: b"\n".join([b",".join([b"nameofnameofnameofnamx%d" % n] * 60) for n in range(60)]),
    "letters of two kinds": lambda: b"Name\n" + b"Zo\x91 \xd5\xd5\xd5" * 12_000,
    "a long date": lambda: b"Date referred,Name\n" + b"1 1 1 1 1 1 1 1 1 1 (((( 2026 sept sept " * 2_400,
    "a workbook in a workbook": lambda: zipped({"xl/workbook.xml": full(b"a"), "[Content_Types].xml": full(b"a")}),
    "many files": too_large_a_table,
    "another way of packing": lambda: zipped(
        {"xl/workbook.xml": b"a" * 10**7, "[Content_Types].xml": TYPES}, zipfile.ZIP_LZMA
    ),
}


def png(width: int, height: int) -> bytes:
    """One colour, in as many pixels as there can be."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    pixels = zlib.compress(b"\0" * 30_000_000, 9)
    head = struct.pack(">LLBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def docx(**parts: bytes) -> bytes:
    return zipped({"[Content_Types].xml": TYPES, "word/document.xml": b"<w/>", **parts})


HANDOUTS: dict[str, Callable[[], bytes]] = {
    "a picture of many pixels": lambda: png(60_000, 60_000),
    "a photograph of many pixels": lambda: b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03" + b"\0" * 90_000,
    "a deep PDF": lambda: b"%PDF-1.7\n" + b"[" * 99_000,
    "a PDF that unpacks to much": lambda: (
        b"%PDF-1.7\n1 0 obj<</Filter/FlateDecode>>stream\n" + zlib.compress(b"\0" * 30_000_000)
    ),
    "a document that unpacks to much": lambda: docx(**{"word/media/a.bmp": b"\0" * 60_000_000}),
    "a document of many files": too_large_a_table,
    "a document longer than it says": lambda: docx(a=b"\0" * 30_000_000).replace(
        struct.pack("<L", 30_000_000), struct.pack("<L", 10)
    ),
}


# --- What each costs -----------------------------------------------------------------------------------


def highest_memory() -> int:
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmHWM")) * 1024


def cost(read: Callable[[bytes], object], data: bytes) -> tuple[float, int, str]:
    """Seconds of the processor, bytes of memory at the most beyond what there was, and what became of it."""
    from ppg.access.refusals import Refused

    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed before would hide what is taken now
    with open("/proc/self/clear_refs", "w") as highest:
        highest.write("5")
    before, began = highest_memory(), time.process_time()
    try:
        what = str(read(data))
    except Refused as refusal:
        what = str(refusal)
    return time.process_time() - began, highest_memory() - before, what[:60]


def read_list(data: bytes) -> str:
    from caregivers.importing import files

    return f"{len(files.read(data).sheet.rows)} rows"


def read_handout(data: bytes) -> str:
    from programmes.resources import files

    return f"kept as {files.kind_of(io.BytesIO(data))}" if files.kind_of(io.BytesIO(data)) else "refused"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ppg.settings")
    import django

    django.setup()
    import openpyxl  # noqa: F401  # is loaded once, by whichever list comes first

    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))
    costs = {}
    for read, kinds in ((read_list, LISTS), (read_handout, HANDOUTS)):
        for name, make in kinds.items():
            data = make()
            resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + 30, resource.RLIM_INFINITY))
            costs[name] = (len(data), *cost(read, data))
    if "--json" in sys.argv:
        print(json.dumps(costs))
        return
    for name, (size, seconds, memory, what) in costs.items():
        print(f"{name:32} {size / 1000:6.1f} kB {seconds:6.2f} s {memory / 1e6:6.1f} MB  {what}")


if __name__ == "__main__":
    main()
