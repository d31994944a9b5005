"""Writing the report: nothing that anybody wrote is lost, and what stands is what was written last."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import agree, withdraw
from evaluation.models import ChosenQuote, Recommendation, Report, ReportVersion, SectionText
from evaluation.reports import actions
from evaluation.reports.sections import MOST_LINES
from feedback.focus_group import actions as focus_group
from feedback.models import Quote
from feedback.quotes import actions as quotes
from feedback.quotes import queries as quote_queries
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.evaluation.conftest import TEXT, pressed
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
SCRIPT = {"X-Autosave": "1"}


@pytest.fixture
def url(cohort):
    return reverse("evaluation:report", args=[cohort.code])


@pytest.fixture
def second(cohort):
    """Another lead of the same group."""
    user = UserFactory(role="lead", name="Ben Second")
    cohort.team.create(user=user, job="lead")
    return user


def opened(client, url: str) -> dict[str, str]:
    """The page's form as it is when somebody opens it."""
    body = client.get(url).content.decode()
    hidden = re.findall(r'<input type="hidden" name="([\w-]+)"(?: value="([^"]*)")?', body)
    boxes = re.findall(r'<textarea name="(\w+)"[^>]*>\n?(.*?)</textarea>', body, re.S)
    return {name: unescape(value) for name, value in [*hidden, *boxes]}


def stands() -> dict[str, str]:
    return Report.objects.get().text


# --- One writer --------------------------------------------------------------------------------------


def test_what_is_written_is_kept_and_shown_beside_the_figures(browser_of, lead, url, answered):
    client = browser_of(lead)
    assert client.post(url, opened(client, url) | TEXT | {"do": "save"}).headers["Location"] == url
    body = client.get(url).content.decode()
    assert "People felt believed." in body and "Saved by Lena Lead" in body
    assert "better for 7 of 7" in body
    assert stands()["professionals"] == "Ring first."


def test_opening_the_page_writes_nothing(browser_of, lead, url):
    browser_of(lead).get(url)
    assert Report.objects.count() == 0


def test_too_long_is_said_and_kept_all_the_same(browser_of, lead, url):
    long, list_ = "a" * 2001, "- b\n" * (MOST_LINES + 1)
    client = browser_of(lead)
    page = client.post(url, opened(client, url) | {"learned": long, "professionals": list_, "do": "save"})
    body = page.content.decode()
    assert page.status_code == 422
    assert "up to 2000 letters" in body and f"up to {MOST_LINES} lines" in body
    assert stands()["learned"] == long and long in client.get(url).content.decode()


def test_the_script_saves_in_one_row_for_each_sitting(browser_of, lead, url):
    client = browser_of(lead)
    page = opened(client, url)
    for words in ("Peo", "People felt", "People felt believed."):
        told = client.post(url, page | {"learned": words}, headers=SCRIPT).json()
        assert re.fullmatch(r"\d\d:\d\d:\d\d", told["saved"]) and not told["errors"] and not told["differ"]
        page["seen"] = told["seen"]
    assert SectionText.objects.get().text == stands()["learned"] == "People felt believed."
    client.post(url, opened(client, url) | {"learned": "On another day."}, headers=SCRIPT)
    assert SectionText.objects.count() == 2
    entries = AuditEntry.objects.filter(what="report", verb="changed")
    assert [entry.fields for entry in entries] == [["learned"]] * 2, "once for each sitting, not every few seconds"


def test_typed_back_to_what_it_was_is_kept_too(browser_of, lead, url, report):
    client = browser_of(lead)
    page = opened(client, url)
    for words in ("Something else.", TEXT["learned"]):
        client.post(url, page | {"learned": words}, headers=SCRIPT)
    assert stands()["learned"] == TEXT["learned"]


def test_far_too_long_to_keep_is_never_called_saved(browser_of, lead, url):
    client = browser_of(lead)
    told = client.post(url, opened(client, url) | {"learned": "a" * 20_001}, headers=SCRIPT)
    assert told.status_code == 422 and told.json()["saved"] == "" and "up to 2000" in told.json()["errors"][0]


# --- Two writers -------------------------------------------------------------------------------------


