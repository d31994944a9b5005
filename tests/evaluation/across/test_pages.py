"""E6: a manager asks for a report over many groups, sees how far it is, reads it."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from bench import cohorts
from evaluation.across import actions
from evaluation.across import context as across_print
from evaluation.across import jobs as across_jobs
from evaluation.across import rows as across_rows
from evaluation.across.pool import Pool
from evaluation.across.rows import Reader
from evaluation.across.stored import figures_of, groups_of
from evaluation.collecting import collect
from evaluation.disclosure.suppression import outside
from evaluation.models import AcrossReport
from ppg.access.refusals import Refused
from ppg.documents.pdf import render_pdf
from ppg.models import AuditEntry
from programmes.models import Cohort
from tests.evaluation.conftest import mark
from tests.factories import PlaceFactory, SessionFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.anywhere

URL = reverse("evaluation:across")
DAYS = {"from_on": date(2020, 1, 1), "until_on": date(2030, 1, 1)}


@pytest.fixture
def many(db):
    """Twelve groups, as they look after their weeks."""
    cohorts.fill(12)
    return list(Cohort.objects.order_by("pk"))


@pytest.fixture
def page(browser_of, manager):
    return browser_of(manager)


def form_of(page, **choice):
    key = page.get(URL).context["form"]["effect_key"].value()
    return {"from_on": "2020-01-01", "until_on": "2030-01-01", "area": "", "programme": "", "effect_key": key} | choice


def ask(manager, **choice) -> AcrossReport:
    return actions.ask(by=manager, **(DAYS | {"area": "", "programme": None} | choice))


def made(manager, **choice) -> AcrossReport:
    report = ask(manager, **choice)
    across_jobs.make.call(report.code)
    report.refresh_from_db()
    return report


# --- The page ---------------------------------------------------------------------------------------------


def test_asked_for_it_is_made_and_can_be_read(many, page, monkeypatch, django_capture_on_commit_callbacks):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF-" + html[:20].encode())
    with django_capture_on_commit_callbacks(execute=True):
        answer = page.post(URL, form_of(page), follow=True)
    report = AcrossReport.objects.get()
    assert answer.redirect_chain[-1][0] == report.get_absolute_url()
    answer = page.get(report.get_absolute_url())
    assert report.state == "done" and report.done == report.of == 12
    text = answer.content.decode()
    assert f"<strong>{figures_of(report).reach.started}</strong>" in text and many[0].name in text
    assert "Report over groups that began from 1 January 2020 to 1 January 2030</h1>" in on_one_line(text)
    assert "None" not in text and "Download as CSV (ZIP)" in text
    assert "95% interval" in text, "twelve groups have more than thirty pairs"
    assert report.get_absolute_url() in page.get(URL).content.decode()
    assert page.get(reverse("evaluation:across_pdf", args=[report.code])).content.startswith(b"%PDF-")


def test_groups_that_still_meet_do_not_look_as_if_people_had_dropped_out(
    cohort, answered, other_cohort, page, manager, monkeypatch
):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF")
    report = made(manager)
    assert "Ended so far" not in page.get(report.get_absolute_url()).content.decode(), "all have"
    now = timezone.now()
    running = [
        SessionFactory(cohort=other_cohort, number=n, starts_at=now + timedelta(weeks=n - 3)) for n in (1, 2, 3, 4)
    ]
    mark(running[0], PlaceFactory(cohort=other_cohort, seat=1, taken_on=timezone.localdate() - timedelta(days=60)))
    text = page.get(made(manager).get_absolute_url()).content.decode()
    assert "<strong>9</strong> <span>started</span>" in text
    assert "Ended so far: 1 of 2 groups. Of the 8 people who started in them, 7 completed." in text


def test_where_nothing_can_be_told_it_is_said_once_and_what_to_do(cohort, answered, page, manager, monkeypatch):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF")
    text = page.get(made(manager).get_absolute_url()).content.decode()
    assert text.count("fewer than 10 people answered both times") == 1
    assert "choose a longer time, or more areas and programmes." in text
    assert "How many were at each session is hidden because numbers are small" in text
    assert "held back</text>" not in text


def test_writing_one_groups_report_reads_none_of_those_over_many(
    cohort, answered, browser_of, lead, manager, same_queries, monkeypatch
):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF")
    made(manager)
    url = reverse("evaluation:report", args=[cohort.code])
    same_queries(browser_of(lead), url, lambda: [made(manager) for _ in range(3)])
    monkeypatch.setattr("evaluation.across.releases._counts", lambda keys: 1 / 0)
    assert browser_of(lead).get(url).status_code == 200


def test_the_list_says_of_each_report_one_state(many, page, manager):
    report = ask(manager)
    AcrossReport.objects.update(state="done", superseded_at=timezone.now())
    text = on_one_line(page.get(URL).content.decode())
    assert 'data-label="State"><strong class="govuk-tag govuk-tag--yellow">Superseded</strong></td>' in text
    assert "Ready" not in text
    AcrossReport.objects.filter(pk=report.pk).update(superseded_at=None)
    assert 'data-label="State">Ready</td>' in on_one_line(page.get(URL).content.decode())


def test_what_was_typed_stays(page, db):
    answer = page.post(URL, form_of(page, until_on="2019-01-01"))
    assert answer.status_code == 422 and not AcrossReport.objects.exists()
    assert "or later" in answer.content.decode() and 'value="2019"' in answer.content.decode()


def test_no_group_between_these_days_is_said_in_a_sentence(page, db):
    answer = page.post(URL, form_of(page))
    assert answer.status_code == 422 and not AcrossReport.objects.exists()
    assert "No group began between these days" in answer.content.decode()


def test_sent_twice_it_is_asked_for_once(many, page):
    form = form_of(page)
    first, second = page.post(URL, form), page.post(URL, form)
    assert first["Location"] == second["Location"] and AcrossReport.objects.count() == 1


def test_by_area_and_programme(many, manager):
    area = many[0].area
    assert ask(manager, area=area).of == sum(group.area == area for group in many)
    assert ask(manager, programme=many[0].programme).of == 12


def test_by_the_day_of_the_first_session(many, manager):
    first = timezone.localdate(many[0].sessions.order_by("starts_at")[0].starts_at)
    chosen = across_rows.chosen(ask(manager, from_on=first, until_on=first))
    assert many[0] in chosen
    with pytest.raises(Refused):
        ask(manager, from_on=first - timedelta(days=9999), until_on=first - timedelta(days=9000))


def test_how_far_it_is(many, page, manager):
    report = ask(manager)
    AcrossReport.objects.update(state="running", done=5)
    progress = page.get(reverse("evaluation:across_progress", args=[report.code])).json()
    assert progress == {"going": True, "done": 5, "of": 12, "words": "5 of 12 groups"}
    assert "5 of 12 groups" in page.get(report.get_absolute_url()).content.decode()


@pytest.mark.parametrize("name", ["across", "across_report", "across_progress", "across_pdf", "across_xlsx"])
def test_who_may(name, browser_of, lead, administrator, many, manager):
    url = reverse(f"evaluation:{name}", args=[] if name == "across" else [ask(manager).code])
    assert browser_of(lead).get(url).status_code == 403
    assert browser_of(administrator).get(url).status_code == 403


def test_nothing_to_download_before_it_is_ready(many, page, manager):
    answer = page.get(reverse("evaluation:across_xlsx", args=[ask(manager).code]))
    assert answer.status_code == 409 and "not ready" in answer.content.decode()


# --- Cancelled, failed, killed, twice -----------------------------------------------------------------------


def test_cancelled_it_stops_at_the_next_few_groups(many, page, manager, monkeypatch):
    report = ask(manager)
    monkeypatch.setattr(across_jobs, "in_chunks", lambda keys: across_rows.in_chunks(keys, 4))
    read, chunks = Reader.read, []

    def pressed_meanwhile(self, keys):
        chunks.append(keys)
        page.post(reverse("evaluation:across_cancel", args=[report.code]))
        return read(self, keys)

    monkeypatch.setattr(Reader, "read", pressed_meanwhile)
    across_jobs.make.call(report.code)
    report.refresh_from_db()
    assert report.state == "cancelled" and len(chunks) == 1 and report.figures is None
    assert "was cancelled at 0 of 12 groups" in page.get(report.get_absolute_url()).content.decode()
    assert AuditEntry.objects.filter(what="acrossreport", verb="changed").count() == 1


def test_cancelling_what_is_ready_is_refused(many, page, manager):
    report = ask(manager)
    AcrossReport.objects.update(state="failed")
    answer = page.post(reverse("evaluation:across_cancel", args=[report.code]))
    assert answer.status_code == 409 and "nothing to cancel" in answer.content.decode()


def test_what_went_wrong_is_said_in_a_sentence(many, page, manager, monkeypatch):
    report = ask(manager)
    monkeypatch.setattr(Reader, "read", lambda self, keys: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        across_jobs.make.call(report.code)
    assert "could not be made" in page.get(report.get_absolute_url()).content.decode()


def test_a_second_worker_leaves_it_to_the_first(many, manager):
    report = ask(manager)
    assert actions.begin(report.code, timezone.now())
    assert actions.begin(report.code, timezone.now()) is None


def test_after_a_killed_worker_another_starts_over(many, manager, monkeypatch):
    report, now = ask(manager), timezone.now()
    first = actions.begin(report.code, now)
    actions.go_on(first, 7, 12)
    later = now + timedelta(minutes=3)
    queued = []
    monkeypatch.setattr(type(across_jobs.make), "enqueue", lambda self, code: queued.append(code))
    assert across_jobs.sweep(later) == 1 and queued == [report.code]
    second = actions.begin(report.code, later)
    assert second.done == 0
    assert not actions.go_on(first, 8, 12), "the first one was only slow: it changes nothing any more"
    assert actions.go_on(second, 4, 12)


def test_killed_three_times_it_is_given_up(many, manager):
    report, now = ask(manager), timezone.now()
    for turn in range(3):
        assert actions.begin(report.code, now + timedelta(minutes=5 * turn))
    assert across_jobs.sweep(now + timedelta(minutes=20)) == 0
    report.refresh_from_db()
    assert report.state == "failed"


# --- What it says -------------------------------------------------------------------------------------------


def test_a_group_read_this_way_is_as_on_its_own_page(many):
    now = timezone.now()
    for group in many[:4]:
        pool = Pool()
        pool.add(Reader(now).read([group.pk])[0][1])
        here, there = pool.figures(), collect.whole(group, now)
        for part in ("reach", "dose", "sessions", "delivery", "ways", "methods", "suggestions"):
            assert getattr(here, part) == getattr(there, part), part
        assert here.feedback.sheets == there.feedback.sheets and here.feedback.asked == there.feedback.asked
        assert [row.counts for row in here.feedback.questions] == [row.counts for row in there.feedback.questions]
        for one, other in zip(here.domains, there.domains, strict=True):
            assert (one.pairs, one.neither, one.of, one.at_start) == (
                *(other.pairs, other.neither, other.of, other.at_start),
            )
            assert one.change.median == other.change.median and one.change.better == other.change.better


def test_as_many_queries_for_ten_groups_as_for_two(many, django_assert_max_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost(keys) -> int:
        with CaptureQueriesContext(connection) as queries:
            Reader(timezone.now()).read(keys)
        return len(queries)

    keys = [group.pk for group in many]
    assert cost(keys[:10]) == cost(keys[:2]) <= 25


def test_the_files_hold_what_the_page_says(many, page, manager, monkeypatch):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF-")
    report = made(manager)
    figures = figures_of(report)
    book = load_workbook(io.BytesIO(page.get(reverse("evaluation:across_xlsx", args=[report.code])).content))
    overview = {row[0]: row[1] for row in book["overview"].values}
    assert (overview["groups"], overview["started"]) == (12, figures.reach.started)
    rows = list(book["groups"].values)[1:]
    assert len(rows) == 12 and sum(row[7] for row in rows) == figures.reach.started
    archive = zipfile.ZipFile(io.BytesIO(page.get(reverse("evaluation:across_csv", args=[report.code])).content))
    listed = list(csv.reader(io.StringIO(archive.read("groups.csv").decode("utf-8-sig"))))[1:]
    assert [row[0] for row in listed] == [group.name for group in groups_of(report)]


def test_the_files_say_what_they_are(many, page, manager, monkeypatch):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF-")
    report = made(manager)
    answer = page.get(reverse("evaluation:across_xlsx", args=[report.code]))
    says = dict(load_workbook(io.BytesIO(answer.content))["about"].values)
    assert (says["Groups"], says["Area"], says["Programme"]) == ("12 groups", "All areas", "All programmes")
    assert says["First sessions from"] == "1 January 2020 to 1 January 2030"
    assert says["Edition"] == "To share." and says["Who may have it"].startswith("It may be shared")
    assert says["A figure rests on at least"].startswith("10 people.") and "Single people" not in says
    assert "Not in this edition" in says["Nothing in “pairs”"]
    assert f"figures-{timezone.localdate(report.finished_at)}-" in answer["Content-Disposition"]


def test_figures_are_held_back_for_readers_outside(many, manager, monkeypatch):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF-")
    figures = figures_of(made(manager))
    assert figures.edition == "across" and figures.least == 10
    assert all(domain.change.lines is None and domain.change.low is None for domain in figures.domains)


def test_a_filter_that_differs_by_one_small_group_tells_nothing_of_it(many, manager, monkeypatch):
    monkeypatch.setattr(across_jobs, "render_pdf", lambda html: b"%PDF-")
    first = made(manager)
    assert any(domain.change for domain in figures_of(first).domains)
    last = groups_of(first)[-1]
    second = made(manager, until_on=last.first_on - timedelta(days=1))
    assert second.of == 11
    assert not any(domain.change for domain in figures_of(second).domains)
    assert figures_of(second).reach.started == figures_of(first).reach.started - last.started


def test_the_pdf_is_short_and_tagged(many, manager):
    import pikepdf

    report = made(manager)
    with pikepdf.open(io.BytesIO(bytes(report.pdf))) as document:
        assert len(document.pages) <= 8
        assert document.Root.MarkInfo.Marked


def test_the_pdf_of_the_most_there_can_be_is_short_too(many, manager):
    """Three times the sessions, four measures, twenty questions: what most people answered stands in the PDF, under
    the notice that it is superseded."""
    import pikepdf

    report = ask(manager)
    whole, _counts, listed = across_jobs.read(actions.begin(report.code, timezone.now()))
    figures = outside(whole)
    figures = replace(
        figures,
        sessions=tuple(replace(one, number=one.number + 6 * turn) for turn in range(3) for one in figures.sessions),
        domains=tuple(replace(one, key=f"{one.key}{turn}") for turn in range(4) for one in figures.domains),
        feedback=replace(
            figures.feedback,
            questions=tuple(
                replace(one, key=f"{one.key}{turn}") for turn in range(5) for one in figures.feedback.questions
            ),
        ),
    )
    report.superseded_at = timezone.now()
    pdf = render_pdf(across_print.print_html(report, figures, listed * 100))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) <= 8


def test_a_report_kept_meanwhile_is_looked_at_too(many, manager, monkeypatch):
    """Two are made at once: whichever is kept second is laid beside the first."""
    last = max(timezone.localdate(group.sessions.order_by("starts_at")[0].starts_at) for group in many)
    report = actions.begin(ask(manager, until_on=last - timedelta(days=1)).code, timezone.now())
    made = across_jobs.read(report)
    worked_out, others = actions.figures_to_release, []

    def meanwhile(*args, **kwargs):
        shown = worked_out(*args, **kwargs)
        if not others:
            others.append(actions.begin(ask(manager).code, timezone.now()))
            actions.keep(others[0], *across_jobs.read(others[0]))
        return shown

    monkeypatch.setattr(actions, "figures_to_release", meanwhile)
    shown = actions.keep(report, *made)
    assert not any(domain.change for domain in shown.domains)
