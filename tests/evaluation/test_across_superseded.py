"""E6, C3, E5: somebody withdraws, and every report over many groups that has read their group says so."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from caregivers.actions import rights, withdraw
from caregivers.models import Consent
from evaluation import actions, jobs
from evaluation.across import jobs as across_jobs
from evaluation.across import rows as across_rows
from evaluation.across.rows import Reader
from evaluation.actions import across
from evaluation.actions.withdrawing import supersede_across
from evaluation.disclosure.counts import Counts
from evaluation.models import AcrossGroup, AcrossReport, Report
from tests.evaluation.conftest import agree
from tests.factories import PlaceFactory, SessionFactory

pytestmark = [pytest.mark.django_db, pytest.mark.anywhere]
NOTICE = "This report was superseded on"


@pytest.fixture(autouse=True)
def own_ledger(settings, tmp_path):
    settings.LEDGER = tmp_path / "erased.txt"


@pytest.fixture(autouse=True)
def page_as_pdf(monkeypatch):
    """Drawing takes a second: what stands in the PDF's place is the page it is made of."""
    for module in (across_jobs, jobs):
        monkeypatch.setattr(module, "render_pdf", lambda html: b"%PDF " + html.encode())


@pytest.fixture
def elsewhere(other_cohort):
    """Somebody else's group, in another area, that began later."""
    other_cohort.area = "Elsewhere"
    other_cohort.save()
    SessionFactory(cohort=other_cohort, number=1, starts_at=timezone.now() - timedelta(days=2))
    return other_cohort


@pytest.fixture
def over(manager):
    """`over()`: a report over everything; `over(area=…)` over less."""

    def ask(area: str = "") -> AcrossReport:
        today = timezone.localdate()
        days = {"from_on": today - timedelta(days=365), "until_on": today + timedelta(days=365)}
        return across.ask(by=manager, area=area, programme=None, **days)

    return ask


@pytest.fixture
def made(over):
    """`made()`: it is ready."""

    def make(**which: str) -> AcrossReport:
        report = over(**which)
        across_jobs.make.call(report.code)
        return again(report)

    return make


def again(report: AcrossReport) -> AcrossReport:
    report.refresh_from_db()
    return report


def pairs_in(report: AcrossReport) -> int:
    counts = Counts.from_bytes(bytes(report.counts))
    return sum(sum(counts.columns[column]) for column in counts.under("pairs", "wellbeing"))


def take_back(place) -> None:
    withdraw(caregiver=place.caregiver, kind="evaluation")


# --- Ready ------------------------------------------------------------------------------------------------


def test_a_withdrawal_marks_the_report_and_its_pdf(
    browser_of, manager, answered, places, made, django_capture_on_commit_callbacks
):
    report, page = made(), browser_of(manager)
    pdf = reverse("evaluation:across_pdf", args=[report.code])
    assert report.state == "done" and NOTICE not in bytes(report.pdf).decode()
    assert NOTICE not in page.get(report.get_absolute_url()).text
    with django_capture_on_commit_callbacks() as callbacks:
        take_back(places[0])
    assert again(report).superseded_at and report.pdf is None, "no PDF without the notice is handed out"
    refused = page.get(pdf)
    assert refused.status_code == 409 and "The PDF is being made" in refused.text
    assert "The PDF is being made" in page.get(report.get_absolute_url()).text
    for callback in callbacks:
        callback()
    drawn = page.get(pdf).content.decode()
    assert NOTICE in drawn and drawn.index(NOTICE) < drawn.index("At a glance")


def test_its_page_says_so_and_gives_no_more_data(browser_of, manager, answered, places, made):
    report, page = made(), browser_of(manager)
    take_back(places[0])
    text = page.get(report.get_absolute_url()).text
    assert NOTICE in text and "Somebody has withdrawn since this report was made." in text
    for name in ("across_xlsx", "across_csv"):
        url = reverse(f"evaluation:{name}", args=[report.code])
        answer = page.get(url)
        assert url not in text and answer.status_code == 409 and "Somebody has withdrawn" in answer.text


def test_the_list_says_so_beside_it(browser_of, manager, answered, places, made):
    made()
    take_back(places[0])
    made()
    assert browser_of(manager).get(reverse("evaluation:across")).text.count("Superseded") == 1


def test_only_reports_over_that_group_are_marked(answered, places, elsewhere, made):
    here, there = made(), made(area="Elsewhere")
    take_back(places[0])
    assert again(here).superseded_at and not again(there).superseded_at and there.pdf


def test_what_was_read_counts_and_not_what_would_be_chosen_today(answered, cohort, places, made):
    report = made(area=cohort.area)
    cohort.area = "Moved away"
    cohort.save()
    cohort.sessions.update(starts_at=timezone.now() + timedelta(days=999))
    take_back(places[0])
    assert again(report).superseded_at


