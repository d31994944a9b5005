"""What the group asks for, on its team's pages: added, answered, owed until it is."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from feedback.models import Suggestion, SuggestionBox
from feedback.suggestions import actions as suggestions
from feedback.suggestions import queries as suggestion_queries
from feedback.suggestions.queries import PublishedAnswer
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory, SessionFactory
from tests.feedback.suggestions.suggested import TEA, answered, made
from tests.feedback.suggestions.test_box import put
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db
DID = {"became": "did", "why": "There is a kettle now", "shown": "yes", "told_as": "Tea would be nice"}


@pytest.fixture
def url(cohort):
    return reverse("feedback:suggestions", args=[cohort.code])


@pytest.fixture
def add_url(cohort):
    return reverse("feedback:suggestion_add", args=[cohort.code])


@pytest.fixture
def tonight(cohort):
    return SessionFactory(cohort=cohort, number=3, starts_at=timezone.now() + timedelta(hours=6))


def page_of(suggestion) -> str:
    return reverse("feedback:suggestion", args=[suggestion.code])


# --- The list --------------------------------------------------------------------------------------------


def test_an_empty_list_says_what_to_do_next(browser_of, facilitator, url):
    page = browser_of(facilitator).get(url).text
    assert "Nothing waits for an answer" in page and "Ask at the recap" in page and "Open the box" in page
    assert "Nothing is answered yet" in browser_of(facilitator).get(url, {"show": "answered"}).text


def test_what_is_owed_and_what_was_answered_stand_apart(browser_of, facilitator, lead, cohort, tonight, url):
    made(cohort, lead)
    answered(made(cohort, lead, text="Later start"), lead)
    owed = browser_of(facilitator).get(url).text
    done = browser_of(facilitator).get(url, {"show": "answered"}).text
    assert "More &lt;b&gt;tea" in owed and "Later start" not in owed and "at the recap of Session 3" in owed
    assert "Later start" in done and "More &lt;b&gt;tea" not in done and "We did it" in done
    assert "Owed an answer (1)" in owed and "Answered (1)" in owed


def test_after_its_recap_it_stays_owed_and_the_page_says_so(browser_of, lead, cohort, tonight, url):
    made(cohort, lead)
    tonight.starts_at = timezone.now() - timedelta(days=1)
    tonight.save()
    page = browser_of(lead).get(url).text
    assert "was owed at the recap of Session 3" in page and "Owed an answer (1)" in page


def test_the_box_is_opened_shown_printed_closed_and_opened_again(browser_of, lead, cohort, url):
    browser = browser_of(lead)
    box_open, box_close, poster = (reverse(f"feedback:box_{name}", args=[cohort.code]) for name in
                                   ("open", "close", "poster"))  # fmt: skip
    assert browser.get(poster).status_code == 404
    assert [browser.post(box_open).url for _ in range(2)] == [url, url]
    address = "http://testserver" + reverse("box", args=[SuggestionBox.objects.get().code])
    assert address in browser.get(url).text and address in browser.get(poster).text
    assert browser.post(box_close).url == url
    assert "The box is closed" in browser.get(url).text and browser.get(poster).status_code == 404
    browser.post(box_open)
    assert address in browser.get(poster).text
    assert [entry.verb for entry in AuditEntry.objects.filter(what="suggestionbox")] == [
        "changed", "changed", "created",
    ]  # fmt: skip


def test_the_page_is_the_same_whatever_lies_in_the_box(browser_of, lead, cohort, url):
    suggestions.open_box(cohort=cohort, by=lead)
    browser = browser_of(lead)

    def page() -> str:
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", browser.get(url).text)

    before = page()
    put(cohort, "One", "Two")
    assert page() == before


# --- Adding ----------------------------------------------------------------------------------------------


def test_what_somebody_said_is_added_without_their_name(browser_of, facilitator, tonight, url, add_url):
    answer = browser_of(facilitator).post(add_url, TEA)
    assert (answer.status_code, answer.url) == (302, url)
    one = Suggestion.objects.get()
    assert (one.text, one.way, one.recap, one.caregiver, one.answer) == (TEA["text"], "spoken", tonight, None, "")
    assert AuditEntry.objects.get(what="suggestion").verb == "created"


def test_a_name_is_kept_with_it_only_when_chosen(browser_of, facilitator, cohort, add_url):
    person = CaregiverFactory(cohort=cohort, name="Rosa Marsh")
    assert f'value="{person.code}">Rosa' in on_one_line(browser_of(facilitator).get(add_url).text)
    browser_of(facilitator).post(add_url, {**TEA, "person": person.code})
    assert Suggestion.objects.get().caregiver == person
    assert AuditEntry.objects.get(what="suggestion").person == person.code


def test_somebody_of_another_group_cannot_be_named(browser_of, facilitator, cohort, other_cohort, add_url):
    CaregiverFactory(cohort=cohort)
    other = CaregiverFactory(cohort=other_cohort)
    assert browser_of(facilitator).post(add_url, {**TEA, "person": other.code}).status_code == 422
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"text": " "}, "Write what was asked for"),
        ({"way": "online"}, "How it came"),
        ({"text": "x" * 501}, "up to 500 letters"),
    ],
)
def test_what_was_typed_is_kept(browser_of, facilitator, add_url, wrong, said):
    page = browser_of(facilitator).post(add_url, {"text": "Keep me", "way": "email", **wrong})
    assert page.status_code == 422 and said in page.text
    assert "Keep me" in page.text or "text" in wrong
    assert not Suggestion.objects.exists()


def test_a_double_press_adds_it_once(browser_of, facilitator, add_url):
    data = {**TEA, "effect_key": "0b0dd6bd-9d5f-4f1a-9df6-0d3e5b9b0b5a"}
    assert [browser_of(facilitator).post(add_url, data).status_code for _ in range(2)] == [302, 302]
    assert Suggestion.objects.count() == 1


# --- Answering -------------------------------------------------------------------------------------------


def test_an_answer_says_what_became_of_it_and_how_the_group_reads_it(browser_of, facilitator, lead, cohort, url):
    one = made(cohort, lead)
    answer = browser_of(facilitator).post(page_of(one), DID)
    assert (answer.status_code, answer.url) == (302, url)
    one.refresh_from_db()
    assert (one.answer, one.why, one.told_as) == ("did", DID["why"], DID["told_as"])
    assert (one.answered_on, one.answered_by) == (timezone.localdate(), facilitator)
    assert suggestion_queries.published_answers(cohort) == [PublishedAnswer(DID["told_as"], "We did it", DID["why"])]
    assert AuditEntry.objects.filter(what="suggestion").first().fields == ["answer", "told_as", "why"]


def test_the_same_answer_twice_is_one_entry_in_the_trail(browser_of, lead, cohort):
    one = made(cohort, lead)
    for _ in range(2):
        assert browser_of(lead).post(page_of(one), DID).status_code == 302
    assert AuditEntry.objects.filter(what="suggestion", verb="changed").count() == 1


def test_what_shall_stay_between_us_is_answered_and_told_to_nobody(browser_of, lead, cohort):
    one = made(cohort, lead)
    browser_of(lead).post(page_of(one), {**DID, "shown": "no"})
    one.refresh_from_db()
    assert one.answer == "did" and one.told_as == "" and suggestion_queries.published_answers(cohort) == []


@pytest.mark.parametrize("missing", ["became", "why", "shown", "told_as"])
def test_an_answer_needs_all_of_it_and_keeps_what_was_typed(browser_of, lead, cohort, missing):
    one = made(cohort, lead)
    page = browser_of(lead).post(page_of(one), {key: value for key, value in DID.items() if key != missing})
    assert page.status_code == 422 and (DID["why"] in page.text or missing == "why")
    one.refresh_from_db()
    assert one.answer == ""


def test_an_answer_may_change_and_the_page_brings_the_old_one(browser_of, lead, cohort):
    one = answered(made(cohort, lead), lead, became="will", why="Next week")
    page = browser_of(lead).get(page_of(one)).text
    assert "Next week" in page and "Tea would be nice" in page
    browser_of(lead).post(page_of(one), DID)
    assert [answer.became for answer in suggestion_queries.published_answers(cohort)] == ["We did it"]


def test_a_person_who_left_the_list_stays_with_what_they_asked_for(browser_of, lead, cohort):
    person = CaregiverFactory(cohort=cohort)
    one = made(cohort, lead)
    Suggestion.objects.update(caregiver=person)
    person.referrals.all().delete()
    browser_of(lead).post(page_of(one), {**DID, "person": person.code})
    one.refresh_from_db()
    assert one.caregiver == person and one.answer == "did"


def test_who_wrote_online_is_not_to_be_found_out(browser_of, lead, cohort):
    one = Suggestion.objects.create(cohort=cohort, text="Quiet room", way="online")
    page = browser_of(lead).get(page_of(one)).text
    assert "do not try to find out who wrote it" in page
    assert reverse("caregivers:concern_add", args=[cohort.code]) + "?source=comment" in page


# --- Who may ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["suggestions", "suggestion_add", "suggestion", "box_poster"])
def test_foreign_groups_other_roles_and_wrong_verbs_are_refused(
    browser_of, lead, manager, other_facilitator, cohort, name
):
    suggestions.open_box(cohort=cohort, by=lead)
    page = reverse(f"feedback:{name}", args=[made(cohort, lead).code if name == "suggestion" else cohort.code])
    assert browser_of(other_facilitator).get(page).status_code == 404
    assert browser_of(manager).get(page).status_code == 403
    assert browser_of(lead).delete(page).status_code == 405


@pytest.mark.parametrize("name", ["box_open", "box_close"])
def test_the_box_is_not_opened_or_closed_by_others(browser_of, lead, manager, other_facilitator, cohort, name):
    suggestions.open_box(cohort=cohort, by=lead)
    page = reverse(f"feedback:{name}", args=[cohort.code])
    assert browser_of(other_facilitator).post(page).status_code == 404
    assert browser_of(manager).post(page).status_code == 403
    assert browser_of(lead).get(page).status_code == 405


def test_the_lists_and_the_page_before_a_session_cost_no_more(browser_of, lead, cohort, tonight, same_queries, url):
    made(cohort, lead)
    answered(made(cohort, lead), lead)

    def grow() -> None:
        for _ in range(5):
            made(cohort, lead)
            answered(made(cohort, lead), lead)

    for page in (url, f"{url}?show=answered", reverse("sessions:prepare", args=[tonight.code])):
        same_queries(browser_of(lead), page, grow)
