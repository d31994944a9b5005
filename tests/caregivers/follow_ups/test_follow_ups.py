"""Calls and follow-ups: the list, writing down what became of one, planning one."""

from __future__ import annotations

import uuid
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from caregivers.follow_ups import actions as follow_ups
from caregivers.follow_ups.queries import why_not
from caregivers.models import FollowUp
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory, CohortFactory, PlaceFactory, UserFactory

pytestmark = pytest.mark.django_db

NOT_ASKED = {"registered_at": None, "registered_how": "", "safe_ways": []}


def person(cohort, name="Rosa Marsh", seat=1, **fields):
    fields = {"registered_at": timezone.now(), "registered_how": "spoken", "safe_ways": ["call", "text"], **fields}
    return PlaceFactory(
        cohort=cohort, seat=seat, caregiver=CaregiverFactory(cohort=cohort, name=name, **fields)
    ).caregiver


@pytest.fixture
def rosa(cohort):
    return person(cohort)


@pytest.fixture
def call(rosa, cohort, lead):
    return follow_ups.offer(caregiver=rosa, cohort=cohort, kind="call", by=lead)


def the_list(cohort):
    return reverse("caregivers:follow_ups", args=[cohort.code])


def add_url(cohort):
    return reverse("caregivers:follow_up_add", args=[cohort.code])


def text(answer) -> str:
    return " ".join(answer.text.split())


# --- Actions ---------------------------------------------------------------------------------------------


def test_one_for_an_absence_and_one_talk_after_a_session(rosa, cohort, lead):
    def twice(**fields):
        first, second = (follow_ups.offer(caregiver=rosa, cohort=cohort, by=lead, **fields) for _ in range(2))
        return first.pk == second.pk

    assert twice(kind="call", reason="absent", session_number=3)
    assert twice(kind="catch_up", reason="missed", session_number=3)
    assert twice(kind="after", session_number=3)
    assert not twice(kind="call", session_number=3)
    assert not twice(kind="call", reason="asked")
    assert FollowUp.objects.count() == 7
    assert AuditEntry.objects.filter(what="followup", verb="created").count() == 7


