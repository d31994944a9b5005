"""E4, E7: one computation feeds page, PDF, CSV and XLSX. Those of the demo's finished group are read back
(tests/secrecy/read_back.py, which refuses a number on a page that it does not know), and each says the same figures."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from evaluation.across import actions as across
from evaluation.across import jobs as across_jobs
from evaluation.models import ReportVersion
from ppg.access.permissions import Role
from ppg.models import User
from tests.secrecy import read_back

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]


@pytest.fixture
def version(django_capture_on_commit_callbacks) -> ReportVersion:
    """What the demo's finished group has published, both PDFs drawn."""
    with django_capture_on_commit_callbacks(execute=True):
        call_command("demo", stdout=StringIO())
    return ReportVersion.objects.select_related("report__cohort").get()


@pytest.fixture
def get(version, browser_of):
    """`get(role, name, code)`: what somebody of this role is sent."""

    def content(role: str, name: str, code: str) -> bytes:
        answer = browser_of(User.objects.filter(role=role).first()).get(reverse(f"evaluation:{name}", args=[code]))
        assert answer.status_code == 200
        return answer.content

    return content


def test_page_pdf_workbook_and_archive_of_the_finished_group_say_the_same(version, get):
    group = version.report.cohort.code
    live = read_back.page(get(Role.LEAD, "figures", group).decode())
    book = read_back.workbook(get(Role.EVALUATOR, "data_xlsx", group))
    assert len(book) > 120 and {key[0] for key in book} >= {
        "reach",
        "session",
        "option",
        "pairs",
        "better",
        "median_change",
    }
    read_back.alike(book, read_back.archive(get(Role.EVALUATOR, "data_csv", group)))
    read_back.fits(live, book)
    everything = {key for key in book if key[0] not in read_back.NOT_ON_BOTH}
    assert everything <= live.keys(), "and the files hold nothing that the page does not say"
    html = get(Role.LEAD, "version", version.code).decode()
    read_back.alike(live, read_back.page(html))
    read_back.same_in_print(get(Role.LEAD, "pdf", version.code), html)


def test_the_edition_to_share_says_the_same_on_paper_and_nothing_that_the_teams_does_not(version, get):
    html = get(Role.MANAGER, "shared", version.code).decode()
    read_back.same_in_print(get(Role.MANAGER, "shared_pdf", version.code), html)
    read_back.fits(read_back.page(html), read_back.page(get(Role.LEAD, "version", version.code).decode()))


def test_a_report_over_the_demos_groups_says_the_same_in_all_its_forms(version, get):
    manager, today = User.objects.get(role=Role.MANAGER), timezone.localdate()
    days = {"from_on": today - timedelta(days=365), "until_on": today + timedelta(days=365)}
    code = across.ask(by=manager, area="", programme=None, **days).code
    across_jobs.make.call(code)
    html = get(Role.MANAGER, "across_report", code).decode()
    book = read_back.workbook(get(Role.MANAGER, "across_xlsx", code))
    read_back.alike(book, read_back.archive(get(Role.MANAGER, "across_csv", code)))
    read_back.fits(read_back.page(html), book)
    read_back.same_in_print(get(Role.MANAGER, "across_pdf", code), html)


def test_a_number_that_differs_in_one_of_them_is_found(version, get):
    """The comparison is not blind: a cell, a sentence and a chart are changed, one after the other."""
    group = version.report.cohort.code
    live = read_back.page(get(Role.LEAD, "figures", group).decode())
    archive = zipfile.ZipFile(io.BytesIO(get(Role.EVALUATOR, "data_csv", group)))
    tables = {
        name.removesuffix(".csv"): list(csv.DictReader(io.StringIO(archive.read(name).decode("utf-8-sig"), newline="")))
        for name in archive.namelist()
    }
    tables["change"][0]["better"] = int(tables["change"][0]["better"]) - 1
    with pytest.raises(read_back.Disagrees, match="better"):
        read_back.fits(live, read_back.tables(tables))
    html, pdf = get(Role.LEAD, "version", version.code).decode(), get(Role.LEAD, "pdf", version.code)
    with pytest.raises(read_back.NotUnderstood, match="The page says what the PDF does not: Rests on"):
        read_back.same_in_print(pdf, html.replace("Rests on 6 of 9 people", "Rests on 7 of 9 people"))
    with pytest.raises(read_back.NotUnderstood, match="forms"):
        read_back.page(html.replace("forms were answered", "forms were counted"))
