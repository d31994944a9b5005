"""The fonts of our PDFs. They come with the product (script/assets.py), and what a machine has installed is not looked
at, so that a PDF is the same everywhere: docs/decisions/fonts.md.

There is a font for each script, and a hundred for Chinese; a document carries those whose letters it has. Each has a
name of its own, since WeasyPrint takes two files of one family for the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders

FOLDER = "vendor/fonts"
WESTERN = "Arimo"
SIGNS, NASTALIQ = "Cousine", "Noto Nastaliq Urdu"  # asked for by name: for codes to type, and for Urdu
ALWAYS = " -‐•…"  # what WeasyPrint draws by itself


@dataclass(frozen=True, eq=False)
class Face:
    """`files`: weight → name; one without a weight serves each."""

    family: str
    name: str
    files: Mapping[str, str]
    letters: tuple[tuple[int, int], ...]


@cache
def all_faces() -> tuple[Face, ...]:
    """In the order in which they are asked for a letter; none where script/assets.py has not laid them in place."""
    index = finders.find(f"{FOLDER}/faces.json")
    if not index:
        return ()
    rows = json.loads(Path(index).read_text())
    return tuple(
        Face(row["family"], row["name"], row["files"], tuple((a, b) for a, b in row["letters"])) for row in rows
    )


@cache
def _by_letter() -> Mapping[str, Face]:
    """The first that has it."""
    faces: dict[str, Face] = {}
    for face in all_faces():
        if face.family not in (SIGNS, NASTALIQ):
            for first, last in face.letters:
                for code in range(first, last + 1):
                    faces.setdefault(chr(code), face)
    return faces


def has(letter: str) -> bool:
    return letter in _by_letter()


def missing() -> bool:
    """Whether a file is not there. Without any font Pango ends the whole process, so this is asked beforehand."""
    files = [name for face in all_faces() for name in face.files.values()]
    return not files or not all(finders.find(f"{FOLDER}/{name}") for name in files)


@dataclass(frozen=True)
class Style:
    """`rules` as CSS: print.css and the others name --letters and --signs. `stack` as one value of font-family."""

    rules: str
    stack: str


def style_of(text: str) -> Style:
    """What a document of these letters is drawn with."""
    needed = _needed(set(text) | set(ALWAYS))
    urdu = _of(NASTALIQ) if 'lang="ur"' in text else []
    signs = _of(SIGNS) if "__sign" in text else []
    rules = [rule for face in (*needed, *urdu, *signs) for rule in _font_faces(face)]
    rules.append(f":root {{ --letters: {stack(needed)}; --signs: {stack([*signs, *needed])} }}")
    rules.append("ul ul { list-style-type: disc }")  # other bullets would need another font
    if urdu:
        western = [face for face in needed if face.family == WESTERN]
        rules.append(f":lang(ur) {{ font-family: {stack([*western, *urdu, *needed])}; line-height: 2.1 !important }}")
    return Style("\n".join(rules), stack(needed))


def _of(family: str) -> list[Face]:
    return [face for face in all_faces() if face.family == family]


def stack(faces: Iterable[Face]) -> str:
    return ", ".join(f'"{name}"' for name in dict.fromkeys(face.name for face in faces))


def _needed(letters: Iterable[str]) -> list[Face]:
    by_letter = _by_letter()
    found = {by_letter[letter] for letter in letters if letter in by_letter}
    return [face for face in all_faces() if face in found]


def _font_faces(face: Face) -> Iterator[str]:
    for weight, file in face.files.items():
        says = f" font-weight: {weight};" if weight else ""
        yield f'@font-face {{ font-family: "{face.name}";{says} src: url("{settings.STATIC_URL}{FOLDER}/{file}") }}'