def test_the_database_holds_one_talk_after_a_session(rosa, cohort):
    fields = {"caregiver": rosa, "cohort": cohort, "session_number": 1, "kind": "after", "offered_on": date(2026, 3, 2)}
    FollowUp.objects.create(reason="offered", **fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        FollowUp.objects.create(reason="asked", **fields)


def test_what_became_of_it_and_the_next_step(call, facilitator, cohort, rosa):
    due = timezone.localdate() + timedelta(days=7)
    told = {"outcome": "taken", "minutes": 12, "next_step": "Ring the school", "next_due": due, "next_kind": "visit"}
    for _ in range(2):  # pressed twice
        follow_ups.record_outcome(follow_up=call, by=facilitator, **told)
    call.refresh_from_db()
    assert (call.outcome, call.minutes, call.next_step, call.recorded_by) == (
        "taken",
        12,
        "Ring the school",
        facilitator,
    )
    following = FollowUp.objects.exclude(pk=call.pk).get()
    assert (following.kind, following.reason, following.due_on, following.owner) == ("visit", "next", due, facilitator)
    assert (following.follows, following.caregiver, following.cohort) == (call, rosa, cohort)
    saved = [row.fields for row in AuditEntry.objects.filter(what="followup", user=facilitator).order_by("id")]
    assert saved == [["minutes", "next_step", "outcome"], ["due_on", "kind", "owner", "reason"]]


def test_what_somebody_wrote_meanwhile_is_not_overwritten(call, lead, facilitator):
    follow_ups.record_outcome(follow_up=call, outcome="taken", minutes=5, by=lead)
    with pytest.raises(Refused, match="written down meanwhile"):
        follow_ups.record_outcome(follow_up=call, outcome="not_reached", by=facilitator)
    call.refresh_from_db()
    assert (call.outcome, call.minutes, call.recorded_by) == ("taken", 5, lead)


def test_putting_it_right_moves_the_next_step(call, lead):
    first, second = timezone.localdate() + timedelta(days=2), timezone.localdate() + timedelta(days=9)
    follow_ups.record_outcome(follow_up=call, outcome="not_reached", next_due=first, by=lead)
    done_at = FollowUp.objects.get(pk=call.pk).done_at
    follow_ups.record_outcome(follow_up=call, outcome="taken", minutes=3, next_due=second, by=lead, correcting=True)
    call.refresh_from_db()
    assert (call.outcome, call.minutes, call.done_at) == ("taken", 3, done_at)
    assert FollowUp.objects.get(follows=call).due_on == second
    following = FollowUp.objects.get(follows=call)
    follow_ups.record_outcome(follow_up=following, outcome="taken", by=lead)
    follow_ups.record_outcome(follow_up=call, outcome="taken", next_due=first, by=lead, correcting=True)
    assert FollowUp.objects.get(follows=call).due_on == second  # it was done: it stays as it was


def test_only_the_first_takes_it_on(call, lead, facilitator):
    follow_ups.take(follow_up=call, by=lead)
    follow_ups.take(follow_up=call, by=lead)
    with pytest.raises(Refused, match="Somebody else"):
        follow_ups.take(follow_up=call, by=facilitator)
    call.refresh_from_db()
    assert call.owner == lead


def test_what_was_done_is_not_taken_back(call, lead):
    follow_ups.record_outcome(follow_up=call, outcome="taken", by=lead)
    follow_ups.drop(follow_ups=[call], by=lead)
    assert FollowUp.objects.get() == call


@pytest.mark.parametrize(
    ("safety", "kind", "warning"),
    [
        ({"safe_ways": ["call"]}, "call", ""),
        ({"safe_ways": ["text"]}, "call", "Phone call: they did not say that this is safe. Use another way."),
        ({"safe_ways": []}, "email", "E-mail: they did not say that this is safe. Use another way."),
        ({"safe_ways": []}, "visit", ""),
        (
            {"registered_at": None, "registered_how": "", "safe_ways": []},
            "call",
            "Phone call: we have not asked yet whether this is safe.",
        ),
    ],
)
def test_a_way_that_is_not_safe_is_said(cohort, safety, kind, warning):
    assert why_not(person(cohort, **safety), kind) == warning


# --- The list --------------------------------------------------------------------------------------------


def test_the_most_pressing_comes_first_then_what_is_done(browser_of, facilitator, cohort, lead):
    today = timezone.localdate()

    def plan(name, seat, days):
        due = None if days is None else today + timedelta(days=days)
        return follow_ups.offer(caregiver=person(cohort, name, seat), cohort=cohort, kind="call", due_on=due, by=lead)

    plan("Undated Example", 1, None)
    plan("Later Example", 2, 5)
    plan("Overdue Example", 3, -2)
    plan("Today Example", 4, 0)
    done = plan("Finished Example", 5, -9)
    follow_ups.record_outcome(follow_up=done, outcome="taken", minutes=20, by=lead)
    page = text(browser_of(facilitator).get(the_list(cohort)))
    names = ["Overdue", "Today", "Later", "Undated", "Finished"]
    found = [page.index(f">{name}</a>") if name != "Finished" else page.index("Phone call: Finished") for name in names]
    assert found == sorted(found)
    assert "20 minutes" in page and "Lena Lead" in page


def test_safe_ways_stand_beside_the_name(browser_of, facilitator, cohort, lead):
    for seat, (name, safety) in enumerate(
        {
            "Rosa Marsh": {"safe_ways": ["text"], "safe_when": "mornings"},
            "Noor None": {"safe_ways": []},
            "Una Unasked": NOT_ASKED,
        }.items(),
        start=1,
    ):
        follow_ups.offer(caregiver=person(cohort, name, seat, **safety), cohort=cohort, kind="call", by=lead)
    page = text(browser_of(facilitator).get(the_list(cohort)))
    assert "Safe: <strong>Text message</strong>. Not safe: Phone call, Voicemail, E-mail" in page
    assert "<strong>mornings</strong>" in page
    assert "Phone call: they did not say that this is safe" in page
    assert "No way is safe." in page
    assert "Not asked yet what is safe." in page


def test_two_called_the_same_have_an_initial(browser_of, lead, cohort):
    for seat, name in enumerate(["Sam Aldous", "Sam Birch", "Rosa Marsh"], start=1):
        follow_ups.offer(caregiver=person(cohort, name, seat), cohort=cohort, kind="call", by=lead)
    page = browser_of(lead).get(the_list(cohort)).text
    assert ">Sam A.</a>" in page and ">Sam B.</a>" in page and ">Rosa</a>" in page


def test_nothing_to_do_says_how_one_comes(browser_of, lead, cohort):
    page = text(browser_of(lead).get(the_list(cohort)))
    assert "Nobody is waiting for a call" in page and add_url(cohort) in page


def test_other_groups_follow_ups_stay_there(browser_of, lead, cohort, call, other_cohort):
    follow_ups.offer(caregiver=person(other_cohort, "Zora Else"), cohort=other_cohort, kind="call", by=None)
    page = browser_of(lead).get(the_list(cohort)).text
    assert "Rosa" in page and "Zora" not in page


def test_reading_the_list_is_in_the_trail(browser_of, facilitator, cohort, call, rosa):
    browser_of(facilitator).get(the_list(cohort))
    entry = AuditEntry.objects.filter(verb="saw").get()
    assert (entry.user, entry.person, entry.cohort) == (facilitator, rosa.code, cohort.code)
    assert (entry.page, entry.fields) == ("caregivers:follow_ups", ["name", "safe_ways"])


def test_it_costs_the_same_with_one_and_with_thirty(browser_of, lead, cohort, call, rosa, same_queries):
    def grow():
        for number in range(30):
            one = follow_ups.offer(caregiver=rosa, cohort=cohort, kind="call", by=lead, owner=lead)
            if number % 2:
                follow_ups.record_outcome(follow_up=one, outcome="taken", next_due=date(2026, 3, 2), by=lead)

    same_queries(browser_of(lead), the_list(cohort), grow)


def test_it_costs_at_most_eight_queries(browser_of, lead, cohort, call, django_assert_max_num_queries):
    client = browser_of(lead)
    client.get(the_list(cohort))
    with django_assert_max_num_queries(8):
        client.get(the_list(cohort))


# --- One of them -----------------------------------------------------------------------------------------


def test_one_press_from_the_list_to_what_became_of_it(browser_of, facilitator, call, cohort):
    client, due = browser_of(facilitator), timezone.localdate() + timedelta(days=3)
    page = text(client.get(call.get_absolute_url()))
    assert "tel:+441632960001" in page
    outcome = {"outcome": "taken", "minutes": "15", "next_step": "Ask school", "next_due": due, "next_kind": "call"}
    answer = client.post(call.get_absolute_url(), outcome, follow=True)
    assert answer.redirect_chain == [(the_list(cohort), 302)]
    assert "Ask school" in text(answer)
    call.refresh_from_db()
    assert (call.outcome, call.minutes) == ("taken", 15)
    assert client.post(call.get_absolute_url(), outcome).status_code == 302  # sent twice
    assert FollowUp.objects.count() == 2
    assert "What comes next: Phone call" in text(client.get(call.get_absolute_url()))


def test_a_number_that_is_not_safe_is_not_one_tap_away(browser_of, lead, cohort):
    rosa = person(cohort, safe_ways=["email"], email="rosa@families.example")
    call = follow_ups.offer(caregiver=rosa, cohort=cohort, kind="call", by=lead)
    page = browser_of(lead).get(call.get_absolute_url()).text
    assert "01632 960001" in page and "Do not call" in page and "tel:" not in page
    assert "mailto:rosa@families.example" in page and "Do not write" not in page


def test_where_no_way_is_safe_nothing_is_there_to_press(browser_of, lead, cohort):
    rosa = person(cohort, safe_ways=[], email="rosa@families.example")
    call = follow_ups.offer(caregiver=rosa, cohort=cohort, kind="call", by=lead)
    page = browser_of(lead).get(call.get_absolute_url()).text
    assert "No way is safe." in page and "01632 960001" not in page and "rosa@" not in page


def test_who_looked_up_a_number_is_in_the_trail(browser_of, facilitator, call, rosa, cohort):
    browser_of(facilitator).get(call.get_absolute_url())
    entry = AuditEntry.objects.filter(verb="saw").get()
    assert (entry.user, entry.person, entry.cohort) == (facilitator, rosa.code, cohort.code)
    assert entry.fields == ["email", "name", "next_step", "phone", "safe_ways"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({}, "Choose an answer for “What happened?”"),
        ({"outcome": "taken", "minutes": "many"}, "must be a whole number"),
        ({"outcome": "taken", "minutes": "0"}, "must be 1 or more"),
        ({"outcome": "taken", "next_kind": "call"}, "Say when the next step is due"),
        ({"outcome": "gone"}, "Choose an answer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(browser_of, lead, call, typed, sentence):
    answer = browser_of(lead).post(call.get_absolute_url(), {**typed, "next_step": "Ask about school"})
    assert answer.status_code == 422
    assert sentence in answer.text and "Ask about school" in answer.text
    call.refresh_from_db()
    assert call.done_at is None


def test_two_people_write_it_down_at_once(browser_of, lead, facilitator, call):
    browser_of(lead).post(call.get_absolute_url(), {"outcome": "not_reached"})
    answer = browser_of(facilitator).post(call.get_absolute_url(), {"outcome": "taken", "next_step": "Ask school"})
    assert answer.status_code == 409
    assert "written down meanwhile" in answer.text and "Ask school" in answer.text
    call.refresh_from_db()
    assert call.outcome == "not_reached"


def test_a_mistake_is_put_right(browser_of, lead, call):
    client = browser_of(lead)
    client.post(call.get_absolute_url(), {"outcome": "not_wanted", "next_step": "Leave it"})
    page = client.get(call.get_absolute_url()).text
    assert "<form" not in page.split("<main")[1].split("</main")[0] and "?change" in page
    change = call.get_absolute_url() + "?change"
    assert "Leave it" in client.get(change).text
    assert client.post(change, {"outcome": "taken", "minutes": "8"}).status_code == 302
    call.refresh_from_db()
    assert (call.outcome, call.minutes, call.next_step) == ("taken", 8, "")


# --- Planning one ------------------------------------------------------------------------------------------


def test_one_is_planned_once_however_often_it_is_sent(browser_of, facilitator, lead, cohort, rosa):
    client, due = browser_of(facilitator), timezone.localdate() + timedelta(days=1)
    form = {"caregiver": rosa.code, "kind": "visit", "reason": "asked", "due_on": due, "owner": lead.pk}
    form["effect_key"] = str(uuid.uuid4())
    for _ in range(2):
        answer = client.post(add_url(cohort), form)
        assert (answer.status_code, answer["Location"]) == (302, the_list(cohort))
    made = FollowUp.objects.get()
    assert (made.caregiver, made.kind, made.reason, made.due_on, made.owner) == (rosa, "visit", "asked", due, lead)


def test_their_record_leads_to_a_form_that_knows_them(browser_of, lead, cohort, rosa):
    client = browser_of(lead)
    url = f"{add_url(cohort)}?person={rosa.code}"
    assert url in client.get(rosa.get_absolute_url()).text
    assert f'<option value="{rosa.code}" selected>' in client.get(url).text


def test_their_record_tells_what_became_of_it(browser_of, lead, facilitator, rosa, call):
    def record():
        return text(browser_of(lead).get(rosa.get_absolute_url()))

    assert "Phone call: to do" in record() and call.get_absolute_url() in record()
    follow_ups.record_outcome(follow_up=call, outcome="not_reached", next_step="Try on Friday", by=facilitator)
    assert "Phone call: not reached" in record() and "Try on Friday" in record()


def test_a_plan_that_cannot_be_is_refused(browser_of, lead, cohort, other_cohort, parent):
    foreign = person(other_cohort, "Zora Else")
    stranger = UserFactory(name="Nobody Here")
    answer = browser_of(lead).post(
        add_url(cohort),
        {"caregiver": foreign.code, "kind": "after", "due_on": "2020-01-01", "owner": stranger.pk},
    )
    assert answer.status_code == 422
    for name in ("For whom", "What", "Why", "Who does it"):
        assert f"Choose an answer for “{name}”" in answer.text, name
    assert "or later" in answer.text
    assert "Zora" not in answer.text
    assert not FollowUp.objects.exists()


def test_only_those_of_the_team_who_see_follow_ups_can_own_one(browser_of, lead, cohort):
    page = browser_of(lead).get(add_url(cohort)).text
    assert "Femi Facilitator" in page and "Pat Parent" not in page


def test_who_and_when_is_changed(browser_of, lead, facilitator, call, cohort):
    url, due = reverse("caregivers:follow_up_plan", args=[call.code]), timezone.localdate() + timedelta(days=2)
    client = browser_of(lead)
    assert client.post(url, {"due_on": due, "owner": facilitator.pk}).status_code == 302
    assert client.post(url, {"due_on": due, "owner": facilitator.pk}).status_code == 302
    call.refresh_from_db()
    assert (call.owner, call.due_on) == (facilitator, due)
    assert AuditEntry.objects.filter(what="followup", verb="changed").count() == 1
    assert client.post(url, {"due_on": "31 February"}).status_code == 422


def test_i_will_do_it(browser_of, lead, facilitator, call, cohort):
    url = reverse("caregivers:follow_up_take", args=[call.code])
    assert browser_of(facilitator).post(url).status_code == 302
    assert browser_of(facilitator).post(url).status_code == 302
    assert browser_of(lead).post(url).status_code == 409
    call.refresh_from_db()
    assert call.owner == facilitator


# --- Who may -----------------------------------------------------------------------------------------------


def test_only_the_groups_own_team(browser_of, stranger, call, cohort, other_facilitator, parent, manager, lead):
    urls = [the_list(cohort), add_url(cohort), call.get_absolute_url()]
    urls += [reverse(f"caregivers:follow_up_{name}", args=[call.code]) for name in ("plan", "take")]
    for url in urls:
        assert browser_of(other_facilitator).post(url).status_code in (404, 405), url
        assert browser_of(parent).get(url).status_code == 403, url
        assert browser_of(manager).get(url).status_code == 403, url
        assert stranger.get(url)["Location"].startswith(reverse("account_login")), url
    for url in urls[:-1]:
        assert browser_of(other_facilitator).get(url).status_code == 404, url
    assert browser_of(lead).post(the_list(cohort)).status_code == 405
    assert browser_of(lead).get(urls[-1]).status_code == 405
    assert browser_of(lead).put(call.get_absolute_url()).status_code == 405


def test_after_leaving_the_team_nothing_is_seen(browser_of, lead, facilitator, cohort, call):
    cohort.team.filter(user=facilitator).update(left_on=timezone.localdate())
    assert browser_of(facilitator).get(call.get_absolute_url()).status_code == 404


def test_a_person_in_two_groups_has_each_groups_follow_ups_there(browser_of, lead, cohort, rosa, call):
    second = CohortFactory(name="Autumn", team=[lead])
    PlaceFactory(cohort=second, caregiver=rosa, seat=1)
    assert "Rosa" not in browser_of(lead).get(the_list(second)).text
