"""E4, E7: one computation feeds page, PDF, CSV and XLSX. Each is read back, and each says the same figures.

The page's sentences and tables are the measure: what they say must stand in the PDF word for word, and their numbers
must be those of the files' cells.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from html.parser import HTMLParser

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook
from pypdf import PdfReader

from evaluation import collect
from evaluation.models import ReportVersion
from feedback import actions as feedback
from ppg.pdf import render_pdf
from programmes.models import TeamMember


class Reader(HTMLParser):
    """The words of a page's parts of figures, as somebody reads them, by headings."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hidden += tag in ("svg", "script", "style", "head")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("svg", "script", "style", "head")

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)


def words_of(html: str) -> str:
    reader = Reader()
    reader.feed(html)
    return flat(" ".join(reader.words))


def flat(text: str) -> str:
    """Without what a typesetter adds: breaks, hyphens at the end of a line, spaces before a comma."""
    return re.sub(r"\s+", " ", text.replace("\u00ad", "").replace("−", "-")).strip()


def bare(text: str) -> str:
    return re.sub(r"[\s\u00ad-]+", "", text.replace("−", "-"))


@pytest.fixture(autouse=True)
def heard(held, lead) -> None:
    """Seven sheets after the first session: before anything is published."""
    form = feedback.open_form(session=held[0], by=lead)
    for number in range(7):
        answers = {"today": 2 + number % 3, "useful": 3, "safe-to-speak": 4 - number % 2, "time": 1}
        feedback.receive(form=form, answers=answers, nonce=f"sheet {number}")
    feedback.close_form(form=form, by=lead)


@pytest.fixture
def evaluator_in(cohort, evaluator):
    TeamMember.objects.create(cohort=cohort, user=evaluator, job=TeamMember.Job.EVALUATION)
    return evaluator


@pytest.fixture
def files(browser_of, evaluator_in, published, cohort) -> tuple[dict[str, list[dict]], dict[str, list[dict]]]:
    """The rows of the XLSX and of the CSVs, by the name of their table."""
    browser = browser_of(evaluator_in)
    book = load_workbook(io.BytesIO(browser.get(reverse("evaluation:data_xlsx", args=[cohort.code])).content))
    sheets = {}
    for sheet in book:
        header, *rows = sheet.values
        sheets[sheet.title] = [dict(zip(header, row, strict=True)) for row in rows]
    archive = zipfile.ZipFile(io.BytesIO(browser.get(reverse("evaluation:data_csv", args=[cohort.code])).content))
    tables = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
        for name in archive.namelist()
    }
    return sheets, tables


@pytest.fixture
def page(browser_of, lead, published, cohort) -> str:
    return words_of(browser_of(lead).get(reverse("evaluation:figures", args=[cohort.code])).content.decode())


@pytest.fixture
def pdf(published) -> str:
    html = bytes(ReportVersion.objects.get(pk=published.pk).pdf).removeprefix(b"%PDF ").decode()
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(render_pdf(html))).pages)


def same(one: object, other: object) -> bool:
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    try:
        return float(str(one)) == float(str(other))
    except ValueError:
        return str(one).removeprefix("'") == str(other).removeprefix("'")


def test_the_xlsx_and_the_csvs_hold_the_same_cells(files):
    sheets, tables = files
    assert sheets.keys() == tables.keys()
    for name, rows in sheets.items():
        assert len(rows) == len(tables[name]), name
        for one, other in zip(rows, tables[name], strict=True):
            assert one.keys() == other.keys()
            assert all(same(one[column], other[column]) for column in one), (name, one, other)


def test_the_figures_of_the_files_stand_on_the_page_and_in_the_pdf(files, page, pdf, cohort):
    """Reach, sessions, feedback and change, each in the sentence that tells it."""
    sheets, _tables = files
    overview = {row["figure"]: row for row in sheets["overview"]}
    held, started, sheets_in = overview["sessions held"], overview["started"], overview["feedback sheets"]
    sentences = [
        f"{held['value']} of {held['of']} planned sessions were held, with "
        f"{overview['planned minutes of sessions held']['value']} planned minutes in all.",
        f"{sheets_in['value']} forms were answered",
        f"of the {sheets_in['of']} that could have been",
    ]
    if overview["sessions attended, fewest"]["value"] is not None:
        median = f"{overview['sessions attended, median']['value']:g}"
        sentences.append(f"The {started['value']} people who started came to a median of {median} sessions each")
    for row in sheets["change"]:
        if row["median_change"] is not None:
            sentences.append(f"on a scale from {row['lowest']:g} to {row['highest']:g}")
            sentences.append(f"Rests on {row['pairs']} of {row['of']}")
    for question in {row["question"]: row for row in sheets["feedback"]}.values():
        if question["count"] is not None:
            sentences.append(f"Answered on {question['answers']} of {sheets_in['value']} forms.")
    for sentence in sentences:
        assert bare(sentence) in bare(page), sentence
        assert bare(sentence) in bare(pdf), sentence


def test_every_number_of_the_pages_figures_is_in_the_pdf(page, pdf):
    """Sentence by sentence: what the live page says of change, word for word."""
    told = re.findall(r"Median before .+? after .+?, on a scale from \S+ to \S+\. Median change .+?\.(?= [A-Z])", page)
    assert len(told) >= 3
    for sentence in told:
        assert bare(sentence) in bare(pdf), sentence


def test_the_bars_of_feedback_are_the_cells_of_the_files(files, browser_of, lead, cohort):
    """A chart says its figures in words too: its description names each option and its count."""
    sheets, _tables = files
    shown = browser_of(lead).get(reverse("evaluation:figures", args=[cohort.code])).content.decode()
    counted = [row for row in sheets["feedback"] if row["count"] is not None]
    assert counted
    for row in counted:
        assert re.search(rf"{re.escape(str(row['option']))}\D{{0,4}}{row['count']}\b", shown), row


def test_change_in_the_files_is_change_as_it_was_computed(files, cohort):
    sheets, _tables = files
    shown = collect.shown(cohort, timezone.now())
    for row, domain in zip(sheets["change"], shown.domains, strict=True):
        told = domain.change
        assert row["pairs"] == domain.pairs
        assert [row["better"], row["same"], row["worse"]] == (
            [told.better, told.same, told.worse] if told else [None] * 3
        )
    lines = sum(len(domain.change.lines) for domain in shown.domains if domain.change and domain.change.lines)
    assert len(sheets["pairs"]) == lines
