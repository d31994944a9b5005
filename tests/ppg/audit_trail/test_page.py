"""Searching the audit trail, and taking a copy of what was found."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns.actions import write_down
from caregivers.models import Caregiver
from caregivers.names import begins
from caregivers.rights import actions as rights
from evaluation.models import ReportVersion
from ppg.audit_trail import audit, database_grants
from ppg.audit_trail.search import Search
from ppg.models import AuditEntry
from ppg.service_details import actions as service_details
from tests.factories import CaregiverFactory, PlaceFactory

pytestmark = pytest.mark.django_db
URL = "/audit/"
EXPORT = "/audit/export/"


@pytest.fixture
def browser(browser_of, administrator):
    return browser_of(administrator)


@pytest.fixture
def ann(cohort):
    return PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Ann O’Malley")).caregiver


@pytest.fixture
def written(lead, facilitator, cohort, other_cohort, ann):
    """Of each of these one entry: by the lead about Ann, by the facilitator about another group."""
    audit.record(lead, audit.Verb.CHANGED, ann, person=ann, cohort=cohort, fields=["liked_name"])
    audit.record(facilitator, audit.Verb.SAW, other_cohort, cohort=other_cohort, fields=["venue"])


def searched(browser, **typed):
    """The page that a search leads to."""
    answer = browser.post(URL, typed)
    assert answer.status_code == 302, answer.text
    return browser.get(answer.headers["Location"]).text


def rows(page):
    """What the table holds, or nothing where there is none."""
    return page.partition("<tbody")[2].partition("</tbody>")[0]


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ({"action": ""}, {"name they like to be called", "venue"}),
        ({"user": "lead"}, {"name they like to be called"}),
        ({"name": "ann omal"}, {"name they like to be called"}),
        ({"group": "other_cohort"}, {"venue"}),
        ({"action": "changed"}, {"name they like to be called"}),
        ({"action": "downloaded"}, set()),
        ({"name": "Ann", "user": "facilitator"}, set()),
    ],
)
def test_what_was_asked_for_is_found_and_nothing_else(browser, written, request, typed, finds):
    sent = {
        name: request.getfixturevalue(value).code if name in ("user", "group") else value
        for name, value in typed.items()
    }
    listed = rows(searched(browser, **sent))
    assert {word for word in ("name they like to be called", "venue") if word in listed} == finds


def test_it_says_in_words_who_did_what_to_whom_and_in_which_group(browser, written):
    listed = rows(browser.get(URL).text)
    for words in (
        "Lena Lead",
        "changed caregiver",
        "Ann O’Malley",
        "Ipswich spring",
        "Lowestoft",
        "name they like to be called",
    ):
        assert words in listed


def test_a_page_that_showed_somebody_is_named(browser, browser_of, lead, cohort, ann):
    browser_of(lead).get(reverse("caregivers:people", args=[cohort.code]))
    assert "on the page “people”" in rows(browser.get(URL).text)


def test_records_are_named_in_words(browser, lead, cohort):
    audit.record(lead, audit.Verb.DOWNLOADED, ReportVersion(code="a-code"), cohort=cohort)
    assert "downloaded report version" in browser.get(URL).text


def test_fields_are_named_as_their_form_names_them(browser, administrator):
    service_details.change(by=administrator, keep_months=6, name="Common Ground")
    audit.record(administrator, audit.Verb.CHANGED, administrator, fields=["send_again"])
    shown = rows(browser.get(URL).text)
    assert "months people&#x27;s details are kept" in shown and "send again" in shown and "keep_months" not in shown


def test_from_a_day_until_a_day_with_both_of_them(lead):
    """By the clock of London: in summer its day begins an hour before that of the world."""
    inside = ["2026-06-30T23:00:00Z", "2026-07-02T22:59:59Z"]
    for at in [*inside, "2026-06-30T22:59:59Z", "2026-07-02T23:00:00Z"]:
        audit.record(lead, audit.Verb.SIGNED_IN, lead)
        with database_grants.lifted():
            QuerySet(AuditEntry).filter(pk=AuditEntry.objects.first().pk).update(at=datetime.fromisoformat(at))
    found = Search(since=date(2026, 7, 1), until=date(2026, 7, 2)).entries()
    assert sorted(found.values_list("at", flat=True)) == [datetime.fromisoformat(at) for at in inside]


def test_what_lies_outside_the_days_is_not_found(browser, written):
    yesterday = timezone.localdate() - timedelta(days=1)
    assert rows(searched(browser, since=yesterday.isoformat()))
    assert not rows(searched(browser, until=yesterday.isoformat()))


def test_a_wrong_order_of_days_is_said(browser):
    answer = browser.post(URL, {"since": "2026-03-02", "until": "2026-03-01"})
    assert answer.status_code == 422 and "same day" in answer.text


# --- Names -----------------------------------------------------------------------------------------------------


def test_a_name_goes_into_no_address(browser, written, ann):
    address = browser.post(URL, {"name": "Ann O’Malley"}).headers["Location"]
    assert parse_qs(urlsplit(address).query) == {"person": [ann.code]}


def test_a_name_is_found_as_people_type_it():
    zoe = Caregiver(name="Zoë O’Neil-Smith")
    assert begins(["zo", "smi"], zoe)
    assert not begins(["neil"], zoe)


def test_a_name_that_nobody_has_and_one_that_too_many_have(browser, cohort):
    assert "No caregiver has this name" in browser.post(URL, {"name": "Nobody"}).text
    for number in range(21):
        CaregiverFactory(cohort=cohort, name=f"Maria Number{number}")
    answer = browser.post(URL, {"name": "Maria"})
    assert answer.status_code == 422 and "More than 20" in answer.text and "Number1" not in answer.text


def test_a_search_that_is_refused_tells_of_nobody_without_an_entry(browser, ann):
    """Beside another mistake the page says of a name only whether nobody has it: that tells also that somebody has."""
    answer = browser.post(URL, {"name": "Ann", "since": "2026-03-02", "until": "2026-03-01"})
    assert answer.status_code == 422 and "No caregiver has this name" not in answer.text
    assert AuditEntry.objects.filter(verb="saw", what="auditentry", person=ann.code).exists()


@pytest.mark.parametrize("asked", ["until=9999-12-31", "from=0001-01-01", "about=%00", "user=%00&group=%00&person=%00"])
def test_an_address_that_nobody_would_write_is_no_fault(browser, written, asked):
    assert browser.get(f"{URL}?{asked}").status_code == 200


def test_whose_name_is_shown_or_looked_up_is_in_the_trail(browser, written, administrator, ann):
    browser.post(URL, {"name": "Ann"})  # the answer tells that she is known
    seen = AuditEntry.objects.get(user=administrator, verb="saw")
    assert (seen.what, seen.person, seen.page) == ("auditentry", ann.code, "audit")
    browser.get(URL)
    assert AuditEntry.objects.filter(user=administrator).count() == 1  # within ten minutes


def test_looks_at_the_trail_are_left_out_until_they_are_asked_for(browser, written, ann):
    browser.get(URL)
    assert "looked at this trail" not in rows(browser.get(URL).text)
    assert "looked at this trail" in rows(searched(browser, action="all"))
    assert "looked at this trail" in rows(searched(browser, name="Ann"))


def test_whoever_was_erased_reads_as_such(browser, written, ann, lead):
    rights.erase(caregiver=ann, by=lead)
    found = rows(browser.get(URL).text)
    assert "somebody whose details were erased" in found and "Malley" not in found
    assert "No caregiver has this name" in browser.post(URL, {"name": "Ann"}).text


# --- What nobody may learn here ----------------------------------------------------------------------------------


def test_nothing_tells_that_there_is_a_concern(browser, written, lead, cohort, ann):
    before = browser.get(URL).text
    made = write_down(cohort=cohort, caregiver=ann, words="It was said", on=timezone.localdate(), by=lead)
    assert rows(browser.get(URL).text) == rows(before)
    assert "Nothing matches" in browser.get(URL, {"about": made.code}).text
    for asked in ({"person": ann.code}, {"action": "all"}, {"action": "created"}, {"user": lead.code}):
        assert "concern" not in rows(browser.get(URL, asked).text)
    exported = browser.get(EXPORT, {"action": "all"}).content.decode("utf-8-sig")
    assert "name they like to be called" in exported and "concern" not in exported


@pytest.mark.parametrize("role", ["lead", "manager", "safeguarding", "facilitator"])
@pytest.mark.parametrize("url", [URL, EXPORT])
def test_nobody_else_reads_the_trail(browser_of, request, role, url):
    assert browser_of(request.getfixturevalue(role)).get(url).status_code == 403


@pytest.mark.parametrize("asked", ["from=yesterday", "until=2026-02-31", "person=x&person=y", "page=-3", "action=x"])
def test_an_address_that_makes_no_sense_is_no_fault(browser, written, asked):
    assert browser.get(f"{URL}?{asked}").status_code == 200


def test_a_search_that_finds_nothing_says_so_and_how_to_go_on(browser):
    page = browser.get(URL, {"about": "nobody"}).text
    assert "Nothing matches" in page and "Show everything" in page


# --- A copy of it ------------------------------------------------------------------------------------------------


def copied(browser, **asked):
    answer = browser.get(EXPORT, asked)
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_copy_holds_what_was_found(browser, written, lead):
    head, *entries = copied(browser, user=lead.code)
    assert len(entries) == 1
    assert dict(zip(head, entries[0], strict=True)) | {"When": ""} == {
        "When": "",
        "Who": "Lena Lead",
        "Did what": "changed caregiver",
        "About whom": "Ann O’Malley",
        "Group": "Ipswich spring",
        "What of it": "name they like to be called",
    }
    assert datetime.fromisoformat(entries[0][0])


def test_no_cell_is_taken_for_a_formula(browser, written, lead):
    lead.name = "=HYPERLINK(1)"
    lead.save()
    assert copied(browser, user=lead.code)[1][1] == "'=HYPERLINK(1)"


def test_the_copy_is_in_the_trail_with_everybody_it_names(browser, written, administrator, lead, ann):
    copied(browser, user=lead.code)
    taken = AuditEntry.objects.filter(user=administrator, verb="exported", what="auditentry")
    assert sorted((one.person, *one.fields) for one in taken) == sorted([("", "csv", "user"), (ann.code, "name")])
    assert "took a copy of this trail" in rows(browser.get(URL).text)


def test_the_copy_is_asked_for_once_more_when_the_sign_in_was_long_ago(browser, written):
    session = browser.session
    session["confirmed"] -= 11 * 60
    session.save()
    answer = browser.get(EXPORT, headers={"Referer": f"http://testserver{URL}"})
    assert answer.status_code == 302 and answer.headers["Location"].startswith(reverse("confirm"))
    assert not AuditEntry.objects.filter(verb="exported").exists()


def test_the_trail_costs_the_same_with_many_rows(browser, lead, cohort, same_queries):
    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort, person=PlaceFactory(cohort=cohort).caregiver)

    def grow():
        for _ in range(30):
            audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort, person=PlaceFactory(cohort=cohort).caregiver)

    same_queries(browser, URL, grow)


def test_the_people_who_sign_in_stand_with_their_roles(browser, lead):
    page = browser.get(reverse("users")).text
    assert "Lena Lead" in page and "Programme lead" in page and "set up a group" in page
