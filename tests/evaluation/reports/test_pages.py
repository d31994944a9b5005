"""Writing, publishing, reading and downloading the report."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import withdraw
from evaluation.figures.shapes import Figures
from evaluation.models import Report, ReportVersion
from evaluation.reports import actions
from evaluation.reports.jobs import make_pdf
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.evaluation.conftest import TEXT, pressed
from tests.factories import SessionFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db
KEY = "3f1d1c1e-58a1-4c11-9a51-111111111111"


@pytest.fixture
def url(cohort):
    return reverse("evaluation:report", args=[cohort.code])


# --- Publishing ------------------------------------------------------------------------------------


@pytest.fixture
def check(cohort):
    """The page that is looked at before publishing."""
    return reverse("evaluation:publish", args=[cohort.code])


def test_publishing_makes_one_version_however_often_it_is_sent(
    browser_of, lead, url, check, answered, django_capture_on_commit_callbacks
):
    client = browser_of(lead)
    assert client.post(url, TEXT | {"do": "publish", "seen": ""}).headers["Location"] == check
    with django_capture_on_commit_callbacks(execute=True):
        data = pressed(client, check) | {"effect_key": KEY}
        first = client.post(check, data)
        second = client.post(check, data)
    version = ReportVersion.objects.get()
    assert first.headers["Location"] == second.headers["Location"] == version.get_absolute_url()
    assert version.number == 1 and bytes(version.pdf).startswith(b"%PDF")
    assert AuditEntry.objects.filter(what="reportversion", verb="created").count() == 1


def test_an_unwritten_part_is_named_and_nothing_is_published(browser_of, lead, url, answered):
    page = browser_of(lead).post(url, TEXT | {"learned": " ", "do": "publish", "seen": ""})
    body = page.content.decode()
    assert page.status_code == 422
    assert "Write “What we learned” before you publish" in body and "Ring first." in body
    assert ReportVersion.objects.count() == 0


def test_the_look_before_says_what_is_new_and_who_will_read_it(browser_of, lead, check, published, report):
    client = browser_of(lead)
    page = client.get(check).content.decode()
    assert "Check before you publish version 2" in page and "New since version 1" in page
    assert "Nothing: text, figures, quotes and recommendations are the same." in page
    actions.save_text(cohort=report.cohort, text={"learned": "More."}, by=lead)
    page = client.get(check).content.decode()
    assert "the text under “What we learned”" in page and "Nothing:" not in page
    assert "A version never changes and cannot be taken back." in page


def test_it_reminds_of_a_withdrawal_and_of_sessions_still_to_come(
    browser_of, lead, check, cohort, published, places, held
):
    page = browser_of(lead).get(check).content.decode()
    assert "Sessions of this group are still to come" not in page and "taken back answers" not in page
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    SessionFactory(cohort=cohort, number=7, starts_at=timezone.now() + timedelta(days=7))
    page = browser_of(lead).get(check).content.decode()
    assert "Sessions of this group are still to come" in page and "<li>figures: what changed for people</li>" in page
    assert "figures: what was delivered" not in page
    assert "Somebody has taken back answers or words since version 1." in page
    writing = browser_of(lead).get(reverse("evaluation:report", args=[cohort.code])).content.decode()
    assert "Read the text once more beside the figures, then publish the next version." in writing


def test_without_what_is_needed_its_button_is_off_and_says_why(browser_of, lead, check, report, cohort, held):
    actions.save_text(cohort=cohort, text={"learned": ""}, by=lead)
    page = browser_of(lead).get(check).content.decode()
    assert "Some parts are still empty. Write them, then publish." in page and "disabled" in page


def test_before_a_session_was_held_it_is_said_before_the_press(browser_of, lead, check, report):
    page = browser_of(lead).get(check).content.decode()
    assert "No session has been held yet, so there is nothing to report." in page and "disabled" in page


def test_the_look_before_says_which_signs_the_pdf_tells_in_words(browser_of, lead, check, report):
    assert "stand in words" not in browser_of(lead).get(check).text
    report.text |= {"learned": "They said 🎉 and 김 and 🎉 again. Łódź, 您好."}
    report.save()
    assert "In the PDF these stand in words: 🎉 김" in on_one_line(browser_of(lead).get(check).text)


def test_a_text_that_changed_after_the_look_is_not_published(browser_of, lead, check, report, answered):
    client = browser_of(lead)
    data = pressed(client, check)
    actions.save_text(cohort=report.cohort, text={"learned": "Something else."}, by=lead)
    answer = client.post(check, data)
    assert answer.status_code == 409 and "The text was changed meanwhile." in answer.content.decode()
    assert ReportVersion.objects.count() == 0


def test_looking_at_a_preview_keeps_what_was_typed(browser_of, lead, url, answered):
    answer = browser_of(lead).post(
        url, TEXT | {"learned": "Just typed.", "do": "preview:shared", "seen": ""}, follow=True
    )
    assert "Just typed." in answer.content.decode() and "The edition to share." in answer.content.decode()


def test_nothing_is_published_before_a_session_was_held(browser_of, lead, check, report, cohort):
    client = browser_of(lead)
    page = client.post(check, pressed(client, check))
    assert page.status_code == 409 and "No session has been held yet" in page.content.decode()
    with pytest.raises(Refused):
        actions.publish(cohort=cohort, by=lead)


def test_a_version_stays_as_it_was(cohort, published, lead, places):
    cohort.name = "Renamed"
    cohort.save()
    actions.save_text(cohort=cohort, text={"learned": "Other."}, by=lead)
    published.refresh_from_db()
    assert published.text["learned"] == "People felt believed."
    assert published.cover["cohort"] == "Ipswich spring"
    assert Figures.from_dict(published.figures).domains[0].pairs == 7


def test_versions_are_numbered_one_by_one(cohort, published, lead):
    assert [actions.publish(cohort=cohort, by=lead).number for _ in range(2)] == [2, 3]


def test_a_version_published_again_unchanged_shows_the_same(cohort, published, lead):
    again = actions.publish(cohort=cohort, by=lead)
    assert again.figures == published.figures


# --- Reading ---------------------------------------------------------------------------------------


def test_the_manager_reads_and_downloads(browser_of, manager, published):
    make_pdf.func(published.code)
    published.refresh_from_db()
    client = browser_of(manager)
    home = client.get(reverse("home")).content.decode()
    assert published.get_absolute_url() in home
    body = client.get(published.get_absolute_url()).content.decode()
    link = reverse("evaluation:pdf", args=[published.code])
    assert link in body and "People felt believed." in body
    answer = client.get(link)
    assert answer["Content-Type"] == "application/pdf" and answer["Cache-Control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="report-[a-z0-9]{4}-version-1.pdf"', answer["Content-Disposition"])
    with pikepdf.open(io.BytesIO(answer.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and 4 <= len(pdf.pages) <= 8
    assert AuditEntry.objects.get(verb="downloaded").user == manager


def test_page_and_pdf_say_the_same_numbers(browser_of, manager, published):
    from evaluation.reports.pages import cover_of, print_html

    page = browser_of(manager).get(published.get_absolute_url()).content.decode()
    printed = print_html(cover_of(published), Figures.from_dict(published.figures), published.text)
    numbers = [re.findall(r"better for .*?;|Median before.*?\.</p>|Rests on.*?\.", text) for text in (page, printed)]
    assert numbers[0] == numbers[1] and len(numbers[0]) >= 8


def test_until_the_pdf_is_made_the_page_says_so(browser_of, manager, published):
    ReportVersion.objects.update(pdf=None)
    assert "The PDF is being made." in browser_of(manager).get(published.get_absolute_url()).content.decode()
    answer = browser_of(manager).get(reverse("evaluation:pdf", args=[published.code]))
    assert answer.status_code == 409 and "being made" in answer.content.decode()


def test_who_may(browser_of, parent, manager, facilitator, other_facilitator, published, url, stranger):
    version, pdf = published.get_absolute_url(), reverse("evaluation:pdf", args=[published.code])
    for page in (version, pdf):
        assert browser_of(facilitator).get(page).status_code == 200
        assert browser_of(other_facilitator).get(page).status_code == 404
        assert browser_of(parent).get(page).status_code == 403
        assert stranger.get(page).status_code == 302
        assert browser_of(manager).post(page).status_code == 405
    assert browser_of(manager).get(url).status_code == 403
    assert browser_of(facilitator).get(url).status_code == 403


def test_the_list_of_versions_fetches_no_pdf(browser_of, lead, cohort, published, url, same_queries):
    same_queries(browser_of(lead), url, lambda: [actions.publish(cohort=cohort, by=lead) for _ in range(3)])


# --- Withdrawing -----------------------------------------------------------------------------------


def test_a_withdrawal_supersedes_the_version_on_page_and_pdf(
    browser_of, manager, published, places, django_capture_on_commit_callbacks
):
    published.refresh_from_db()
    old = bytes(published.pdf)
    with django_capture_on_commit_callbacks() as callbacks:
        withdraw(caregiver=places[0].caregiver, kind="evaluation")
        published.refresh_from_db()
        assert published.superseded_at and published.pdf is None, "no PDF without the notice is handed out"
    for callback in callbacks:
        callback()
    published.refresh_from_db()
    assert bytes(published.pdf) != old
    body = browser_of(manager).get(published.get_absolute_url()).content.decode()
    assert "This version was superseded on" in body
    assert "Superseded" in browser_of(manager).get(reverse("home")).content.decode()


def test_the_next_version_is_without_the_person_and_holds_back_the_difference(cohort, published, places, lead):
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    following = Figures.from_dict(actions.publish(cohort=cohort, by=lead).figures)
    assert [(domain.pairs, domain.change, domain.held) for domain in following.domains] == [(6, None, "differs")] * 4


def test_a_job_that_began_before_the_withdrawal_cannot_bring_the_old_pdf_back(published, places, monkeypatch):
    """The withdrawal comes while the PDF is being drawn."""

    def drawn_slowly(html: str) -> bytes:
        if not ReportVersion.objects.get().superseded_at:
            ReportVersion.objects.update(superseded_at=timezone.now() - timedelta(seconds=1), pdf=None)
        return b"%PDF without the notice"

    monkeypatch.setattr("evaluation.reports.jobs.render_pdf", drawn_slowly)
    make_pdf.func(published.code)
    assert ReportVersion.objects.get().pdf is None


def test_withdrawing_another_consent_supersedes_nothing(published, places):
    withdraw(caregiver=places[0].caregiver, kind="chat")
    published.refresh_from_db()
    assert published.superseded_at is None


def test_withdrawing_twice_keeps_the_first_date(published, places):
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    first = ReportVersion.objects.get().superseded_at
    withdraw(caregiver=places[1].caregiver, kind="evaluation")
    assert ReportVersion.objects.get().superseded_at == first
    assert len(Report.objects.get().told_before) == 1, "the second time nothing was shown any more"
