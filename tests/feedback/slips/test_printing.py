"""Slips are printed by somebody who cannot read what is answered with them, and always the same ones."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.asking import actions as asking
from feedback.models import SlipSheet
from feedback.slips import actions
from feedback.slips import sheet as slip_sheet
from feedback.slips.codes import codes_of
from ppg.access.permissions import GRANTS, P
from ppg.access.refusals import Refused
from ppg.links import typed_codes
from ppg.models import AuditEntry
from tests.factories import PlaceFactory, SessionFactory
from tests.feedback.factories import by_link, closed, opened_form

pytestmark = pytest.mark.django_db

SLIPS = reverse("feedback:slips")


@pytest.fixture
def session(cohort, now):
    return SessionFactory(cohort=cohort, number=2, title="Spotting the signs", starts_at=now + timedelta(days=2))


def press(session) -> str:
    return reverse("feedback:slips_session", args=[session.code])


def test_nobody_who_prints_slips_reads_answers():
    """The whole of it stands on this: what counts cannot be made by whoever reads the results."""
    printing = [role for role, granted in GRANTS.items() if P.SLIPS_PRINT in granted]
    assert printing == ["parent", "administrator"]
    for role in printing:
        assert not GRANTS[role] & {P.FEEDBACK_SEE, P.FIGURES_SEE, P.REPORT_WRITE, P.DATA_TAKE}, role


def test_one_for_each_in_the_group_and_two_spare(cohort, session, parent):
    PlaceFactory.create_batch(6, cohort=cohort)
    sheet = actions.make(cohort=cohort, session=session, by=parent)
    assert (sheet.made, len(codes_of(sheet))) == (8, 8)
    entry = AuditEntry.objects.get(what="slipsheet")
    assert (entry.user, entry.verb, entry.fields) == (parent, "created", [])


def test_printed_again_they_are_the_same_ones(cohort, session, parent):
    PlaceFactory.create_batch(6, cohort=cohort)
    first, again = (codes_of(actions.make(cohort=cohort, session=session, by=parent)) for _ in range(2))
    assert first == again and SlipSheet.objects.count() == 1
    assert [entry.verb for entry in AuditEntry.objects.filter(what="slipsheet")] == ["downloaded", "created"]


def test_the_sheet_grows_with_the_group_until_the_form_is_opened(cohort, session, parent):
    PlaceFactory.create_batch(6, cohort=cohort)
    first = codes_of(actions.make(cohort=cohort, session=session, by=parent))
    PlaceFactory(cohort=cohort)
    grown = codes_of(actions.make(cohort=cohort, session=session, by=parent))
    assert (len(grown), grown[:8]) == (9, first)
    asking.open_form(session=session, by=None)
    PlaceFactory(cohort=cohort)
    assert actions.make(cohort=cohort, session=session, by=parent).made == 9


def test_none_for_a_form_that_has_closed_nor_for_one_by_link(cohort, other_cohort, session):
    form = closed(opened_form(cohort, number=9))
    with pytest.raises(Refused, match="has closed"):
        actions.make(cohort=cohort, session=form.session, by=None)
    with pytest.raises(Refused, match="answers by its link"):
        actions.make(cohort=by_link(other_cohort), session=SessionFactory(cohort=other_cohort), by=None)


@pytest.mark.parametrize("who", ["parent", "administrator"])
def test_the_sheet_is_the_answer_to_the_press(browser_of, request, cohort, session, who):
    browser = browser_of(request.getfixturevalue(who))
    assert press(session) in browser.get(SLIPS).text
    made = browser.post(press(session))
    assert made.headers["Content-Type"] == "application/pdf" and made.headers["Cache-Control"] == "no-store"
    with pikepdf.open(io.BytesIO(made.content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and len(pdf.pages) == 2, "ten slips, and how they are handed out"
    assert "Printed again they are the same ones" in browser.get(SLIPS).text


def test_each_slip_has_its_square_its_code_and_an_address_and_names_nothing(cohort, session):
    sheet = actions.make(cohort=cohort, session=session, by=None)
    page = slip_sheet.print_html(sheet, "https://council.example")
    for code in codes_of(sheet):
        assert page.count(typed_codes.printed(code)) == 1
    assert page.count("<svg") == 10
    assert page.count(f"council.example/f/slip/{sheet.code}<") == 10
    on_slips = page.split('<section class="how">')[0]
    for word in (cohort.name, session.title, cohort.area, "parent", "session", "group"):
        assert word.lower() not in re.sub(r'class="[^"]*"', "", on_slips).lower(), word


def test_the_page_lists_what_meets_soon_and_what_is_open(browser_of, administrator, cohort, session, other_cohort, now):
    late = SessionFactory(cohort=other_cohort, number=3, starts_at=now + timedelta(days=15))
    page = browser_of(administrator).get(SLIPS).text
    assert press(session) in page and press(late) not in page
    open_still = opened_form(other_cohort, number=4, starts_at=now - timedelta(days=20))
    assert press(open_still.session) in browser_of(administrator).get(SLIPS).text
    closed(open_still)
    assert press(open_still.session) not in browser_of(administrator).get(SLIPS).text


def test_after_the_programme_from_the_last_session_on(browser_of, parent, cohort, session):
    url = reverse("feedback:slips_after", args=[cohort.code])
    browser = browser_of(parent)
    assert url in browser.get(SLIPS).text
    assert browser.post(url).headers["Content-Type"] == "application/pdf"
    sheet = SlipSheet.objects.get()
    assert (sheet.session, sheet.cohort, sheet.made_by, sheet.made_on) == (None, cohort, parent, timezone.localdate())


def test_a_parent_prints_for_their_own_groups_alone(browser_of, parent, other_cohort, now):
    session = SessionFactory(cohort=other_cohort, starts_at=now + timedelta(days=2))
    browser = browser_of(parent)
    assert press(session) not in browser.get(SLIPS).text
    assert browser.post(press(session)).status_code == 404
    assert browser.post(reverse("feedback:slips_after", args=[other_cohort.code])).status_code == 404
    assert not SlipSheet.objects.exists()


def test_who_reads_answers_prints_none(browser_of, lead, facilitator, manager, evaluator, session, cohort):
    for user in (lead, facilitator, manager, evaluator):
        assert browser_of(user).get(SLIPS).status_code == 403
        assert browser_of(user).post(press(session)).status_code == 403
    assert not SlipSheet.objects.exists()


def test_the_team_is_told_whether_they_are_printed_and_by_whom(browser_of, lead, parent, cohort, session):
    page = reverse("feedback:session", args=[session.code])
    told = browser_of(lead).get(page).text
    assert "The slips are not printed yet." in told and "Pat Parent" in told and "cannot read the answers" in told
    browser_of(parent).post(press(session))
    told = browser_of(lead).get(page).text
    assert "10 slips were printed by Pat Parent" in told
    assert not [code for code in codes_of(SlipSheet.objects.get()) if typed_codes.printed(code) in told]


def test_a_form_that_was_opened_by_link_is_not_offered_when_the_group_answers_by_slips_again(
    browser_of, parent, lead, session
):
    actions.choose_link(cohort=session.cohort, link=True, by=lead)
    asking.open_form(session=session, by=None)
    actions.choose_link(cohort=session.cohort, link=False, by=lead)
    assert press(session) not in browser_of(parent).get(SLIPS).text


def test_the_sheet_says_which_session_it_is_for_and_that_two_count_before_slips_are_torn_up(session, cohort, parent):
    words = slip_sheet.print_html(actions.make(cohort=cohort, session=session, by=parent), "https://groups.example")
    assert "These slips are for Session 2, " in words and words.index(
        "Somebody else of the team looks on"
    ) < words.index("tear up the slips")
    after = actions.make(cohort=cohort, session=None, by=parent)
    assert "for the form after the programme" in slip_sheet.print_html(after, "https://groups.example")