def test_two_who_write_in_one_section_lose_nothing_and_are_told(browser_of, lead, second, url, report):
    first, other = browser_of(lead), browser_of(second)
    mine, theirs = opened(first, url), opened(other, url)
    told = other.post(url, theirs | {"learned": "Theirs."}, headers=SCRIPT).json()
    assert told["differ"] == {}
    told = first.post(url, mine | {"learned": "Mine."}, headers=SCRIPT).json()
    assert "Ben Second wrote something else" in told["differ"]["learned"] and "Theirs." in told["differ"]["learned"]
    assert told["writers"] == "Ben Second is writing too: What we learned."
    assert stands()["learned"] == "Mine."
    told = other.post(url, theirs | {"learned": "Theirs, too."}, headers=SCRIPT).json()
    assert "Mine." in told["differ"]["learned"] and "Lena Lead is writing too" in told["writers"]
    assert set(SectionText.objects.filter(section="learned").values_list("text", flat=True)) == {
        TEXT["learned"],
        "Mine.",
        "Theirs, too.",
    }


def test_without_the_script_both_texts_stand_side_by_side(browser_of, lead, second, url, report):
    client = browser_of(lead)
    page = opened(client, url)
    actions.save_text(cohort=report.cohort, text={"learned": "Theirs."}, by=second)
    answer = client.post(url, page | {"learned": "Mine.", "do": "save"})
    body = answer.content.decode()
    assert answer.status_code == 409 and "Written too, by Ben Second, in: What we learned." in body
    assert "Theirs." in body and "Mine." in body
    again = dict(re.findall(r'name="(seen)" value="([^"]*)"', body))
    assert client.post(url, page | again | {"learned": "Mine.", "do": "save"}).status_code == 302
    assert stands()["learned"] == "Mine."


def test_a_section_nobody_touched_here_is_not_written_over(browser_of, lead, second, url, report):
    client = browser_of(lead)
    page = opened(client, url)
    actions.save_text(cohort=report.cohort, text={"learned": "Theirs."}, by=second)
    told = client.post(url, page | {"professionals": "Mine."}, headers=SCRIPT).json()
    assert told["newer"]["learned"]["text"] == "Theirs." and told["differ"] == {}
    assert (stands()["learned"], stands()["professionals"]) == ("Theirs.", "Mine.")


def test_their_text_is_taken_and_mine_can_be_taken_back(browser_of, lead, second, url, report):
    client = browser_of(lead)
    page = opened(client, url) | {"learned": "Mine."}
    actions.save_text(cohort=report.cohort, text={"learned": "Theirs."}, by=second)
    theirs = SectionText.objects.get(text="Theirs.")
    assert client.post(url, page | {"do": f"take:learned:{theirs.sitting}"}).status_code == 302
    assert stands()["learned"] == "Theirs."
    body = client.get(reverse("evaluation:earlier", args=[report.cohort.code])).content.decode()
    assert "Mine." in body and "Theirs." in body and TEXT["learned"] in body
    mine = SectionText.objects.get(text="Mine.")
    client.post(url, {"do": f"take:learned:{mine.sitting}"})
    assert stands()["learned"] == "Mine."
    assert client.post(url, {"do": "take:learned:none"}).status_code == 409


def test_who_wrote_long_ago_is_not_writing(browser_of, lead, second, url, report):
    at = timezone.now() + timedelta(seconds=1)
    actions.save_text(cohort=report.cohort, text={"changed": "Longer breaks."}, by=second, at=at)
    assert "Ben Second is writing too" in browser_of(lead).get(url).content.decode()
    SectionText.objects.update(at=at - timedelta(minutes=5))
    assert "is writing too" not in browser_of(lead).get(url).content.decode()


def test_a_page_left_open_by_one_and_sent_by_another_writes_over_nobody(browser_of, lead, second, url):
    page = opened(browser_of(lead), url)
    browser_of(lead).post(url, page | {"learned": "Mine."}, headers=SCRIPT)
    browser_of(second).post(url, page | {"learned": "Theirs."}, headers=SCRIPT)
    assert {(row.by.name, row.text) for row in SectionText.objects.all()} == {
        ("Lena Lead", "Mine."),
        ("Ben Second", "Theirs."),
    }


# --- What the data says ------------------------------------------------------------------------------


def test_a_sentence_of_the_data_is_taken_in_with_one_press(browser_of, lead, url, answered, report):
    client = browser_of(lead)
    sentence = "7 of 8 people who started came to at least two thirds of the sessions."
    assert sentence in client.get(url).content.decode()
    for _press in range(2):
        page = opened(client, url) | {"do": "say:completed"}
        assert client.post(url, page).status_code == 302
    assert stands()["in_short"] == f"{TEXT['in_short']} {sentence}"
    assert client.post(url, opened(client, url) | {"do": "say:nothing"}).status_code == 409


