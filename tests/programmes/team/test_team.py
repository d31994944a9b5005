"""The team of a group: who comes, who goes, and who goes on with what was open."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.models import FollowUp, Referral
from caregivers.places import actions
from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from programmes.checklist import actions as checklist_actions
from programmes.checklist import lines as checklist
from programmes.models import ChecklistLine, TeamMember
from programmes.team import actions as team
from programmes.team.owned import open_of
from programmes.team.queries import members, who_could
from tests.factories import CaregiverFactory, PlaceFactory, SessionFactory, UserFactory

pytestmark = pytest.mark.django_db


def url(cohort, name="team", *args):
    return reverse(f"programmes:{name}", args=[cohort.code, *args])


@pytest.fixture
def other_lead(cohort):
    user = UserFactory(name="Lars Lead", role=Role.LEAD)
    TeamMember.objects.create(cohort=cohort, user=user, job="lead")
    return user


@pytest.fixture
def tasks(cohort, facilitator):
    """What the facilitator has open in the group, a call they made, and what is somebody else's."""
    person = PlaceFactory(cohort=cohort, seat=1).caregiver
    call = follow_ups.offer(caregiver=person, cohort=cohort, kind="call", owner=facilitator, by=None)
    made = follow_ups.offer(caregiver=person, cohort=cohort, kind="call", owner=facilitator, by=None)
    follow_ups.record_outcome(follow_up=made, outcome="taken", by=facilitator)
    poster, ticked = checklist.lines["group-advertised"], checklist.lines["material-reviewed"]
    for line in (poster, ticked):
        checklist_actions.plan(cohort=cohort, line=line, owner=facilitator, due_on=None, by=facilitator)
    checklist_actions.tick(cohort=cohort, line=ticked, done=True, by=facilitator)
    referral = CaregiverFactory(cohort=cohort).referrals.get()
    Referral.objects.filter(pk=referral.pk).update(owner=facilitator)
    return {"call": call, "made": made, "referral": referral}


# --- The page ----------------------------------------------------------------------------------------------


def test_the_page_names_everybody_and_what_a_facilitator_brings(browser_of, lead, cohort):
    page = browser_of(lead).get(url(cohort)).text
    for word in ("Lena Lead", "Femi Facilitator", "Pat Parent", "What a facilitator brings", "Restorative skills"):
        assert word in page
    for job in ("manager", "evaluation"):  # nobody has these yet: one press to whom it may be
        assert f"{url(cohort, 'team_add')}?job={job}" in page
    assert url(cohort, "support") in page


def test_the_others_see_the_team_and_change_nothing(browser_of, facilitator, parent, manager, cohort):
    for user in (facilitator, parent, manager):
        page = browser_of(user).get(url(cohort)).text
        assert "Femi Facilitator" in page
        assert url(cohort, "team_add") not in page and "/leave/" not in page
        for address in (url(cohort, "team_add"), url(cohort, "team_leave", parent.code)):
            assert browser_of(user).get(address).status_code == 403
            assert browser_of(user).post(address, {}).status_code == 403
    assert cohort.team.filter(left_on=None).count() == 3


def test_another_groups_team_is_not_there(browser_of, lead, other_cohort):
    member = other_cohort.team.get().user.code
    for address in (url(other_cohort), url(other_cohort, "team_add"), url(other_cohort, "team_leave", member)):
        assert browser_of(lead).get(address).status_code == 404
    assert browser_of(lead).post(url(other_cohort, "team_leave", member), {}).status_code == 404
    assert other_cohort.team.get().left_on is None


def test_wrong_verbs_and_people_who_are_not_in_the_team(browser_of, lead, cohort, manager):
    assert browser_of(lead).post(url(cohort)).status_code == 405
    assert browser_of(lead).put(url(cohort, "team_add")).status_code == 405
    assert browser_of(lead).get(url(cohort, "team_leave", manager.code)).status_code == 404


# --- Coming ------------------------------------------------------------------------------------------------


