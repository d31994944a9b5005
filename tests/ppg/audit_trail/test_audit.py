from datetime import timedelta

import pytest
from django.urls import reverse

from ppg.audit_trail import audit
from ppg.models import AuditEntry
from tests.factories import PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db


def test_the_trail_keeps_codes_and_names_of_fields_only(lead, cohort):
    audit.record(lead, audit.Verb.CHANGED, cohort, cohort=cohort, fields=["venue", "area"])
    entry = AuditEntry.objects.get()
    assert (entry.what, entry.ref, entry.fields) == ("cohort", cohort.code, ["area", "venue"])


def test_the_trail_cannot_be_changed_or_deleted(lead, cohort):
    audit.record(lead, audit.Verb.SAW, cohort)
    entry = AuditEntry.objects.get()
    for attempt in (
        entry.save,
        entry.delete,
        AuditEntry.objects.all().delete,
        lambda: AuditEntry.objects.update(what="x"),
    ):
        with pytest.raises(TypeError):
            attempt()


# --- Who was shown on a page -------------------------------------------------------------------------------


@pytest.fixture
def people_page(cohort):
    return reverse("caregivers:people", args=[cohort.code])


def seen(page):
    return AuditEntry.objects.filter(verb="saw", page=page)


def test_a_page_opened_again_says_nothing_new(browser_of, lead, cohort, people_page):
    PlaceFactory.create_batch(3, cohort=cohort)
    browser = browser_of(lead)
    for _again in range(5):
        browser.get(people_page)
    assert seen("caregivers:people").count() == 3


def test_but_who_has_come_meanwhile_and_who_else_looks_does(browser_of, lead, facilitator, cohort, people_page):
    browser = browser_of(lead)
    PlaceFactory(cohort=cohort)
    browser.get(people_page)
    new = PlaceFactory(cohort=cohort).caregiver
    browser.get(people_page)
    assert seen("caregivers:people").count() == 2 and seen("caregivers:people").first().person == new.code
    browser_of(facilitator).get(people_page)
    assert seen("caregivers:people").filter(user=facilitator).count() == 2


def test_after_ten_minutes_it_is_another_look(browser_of, lead, cohort, people_page, monkeypatch):
    PlaceFactory(cohort=cohort)
    browser_of(lead).get(people_page)
    monkeypatch.setattr(audit, "ONE_LOOK", timedelta(0))  # as if they had passed
    browser_of(lead).get(people_page)
    assert seen("caregivers:people").count() == 2


def test_the_same_people_on_another_page_are_another_look(browser_of, lead, cohort, people_page):
    session = SessionFactory(cohort=cohort)
    person = PlaceFactory(cohort=cohort).caregiver
    browser = browser_of(lead)
    browser.get(people_page)
    browser.get(reverse("sessions:register", args=[session.code]))
    entry = seen("sessions:register").get()
    assert (entry.what, entry.ref, entry.person, entry.fields) == ("session", session.code, person.code, ["name"])


def test_a_register_that_asks_for_ticks_leaves_no_entries(browser_of, lead, cohort):
    session = SessionFactory(cohort=cohort)
    PlaceFactory(cohort=cohort)
    answer = browser_of(lead).get(
        reverse("sessions:register", args=[session.code]), headers={"Accept": "application/json"}
    )
    assert len(answer.json()["rows"]) == 1 and not AuditEntry.objects.exists()
