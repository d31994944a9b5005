import pytest
from django.urls import reverse

from evaluation.models import ReportVersion
from ppg import audit

pytestmark = pytest.mark.django_db
URL = "/audit/"


def test_an_administrator_finds_what_somebody_did_about_a_group(browser_of, administrator, lead, cohort, other_cohort):
    audit.record(lead, audit.Verb.CHANGED, cohort, cohort=cohort, fields=["venue"])
    audit.record(lead, audit.Verb.SAW, other_cohort, cohort=other_cohort)
    page = browser_of(administrator).get(URL, {"about": cohort.code}).content.decode()
    assert "venue" in page and "saw cohort" not in page


def test_records_are_named_in_words(browser_of, administrator, lead, cohort):
    version = ReportVersion(code="a-code")
    audit.record(lead, audit.Verb.DOWNLOADED, version, cohort=cohort)
    page = browser_of(administrator).get(URL).content.decode()
    assert "downloaded report version" in page


def test_a_search_that_finds_nothing_says_so_and_how_to_go_on(browser_of, administrator):
    page = browser_of(administrator).get(URL, {"about": "nobody"}).content.decode()
    assert "Nothing matches" in page and "Show everything" in page


@pytest.mark.parametrize("role", ["lead", "manager", "safeguarding", "facilitator"])
def test_nobody_else_reads_the_trail(browser_of, request, role):
    assert browser_of(request.getfixturevalue(role)).get(URL).status_code == 403


def test_the_trail_costs_the_same_with_many_rows(browser_of, administrator, lead, cohort, same_queries):
    audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)

    def grow():
        for _ in range(30):
            audit.record(lead, audit.Verb.SAW, cohort, cohort=cohort)

    same_queries(browser_of(administrator), URL, grow)


def test_the_people_who_sign_in_stand_with_their_roles(browser_of, administrator, lead):
    page = browser_of(administrator).get(reverse("users")).content.decode()
    assert "Lena Lead" in page and "Programme lead" in page and "set up a group" in page
