"""Fifty invented groups, each with both editions of its report as PDF: empty ones, one person, everybody withdrawn,
every text at its longest, Arabic, Polish and Welsh, emoji, long names, and many by chance.

    .venv/bin/python bench/report_pdfs.py                        into a folder that is thrown away
    .venv/bin/python bench/report_pdfs.py 50 --keep /tmp/pdfs    and look: pages-….png show all pages side by side
    PDFUA_CHECK=path/to/check .venv/bin/python bench/report_pdfs.py     and ask a checker of PDF/UA-1

Ends with 1 where a PDF has over eight pages or under four, where words lie on one another or run off the page, or
where the checker (any program that takes PDFs and ends with 0 if all pass) refuses one; and where making a report
takes over 1.2 times as long as WeasyPrint alone on the same HTML. Needs poppler's pdftotext (and pdftoppm and
ImageMagick's montage for the picture).
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

LEAST, MOST = 4, 8  # pages
SLOWER = 1.2  # than WeasyPrint alone
WORDS = {
    "plain": "They came because other parents were there and stayed because they were believed. ",
    "arabic": "قالت إنها لم تعد وحدها، وإنها تعرف الآن بمن تتصل عندما تقلق على ابنها. ",
    "polish": "Żadna z nas nie była sama; wiedziałyśmy, gdzie zadzwonić i czego żądać. Łatwiej się rozmawia. ",
    "welsh": "Roeddwn i'n teimlo'n llai unig, a gwŷr a gwragedd y tŷ â'r un pryderon. Diolch o'r galon. ",
    "emoji": "It helped 😀❤️👍🏽 and we laughed 😂🎉, 👩‍👧 and all. ",
    "unbroken": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch" * 4 + " ",
}
KINDS = [
    "usual",
    "empty",
    "single",
    "withdrawn",
    "longest",
    "arabic",
    "polish",
    "welsh",
    "emoji",
    "unbroken",
    "many",
    "pooled",
]
HOW_MUCH = ("Not at all", "A little", "Quite a lot", "Very much")


def group(kind: str, random: Random) -> dict[str, Any]:
    """Everything a report is printed from: the figures of both editions, cover, texts, quotes and recommendations."""
    from evaluation.disclosure.suppression import hold_back, shared
    from evaluation.figures.calculation import figures
    from evaluation.figures.rows import DomainSpec, QuestionSpec
    from evaluation.reports.pages import Cover
    from evaluation.reports.sections import ALL, MOST_LINES

    words = WORDS.get(kind, WORDS["plain"])
    full = kind in ("longest", "arabic", "polish", "welsh", "emoji", "unbroken")
    size = {"empty": 0, "single": 1, "many": 60}.get(kind, random.randint(2, 14))
    domains = [
        DomainSpec(f"d{n}", title, 0, 10 if n == 3 else 4)
        for n, title in enumerate(
            ["Support and wellbeing", "Knowing about exploitation", "Practical help", "My own goal"]
        )
    ]
    questions = [QuestionSpec(f"q{n}", fill(words, 90 if full else 40, random), HOW_MUCH) for n in range(4 + 2 * full)]

    def made(size: int, cohorts: int = 1) -> Any:
        people = [person(random, domains, answers=kind != "withdrawn") for _ in range(size)]
        return figures(
            people=people,
            sessions=sessions(random, words, held=size > 0, full=full) * cohorts,
            domains=[] if kind == "empty" else domains,
            sheets=sheets(random, questions, 4 * size),
            questions=questions if size else [],
            asked=5 * size,
            cohorts=cohorts,
        )

    whole = made(size)
    team = hold_back(whole, 5)
    text: dict[str, str] = {
        part.key: lines(words, part.longest, MOST_LINES, random)
        if full
        else fill(words, random.randint(80, 700), random)
        for part in ALL
    }
    name = fill(words, 120, random) if full else "Ipswich spring"
    return {
        "editions": {
            "team": team,
            "shared": shared(whole, team=team, pooled=made(45, 5) if kind == "pooled" else None),
        },
        "cover": Cover(
            service="Common Ground",
            organisation=name,
            programme=fill(words, 120, random) if full else "Peer Parent Group",
            cohort=name,
            area="Ipswich",
            first_on=date(2026, 3, 3),
            last_on=date(2026, 4, 14),
            number=random.randint(1, 9),
            published_on=date(2026, 5, 6),
            superseded_on=random.choice([None, date(2026, 6, 1)]),
        ),
        "text": text,
        "quotes": [
            {"code": str(n), "theme": f"Theme {n % 3}", "words": random.choice([fill(words, 500, random)] * 5 + [""])}
            for n in range(6 if full else random.randint(0, 4))
        ],
        "recommendations": [
            {"text": fill(words, 300, random), "owner": fill(words, 80, random), "due": "2026-09-01"}
            for _ in range(8 if full else random.randint(0, 3))
        ],
    }


def fill(words: str, letters: int, random: Random) -> str:
    return (words * (letters // len(words) + 1))[:letters].strip()


def lines(words: str, letters: int, most: int, random: Random) -> str:
    """As long as it may be, with as many lines as there may be."""
    each = letters // most - 4
    return "\n".join(f"{random.choice(['', '- '])}{fill(words, each, random)}" for _ in range(most))


def person(random: Random, domains: list[Any], *, answers: bool) -> Any:
    from evaluation.figures.rows import PersonRow, Scores

    came = frozenset(n for n in range(1, 7) if random.random() < 0.8)

    def scores(better: float) -> Any:
        if not answers or random.random() < 0.15:
            return None
        return Scores({one.key: min(one.high, round(random.uniform(0, one.high - 1) + better, 1)) for one in domains})

    return PersonRow(
        source=random.choice(["hub", "caseload", "community", "self"]),
        offered=True,
        attended=came,
        expected=frozenset(range(1, 7)),
        before=scores(0),
        after=scores(1),
    )


def sessions(random: Random, words: str, *, held: bool, full: bool) -> list[Any]:
    from evaluation.figures.rows import SessionRow

    def session_row(number: int) -> Any:
        run = held and random.random() < 0.8
        took = random.randint(40, 130)
        return SessionRow(
            number,
            fill(words, 100 if full else 30, random),
            90,
            held=held,
            took=took if run else None,
            planned=90 if run else None,
            items={"done": 5, "shortened": random.randint(0, 2), "added": random.randint(0, 1)} if run else {},
        )

    return [session_row(number) for number in range(1, 9 if full else 7)]


def sheets(random: Random, questions: list[Any], n: int) -> list[Any]:
    from evaluation.figures.rows import SheetRow

    return [SheetRow({one.key: random.randint(0, 3) for one in questions if random.random() < 0.9}) for _ in range(n)]


# --- Looking at what was made ----------------------------------------------------------------------

WORD = re.compile(r'<word xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)


def faults(pdf: Path) -> list[str]:
    """What is wrong with its pages, as sentences."""
    told = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, check=True).stdout.decode(
        errors="replace"
    )
    pages = PAGE.findall(told)
    problems = [] if LEAST <= len(pages) <= MOST else [f"{len(pages)} pages"]
    for number, (width, height, words) in enumerate(pages, start=1):
        boxes = [(*map(float, word[:4]), word[4]) for word in WORD.findall(words)]
        for left, top, right, bottom, word in boxes:
            if left < 0 or top < 0 or right > float(width) or bottom > float(height):
                problems.append(f"page {number}: “{word}” runs off the page")
        for one, other in itertools.combinations(boxes, 2):
            wide = min(one[2], other[2]) - max(one[0], other[0])
            high = min(one[3], other[3]) - max(one[1], other[1])
            if wide > 1.5 and high > 0.45 * min(one[3] - one[1], other[3] - other[1]):
                problems.append(f"page {number}: “{one[4]}” and “{other[4]}” lie on one another")
    return problems


def picture(folder: Path) -> None:
    """The pages of all PDFs side by side, ten groups to a picture."""
    for first in range(0, 1000, 10):
        pdfs = sorted(folder.glob(f"{first // 10:02}?-*.pdf"))
        for pdf in pdfs:
            subprocess.run(["pdftoppm", "-r", "40", "-png", pdf, pdf.with_suffix("")], check=True)
        small = [path for pdf in pdfs for path in sorted(folder.glob(f"{pdf.stem}-*.png"))]
        if small:
            whole = folder / f"pages-{first:03}.png"
            subprocess.run(["montage", *small, "-tile", "16x", "-geometry", "+4+4", whole], check=True)
        for path in small:
            path.unlink()


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("groups", nargs="?", type=int, default=50)
    arguments.add_argument("--keep", type=Path)
    given = arguments.parse_args()
    folder = given.keep or Path(tempfile.mkdtemp(prefix="ppg-report-pdfs-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        return run(given.groups, folder, look=given.keep is not None)
    finally:
        if given.keep is None:
            shutil.rmtree(folder)


def run(groups: int, folder: Path, *, look: bool) -> int:
    os.environ.update(PPG_VAR=str(folder / "var"), DJANGO_SETTINGS_MODULE="ppg.settings")
    import django

    django.setup()
    from django.conf import settings

    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    from evaluation.reports.pages import print_html
    from ppg.documents.pdf import render_pdf

    bad, ratios, pages = 0, [], []
    render_pdf("<html lang='en'><title>Warm</title><p>The first one loads WeasyPrint.</p></html>")
    for n in range(groups):
        random = Random(n)
        kind = KINDS[n % len(KINDS)]
        made = group(kind, random)
        for edition, figures in made["editions"].items():
            began = time.process_time()
            rest = {key: made[key] for key in ("text", "quotes", "recommendations")}
            html = print_html(made["cover"], figures, **rest)
            drawn = time.process_time()
            pdf = render_pdf(html)
            alone = time.process_time() - drawn
            ratios.append((drawn - began + alone) / alone)
            path = folder / f"{n:03}-{kind}-{edition}.pdf"
            path.write_bytes(pdf)
            wrong = faults(path)
            bad += bool(wrong)
            pages.append(pdf.count(b"/Type /Page\n"))
            for sentence in wrong[:5]:
                print(f"{path.name}: {sentence}")
    slow = statistics.median(ratios)
    print(f"{2 * groups} PDFs of {groups} groups; {bad} with faults; {slow:.2f} times as long as WeasyPrint alone")
    if check := os.environ.get("PDFUA_CHECK"):
        asked = subprocess.run([check, *sorted(folder.glob("*.pdf"))], capture_output=True, text=True)
        failed = [line for line in asked.stdout.splitlines() if not line.startswith("PASS")]
        print(f"PDF/UA-1: {asked.stdout.count('PASS ')} pass" + "".join(f"\n{line}" for line in failed[:20]))
        bad += asked.returncode != 0
    if look:
        picture(folder)
    return 1 if bad or slow > SLOWER else 0


if __name__ == "__main__":
    sys.exit(main())