def test_taking_out_a_card_marks_it_too(both, codes, made):
    report = made()
    actions.withdraw_card(code=codes[0])
    assert again(report).superseded_at and report.pdf is None


def test_somebody_who_is_erased_leaves_the_mark(answered, places, made):
    report = made()
    rights.erase(caregiver=places[0].caregiver, by=None)
    assert not Consent.objects.filter(caregiver=places[0].caregiver).exists()
    assert again(report).superseded_at


def test_the_first_withdrawal_gives_the_date(answered, places, made):
    report = made()
    take_back(places[0])
    first = again(report).superseded_at
    take_back(places[1])
    assert again(report).superseded_at == first


def test_another_consent_or_a_refusal_at_registration_marks_nothing(answered, cohort, places, made):
    report = made()
    withdraw(caregiver=places[0].caregiver, kind="chat")
    agree(PlaceFactory(cohort=cohort, seat=9), given=False)
    assert not again(report).superseded_at


def test_a_report_made_afterwards_is_without_them_and_not_marked(answered, places, made):
    take_back(places[0])
    report = made()
    assert pairs_in(report) == 6 and not report.superseded_at


def test_reports_are_found_without_being_opened_however_many(answered, cohort, elsewhere, made):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked() -> list[str]:
        with CaptureQueriesContext(connection) as queries:
            supersede_across([cohort.pk], timezone.now())
        return [query["sql"] for query in queries]

    made()
    one = asked()
    for _ in range(3):
        made()
    assert len(asked()) == len(one) and not any('"figures"' in sql for sql in one)


def test_once_it_is_drawn_again_its_groups_stay_and_it_is_not_marked_again(
    answered, places, elsewhere, made, django_capture_on_commit_callbacks
):
    report = made()
    assert set(report.groups.values_list("cohort", flat=True)) == {places[0].cohort_id, elsewhere.pk}
    with django_capture_on_commit_callbacks(execute=True):
        take_back(places[0])
    assert report.groups.count() == 2, "the receipts of later withdrawals name it too"
    drawn = bytes(again(report).pdf)
    take_back(places[1])
    assert bytes(again(report).pdf) == drawn
    jobs.make_across_pdf.call(report.code)
    assert NOTICE in bytes(again(report).pdf).decode(), "the job may come twice"


# --- While it is made ---------------------------------------------------------------------------------------


def meanwhile(monkeypatch, do, *, before: bool) -> None:
    """Once, just before or just after the first groups are read."""
    read, done = Reader.read, []

    def reading(self, keys):
        if before and not done:
            done.append(do())
        rows = read(self, keys)
        if not done:
            done.append(do())
        return rows

    monkeypatch.setattr(Reader, "read", reading)


@pytest.mark.parametrize("before", [True, False])
def test_whoever_withdraws_while_their_group_is_read_is_not_in_what_is_ready_later(
    answered, places, over, monkeypatch, before
):
    report = over()
    meanwhile(monkeypatch, lambda: take_back(places[0]), before=before)
    across_jobs.make.call(report.code)
    assert again(report).state == "done" and pairs_in(report) == 6 and not report.superseded_at
    assert report.groups.count() == 1 and report.tries == 1


def test_a_report_during_which_somebody_withdraws_again_and_again_is_given_up(answered, places, over, monkeypatch):
    report, marked = over(), across_jobs.read

    def read(row):
        AcrossReport.objects.filter(pk=row.pk).update(superseded_at=timezone.now())
        return marked(row)

    monkeypatch.setattr(across_jobs, "read", read)
    with pytest.raises(RuntimeError, match="Somebody withdrew"):
        across_jobs.make.call(report.code)
    assert again(report).state == "failed" and report.figures is None


def test_whoever_withdraws_before_their_group_is_read_is_not_in_it_and_nothing_is_marked(
    answered, cohort, places, other_cohort, over, monkeypatch
):
    SessionFactory(cohort=other_cohort, number=1, starts_at=timezone.now() - timedelta(days=90))  # read first
    report = over()
    monkeypatch.setattr(across_jobs, "in_chunks", lambda keys: across_rows.in_chunks(keys, 1))
    meanwhile(monkeypatch, lambda: take_back(places[0]), before=False)
    across_jobs.make.call(report.code)
    assert report.of == 2 and pairs_in(again(report)) == 6
    assert report.state == "done" and not report.superseded_at


def test_a_pdf_that_was_being_drawn_is_drawn_again_with_the_notice(
    answered, places, over, monkeypatch, django_capture_on_commit_callbacks
):
    report = over()

    def drawn_slowly(html: str) -> bytes:
        take_back(places[0])
        return b"%PDF without the notice"

    monkeypatch.setattr(across_jobs, "render_pdf", drawn_slowly)
    with django_capture_on_commit_callbacks() as callbacks:
        across_jobs.make.call(report.code)
    assert again(report).state == "done" and report.superseded_at and report.pdf is None
    for callback in callbacks:
        callback()
    assert NOTICE in bytes(again(report).pdf).decode()


