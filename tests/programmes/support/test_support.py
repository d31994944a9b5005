"""Support given to the team: offered, held or not wanted, and when; never what was said."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from programmes.models import TeamMember, TeamSupport
from programmes.support import actions as support
from programmes.support.lines import clinical, evaluation, reflective_facilitator, reflective_parent, team_facts
from programmes.support.lines import support_after as after
from programmes.support.queries import add_url, people, sections
from programmes.team import actions as team
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 2)


def url(cohort, name="support"):
    return reverse(f"programmes:{name}", args=[cohort.code])


@pytest.fixture
def member(cohort, parent):
    return cohort.team.get(user=parent)


@pytest.fixture
def give(lead):
    def make(member, kind="reflective", **fields):
        return support.record(member=member, kind=kind, by=lead, **{"offered_on": DAY, **fields})

    return make


def test_nothing_but_dates_can_be_kept():
    kept = {field.name for field in TeamSupport._meta.get_fields()}
    assert kept == {"id", "code", "member", "kind", "offered_on", "held_on", "not_wanted", "recorded_by"}


def test_it_is_recorded_once_and_shown(browser_of, lead, parent, cohort):
    client = browser_of(lead)
    told = {"kind": "clinical", "who": parent.code, "offered_on": DAY, "outcome": "held", "held_on": "2026-03-09"}
    for _ in range(2):
        key = told.setdefault("effect_key", str(uuid4()))
        assert client.post(url(cohort, "support_add"), told)["Location"] == url(cohort)
    row = TeamSupport.objects.get()
    assert (row.member.user, row.kind, row.offered_on, row.held_on) == (parent, "clinical", DAY, date(2026, 3, 9))
    assert row.recorded_by == lead and key
    page = client.get(url(cohort)).text
    assert "offered 2 March 2026" in page and "held 9 March 2026" in page
    assert "What is said in it is never written down." in page
    entry = AuditEntry.objects.get(what="teamsupport")
    assert (entry.ref, entry.fields) == (row.code, ["kind", "offered_on"])


def test_parent_and_facilitator_stand_apart(give, cohort, member, facilitator):
    give(member)
    give(cohort.team.get(user=facilitator))
    before, parents, facilitators, afterwards = sections(cohort)
    assert [row.member.user.name for row in parents.rows] == ["Pat Parent"]
    assert [row.member.user.name for row in facilitators.rows] == ["Femi Facilitator"]
    assert [one.user.name for one, _url in before.nothing_for + afterwards.nothing_for] == ["Pat Parent"] * 2
    assert not parents.nothing_for and not facilitators.nothing_for


def test_the_link_beside_a_name_fills_the_form_in(browser_of, manager, parent, cohort):
    address = add_url(cohort, "after", parent)
    assert address.replace("&", "&amp;") in browser_of(manager).get(url(cohort)).text
    page = browser_of(manager).get(address).text
    assert f'<option value="{parent.code}" selected>' in page
    assert 'value="after"' in page.split("checked")[0].rsplit("<input", 1)[1]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"offered_on": ""}, "“Offered on” needs an answer"),
        ({"offered_on": "2999-12-31"}, "or earlier"),
        ({"outcome": "held", "held_on": ""}, "“Held on” needs an answer"),
        ({"outcome": "held", "held_on": "2026-02-01"}, "It cannot have been held before it was offered"),
        ({"outcome": ""}, "Choose an answer for “What happened?”"),
        ({"who": ""}, "Choose for whom it is"),
        ({"kind": "clinical", "who": "facilitator"}, "This support is for the parent with lived experience."),
    ],
)
def test_wrong_answers_are_said_and_kept(browser_of, lead, cohort, parent, facilitator, wrong, sentence):
    typed = {"kind": "reflective", "who": parent.code, "offered_on": DAY, "outcome": "offered", **wrong}
    typed["who"] = {"facilitator": facilitator.code}.get(typed["who"], typed["who"])
    answer = browser_of(lead).post(url(cohort, "support_add"), typed)
    assert answer.status_code == 422 and sentence in answer.text
    assert not TeamSupport.objects.exists()
    if typed["who"]:
        assert f'<option value="{typed["who"]}" selected>' in answer.text


def test_what_became_of_it_is_put_in_later(browser_of, lead, give, member, cohort):
    row = give(member)
    page = reverse("programmes:support_change", args=[row.code])
    assert 'value="2026"' in browser_of(lead).get(page).text
    browser_of(lead).post(page, {"offered_on": DAY, "outcome": "held", "held_on": "2026-03-05"})
    row.refresh_from_db()
    assert row.held_on == date(2026, 3, 5)
    browser_of(lead).post(page, {"offered_on": DAY, "outcome": "not_wanted", "held_on": "2026-03-05"})
    row.refresh_from_db()
    assert (row.held_on, row.not_wanted) == (None, True)
    assert browser_of(lead).post(page, {"offered_on": "", "outcome": "offered"}).status_code == 422
    remove = reverse("programmes:support_remove", args=[row.code])
    assert browser_of(lead).get(remove).status_code == 405
    assert browser_of(lead).post(remove)["Location"] == url(cohort)
    assert not TeamSupport.objects.exists()
    assert browser_of(lead).post(remove).status_code == 404


def test_a_manager_records_for_every_group_the_others_for_none(
    browser_of, manager, lead, facilitator, parent, give, member, cohort, other_cohort
):
    row = give(member)
    there = give(other_cohort.team.get())
    change = [reverse("programmes:support_change", args=[one.code]) for one in (row, there)]
    for address in (url(cohort), url(other_cohort), url(cohort, "support_add"), *change):
        assert browser_of(manager).get(address).status_code == 200
    for address in (url(other_cohort), url(other_cohort, "support_add"), change[1]):
        assert browser_of(lead).get(address).status_code == 404
    assert browser_of(lead).post(reverse("programmes:support_remove", args=[there.code])).status_code == 404
    for user in (facilitator, parent):
        for address in (url(cohort), url(cohort, "support_add"), change[0]):
            assert browser_of(user).get(address).status_code == 403
    assert browser_of(manager).post(url(cohort)).status_code == 405
    assert TeamSupport.objects.count() == 2


def test_whoever_left_can_still_have_the_support_after(browser_of, lead, parent, cohort, member, give):
    team.leave(cohort=cohort, user=parent, by=lead)
    assert parent.code in people(cohort)
    give(member, "after")
    assert after(team_facts(cohort)).complete


def test_no_manager_is_given_the_parents_support(lead, cohort, manager):
    boss = TeamMember.objects.create(cohort=cohort, user=manager, job="manager")
    with pytest.raises(Refused, match="for the parent"):
        support.record(member=boss, kind="clinical", offered_on=DAY, by=lead)


def test_held_and_not_wanted_cannot_both_be(member):
    with pytest.raises(IntegrityError), transaction.atomic():
        TeamSupport.objects.create(member=member, kind="after", offered_on=DAY, held_on=DAY, not_wanted=True)


# --- What the checklist makes of it ---------------------------------------------------------------------------


def test_the_clinical_session_is_offered_or_names_the_parent(cohort, member, give):
    found = clinical(team_facts(cohort))
    assert (found.sentence, found.complete) == ("Offered to 0 of 1", False)
    assert [(one.label, one.url) for one in found.missing] == [("Pat Parent", add_url(cohort, "clinical", member.user))]
    give(member, "clinical", not_wanted=True)  # offering is ours, wanting is theirs
    assert clinical(team_facts(cohort)).complete
    assert not reflective_parent(team_facts(cohort)).complete


def test_without_a_parent_it_says_so(cohort, lead, parent):
    team.leave(cohort=cohort, user=parent, by=lead)
    found = clinical(team_facts(cohort))
    assert (found.complete, found.sentence) == (False, "No parent with lived experience is in the team yet.")
    assert found.missing[0].url.endswith("/team/add/?job=parent")


def test_reflective_support_is_counted_for_each_by_themselves(cohort, member, facilitator, give):
    for held in (None, DAY):
        give(member, held_on=held)
    assert reflective_parent(team_facts(cohort)).sentence == "Offered 2 times, held 1"
    assert reflective_parent(team_facts(cohort)).complete
    found = reflective_facilitator(team_facts(cohort))
    assert not found.complete and [one.label for one in found.missing] == ["Femi Facilitator"]
    give(cohort.team.get(user=facilitator))
    assert reflective_facilitator(team_facts(cohort)).sentence == "Offered 1 time, held 0"


def test_a_lead_who_runs_it_alone_has_the_facilitators(cohort, lead, facilitator, give):
    team.leave(cohort=cohort, user=facilitator, by=lead)
    assert [one.label for one in reflective_facilitator(team_facts(cohort)).missing] == ["Lena Lead"]
    give(cohort.team.get(user=lead))
    assert reflective_facilitator(team_facts(cohort)).complete


def test_evaluation_support_is_found_in_the_team(cohort, lead, evaluator):
    assert not evaluation(team_facts(cohort)).complete
    team.join(cohort=cohort, user=evaluator, job="evaluation", by=lead)
    found = evaluation(team_facts(cohort))
    assert (found.complete, found.sentence) == (True, "Eve Evaluator")
    team.leave(cohort=cohort, user=evaluator, by=lead)
    assert not evaluation(team_facts(cohort)).complete


def test_many_members_cost_one_query(cohort, give, django_assert_num_queries):
    for _ in range(30):
        user = UserFactory(role="parent")
        give(TeamMember.objects.create(cohort=cohort, user=user, job="parent"), "clinical")
    with django_assert_num_queries(1):
        found = clinical(team_facts(cohort))
    assert found.sentence == "Offered to 30 of 31"