# --- Recommendations and quotes ----------------------------------------------------------------------


@pytest.fixture
def list_url(cohort):
    return reverse("evaluation:recommendations", args=[cohort.code])


def kept() -> list[str]:
    return [row.text for row in Report.objects.get().recommendations.all()]


def test_recommendations_are_added_changed_moved_and_removed(browser_of, lead, list_url, cohort):
    client = browser_of(lead)
    for text in ("Ring first", "Pay for travel"):
        answer = client.post(list_url, {"text": text, "owner": "Family support", "due_on": "2027-03-27"})
        assert answer.headers["Location"] == list_url
    ring, pay = Report.objects.get().recommendations.all()

    def at(verb: str, row: Recommendation) -> str:
        return reverse(f"evaluation:recommendation_{verb}", args=[cohort.code, row.code])

    client.post(at("up", pay))
    assert kept() == ["Pay for travel", "Ring first"]
    client.post(at("down", pay))
    assert kept() == ["Ring first", "Pay for travel"]
    assert "Ring first" in client.get(at("change", ring)).content.decode()
    client.post(at("change", ring), {"text": "Ring families first", "owner": "Social care"})
    client.post(at("remove", pay))
    client.post(at("remove", pay))
    assert kept() == ["Ring families first"]
    body = client.get(list_url).content.decode()
    assert "Social care" in body and "Pay for travel" not in body
    assert client.post(at("up", pay)).status_code == 409
    assert client.get(at("change", pay)).status_code == 404


def test_a_recommendation_without_an_owner_keeps_what_was_typed(browser_of, lead, list_url):
    page = browser_of(lead).post(list_url, {"text": "Ring first", "owner": ""})
    assert page.status_code == 422 and "Ring first" in page.content.decode()
    assert Report.objects.count() == 0


def test_one_press_makes_one_recommendation_and_there_are_at_most_eight(browser_of, lead, list_url, cohort):
    client = browser_of(lead)
    key = "3f1d1c1e-58a1-4c11-9a51-111111111111"
    for _press in range(2):
        client.post(list_url, {"text": "Ring first", "owner": "All", "effect_key": key})
    assert kept() == ["Ring first"]
    for n in range(7):
        actions.recommend(cohort=cohort, text=f"Number {n}", owner="All", due_on=None, by=lead)
    page = client.post(list_url, {"text": "One more", "owner": "All"})
    assert page.status_code == 422 and "up to 8 recommendations" in page.content.decode()


@pytest.fixture
def said(cohort, places, facilitator, second) -> Quote:
    """Signed off by a second person."""
    talk = focus_group.record(cohort=cohort, held_on=timezone.localdate(), people=6, notes="", by=facilitator)
    agree(caregiver=places[0].caregiver, kind="quotes")
    quote = quotes.quote_somebody(
        focus_group=talk, caregiver=places[0].caregiver, words="I laughed", themes=[], by=facilitator
    )
    return quotes.sign_off(quote=quote, seen=quote_queries.stamp(quote), by=second)


def test_a_quote_is_chosen_published_and_taken_out_everywhere(
    browser_of, lead, url, answered, report, said, cohort, places
):
    client, page = browser_of(lead), reverse("evaluation:report_quotes", args=[cohort.code])
    choose = reverse("evaluation:report_quote_choose", args=[cohort.code, said.code])
    assert "I laughed" in client.get(page).content.decode()
    for _press in range(2):
        assert client.post(choose).headers["Location"] == page
    assert "I laughed" in client.get(url).content.decode()
    version = actions.publish(cohort=cohort, by=lead)
    assert version.quotes == [{"code": said.code, "words": "I laughed", "theme": ""}]
    withdraw(caregiver=places[0].caregiver, kind="quotes")
    version.refresh_from_db()
    assert version.quotes[0]["words"] == "" and ChosenQuote.objects.count() == 0
    assert "I laughed" not in client.get(page).content.decode() + client.get(url).content.decode()
    assert client.post(choose).status_code == 409
    assert actions.publish(cohort=cohort, by=lead).quotes == []


def test_quotes_that_wait_for_a_second_person_are_counted(browser_of, lead, report, said, cohort):
    client, page = browser_of(lead), reverse("evaluation:report_quotes", args=[cohort.code])
    body = client.get(page).content.decode()
    assert "to sign it off" not in body and reverse("feedback:quotes", args=[cohort.code]) in body
    Quote.objects.update(signed_off_by=None)
    assert "1 quote waits for a second person to sign it off." in client.get(page).content.decode()