def test_a_job_that_began_before_the_withdrawal_cannot_bring_the_old_pdf_back(answered, places, made, monkeypatch):
    report = made()

    def drawn_slowly(html: str) -> bytes:
        take_back(places[0])
        return b"%PDF without the notice"

    monkeypatch.setattr(jobs, "render_pdf", drawn_slowly)
    jobs.make_across_pdf.call(report.code)
    assert again(report).superseded_at and report.pdf is None


def test_the_pdf_is_not_drawn_before_there_are_figures(answered, places, over):
    report = over()
    jobs.make_across_pdf.call(report.code)
    assert again(report).pdf is None


def test_begun_again_it_reads_anew_and_owes_nothing_to_what_was_read_before(answered, places, over):
    report, now = over(), timezone.now()
    first = across.begin(report.code, now)
    assert across_jobs.read(first)
    take_back(places[0])
    assert again(report).superseded_at
    second = across.begin(report.code, now + timedelta(minutes=3))
    assert not second.superseded_at and not second.groups.exists()
    assert across_jobs.read(first) is None and not second.groups.exists(), "the first was only slow: it notes nothing"
    assert across_jobs.read(second) and second.groups.count() == 1


def test_what_ended_without_figures_has_no_groups_and_is_not_marked(answered, places, manager, over):
    cancelled, failed, given_up = (over() for _ in range(3))
    for report in (cancelled, failed, given_up):
        across_jobs.read(across.begin(report.code, timezone.now()))
    across.cancel(report=cancelled, by=manager)
    across.fail(AcrossReport.objects.get(pk=failed.pk))
    AcrossReport.objects.filter(pk=given_up.pk).update(tries=3)
    across.lost(timezone.now() + timedelta(minutes=3))
    assert not AcrossGroup.objects.exists()
    take_back(places[0])
    assert not AcrossReport.objects.exclude(superseded_at=None).exists()


# --- Made before there were marks ---------------------------------------------------------------------------


def carry_over() -> None:
    import_module("evaluation.migrations.0009_across_superseded").carry_over(apps, None)


def from_before(report: AcrossReport) -> AcrossReport:
    """As it was stored until now."""
    AcrossGroup.objects.filter(report=report).delete()
    AcrossReport.objects.filter(pk=report.pk).update(superseded_at=None, pdf=b"%PDF old")
    return again(report)


def test_a_report_from_before_is_found_from_now_on(answered, places, elsewhere, made):
    report = from_before(made())
    for _ in range(2):
        carry_over()
    assert report.groups.count() == 2 and not again(report).superseded_at and bytes(report.pdf) == b"%PDF old"
    take_back(places[0])
    assert again(report).superseded_at


def test_a_report_from_before_that_is_out_of_date_is_marked_and_drawn_again(
    answered, places, made, django_capture_on_commit_callbacks
):
    agree(places[0], given=False)
    agree(places[0])
    report = made()
    take_back(places[0])
    from_before(report)
    with django_capture_on_commit_callbacks(execute=True):
        carry_over()
    assert again(report).superseded_at == Consent.objects.last().at
    assert NOTICE in bytes(report.pdf).decode()


def test_of_the_erased_and_of_cards_it_is_taken_that_they_were_in_it(both, codes, places, cohort, made):
    report = from_before(made())
    agree(PlaceFactory(cohort=cohort, seat=9), given=False)  # who never agreed has not withdrawn
    carry_over()
    assert not again(report).superseded_at
    rights.erase(caregiver=places[0].caregiver, by=None)
    from_before(report)
    carry_over()
    assert again(report).superseded_at
    by_card = from_before(made())
    actions.withdraw_card(code=codes[0])
    from_before(by_card)
    carry_over()
    assert again(by_card).superseded_at


# --- Carried over when the receipt began to name everything -------------------------------------------------


def test_a_superseded_report_has_its_groups_back(answered, places, elsewhere, made):
    here, there = made(area=places[0].cohort.area), made(area="Elsewhere")
    take_back(places[0])
    AcrossGroup.objects.all().delete()
    for _ in range(2):
        import_module("evaluation.migrations.0010_groups_stay").groups_read(apps, None)
    assert list(here.groups.values_list("cohort", flat=True)) == [places[0].cohort_id]
    assert not there.groups.exists(), "of one that is up to date they never went"


def test_of_each_group_it_is_known_when_somebody_last_withdrew(answered, places, elsewhere, lead):
    for place in places[:2]:
        agree(place, given=False)
    last = Consent.objects.last().at
    for cohort in (places[0].cohort, elsewhere):
        Report.objects.create(cohort=cohort)
    import_module("evaluation.migrations.0011_report_withdrawn_at").when_withdrawn(apps, None)
    known = dict(Report.objects.values_list("cohort", "withdrawn_at"))
    assert known == {places[0].cohort_id: last, elsewhere.pk: None}
