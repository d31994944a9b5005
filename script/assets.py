"""Copy what we use of the packages in node_modules/ into static/vendor/ (not in git).

`govuk/` is for pages: two minified files of GOV.UK Frontend, no images. The styles refer to the royal crest only, which
belongs to GOV.UK itself, as does the font GDS Transport. Both are taken out, so that nothing of theirs is served. Every
replacement is counted: if a new version of the package is written differently, this stops instead of doing half of it.

`fonts/` is for PDFs (ppg/documents/faces.py): regular and bold, upright, with the licence of each, and `faces.json`,
which says what letters each file holds. They are unpacked here once, as unpacking takes longer than drawing a page.
"""

import json
import re
import shutil
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from fontTools import merge
from fontTools.ttLib import TTFont, woff2

BASE = Path(__file__).resolve().parent.parent
PACKAGES = BASE / "node_modules"
VENDOR = BASE / "static" / "vendor"

# --- GOV.UK Frontend ---------------------------------------------------------------------------------------

GOVUK = PACKAGES / "govuk-frontend"
NOTICE = "/*! GOV.UK Frontend {version}, (c) Crown copyright (Government Digital Service), MIT licence */\n"


def take_out(text: str, pattern: str, times: int, instead: str = "") -> str:
    text, found = re.subn(pattern, instead, text)
    if found != times:
        raise SystemExit(f"script/assets.py: {pattern!r} occurs {found} times in govuk-frontend, expected {times}.")
    return text


def styles(css: str) -> str:
    css = take_out(css, r"@font-face\{[^}]*\}", 2)
    css = take_out(css, r"/\*! Copyright \(c\) 2011 by Margaret Calvert[^*]*\*/", 1)  # the font's own notice
    css = take_out(css, r"GDS Transport,", 58)
    css = take_out(css, r"url\(/assets/images/govuk-crest\.svg\)", 3, "none")
    css = take_out(css, r"/\*# sourceMappingURL=[^*]*\*/\s*", 1)  # the map is not served
    if "url(" in css or "GDS" in css:
        raise SystemExit("script/assets.py: the styles of govuk-frontend still name a file or a font of GOV.UK's own.")
    return css


def scripts(js: str) -> str:
    return take_out(js, r"//# sourceMappingURL=\S*\s*$", 1)


def copy_govuk() -> None:
    notice = NOTICE.format(version=json.loads((GOVUK / "package.json").read_text())["version"])
    built, target = GOVUK / "dist" / "govuk", VENDOR / "govuk"
    target.mkdir(parents=True, exist_ok=True)
    for name, change in (("govuk-frontend.min.css", styles), ("govuk-frontend.min.js", scripts)):
        (target / name).write_text(change((built / name).read_text()) + notice)


# --- Fonts of the PDFs -------------------------------------------------------------------------------------

# Package → its parts that we use, in one file together. Letters of the Latin, Greek, Cyrillic and Hebrew alphabets come
# of Arimo alone, which has the widths of Arial; each other script of a package of its own. Chinese is cut into a
# hundred parts, of which a document needs a few: these stay files of their own, all that are numbered.
ARIMO = ("latin", "latin-ext", "vietnamese", "cyrillic", "cyrillic-ext", "greek", "greek-ext", "hebrew")
FONTS: dict[str, tuple[str, ...]] = {
    "@fontsource/arimo": ARIMO,
    "@fontsource/noto-sans-arabic": ("arabic",),
    "@fontsource/noto-nastaliq-urdu": ("arabic",),
    "@fontsource/noto-sans-bengali": ("bengali",),
    "@fontsource/noto-sans-devanagari": ("devanagari",),
    "@fontsource/noto-sans-ethiopic": ("ethiopic",),
    "@fontsource/noto-sans-gujarati": ("gujarati",),
    "@fontsource/noto-sans-gurmukhi": ("gurmukhi",),
    "@fontsource/noto-sans-malayalam": ("malayalam",),
    "@fontsource/noto-sans-sinhala": ("sinhala",),
    "@fontsource/noto-sans-tamil": ("tamil",),
    "@fontsource/noto-sans-telugu": ("telugu",),
    "@fontsource/noto-sans-thai": ("thai",),
    "@fontsource-variable/noto-sans-sc": (),
    "@fontsource-variable/noto-sans-tc": (),
    "@fontsource/cousine": ("latin",),  # codes that people type from paper: each sign is as wide as the next
}
WEIGHTS = (400, 700)


def copy_fonts() -> None:
    target = VENDOR / "fonts"
    shutil.rmtree(target, ignore_errors=True)  # of a version before: a file too many would be carried for ever
    target.mkdir(parents=True)
    for package in FONTS:
        shutil.copyfile(PACKAGES / package / "LICENSE", target / f"{package.partition('/')[2]}-LICENSE.txt")
    rows, making = [], []
    for package, parts in FONTS.items():
        about = json.loads((PACKAGES / package / "metadata.json").read_text())
        for name, by_weight in faces(PACKAGES / package / "files", about["id"], parts):
            files = {weight: target / f"{name}-{weight or 'wght'}.ttf" for weight in by_weight}
            making += [(by_weight[weight], files[weight]) for weight in by_weight]
            letters = set.intersection(*(letters_of(packed) for packed in by_weight.values()))
            named = {weight: file.name for weight, file in files.items()}
            rows.append({"family": about["family"], "name": name, "files": named, "letters": runs(letters)})
    with ProcessPoolExecutor() as processes:
        list(processes.map(unpack, *zip(*making, strict=True), chunksize=8))
    (target / "faces.json").write_text(json.dumps(rows, ensure_ascii=False) + "\n")


def faces(folder: Path, name: str, parts: tuple[str, ...]) -> Iterator[tuple[str, dict[str, list[Path]]]]:
    """What is one font for whoever draws: a name, and for each weight the files that it is made of. A file of a
    variable font has all weights."""
    if parts:
        weights = map(str, WEIGHTS)
        yield name, {weight: [folder / f"{name}-{part}-{weight}-normal.woff2" for part in parts] for weight in weights}
    else:
        yield from (
            (f"{name}-{part}", {"": [folder / f"{name}-{part}-wght-normal.woff2"]}) for part in numbered(folder, name)
        )


def letters_of(packed: Iterable[Path]) -> set[int]:
    return {letter for file in packed for letter in TTFont(file, lazy=True).getBestCmap()}


def unpack(packed: list[Path], target: Path) -> None:
    if len(packed) == 1:
        with packed[0].open("rb") as source, target.open("wb") as unpacked:
            woff2.decompress(source, unpacked)
    else:
        merged = merge.Merger().merge([str(file) for file in packed])
        merged.flavor = None
        merged.save(target)


def numbered(folder: Path, name: str) -> list[str]:
    """The parts with the most usual letters have the highest numbers."""
    found = (re.fullmatch(rf"{name}-(\d+)-wght-normal\.woff2", file.name) for file in folder.iterdir())
    return [str(number) for number in sorted((int(match[1]) for match in found if match), reverse=True)]


def runs(letters: Iterable[int]) -> list[list[int]]:
    """[1, 2, 3, 7] as [[1, 3], [7, 7]]."""
    found: list[list[int]] = []
    for letter in sorted(letters):
        if found and letter == found[-1][1] + 1:
            found[-1][1] = letter
        else:
            found.append([letter, letter])
    return found


if __name__ == "__main__":
    copy_govuk()
    copy_fonts()