def test_chosen_quotes_are_moved_and_left_out(browser_of, lead, second, facilitator, said, cohort, places):
    other = quotes.quote_somebody(
        focus_group=said.focus_group, caregiver=places[0].caregiver, words="I cried", themes=[], by=facilitator
    )
    quotes.sign_off(quote=other, seen=quote_queries.stamp(other), by=second)
    client = browser_of(lead)

    def press(verb: str, quote: Quote) -> list[str]:
        """The quotes that stand after it."""
        answer = client.post(reverse(f"evaluation:report_quote_{verb}", args=[cohort.code, quote.code]), follow=True)
        return [row.quote.words for row in answer.context["chosen"]]

    press("choose", said)
    assert press("choose", other) == ["I laughed", "I cried"]
    assert press("up", other) == ["I cried", "I laughed"]
    assert press("up", other) == ["I cried", "I laughed"], "the first stays first"
    assert press("down", other) == ["I laughed", "I cried"]
    assert press("leave_out", said) == ["I cried"]
    assert press("leave_out", said) == ["I cried"]


def test_words_nobody_signed_off_cannot_be_chosen(cohort, lead, said):
    Quote.objects.update(signed_off_by=None)
    with pytest.raises(Refused, match="not signed off"):
        actions.choose_quote(cohort=cohort, code=said.code, by=lead)


# --- Publishing --------------------------------------------------------------------------------------


def test_what_is_published_holds_both_editions_and_the_recommendations(answered, report, lead):
    actions.recommend(cohort=report.cohort, text="Ring first", owner="Family support", due_on=None, by=lead)
    version = actions.publish(cohort=report.cohort, by=lead)
    assert version.recommendations == [{"text": "Ring first", "owner": "Family support", "due": ""}]
    assert version.figures["edition"] == "team" and version.shared_figures["edition"] == "shared"


def test_no_version_that_its_publisher_has_not_heard_of_is_passed_by(browser_of, lead, second, answered, report):
    client, check = browser_of(lead), reverse("evaluation:publish", args=[report.cohort.code])
    page = pressed(client, check)
    actions.publish(cohort=report.cohort, by=second)
    answer = client.post(check, page)
    assert answer.status_code == 409 and "Version 1 was published meanwhile by Ben Second" in answer.content.decode()
    assert ReportVersion.objects.count() == 1
    assert client.post(check, pressed(client, check)).status_code == 302, "looked at, it goes"


def test_whoever_wrote_on_another_page_themselves_is_not_told_of_somebody_else(browser_of, lead, url, answered, report):
    client = browser_of(lead)
    page = opened(client, url)
    actions.save_text(cohort=report.cohort, text={"learned": "From my phone."}, by=lead)
    answer = client.post(url, page | {"do": "publish"})
    body = answer.content.decode()
    assert answer.status_code == 409 and "You wrote on another page too, in: What we learned." in body
    assert "From my phone." in body


def test_a_text_that_changed_meanwhile_is_shown_before_it_is_published(browser_of, lead, second, url, answered, report):
    client = browser_of(lead)
    page = opened(client, url)
    actions.save_text(cohort=report.cohort, text={"learned": "Theirs."}, by=second)
    answer = client.post(url, page | {"do": "publish"})
    assert answer.status_code == 409 and "Theirs." in answer.content.decode()
    assert ReportVersion.objects.count() == 0


def test_too_long_or_without_a_recommendation_nothing_is_published(answered, report, lead):
    actions.save_text(cohort=report.cohort, text={"learned": "a" * 2001}, by=lead)
    with pytest.raises(Refused, match="Too long to be published: What we learned"):
        actions.publish(cohort=report.cohort, by=lead)
    actions.save_text(cohort=report.cohort, text={"learned": "a", "recommendations": ""}, by=lead)
    with pytest.raises(Refused, match="still empty"):
        actions.publish(cohort=report.cohort, by=lead)


# --- Who may -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["report", "earlier", "recommendations", "report_quotes"])
def test_the_lead_writes_and_nobody_else(name, browser_of, lead, facilitator, manager, stranger, cohort, other_cohort):
    page, foreign = (reverse(f"evaluation:{name}", args=[one.code]) for one in (cohort, other_cohort))
    assert browser_of(lead).get(page).status_code == 200
    assert browser_of(lead).get(foreign).status_code == 404
    assert browser_of(facilitator).get(page).status_code == browser_of(manager).get(page).status_code == 403
    assert stranger.get(page).status_code == 302
    assert browser_of(lead).put(page).status_code == 405