def test_somebody_comes_into_the_team_and_sees_the_group_at_once(browser_of, lead, other_facilitator, cohort):
    client = browser_of(other_facilitator)
    assert client.get(cohort.get_absolute_url()).status_code == 404
    told = {"who": other_facilitator.code, "job": "facilitator"}
    for _ in range(2):
        browser_of(lead).post(url(cohort, "team_add"), told)
    assert cohort.team.get(user=other_facilitator).job == "facilitator"
    assert client.get(cohort.get_absolute_url()).status_code == 200
    entry = AuditEntry.objects.get(what="user", ref=other_facilitator.code)
    assert (entry.user, entry.cohort, entry.fields) == (lead, cohort.code, ["facilitator", "team"])


def test_the_job_must_go_with_the_role(browser_of, lead, cohort, other_facilitator):
    answer = browser_of(lead).post(url(cohort, "team_add"), {"who": other_facilitator.code, "job": "lead"})
    assert answer.status_code == 422
    assert "Olu Other signs in as “Facilitator”. That does not go with the job “Programme lead”." in answer.text
    assert f'<option value="{other_facilitator.code}" selected>' in answer.text
    assert browser_of(lead).post(url(cohort, "team_add"), {"who": "x", "job": ""}).status_code == 422
    with pytest.raises(Refused, match="does not go with"):
        team.join(cohort=cohort, user=other_facilitator, job="parent", by=lead)
    assert cohort.team.count() == 3


@pytest.mark.parametrize(
    ("role", "job"),
    [
        ("lead", "lead"),
        ("lead", "facilitator"),
        ("manager", "manager"),
        ("evaluator", "evaluation"),
        ("parent", "parent"),
    ],
)
def test_each_job_has_its_role(cohort, lead, role, job):
    user = UserFactory(role=role)
    assert team.join(cohort=cohort, user=user, job=job, by=lead).job == job


def test_only_those_who_fit_and_may_sign_in_are_offered(cohort, lead, safeguarding, administrator, manager):
    gone = UserFactory(role=Role.LEAD, is_active=False)
    assert who_could(cohort) == [manager]
    for user, sentence in (
        (gone, "may not sign in"),
        (safeguarding, "does not go with"),
        (lead, "in the team already"),
    ):
        with pytest.raises(Refused, match=sentence):
            team.join(cohort=cohort, user=user, job="facilitator", by=lead)


# --- Going -------------------------------------------------------------------------------------------------


def test_who_leaves_cannot_open_anything_with_their_next_request(browser_of, lead, facilitator, cohort):
    session = SessionFactory(cohort=cohort)
    pages = [cohort.get_absolute_url(), session.get_absolute_url(), reverse("caregivers:people", args=[cohort.code])]
    client = browser_of(facilitator)
    assert [client.get(page).status_code for page in pages] == [200, 200, 200]
    leave = url(cohort, "team_leave", facilitator.code)
    for _ in range(2):
        assert browser_of(lead).post(leave, {"sent": "1"})["Location"] == url(cohort)
    assert [client.get(page).status_code for page in pages] == [404, 404, 404]
    assert cohort.name not in client.get(reverse("home")).text
    assert cohort.team.get(user=facilitator).left_on == timezone.localdate()
    assert AuditEntry.objects.filter(what="user", ref=facilitator.code, fields=["left_on", "team"]).count() == 1
    page = browser_of(lead).get(url(cohort)).text
    assert "Were in the team" in page and "Femi Facilitator, Facilitator, until" in page


def test_they_can_come_back(lead, facilitator, cohort, browser_of):
    team.leave(cohort=cohort, user=facilitator, by=lead)
    team.join(cohort=cohort, user=facilitator, job="facilitator", by=lead)
    assert cohort.team.filter(user=facilitator).count() == 2
    assert browser_of(facilitator).get(cohort.get_absolute_url()).status_code == 200
    assert browser_of(lead).get(url(cohort, "team_leave", facilitator.code)).status_code == 200


def test_who_does_a_job_already_goes_on_doing_it(lead, facilitator, cohort):
    there = cohort.team.get(user=facilitator)
    assert team.change_job(cohort=cohort, user=facilitator, job="facilitator", by=lead) == there
    there.refresh_from_db()
    assert there.left_on is None and cohort.team.filter(user=facilitator).count() == 1


