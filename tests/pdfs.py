"""What a PDF is drawn with."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pikepdf
from fontTools.ttLib import TTFont


def fonts_of(made: bytes) -> set[str]:
    """Names of the fonts that it is drawn with, without the six letters in front that say which part of it is there."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return {str(font.BaseFont).partition("+")[2] for _page, fonts in _drawn_on(pdf) for font in fonts.values()}


def boxes_in(made: bytes) -> int:
    """How many glyphs show only that a letter is missing: the first of a font (.notdef), or one that is not in it."""
    with pikepdf.open(io.BytesIO(made)) as pdf:
        return sum(_boxes_on(stream, fonts) for stream, fonts in _drawn_on(pdf))


def _drawn_on(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Pages and the drawings on them, each with its fonts."""
    waiting: list[Any] = list(pdf.pages)
    seen: set[tuple[int, int]] = set()
    while waiting:
        stream = waiting.pop()
        resources = stream.get("/Resources", {})
        yield stream, dict(resources.get("/Font", {}).items())
        for drawing in resources.get("/XObject", {}).values():
            if drawing.get("/Subtype") == "/Form" and drawing.objgen not in seen:
                seen.add(drawing.objgen)
                waiting.append(drawing)


def _boxes_on(stream: Any, fonts: dict[str, Any]) -> int:
    found, glyphs = 0, 0
    for operands, operator in pikepdf.parse_content_stream(stream):
        if str(operator) == "Tf":
            program = fonts[str(operands[0])].DescendantFonts[0].FontDescriptor.FontFile2.read_bytes()
            glyphs = TTFont(io.BytesIO(program))["maxp"].numGlyphs
        elif str(operator) in ("Tj", "TJ"):
            shown = operands[0] if str(operator) == "TJ" else operands
            codes = b"".join(bytes(part) for part in shown if isinstance(part, pikepdf.String))
            numbers = [int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)]
            found += sum(number == 0 or number >= glyphs for number in numbers)
    return found
