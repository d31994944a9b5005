"""Somebody leaves the service, or changes role: what they have open is shown and handed over in one go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns.actions import write_down
from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp, Referral
from caregivers.referrals.actions import name_owner
from evaluation.models import ReportVersion
from evaluation.reports.actions import save_text
from evaluation.reports.sections import ALL as SECTIONS
from feedback.asking.actions import open_form
from feedback.models import Form, PaperPile
from feedback.questions import actions as questions
from feedback.questions.questionnaires import session_feedback
from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.accounts.leaving.forms import LeavingForm
from ppg.models import AuditEntry
from programmes.checklist import actions as checklist
from programmes.checklist.lines import lines
from programmes.editing import actions as editing
from programmes.models import ChecklistLine, TeamMember
from programmes.team import actions as team
from sessions_app.calendar import actions as feeds
from sessions_app.models import CalendarFeed
from tests.factories import (
    CaregiverFactory,
    CohortFactory,
    GuideFactory,
    PlaceFactory,
    SessionFactory,
    UserFactory,
)
from tests.guards.records import information_of, published

pytestmark = pytest.mark.django_db


def page_of(user):
    return reverse("user_leaving", args=[user.code])


def key_of(cohort):
    return f"group-{cohort.code}"


def name_of(cohort):
    return f"to-group-{cohort.code}"


def holding_of(user, cohort, role=None):
    return next(one for one in leaving.holdings(user, role) if one.key == key_of(cohort))


def jobs(cohort):
    """Who is in the team now, as what."""
    return {member.user.name: member.job for member in team.members(cohort)}


def call_in(cohort, owner):
    """A call that is theirs, whether or not they are in the team."""
    person = PlaceFactory(cohort=cohort).caregiver
    made = follow_ups.offer(caregiver=person, cohort=cohort, kind="call", by=None)
    FollowUp.objects.filter(pk=made.pk).update(owner=owner)
    return made


@pytest.fixture
def new_lead(db):
    return UserFactory(name="Nia Newlead", role=Role.LEAD)


@pytest.fixture
def new_facilitator(db):
    return UserFactory(name="Nat Newfacilitator", role=Role.FACILITATOR)


@pytest.fixture
def tasks(cohort, facilitator):
    """What the facilitator has open in the group, one of each kind, and a call they made."""
    call, made = call_in(cohort, facilitator), call_in(cohort, facilitator)
    follow_ups.record_outcome(follow_up=made, outcome="taken", by=facilitator)
    line = lines["group-advertised"]
    checklist.plan(cohort=cohort, line=line, owner=facilitator, due_on=None, by=facilitator)
    referral = CaregiverFactory(cohort=cohort).referrals.get()
    Referral.objects.filter(pk=referral.pk).update(owner=facilitator)
    return {"call": call, "made": made, "referral": referral}


@pytest.fixture
def over(cohort, lead, safeguarding):
    """The group has met for the last time, and its report is published."""
    SessionFactory(cohort=cohort, starts_at=timezone.now() - timedelta(days=30))
    return published(cohort)


@pytest.fixture
def drafts(lead):
    guide = editing.start(guide=GuideFactory(title="Signs"), by=lead)
    return guide, questions.start(questionnaire=session_feedback(), by=lead)


# --- What is shown -----------------------------------------------------------------------------------------


def test_the_page_says_what_is_open_and_who_may_go_on(
    browser_of, administrator, facilitator, cohort, tasks, new_facilitator
):
    page = browser_of(administrator).get(page_of(facilitator)).text
    for words in (
        "Ipswich spring: Facilitator",
        "1 call or follow-up",
        "1 line of the checklist",
        "The next step for 1 person",
        "They are its only facilitator.",
        "Nat Newfacilitator (Facilitator)",
        "Lena Lead (Programme lead)",
    ):
        assert words in page
    assert "Pat Parent" not in page


def test_no_caregiver_is_named(browser_of, administrator, facilitator, lead, cohort, tasks):
    people = [place.caregiver for place in cohort.place_set.all()] + [tasks["referral"].caregiver]
    tasks["call"].caregiver.liked_name = "Sunny"
    tasks["call"].caregiver.save()
    for user in (facilitator, lead):
        for page in (
            browser_of(administrator).get(page_of(user)).text,
            browser_of(administrator).post(page_of(user), {}).text,
        ):
            assert "Ipswich spring" in page
            for person in people:
                assert person.name not in page and person.code not in page
            assert "Sunny" not in page
    words = " ".join(str(one) for one in leaving.why_not(facilitator))
    assert "Ipswich spring" in words and not [person for person in people if person.name in words]


def test_nobody_learns_whether_they_wrote_down_a_concern(browser_of, administrator, facilitator, lead, cohort):
    def seen(user):
        found = browser_of(administrator).get(page_of(user)).text
        return "\n".join(line for line in found.splitlines() if "csrf" not in line and "opened_by" not in line)

    person = PlaceFactory(cohort=cohort).caregiver
    without = [seen(user) for user in (facilitator, lead)]
    write_down(cohort=cohort, caregiver=person, words="It was said", on=timezone.localdate(), by=facilitator)
    information_of(cohort, person, lead)
    assert [seen(user) for user in (facilitator, lead)] == without


def test_the_last_safeguarding_lead_is_said_to_be_the_last_whatever_waits(safeguarding, facilitator):
    assert leaving.to_think_of(facilitator) == []
    (words,) = leaving.to_think_of(safeguarding)
    assert words.startswith("Nobody else signs in as safeguarding lead")
    assert leaving.to_think_of(safeguarding, Role.LEAD) == [words]
    UserFactory(role=Role.SAFEGUARDING)
    assert leaving.to_think_of(safeguarding) == []


def test_who_has_nothing_open_has_nothing_to_hand_over(browser_of, administrator, safeguarding):
    page = browser_of(administrator).get(page_of(safeguarding)).text
    assert "They have nothing open." in page and "Hand it over" not in page
    assert leaving.holdings(administrator) == [] and leaving.why_not(safeguarding) == []
    assert browser_of(administrator).post(page_of(safeguarding), {})["Location"] == reverse(
        "user", args=[safeguarding.code]
    )


def test_only_an_administrator_opens_it(browser_of, lead, facilitator, manager, administrator):
    for user in (lead, facilitator, manager):
        assert browser_of(user).get(page_of(facilitator)).status_code == 403
        assert browser_of(user).post(page_of(facilitator), {}).status_code == 403
    assert browser_of(administrator).put(page_of(facilitator)).status_code == 405
    assert browser_of(administrator).get(reverse("user_leaving", args=["A" * 22])).status_code == 404


def test_ten_groups_cost_as_many_queries_as_one(browser_of, administrator, facilitator, lead, cohort, tasks, drafts):
    browser = browser_of(administrator)

    def queries():
        browser.get(page_of(facilitator))
        with CaptureQueriesContext(connection) as few:
            assert browser.get(page_of(facilitator)).status_code == 200
        return len(few)

    one = queries()
    for _ in range(9):
        more = CohortFactory(team=[lead, facilitator, UserFactory(role=Role.FACILITATOR)])
        call_in(more, facilitator)
        SessionFactory(cohort=more)
        published(more)
    assert len(leaving.holdings(facilitator)) == 10
    assert queries() == one


# --- Handing over ------------------------------------------------------------------------------------------


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


# --- All of it, or nothing ---------------------------------------------------------------------------------


def test_it_is_all_or_nothing(administrator, facilitator, lead, cohort, tasks, new_facilitator, monkeypatch):
    second = CohortFactory(name="Ipswich autumn", team=[lead, facilitator])
    with pytest.raises(Refused, match="Choose who goes on with “Ipswich autumn: Facilitator”"):
        leaving.hand_over(user=facilitator, choices={key_of(cohort): new_facilitator}, by=administrator)
    leave, left = team.leave, []

    def leave_once(**kwargs):
        if left:
            raise ZeroDivisionError
        left.append(leave(**kwargs))

    monkeypatch.setattr(team, "leave", leave_once)
    choices = dict.fromkeys([key_of(cohort), key_of(second)], new_facilitator)
    with pytest.raises(ZeroDivisionError):
        leaving.hand_over(user=facilitator, choices=choices, by=administrator)
    assert "Femi Facilitator" in jobs(cohort) and "Nat Newfacilitator" not in jobs(cohort)
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == facilitator
    assert not AuditEntry.objects.filter(user=administrator).exists()


def test_all_that_is_missing_is_named_at_once(administrator, facilitator, lead, cohort):
    CohortFactory(name="Ipswich autumn", team=[lead, facilitator])
    assert leaving.why_not(facilitator) == [
        "Choose who goes on with “Ipswich spring: Facilitator”.",
        "Choose who goes on with “Ipswich autumn: Facilitator”.",
    ]
    with pytest.raises(Refused, match=r"Ipswich spring.*Ipswich autumn"):
        leaving.hand_over(user=facilitator, choices={}, by=administrator)


def test_who_was_blocked_meanwhile_cannot_take_it(administrator, facilitator, cohort, tasks, new_facilitator):
    chosen = {key_of(cohort): new_facilitator}
    type(new_facilitator).objects.filter(pk=new_facilitator.pk).update(is_active=False)
    with pytest.raises(Refused, match="Nat Newfacilitator may not sign in any more"):
        leaving.hand_over(user=facilitator, choices=chosen, by=administrator)
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == facilitator


def test_nobody_hands_over_to_themselves(administrator, facilitator, cohort):
    with pytest.raises(Refused, match="Femi Facilitator cannot go on"):
        leaving.hand_over(user=facilitator, choices={key_of(cohort): facilitator}, by=administrator)


def test_a_task_that_came_after_the_page_was_opened_goes_along(
    browser_of, administrator, facilitator, lead, cohort, tasks
):
    browser = browser_of(administrator)
    browser.get(page_of(facilitator))
    late = call_in(cohort, facilitator)
    assert browser.post(page_of(facilitator), {name_of(cohort): lead.code}).status_code == 302
    assert FollowUp.objects.get(pk=late.pk).owner == lead
    assert leaving.holdings(facilitator) == []


def test_a_group_that_came_after_the_page_was_opened_is_asked_for(browser_of, administrator, facilitator, lead, cohort):
    CohortFactory(name="Ipswich autumn", team=[lead, facilitator])
    answer = browser_of(administrator).post(page_of(facilitator), {name_of(cohort): lead.code})
    assert answer.status_code == 422
    assert "Choose who goes on with “Ipswich autumn: Facilitator”." in answer.text
    assert f'<option value="{lead.code}" selected>' in answer.text
    assert "Femi Facilitator" in jobs(cohort)


def test_what_comes_in_the_very_moment_stops_it(administrator, facilitator, lead, cohort, monkeypatch):
    leave = team.leave

    def leave_and_meanwhile(**kwargs):
        leave(**kwargs)
        call_in(cohort, facilitator)

    monkeypatch.setattr(team, "leave", leave_and_meanwhile)
    with pytest.raises(Refused, match="Something has come to Femi Facilitator meanwhile"):
        leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    assert "Femi Facilitator" in jobs(cohort)


def test_pressed_twice_nothing_more_happens(browser_of, administrator, facilitator, lead, cohort, tasks):
    for words in ("Femi Facilitator has handed over 1 thing.", "Femi Facilitator has nothing open."):
        answer = browser_of(administrator).post(page_of(facilitator), {name_of(cohort): lead.code}, follow=True)
        assert words in answer.text
    assert AuditEntry.objects.filter(fields=["left_on", "team"]).count() == 1


def test_somebody_blocked_already_is_handed_over_too(administrator, facilitator, lead, cohort, tasks):
    facilitator.is_active = False
    facilitator.save()
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    assert leaving.holdings(facilitator) == []


def test_nothing_new_comes_to_somebody_who_is_not_in_the_team(administrator, facilitator, lead, cohort, tasks):
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    line = lines["group-advertised"]
    theirs = {"owner": facilitator, "by": lead}
    for give in (
        lambda: follow_ups.plan(follow_up=tasks["call"], due_on=None, **theirs),
        lambda: follow_ups.take(follow_up=call_in(cohort, None), by=facilitator),
        lambda: follow_ups.offer(caregiver=tasks["call"].caregiver, cohort=cohort, kind="call", **theirs),
        lambda: checklist.plan(cohort=cohort, line=line, due_on=None, **theirs),
        lambda: name_owner(referral=tasks["referral"], **theirs),
    ):
        with pytest.raises(Refused, match="Femi Facilitator is not in the team any more"):
            give()
    assert leaving.holdings(facilitator) == []


def test_the_next_step_of_a_call_they_made_is_not_theirs_any_more(administrator, facilitator, lead, cohort, tasks):
    leaving.hand_over(user=facilitator, choices={key_of(cohort): lead}, by=administrator)
    tomorrow = timezone.localdate() + timedelta(days=1)
    corrected = {"outcome": "taken", "next_step": "Call again", "next_due": tomorrow, "correcting": True}
    follow_ups.record_outcome(follow_up=tasks["made"], by=lead, **corrected)
    assert FollowUp.objects.get(follows=tasks["made"]).owner == lead
    assert leaving.holdings(facilitator) == []


# --- The form ----------------------------------------------------------------------------------------------


@pytest.fixture
def three_groups(cohort, lead, facilitator):
    return [cohort, *(CohortFactory(name=f"Group {n}", team=[lead, facilitator]) for n in (2, 3))]


def test_one_press_hands_everything_to_one_person(
    browser_of, administrator, facilitator, three_groups, new_facilitator
):
    page = browser_of(administrator).get(page_of(facilitator)).text
    assert "Hand everything over to" in page and "Choose one by one" in page and "<details" in page
    answer = browser_of(administrator).post(page_of(facilitator), {"everything": new_facilitator.code})
    assert answer.status_code == 302
    assert all(jobs(cohort)["Nat Newfacilitator"] == "facilitator" for cohort in three_groups)
    assert leaving.holdings(facilitator) == []


def test_a_part_may_go_to_somebody_else(browser_of, administrator, facilitator, lead, three_groups, new_facilitator):
    sent = {"everything": new_facilitator.code, name_of(three_groups[1]): lead.code}
    assert browser_of(administrator).post(page_of(facilitator), sent).status_code == 302
    assert ["Nat Newfacilitator" in jobs(cohort) for cohort in three_groups] == [True, False, True]


def test_what_does_not_fit_is_named_and_what_was_chosen_stays(
    browser_of, administrator, lead, cohort, new_lead, facilitator
):
    """The facilitator takes the tasks where another lead is, and cannot lead."""
    second = CohortFactory(name="Ipswich autumn", team=[lead, facilitator, new_lead])
    call_in(second, lead)
    answer = browser_of(administrator).post(page_of(lead), {"everything": facilitator.code})
    assert answer.status_code == 422
    assert "Femi Facilitator cannot go on with “Ipswich spring: Programme lead”. Choose somebody else." in answer.text
    assert f'<option value="{facilitator.code}" selected>' in answer.text
    assert '<details class="govuk-details" open>' in answer.text
    assert "Lena Lead" in jobs(cohort) and "Lena Lead" in jobs(second)


def test_nothing_chosen_is_one_error(browser_of, administrator, facilitator, three_groups):
    answer = browser_of(administrator).post(page_of(facilitator), {})
    assert answer.status_code == 422
    assert answer.text.count("Choose who goes on with") == 2  # in the summary and at the field


def test_with_one_group_there_is_one_question(browser_of, administrator, facilitator, cohort):
    page = browser_of(administrator).get(page_of(facilitator)).text
    assert "Hand everything over to" not in page and name_of(cohort) in page and "<details" not in page
    answer = browser_of(administrator).post(page_of(facilitator), {})
    assert answer.status_code == 422 and "Choose who goes on with “Ipswich spring: Facilitator”." in answer.text


def test_everything_does_not_open_a_group_that_needs_nobody(lead, cohort, over, new_lead, facilitator, drafts):
    form = LeavingForm({"everything": new_lead.code}, holdings=leaving.holdings(lead))
    assert form.is_valid()
    assert set(form.choices) == {one.key for one in leaving.holdings(lead)} - {key_of(cohort)}


def test_somebody_who_was_blocked_while_the_page_was_open_is_refused(
    browser_of, administrator, facilitator, cohort, new_facilitator
):
    sent = {name_of(cohort): new_facilitator.code}
    new_facilitator.is_active = False
    new_facilitator.save()
    answer = browser_of(administrator).post(page_of(facilitator), sent)
    assert answer.status_code == 422
    assert "This person cannot go on with it any more. Choose somebody else." in answer.text


def test_a_refusal_in_the_last_moment_is_on_the_page(browser_of, administrator, facilitator, lead, cohort, monkeypatch):
    def refuse(**kwargs):
        raise Refused("Not now.")

    monkeypatch.setattr(leaving, "hand_over", refuse)
    answer = browser_of(administrator).post(page_of(facilitator), {name_of(cohort): lead.code})
    assert answer.status_code == 422 and "Not now." in answer.text
    assert f'<option value="{lead.code}" selected>' in answer.text


# --- Another role ------------------------------------------------------------------------------------------


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


# --- What ends ---------------------------------------------------------------------------------------------


def test_the_address_of_their_calendar_ends_with_the_sign_in(stranger, administrator, facilitator, cohort):
    assert leaving.ending(facilitator) == []
    token = feeds.make_feed(by=facilitator, effect_key="press")
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
