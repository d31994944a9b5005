"""The information log: what was noticed, how they know, and whether it went to the police."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from caregivers.concerns import actions
from caregivers.concerns import jobs as concern_jobs
from caregivers.concerns.queries import methods_told
from caregivers.models import Information
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory, PlaceFactory

pytestmark = pytest.mark.django_db
NOTICED = "A grey van with a broken light stops by the chip shop"


@pytest.fixture
def rosa(cohort):
    return PlaceFactory(cohort=cohort, caregiver=CaregiverFactory(cohort=cohort, name="Rosa Marsh")).caregiver


@pytest.fixture
def information(cohort, facilitator, rosa):
    told = {"about": "vehicle", "noticed": NOTICED, "noticed_when": "Mondays", "how_known": "She saw it herself"}
    return actions.log_information(cohort=cohort, caregiver=rosa, methods=["travel"], by=facilitator, **told)


def add_url(cohort):
    return reverse("caregivers:information_add", args=[cohort.code])


def page_of(information, page="information"):
    return reverse(f"caregivers:{page}", args=[information.code])


def filled(**answers):
    return {
        "about": "vehicle",
        "noticed": NOTICED,
        "noticed_when": "Mondays at nine",
        "how_known": "She saw it herself",
        "passed": "no",
        "effect_key": str(uuid.uuid4()),
        **answers,
    }


def test_what_was_noticed_is_written_down_once(browser_of, facilitator, cohort, rosa):
    today = timezone.localdate().isoformat()
    form = filled(person=rosa.code, methods=["travel", "gifts"], passed="yes", passed_on=today, reference="SC-1234")
    browser = browser_of(facilitator)
    first, second = browser.post(add_url(cohort), form), browser.post(add_url(cohort), form)
    held = Information.objects.get()
    assert first.url == second.url == page_of(held)
    assert (held.noticed, held.caregiver, held.methods) == (NOTICED, rosa, ["travel", "gifts"])
    assert (held.passed_on.isoformat(), held.reference) == (today, "SC-1234")


def test_how_they_know_is_asked_and_what_was_typed_is_kept(browser_of, facilitator, cohort):
    answer = browser_of(facilitator).post(add_url(cohort), filled(how_known="", passed="yes"))
    assert answer.status_code == 422 and NOTICED in answer.text
    assert "How do you know it is true?" in answer.text and Information.objects.count() == 0


def test_the_form_says_whom_to_call_and_that_no_intelligence_belongs_here(browser_of, facilitator, cohort):
    page = browser_of(facilitator).get(add_url(cohort)).text
    assert page.index("call 999") < page.index("<h1")
    assert "101" in page and "0800 555 111" in page and "no intelligence belongs here" in page


def test_it_is_passed_on_later_with_its_reference(browser_of, lead, information):
    wrong = browser_of(lead).post(page_of(information), {"reference": "SC-77"})
    assert wrong.status_code == 422 and "SC-77" in wrong.text
    browser_of(lead).post(page_of(information), {"passed_on": "2026-03-04", "reference": "SC-77"})
    assert "SC-77" in browser_of(lead).get(page_of(information)).text
    changed = AuditEntry.objects.get(what="information", verb="changed")
    assert changed.fields == ["passed_on", "reference"]


def test_only_the_safeguarding_lead_closes_it(browser_of, lead, safeguarding, information):
    assert browser_of(lead).post(page_of(information, "information_close")).status_code == 404
    browser_of(safeguarding).post(page_of(information, "information_close"))
    assert not Information.objects.get().is_open
    browser_of(safeguarding).post(page_of(information, "information_reopen"))
    assert Information.objects.get().is_open
    assert browser_of(safeguarding).get(page_of(information, "information_close")).status_code == 405


@pytest.mark.parametrize("role", ["other_facilitator", "manager", "administrator", "evaluator", "parent"])
@pytest.mark.parametrize("page", ["information", "information_readers", "information_remove"])
def test_for_everybody_else_there_is_no_such_page(browser_of, request, information, role, page):
    assert browser_of(request.getfixturevalue(role)).get(page_of(information, page)).status_code == 404


def test_each_reading_is_in_the_part_of_the_trail_only_its_readers_see(
    browser_of, lead, safeguarding, administrator, information
):
    browser_of(lead).get(page_of(information))
    browser_of(lead).get(reverse("caregivers:information_list"))
    seen = AuditEntry.objects.filter(what="information", verb="saw", user=lead).order_by("id")
    assert [entry.fields for entry in seen] == [[], ["list"]]
    assert "Lena Lead" in browser_of(safeguarding).get(page_of(information, "information_readers")).text
    trail = browser_of(administrator).get(reverse("audit"), {"about": information.caregiver.code}).text
    assert "Nothing matches" in trail


def test_the_safeguarding_lead_is_reminded_of_it_too(safeguarding, information):
    concern_jobs.remind_due(timezone.now())
    assert [message.to for message in mail.outbox] == [[safeguarding.email]]
    assert "van" not in mail.outbox[0].body


def test_the_report_gets_counts_of_methods_and_nothing_else(information, cohort, other_cohort, lead):
    told = {"about": "phone", "noticed": "x", "noticed_when": "x", "how_known": "x", "by": lead}
    actions.log_information(cohort=cohort, methods=["gifts", "travel"], **told)
    actions.log_information(cohort=other_cohort, methods=["debt"], **told)
    assert methods_told(cohort) == {"gifts": 1, "travel": 2}


def test_it_is_not_readable_in_the_database(information, safeguarding):
    actions.pass_on(information=information, passed_on=timezone.localdate(), reference="SC-1234", by=safeguarding)
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM caregivers_information")
        dump = str(cursor.fetchall())
    for word in ("van", "chip shop", "Mondays", "saw it", "SC-1234"):
        assert word not in dump


def test_it_is_kept_as_long_as_a_concern(browser_of, safeguarding, information):
    closed = timezone.now() - timedelta(days=6 * 366)
    actions.close(thing=information, by=safeguarding, at=closed)
    assert actions.remove(things=[information], by=safeguarding, at=closed + timedelta(days=6 * 365)) == 0
    browser_of(safeguarding).post(page_of(information, "information_remove"))
    assert Information.objects.count() == 0
