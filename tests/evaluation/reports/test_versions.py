"""Both editions of a published version, as pages and PDFs, and the preview of the next."""

import io
import re
from random import Random

import pikepdf
import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from bench.report_pdfs import group
from evaluation.models import Report, ReportVersion
from evaluation.reports import actions
from evaluation.reports.actions import take_quotes_out
from evaluation.reports.jobs import make_pdf
from evaluation.reports.pages import print_html, print_version
from ppg.documents.pdf import render_pdf
from ppg.models import AuditEntry
from tests.markup import on_one_line

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
QUOTES = [
    {"code": "a", "words": "Nobody looked away.", "theme": "Being believed"},
    {"code": "b", "words": "I know whom to ring.", "theme": "Being believed"},
]
TO_DO = [{"text": "Keep one worker for each family", "owner": "Family support", "due": "2026-09-01"}]


@pytest.fixture
def version(published, monkeypatch) -> ReportVersion:
    """Published with quotes and a recommendation. In place of the PDFs stand the pages they are made of."""
    monkeypatch.setattr("evaluation.reports.jobs.render_pdf", lambda html: html.encode())
    ReportVersion.objects.update(quotes=QUOTES, recommendations=TO_DO)
    make_pdf.func(published.code)
    return ReportVersion.objects.get()


def at(name: str, code: str) -> str:
    return reverse(f"evaluation:{name}", args=[code])


def text(answer) -> str:
    return answer.content.decode()


# --- The edition to share --------------------------------------------------------------------------


def test_tells_how_many_came_whether_it_helped_what_was_learned_and_what_it_rests_on(browser_of, manager, version):
    body = text(browser_of(manager).get(at("shared", version.code)))
    for number, what in ((8, "invited"), (8, "started"), (7, "completed")):
        assert f"<strong>{number}</strong><span>{what}</span>" in on_one_line(body)
    assert "Most people were better off than before: emotional support" in body
    assert "People felt believed." in body
    assert "What this report rests on" in body and "change cannot be put down to the programme" in body
    assert "Nobody looked away." in body and "Family support" in body and "1 Sep 2026" in body


def test_has_nothing_of_single_people_and_no_empty_table(browser_of, manager, version):
    body = text(browser_of(manager).get(at("shared", version.code)))
    team = text(browser_of(manager).get(version.get_absolute_url()))
    for only_team in ("Attendance", "Median before", "7 of 7", "each person’s score before and after"):
        assert only_team in team and only_team not in body
    assert "<tbody></tbody>" not in on_one_line(body)


def test_each_edition_leads_to_the_other_and_to_both_pdfs(browser_of, manager, version):
    client = browser_of(manager)
    team, shared = version.get_absolute_url(), at("shared", version.code)
    for page, other in ((team, shared), (shared, team)):
        body = text(client.get(page))
        assert all(
            f'href="{link}"' in body for link in (other, at("pdf", version.code), at("shared_pdf", version.code))
        )


def test_the_pdf_to_share_is_downloaded_under_a_neutral_name(browser_of, manager, version):
    answer = browser_of(manager).get(at("shared_pdf", version.code))
    neutral = re.compile(r'attachment; filename="report-to-share-[a-z0-9]{4}-version-1.pdf"')
    assert neutral.fullmatch(answer["Content-Disposition"]), "it names nobody, and two groups' do not collide"
    assert answer["Cache-Control"] == "no-store"
    assert answer.content == bytes(version.shared_pdf) != bytes(version.pdf)
    assert AuditEntry.objects.filter(verb="downloaded", user=manager).count() == 1


def test_a_version_from_before_there_was_one_says_so(browser_of, manager, version):
    ReportVersion.objects.update(shared_figures=None, shared_pdf=None)
    make_pdf.func(version.code)
    assert ReportVersion.objects.get().shared_pdf is None
    assert "before there was an edition to share" in text(browser_of(manager).get(version.get_absolute_url()))
    answer = browser_of(manager).get(at("shared", version.code))
    assert answer.status_code == 409 and "before there was an edition to share" in text(answer)


def test_who_may(browser_of, parent, manager, facilitator, other_facilitator, version, stranger):
    for page in (at("shared", version.code), at("shared_pdf", version.code)):
        assert browser_of(facilitator).get(page).status_code == 200
        assert browser_of(other_facilitator).get(page).status_code == 404
        assert browser_of(parent).get(page).status_code == 403
        assert stranger.get(page).status_code == 302
        assert browser_of(manager).post(page).status_code == 405


