"""Who goes on with what somebody has open when they leave or change role, and what ends."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.models import FollowUp, Referral
from evaluation.models import ReportVersion
from evaluation.reports.actions import save_text
from evaluation.reports.sections import ALL as SECTIONS
from feedback.asking.actions import open_form
from feedback.models import Form, PaperPile
from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.models import AuditEntry
from programmes.models import ChecklistLine, TeamMember
from sessions_app.calendar import actions as calendar
from sessions_app.models import CalendarFeed
from tests.factories import (
    CohortFactory,
    SessionFactory,
    UserFactory,
)
from tests.guards.records import published
from tests.ppg.accounts.leaving.open_things import call_in, holding_of, jobs, key_of, name_of, page_of

pytestmark = pytest.mark.django_db


# --- Handing over ----------------------------------------------------------------------------------------


def test_whoever_takes_it_joins_with_the_same_job_and_goes_on(
    browser_of, administrator, facilitator, cohort, tasks, new_facilitator
):
    answer = browser_of(administrator).post(page_of(facilitator), {name_of(cohort): new_facilitator.code})
    assert answer["Location"] == reverse("user", args=[facilitator.code])
    assert jobs(cohort) == {
        "Lena Lead": "lead",
        "Nat Newfacilitator": "facilitator",
        "Pat Parent": "parent",
    }
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == new_facilitator
    assert FollowUp.objects.get(pk=tasks["made"].pk).owner == facilitator  # done: it stays who did it
    assert Referral.objects.get(pk=tasks["referral"].pk).owner == new_facilitator
    assert ChecklistLine.objects.get(slug="group-advertised").owner == new_facilitator
    assert leaving.holdings(facilitator) == [] and leaving.why_not(facilitator) == []
    facilitator.refresh_from_db()
    assert facilitator.is_active  # blocking is another press
    assert browser_of(facilitator).get(cohort.get_absolute_url()).status_code == 404


def test_each_step_stands_in_the_trail_with_person_and_group(
    administrator, facilitator, cohort, tasks, new_facilitator
):
    leaving.hand_over(user=facilitator, choices={key_of(cohort): new_facilitator}, by=administrator)
    rows = AuditEntry.objects.filter(user=administrator, cohort=cohort.code)
    assert sorted(rows.values_list("what", "ref", "fields")) == sorted(
        [
            ("user", new_facilitator.code, ["facilitator", "team"]),
            ("user", facilitator.code, ["left_on", "team"]),
            ("followup", tasks["call"].code, ["owner"]),
            ("referral", tasks["referral"].code, ["owner"]),
            ("checklistline", ChecklistLine.objects.get(slug="group-advertised").code, ["owner"]),
        ]
    )
    assert rows.get(what="followup").person == tasks["call"].caregiver.code


def test_who_is_in_the_team_already_takes_the_tasks_and_keeps_their_job(
    administrator, facilitator, lead, cohort, tasks
):
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    assert jobs(cohort) == {"Lena Lead": "lead", "Pat Parent": "parent"}
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == lead


def test_the_only_lead_is_followed_by_a_lead(administrator, lead, facilitator, cohort, new_lead):
    assert holding_of(lead, cohort).takers == (new_lead,)
    with pytest.raises(Refused, match="Choose who goes on with “Ipswich spring: Programme lead”"):
        leaving.hand_over(user=lead, choices={}, by=administrator)
    with pytest.raises(Refused, match="Femi Facilitator cannot go on with “Ipswich spring: Programme lead”"):
        leaving.hand_over(user=lead, choices={key_of(cohort): facilitator}, by=administrator)
    assert "Lena Lead" in jobs(cohort)
    leaving.hand_over(user=lead, choices={key_of(cohort): new_lead}, by=administrator)
    assert jobs(cohort)["Nia Newlead"] == "lead" and "Lena Lead" not in jobs(cohort)


def test_a_lead_who_facilitates_there_leads_the_group_from_then_on(administrator, lead, facilitator, cohort, new_lead):
    TeamMember.objects.create(cohort=cohort, user=new_lead, job="facilitator")
    task = call_in(cohort, new_lead)
    leaving.hand_over(user=lead, choices={key_of(cohort): new_lead}, by=administrator)
    assert jobs(cohort)["Nia Newlead"] == "lead"
    assert FollowUp.objects.get(pk=task.pk).owner == new_lead
    assert cohort.team.filter(user=new_lead).count() == 2  # the job they had stays in the team's history


def test_where_no_lead_is_left_it_says_so(browser_of, administrator, lead, cohort):
    (words,) = leaving.why_not(lead)
    assert words.startswith("Nobody who signs in may go on with “Ipswich spring: Programme lead”")
    answer = browser_of(administrator).post(page_of(lead), {})
    assert answer.status_code == 422 and words in answer.text
    assert "Lena Lead" in jobs(cohort)


def test_of_two_leads_one_may_go_and_a_facilitator_takes_the_tasks(administrator, lead, facilitator, cohort, new_lead):
    TeamMember.objects.create(cohort=cohort, user=new_lead, job="lead")
    assert not holding_of(lead, cohort).needed
    task = call_in(cohort, lead)
    assert holding_of(lead, cohort).needed
    leaving.hand_over(user=lead, choices={key_of(cohort): facilitator}, by=administrator)
    assert jobs(cohort) == {"Nia Newlead": "lead", "Femi Facilitator": "facilitator", "Pat Parent": "parent"}
    assert FollowUp.objects.get(pk=task.pk).owner == facilitator


def test_a_lead_who_may_not_sign_in_does_not_count(lead, cohort):
    TeamMember.objects.create(cohort=cohort, user=UserFactory(role=Role.LEAD, is_active=False), job="lead")
    assert holding_of(lead, cohort).needed and holding_of(lead, cohort).takers == ()


@pytest.mark.parametrize(
    ("role", "job"), [(Role.PARENT, "parent"), (Role.MANAGER, "manager"), (Role.EVALUATOR, "evaluation")]
)
def test_parents_managers_and_evaluators_leave_without_a_successor(administrator, cohort, role, job):
    user, next_one = UserFactory(role=role), UserFactory(role=role)
    TeamMember.objects.create(cohort=cohort, user=user, job=job)
    assert leaving.why_not(user) == []
    assert next_one in holding_of(user, cohort).takers
    leaving.hand_over(user=user, choices={}, by=administrator)
    assert leaving.holdings(user) == [] and next_one.name not in jobs(cohort)


def test_a_parent_may_be_followed_by_one(administrator, parent, cohort):
    next_one = UserFactory(name="Priya Parent", role=Role.PARENT)
    leaving.hand_over(user=parent, choices={key_of(cohort): next_one}, by=administrator)
    assert jobs(cohort)["Priya Parent"] == "parent" and "Pat Parent" not in jobs(cohort)


def test_what_they_own_in_a_group_they_have_left_goes_along(administrator, facilitator, lead, cohort, other_cohort):
    there = call_in(other_cohort, facilitator)
    elsewhere = holding_of(facilitator, other_cohort)
    assert elsewhere.what == "Lowestoft: they are not in its team any more"
    assert [one.name for one in elsewhere.takers] == ["Lena Lead", "Olu Other"]  # it has no lead: one may become it
    olu = other_cohort.team.get().user
    choices = {key_of(other_cohort): olu, key_of(cohort): lead}
    leaving.hand_over(user=facilitator, choices=choices, by=administrator)
    assert FollowUp.objects.get(pk=there.pk).owner == olu
    assert jobs(other_cohort) == {"Olu Other": "facilitator"}
    assert leaving.holdings(facilitator) == []


def test_a_lead_takes_over_a_group_that_has_none(administrator, facilitator, lead, other_cohort):
    there = call_in(other_cohort, facilitator)
    leaving.hand_over(user=facilitator, choices={key_of(other_cohort): lead}, by=administrator)
    assert jobs(other_cohort)["Lena Lead"] == "lead"
    assert FollowUp.objects.get(pk=there.pk).owner == lead


def test_a_group_that_is_over_needs_nobody(browser_of, administrator, lead, facilitator, cohort, over):
    page = browser_of(administrator).get(page_of(lead)).text
    assert "The group is over: its sessions are past and its report is published." in page
    assert "Without a lead nobody can answer its people" in page
    assert leaving.why_not(lead) == [] and leaving.why_not(facilitator) == []
    leaving.hand_over(user=lead, choices={}, by=administrator)
    assert "Lena Lead" not in jobs(cohort)


def test_what_is_open_in_a_group_that_is_over_still_needs_somebody(administrator, lead, facilitator, cohort, over):
    call_in(cohort, lead)
    assert holding_of(lead, cohort).needed
    with pytest.raises(Refused, match="Choose who goes on"):
        leaving.hand_over(user=lead, choices={}, by=administrator)
    leaving.hand_over(user=lead, choices={key_of(cohort): facilitator}, by=administrator)
    assert leaving.holdings(lead) == []


@pytest.mark.parametrize("why", ["a session to come", "no session", "a withdrawal", "no report", "no reader"])
def test_a_group_is_not_over_while_something_is_due(lead, cohort, over, safeguarding, why):
    if why == "a session to come":
        SessionFactory(cohort=cohort, number=99, starts_at=timezone.now() + timedelta(days=1))
    elif why == "no session":
        cohort.sessions.all().delete()
    elif why == "a withdrawal":
        ReportVersion.objects.update(superseded_at=timezone.now())
    elif why == "no reader":  # of concerns, but its lead
        safeguarding.delete()
    else:
        ReportVersion.objects.all().delete()
    assert holding_of(lead, cohort).needed


def test_a_report_they_were_writing_is_said_and_stays(lead, cohort, new_lead, administrator):
    words = "They wrote in its report, which is not published yet. The text stays; its lead goes on with it."
    assert words not in holding_of(lead, cohort).remarks
    save_text(cohort=cohort, text={SECTIONS[0].key: "It went well"}, by=lead)
    assert words in holding_of(lead, cohort).remarks
    version = published(cohort)
    assert words not in holding_of(lead, cohort).remarks
    ReportVersion.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(days=1))
    assert words in holding_of(lead, cohort).remarks
    leaving.hand_over(user=lead, choices={key_of(cohort): new_lead}, by=administrator)
    assert cohort.report.texts.get().by == lead


def test_drafts_go_to_another_lead_and_say_still_who_changed_them(
    browser_of, administrator, lead, cohort, new_lead, drafts
):
    guide, questionnaire = drafts
    open_now = [one.what for one in leaving.holdings(lead)]
    assert f"Draft of the guide “{guide}” (Peer Parent Group)" in open_now
    assert f"Draft of the questions “{questionnaire.title}”" in open_now
    choices = {one.key: new_lead for one in leaving.holdings(lead)}
    leaving.hand_over(user=lead, choices=choices, by=administrator)
    for draft in drafts:
        draft.refresh_from_db()
        assert (draft.owner, draft.changed_by) == (new_lead, lead)
        assert AuditEntry.objects.get(user=administrator, ref=draft.code).fields == ["owner"]
    page = browser_of(new_lead).get(reverse("programmes:edit", args=[guide.code])).text
    assert "Changed last by Lena Lead" in page and "Nia Newlead goes on with the draft." in page
    page = browser_of(new_lead).get(reverse("feedback:edit_questions", args=[questionnaire.code])).text
    assert "Nia Newlead goes on with the draft." in page
    assert [one.key for one in leaving.holdings(new_lead) if "Draft" in one.what] == [
        f"guide-{guide.code}",
        f"questions-{questionnaire.code}",
    ]


def test_a_draft_that_was_published_is_nobodys(lead, drafts):
    guide, _questionnaire = drafts
    guide.state = "old"
    guide.save()
    assert f"guide-{guide.code}" not in [one.key for one in leaving.holdings(lead)]


# --- Another role ----------------------------------------------------------------------------------------


def test_a_facilitator_who_becomes_a_manager_hands_over_their_groups(administrator, facilitator, lead, cohort, tasks):
    (holding,) = leaving.holdings(facilitator, Role.MANAGER)
    assert holding.key == key_of(cohort) and len(holding.open) == 3
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator, role=Role.MANAGER)
    assert "Femi Facilitator" not in jobs(cohort) and leaving.holdings(facilitator, Role.MANAGER) == []


def test_a_facilitator_who_becomes_a_lead_keeps_everything(facilitator, cohort, tasks):
    assert leaving.holdings(facilitator, Role.LEAD) == [] and leaving.why_not(facilitator, Role.LEAD) == []


def test_a_lead_who_becomes_a_facilitator_keeps_where_they_facilitate(lead, facilitator, cohort, new_lead, drafts):
    second = CohortFactory(name="Ipswich autumn", team=[new_lead])
    TeamMember.objects.create(cohort=second, user=lead, job="facilitator")
    call_in(second, lead)
    keys = [one.key for one in leaving.holdings(lead, Role.FACILITATOR)]
    assert keys == [key_of(cohort), f"guide-{drafts[0].code}", f"questions-{drafts[1].code}"]


def test_the_same_role_keeps_everything(lead, facilitator, cohort, tasks, drafts):
    assert leaving.holdings(lead, Role.LEAD) == [] and leaving.holdings(facilitator, Role.FACILITATOR) == []


# --- What ends -------------------------------------------------------------------------------------------


def test_the_address_of_their_calendar_ends_with_the_sign_in(stranger, administrator, facilitator, cohort):
    assert leaving.ending(facilitator) == []
    token = calendar.make_feed(by=facilitator, effect_key="press")
    address = reverse("calendar_feed", args=[token])
    assert stranger.get(address).status_code == 200
    assert leaving.ending(facilitator) == [
        "The address of their calendar stops. What calendars fetched before stays in them."
    ]
    assert leaving.ending(facilitator, Role.LEAD) == [] and leaving.ending(facilitator, Role.MANAGER) != []
    leaving.end_access(user=facilitator, by=administrator, role=Role.LEAD)
    assert stranger.get(address).status_code == 200
    for _ in range(2):
        leaving.end_access(user=facilitator, by=administrator)
    assert stranger.get(address).status_code == 404
    assert CalendarFeed.objects.get().revoked_at
    assert AuditEntry.objects.filter(user=administrator, what="calendarfeed").count() == 1


def test_sheets_they_were_typing_go_without_a_word(administrator, facilitator, lead, cohort):
    form = Form.objects.get(pk=open_form(session=SessionFactory(cohort=cohort), by=None).pk)
    for user in (facilitator, lead):
        PaperPile.objects.create(form=form, typed_by=user, first=[None])
    assert leaving.ending(facilitator) == []
    before = AuditEntry.objects.count()
    leaving.end_access(user=facilitator, by=administrator, role=Role.LEAD)
    assert PaperPile.objects.count() == 2
    leaving.end_access(user=facilitator, by=administrator)
    assert PaperPile.objects.get().typed_by == lead
    assert AuditEntry.objects.count() == before