def test_a_group_is_never_without_a_lead(browser_of, lead, cohort):
    leave = url(cohort, "team_leave", lead.code)
    sentence = "Lena Lead is the only programme lead. Add another lead first."
    page = browser_of(lead).get(leave).text
    assert sentence in page and "Yes, they leave" not in page
    answer = browser_of(lead).post(leave, {"sent": "1"})
    assert answer.status_code == 409 and sentence in answer.text
    assert cohort.team.get(user=lead).left_on is None


def test_a_lead_who_may_not_sign_in_is_no_lead(lead, other_lead, cohort):
    other_lead.is_active = False
    other_lead.save()
    with pytest.raises(Refused, match="only programme lead"):
        team.leave(cohort=cohort, user=lead, by=lead)


def test_a_lead_may_leave_to_another_and_goes_home(browser_of, lead, other_lead, cohort):
    answer = browser_of(lead).post(url(cohort, "team_leave", lead.code), {"sent": "1"})
    assert answer["Location"] == reverse("home")
    assert [member.user for member in members(cohort) if member.job == "lead"] == [other_lead]


# --- Handing over --------------------------------------------------------------------------------------------


def test_what_is_open_goes_to_a_named_member(browser_of, lead, facilitator, cohort, tasks):
    leave = url(cohort, "team_leave", facilitator.code)
    page = browser_of(lead).get(leave).text
    for told in ("1 call or follow-up", "1 line of the checklist", "The next step for 1 person"):
        assert told in page
    answer = browser_of(lead).post(leave, {"to": ""})
    assert answer.status_code == 422 and "Choose who goes on with what is open" in answer.text
    assert cohort.team.get(user=facilitator).left_on is None
    browser_of(lead).post(leave, {"to": lead.code})
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == lead
    assert FollowUp.objects.get(pk=tasks["made"].pk).owner == facilitator  # done: it stays who did it
    assert Referral.objects.get(pk=tasks["referral"].pk).owner == lead
    owners = dict(ChecklistLine.objects.values_list("slug", "owner__name"))
    assert owners == {"group-advertised": "Lena Lead", "material-reviewed": "Femi Facilitator"}
    assert cohort.team.get(user=facilitator).left_on
    handed = AuditEntry.objects.filter(fields=["owner"], user=lead)
    assert {entry.what for entry in handed} == {"followup", "checklistline", "referral"}
    assert handed.get(what="followup").person == tasks["call"].caregiver.code


def test_only_members_who_may_do_it_take_it_over(lead, facilitator, parent, other_facilitator, cohort, tasks):
    assert open_of(cohort, facilitator).takers == [lead]
    for to in (None, parent, other_facilitator, facilitator):
        with pytest.raises(Refused, match="Say who of the team"):
            team.leave(cohort=cohort, user=facilitator, to=to, by=lead)
    assert cohort.team.get(user=facilitator).left_on is None
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == facilitator


def test_it_is_all_or_nothing(lead, facilitator, cohort, tasks, monkeypatch):
    monkeypatch.setattr(team.TeamMember, "save", lambda *args, **kwargs: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        team.leave(cohort=cohort, user=facilitator, to=lead, by=lead)
    assert FollowUp.objects.get(pk=tasks["call"].pk).owner == facilitator
    assert not AuditEntry.objects.filter(fields=["owner"], user=lead).exists()


def test_another_groups_tasks_stay_theirs(lead, facilitator, cohort, other_cohort, tasks):
    TeamMember.objects.create(cohort=other_cohort, user=facilitator, job="facilitator")
    person = CaregiverFactory(cohort=other_cohort)
    there = follow_ups.offer(caregiver=person, cohort=other_cohort, kind="call", owner=facilitator, by=None)
    team.leave(cohort=cohort, user=facilitator, to=lead, by=lead)
    there.refresh_from_db()
    assert there.owner == facilitator


def test_who_declined_needs_nobody(lead, facilitator, cohort):
    person = CaregiverFactory(cohort=cohort)
    person.referrals.update(owner=facilitator)
    actions.leave(cohort=cohort, caregiver=person, by=lead)
    assert open_of(cohort, facilitator).tasks == []


def test_leaving_in_the_past_for_the_demo(lead, facilitator, cohort):
    then = timezone.now() - timedelta(days=40)
    team.leave(cohort=cohort, user=facilitator, by=lead, at=then)
    assert cohort.team.get(user=facilitator).left_on == timezone.localdate(then)
