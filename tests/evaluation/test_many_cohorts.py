"""The cohorts that bench/ makes by the thousand are such as the product itself would make."""

from __future__ import annotations

import pytest
from django.db import connection

from bench import cohorts, pages
from caregivers.models import Caregiver
from evaluation.collecting import collect
from evaluation.models import PseudonymKey, Response
from programmes.models import Cohort
from sessions_app.models import Session

pytestmark = pytest.mark.django_db


@pytest.fixture
def counts():
    return cohorts.fill(6)[0]


def test_every_page_opens_over_them(counts):
    assert all(once() > 0 for _name, once in pages.opened())


def test_they_are_whole(counts):
    assert (counts["Cohort"], counts["Caregiver"], counts["Session"]) == (6, 48, 36)
    for model in cohorts.models().values():
        assert model._base_manager.count() >= counts[model.__name__] > 0
    group = Cohort.objects.order_by("pk")[0]
    figures = collect.whole(group, Session.objects.latest("starts_at").starts_at)
    assert figures.reach.referred == 8
    connection.check_constraints()


def test_what_is_personal_lies_encrypted(counts):
    person, key = Caregiver.objects.order_by("pk")[0], PseudonymKey.objects.order_by("pk")[0]
    assert Response.objects.filter(pseudonym=key.pseudonym).exists() or key.pseudonym
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, phone FROM caregivers_caregiver ORDER BY id LIMIT 1")
        name, phone = cursor.fetchone()
    assert person.name not in name and name.startswith("gAAAA") and phone.startswith("gAAAA")


def test_the_product_goes_on_counting_after_them(counts):
    newest = Cohort.objects.order_by("pk").last()
    made = Cohort.objects.create(programme=newest.programme, name="Next", area="Ipswich", places=8)
    assert made.pk > newest.pk, "a number that nobody has"