# --- What happens afterwards -----------------------------------------------------------------------


def gone(version: ReportVersion) -> None:
    with transaction.atomic():
        take_quotes_out({"a"}, {version.report.cohort_id}, timezone.now())


def test_a_note_stays_where_a_quote_was_taken_out(browser_of, manager, version, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        gone(version)
    after = ReportVersion.objects.get()
    for page in (version.get_absolute_url(), at("shared", version.code)):
        body = text(browser_of(manager).get(page))
        assert "Nobody looked away." not in body and "I know whom to ring." in body
        assert "A quote stood here." in body and "Somebody has taken back answers or words that are in it." in body
    for pdf in (bytes(after.pdf), bytes(after.shared_pdf)):
        assert b"Nobody looked away." not in pdf and b"A quote stood here." in pdf


def test_a_quote_that_goes_while_the_pdf_is_drawn_is_in_no_pdf_even_of_a_superseded_version(version, monkeypatch):
    ReportVersion.objects.update(superseded_at=timezone.now(), pdf=None, shared_pdf=None)

    def drawn_slowly(html: str) -> bytes:
        gone(version)
        return html.encode()

    monkeypatch.setattr("evaluation.reports.jobs.render_pdf", drawn_slowly)
    make_pdf.func(version.code)
    after = ReportVersion.objects.get()
    assert (after.pdf, after.shared_pdf) == (None, None), "the job that came with the change draws them"
    make_pdf.func(version.code)
    after = ReportVersion.objects.get()
    assert b"Nobody looked away." not in bytes(after.pdf) + bytes(after.shared_pdf)


def test_an_old_version_leads_to_the_newest(browser_of, manager, lead, cohort, version):
    assert "There is a newer one" not in text(browser_of(manager).get(version.get_absolute_url()))
    actions.publish(cohort=cohort, by=lead)
    newest = actions.publish(cohort=cohort, by=lead)
    body = text(browser_of(manager).get(version.get_absolute_url()))
    assert "There is a newer one: version 3" in body and newest.get_absolute_url() in body
    ReportVersion.objects.filter(number=1).update(superseded_at=timezone.now())
    body = text(browser_of(manager).get(version.get_absolute_url()))
    assert "This version was superseded on" in body and "Read version 3 of" in body


# --- Page and paper --------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", ["team", "shared"])
def test_the_page_says_what_the_paper_says(browser_of, manager, version, edition):
    page = text(browser_of(manager).get(at("shared" if edition == "shared" else "version", version.code)))
    printed = print_version(version, edition)
    start = '<section class="glance">'
    parts = printed[printed.index(start) : printed.index("</body>")].strip()
    assert parts in page


@pytest.mark.parametrize("kind", ["empty", "longest", "emoji"])
def test_any_group_fits_its_pages(kind, db):
    made = group(kind, Random(1))
    for figures in made["editions"].values():
        rest = {key: made[key] for key in ("text", "quotes", "recommendations")}
        with pikepdf.open(io.BytesIO(render_pdf(print_html(made["cover"], figures, **rest)))) as pdf:
            assert 4 <= len(pdf.pages) <= 8
            assert pdf.Root.MarkInfo.Marked


# --- Preview ---------------------------------------------------------------------------------------


def test_a_preview_shows_either_edition_and_publishes_nothing(browser_of, lead, cohort, answered, report):
    client, url = browser_of(lead), at("preview", cohort.code)
    team, shared = text(client.get(url)), text(client.get(f"{url}?edition=shared"))
    assert "This is not published." in team and "People felt believed." in team and "Median before" in team
    assert "People felt believed." in shared and "Median before" not in shared
    assert ReportVersion.objects.count() == 0


def test_a_preview_of_nothing_writes_nothing(browser_of, lead, cohort):
    assert browser_of(lead).get(at("preview", cohort.code)).status_code == 200
    assert Report.objects.count() == 0


def test_who_may_look_before_it_is_published(browser_of, manager, lead, other_facilitator, cohort):
    url = at("preview", cohort.code)
    assert browser_of(manager).get(url).status_code == 403
    assert browser_of(other_facilitator).get(url).status_code in (403, 404)
    assert browser_of(lead).post(url).status_code == 405
