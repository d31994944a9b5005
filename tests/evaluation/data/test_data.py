"""E7: anonymous data with its codebook. The same figures as on the page, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import re
import time
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from openpyxl import load_workbook

from caregivers.consents.actions import withdraw
from caregivers.rights import actions as rights
from evaluation.cards import actions as cards
from evaluation.collecting import collect
from evaluation.data import actions as data
from evaluation.data.about import tables_of
from evaluation.data.files import archive, workbook
from evaluation.data.tables import codebook, tables
from evaluation.figures.shapes import FEEDBACK_WITHHELD, Dose, Feedback, Figures, Reach
from ppg.models import AuditEntry
from programmes.models import TeamMember
from tests.evaluation.conftest import agree
from tests.factories import PlaceFactory

pytestmark = pytest.mark.anywhere


@pytest.fixture
def opened(cohort, evaluator):
    return TeamMember.objects.get_or_create(cohort=cohort, user=evaluator, defaults={"job": TeamMember.Job.EVALUATION})[
        0
    ]


@pytest.fixture
def figures(answered, cohort):
    return collect.shown(cohort, timezone.now())


@pytest.fixture
def in_full(answered, cohort, lead):
    """Everything that goes into a file of the group."""
    return tables_of(cohort, timezone.now(), lead)


def read_xlsx(content: bytes) -> dict[str, list[tuple]]:
    return {sheet.title: list(sheet.values) for sheet in load_workbook(io.BytesIO(content))}


def read_zip(content: bytes) -> dict[str, list[list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as files:
        read = {name: files.read(name).decode("utf-8-sig") for name in files.namelist()}
    return {name.removesuffix(".csv"): list(csv.reader(io.StringIO(text, newline=""))) for name, text in read.items()}


def as_text(cell: object) -> str:
    return "" if cell is None else str(cell)


def test_workbook_and_archive_say_the_same(in_full):
    made = in_full
    sheets, files = read_xlsx(workbook(made)), read_zip(archive(made))
    assert sheets.keys() == files.keys() == {table.name for table in made} | {"codebook"}
    for name, rows in sheets.items():
        written = [[cell.removeprefix("'") for cell in row] for row in files[name]]
        read = [[as_text(cell).removeprefix("'") for cell in row] for row in rows]
        assert len(written) == len(read)
        for one, other in zip(written, read, strict=True):
            assert [number(cell) for cell in one] == [number(cell) for cell in other]


def number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def test_the_tables_hold_the_figures(figures):
    made = {table.name: table for table in tables(figures)}
    overview = {figure: (value, of) for figure, value, of in made["overview"].rows}
    assert overview["started"] == (figures.reach.started, figures.reach.referred)
    assert overview["feedback sheets"] == (figures.feedback.sheets, figures.feedback.asked)
    assert len(made["sessions"].rows) == len(figures.sessions)
    told = [domain for domain in figures.domains if domain.change]
    assert told and len(made["pairs"].rows) == sum(len(domain.change.lines) for domain in told)
    for domain, row in zip(figures.domains, made["change"].rows, strict=True):
        cells = dict(zip(made["change"].header, row, strict=True))
        assert cells["domain"] == domain.title and cells["pairs"] == domain.pairs
        assert cells["median_change"] == (domain.change.median if domain.change else None)


def test_feedback_that_is_held_back_is_an_empty_cell_and_none_at_all_a_zero(figures):
    def cells(feedback: Feedback) -> tuple:
        sheet = read_xlsx(workbook(tables(replace(figures, feedback=feedback))))["overview"]
        return next(row[1:] for row in sheet if row[0] == "feedback sheets")

    assert cells(FEEDBACK_WITHHELD) == (None, None)
    assert cells(Feedback()) == (0, 0)


def test_the_file_says_first_of_all_what_it_is_and_who_may_have_it(in_full, cohort):
    sheets = read_xlsx(workbook(in_full))
    assert next(iter(sheets)) == next(iter(read_zip(archive(in_full)))) == "about"
    says = dict(sheets["about"])
    assert (says["Group"], says["Programme"], says["Area"]) == (cohort.name, cohort.programme.title, cohort.area)
    days = [session.day for session in cohort.sessions.taking_place()]
    assert all(date_format(day, "j F Y") in says["Dates of its sessions"] for day in days)
    assert says["Edition"] == "For the team." and says["Who may have it"].startswith("It stays with whoever took it")
    assert says["Made on"].startswith(date_format(timezone.localdate(), "j F Y"))
    assert says["A figure rests on at least"].startswith("5 people.")
    assert "held back" in says["An empty cell"] and "cannot be joined" in says["Single people"]


def test_a_table_without_a_row_says_why(figures):
    def why(**parts) -> dict[str, str]:
        return {table.name: str(table.nothing) for table in tables(replace(figures, **parts))}

    untold = tuple(replace(domain, change=None, held="few") for domain in figures.domains)
    nobody = tuple(replace(domain, change=None, held="") for domain in figures.domains)
    assert why()["pairs"] == ""
    assert why(domains=untold)["pairs"].startswith("Held back")
    assert why(domains=nobody)["pairs"].startswith("Nobody has answered both")
    assert why(domains=nobody, edition="across")["pairs"].startswith("Not in this edition")
    assert why(domains=())["pairs"].startswith("No questions before and after")
    assert why(feedback=FEEDBACK_WITHHELD)["feedback"].startswith("Held back")
    assert why(feedback=Feedback())["feedback"].startswith("No answers can be shown yet")
    assert why(reach=replace(figures.reach, by_source=()))["reach_by_source"].startswith("Held back")
    assert why(reach=Reach(0, 0, 0, 0))["reach_by_source"].startswith("There is none")


def test_no_table_without_a_row_lacks_its_reason():
    nothing = Figures(1, Reach(0, 0, 0, 0), Dose(0), (), Feedback(), (), ())
    assert all(table.rows or str(table.nothing) for table in tables(nothing))


def test_the_workbook_is_laid_out_to_be_read(in_full):
    book = load_workbook(io.BytesIO(workbook(in_full)))
    for sheet in book:
        assert sheet.freeze_panes in ("A2", "B2") and all(cell.font.bold for cell in sheet[1])
        for column, width in sheet.column_dimensions.items():
            longest = max(len(str(cell.value or "")) for cell in sheet[column] if not isinstance(cell.value, float))
            assert width.width >= min(longest, 60)
    meanings = [cell for cell in book["codebook"]["C"] if len(cell.value) > 60]
    assert meanings and all(cell.alignment.wrap_text for cell in meanings)


def test_a_number_is_whole_in_its_cell_however_it_is_shown(figures):
    domain = next(domain for domain in figures.domains if domain.change)
    exact = replace(domain, change=replace(domain.change, median=5 / 6))
    cell = load_workbook(io.BytesIO(workbook(tables(replace(figures, domains=(exact,))))))["change"]["K2"]
    assert (cell.value, cell.number_format) == (5 / 6, "0.0#")


def test_the_codebook_says_what_each_reason_for_holding_back_means(figures):
    said = next(row[3] for row in codebook(tables(figures)).rows if row[1] == "held_back")
    assert all(f"“{word}”: " in said for word in ("few", "differs", "open"))


def test_the_codebook_explains_every_column(in_full):
    made = in_full
    explained = {(row[0], row[1]): row[2] for row in codebook(made).rows}
    assert all(explained[table.name, column.name] for table in made for column in table.columns)
    assert all(len(row) == len(table.columns) for table in made for row in table.rows)


@pytest.mark.parametrize("text", ["=1+1", "+44 1632", "-2 points", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_cell_is_a_formula(figures, text):
    session = replace(figures.sessions[0], title=text)
    made = tables(replace(figures, sessions=(session,)))
    book = load_workbook(io.BytesIO(workbook(made)))
    title = book["sessions"]["B2"]
    assert title.data_type == "s" and str(title.value).startswith("'")
    assert read_zip(archive(made))["sessions"][1][1].startswith("'")


@pytest.mark.parametrize("make", [archive, workbook])
def test_the_same_figures_give_the_same_file_a_minute_later(answered, cohort, lead, make, monkeypatch):
    now = timezone.localtime().replace(hour=12)
    first = make(tables_of(cohort, now, lead))
    later = time.time() + 60
    monkeypatch.setattr(time, "time", lambda: later)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(later))
    assert make(tables_of(cohort, now + timedelta(minutes=1), lead)) == first


@pytest.mark.parametrize(("name", "kind"), [("data_xlsx", "spreadsheetml"), ("data_csv", "zip")])
def test_the_evaluator_downloads_and_it_is_in_the_trail(browser_of, evaluator, opened, answered, cohort, name, kind):
    answer = browser_of(evaluator).get(reverse(f"evaluation:{name}", args=[cohort.code]))
    assert answer.status_code == 200 and kind in answer.headers["Content-Type"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    name = re.search('filename="(.*)"', answer.headers["Content-Disposition"])[1]
    assert re.fullmatch(rf"figures-{timezone.localdate()}-[a-z0-9]{{4}}\.(xlsx|zip)", name)
    entry = AuditEntry.objects.filter(verb="exported").get()
    assert (entry.user, entry.cohort, entry.fields) == (evaluator, cohort.code, ["data"])


def test_the_evaluator_takes_what_registers_say_as_the_report_told_it(browser_of, evaluator, opened, cohort, request):
    def taken():
        answer = browser_of(evaluator).get(reverse("evaluation:data_xlsx", args=[cohort.code]))
        book = read_xlsx(answer.content)
        median = dict(row[:2] for row in book["overview"])["sessions attended, median"]
        return len(book["reach_by_source"]) - 1, median, str(book["about"])

    request.getfixturevalue("answered")
    sources, median, about = taken()
    assert (sources, median) == (
        0,
        None,
    ) and "Nothing in “reach_by_source”', 'It comes with the report, and none has been" in about
    request.getfixturevalue("published")
    sources, median, about = taken()
    assert (sources, median) == (1, 6) and "Nothing in “reach_by_source”" not in about
    assert "As version 1 of the report tells them" in about and "its lead and its evaluator" in about


def test_the_page_says_what_is_in_it(browser_of, evaluator, lead, opened, answered, cohort):
    url = reverse("evaluation:data_of", args=[cohort.code])
    page = browser_of(evaluator).get(url).content.decode()
    assert "last published report tells them" in page
    assert "last published report tells them" not in browser_of(lead).get(url).content.decode()
    assert "reach_by_source" in page and "Median of the changes, after less before" in page
    assert "nobody can be followed from one area to the next. This is by design" in page
    assert "“at_start”: no rows. Nothing can be told" in page and "0 rows" not in page


def test_the_evaluator_finds_the_groups_that_are_opened_to_them(browser_of, evaluator, opened, cohort, other_cohort):
    page = browser_of(evaluator).get(reverse("evaluation:data")).content.decode()
    assert cohort.name in page and reverse("evaluation:data_of", args=[other_cohort.code]) not in page


def test_whoever_leaves_the_team_takes_nothing_more(browser_of, evaluator, opened, cohort):
    TeamMember.objects.filter(pk=opened.pk).update(left_on=timezone.localdate())
    browser = browser_of(evaluator)
    assert browser.get(reverse("evaluation:data_xlsx", args=[cohort.code])).status_code == 404
    assert "No group is opened to you yet" in browser.get(reverse("evaluation:data")).content.decode()


def test_nobody_is_named_in_any_file(in_full, places):
    content = "".join(as_text(cell) for table in in_full for row in table.rows for cell in row)
    for place in places:
        assert place.caregiver.name not in content and place.caregiver.code not in content


# --- Somebody withdrew since --------------------------------------------------------------------------------


@pytest.fixture
def says_withdrawn(browser_of, evaluator, opened, cohort):
    """What the data page, and the list of them, tell the evaluator of a file they hold; the same or nothing."""
    browser = browser_of(evaluator)
    today = date_format(timezone.localdate(), "j F Y")
    line = f"omebody has withdrawn since you took this group&#x27;s data on {today}. Take it again, and delete the old"

    def look() -> bool:
        pages = [reverse("evaluation:data_of", args=[cohort.code]), reverse("evaluation:data")]
        found = {line in browser.get(url).text.replace("'", "&#x27;") for url in pages}
        assert len(found) == 1
        return found.pop()

    return look


@pytest.fixture
def take(browser_of, evaluator, opened, cohort):
    browser = browser_of(evaluator)
    return lambda kind="xlsx": browser.get(reverse(f"evaluation:data_{kind}", args=[cohort.code]))


def test_whoever_took_data_reads_that_somebody_has_withdrawn_until_they_take_it_again(
    answered, places, take, says_withdrawn
):
    take()
    assert not says_withdrawn()
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    assert says_withdrawn()
    take("csv")
    assert not says_withdrawn()
    withdraw(caregiver=places[1].caregiver, kind="evaluation")
    assert says_withdrawn()


def test_whoever_took_nothing_reads_nothing_of_it(answered, cohort, places, lead, says_withdrawn):
    data.take_data(cohort=cohort, by=lead)
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    assert not says_withdrawn(), "it was somebody else who took it"


def test_the_line_names_nobody_and_no_number(browser_of, evaluator, answered, cohort, places, take):
    take()
    for place in places[:2]:
        withdraw(caregiver=place.caregiver, kind="evaluation")
    text = browser_of(evaluator).get(reverse("evaluation:data_of", args=[cohort.code])).text
    assert text.count("has withdrawn since") == 1
    assert not any(place.caregiver.name in text for place in places)


def test_another_consent_or_another_group_makes_no_data_old(answered, places, other_cohort, take, says_withdrawn):
    take()
    withdraw(caregiver=places[0].caregiver, kind="chat")
    elsewhere = PlaceFactory(cohort=other_cohort)
    agree(elsewhere)
    withdraw(caregiver=elsewhere.caregiver, kind="evaluation")
    assert not says_withdrawn()


def test_taking_out_a_card_makes_it_old_too(both, codes, take, says_withdrawn):
    take()
    cards.withdraw_card(code=codes[0])
    assert says_withdrawn()


def test_so_does_erasing_somebody_who_had_agreed(answered, places, take, says_withdrawn, settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"
    take()
    rights.erase(caregiver=places[0].caregiver, by=None)
    assert says_withdrawn()


def test_data_that_is_read_while_somebody_withdraws_is_known_to_be_old(answered, cohort, places, says_withdrawn, take):
    """The withdrawal began before the file was made, and took effect after it: by our clock, not by theirs."""
    began = timezone.now()
    take()
    withdraw(caregiver=places[0].caregiver, kind="evaluation", at=began)
    assert says_withdrawn()
