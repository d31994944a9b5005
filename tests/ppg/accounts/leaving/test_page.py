"""Somebody leaves the service, or changes role: what they have open is shown, and the form asks who goes on with it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns.actions import write_down
from ppg.access.permissions import Role
from ppg.access.refusals import Refused
from ppg.accounts import leaving
from ppg.accounts.leaving.forms import LeavingForm
from tests.factories import (
    CohortFactory,
    PlaceFactory,
    SessionFactory,
    UserFactory,
)
from tests.guards.records import information_of, published
from tests.ppg.accounts.leaving.open_things import call_in, jobs, key_of, name_of, page_of

pytestmark = pytest.mark.django_db


# --- What is shown ---------------------------------------------------------------------------------------


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

    first_cost = queries()
    for _ in range(9):
        more = CohortFactory(team=[lead, facilitator, UserFactory(role=Role.FACILITATOR)])
        call_in(more, facilitator)
        SessionFactory(cohort=more)
        published(more)
    assert len(leaving.holdings(facilitator)) == 10
    assert queries() == first_cost


# --- The form --------------------------------------------------------------------------------------------


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
