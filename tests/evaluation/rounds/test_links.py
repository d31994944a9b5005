"""A stranger with a link that does not work learns nothing: same page, same status, same work."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from caregivers.models import PersonalLink
from evaluation.models import WaveLink
from feedback.asking.actions import close_form, open_form
from feedback.models import Form
from ppg.service_details import service
from tests.factories import SessionFactory

pytestmark = pytest.mark.django_db

WRONG = "A" * 22


def ended() -> dict[str, dict[str, Any]]:
    now = timezone.now()
    return {
        "used": {"used_at": now},
        "revoked": {"revoked_at": now},
        "run out": {"expires_at": now - timedelta(minutes=1)},
    }


@pytest.fixture
def links(waves, places, cohort) -> Callable[[str], dict[str, str]]:
    """`links("register")`: an address of this page for everything that can be wrong."""

    def make(name: str) -> dict[str, str]:
        addresses = {"wrong": reverse(name, args=[WRONG])}
        if name == "answer_form":
            for kind in ("closed", "run out"):
                form = open_form(session=SessionFactory(cohort=cohort), by=None)
                if kind == "closed":
                    close_form(form=form, by=None)
                else:
                    Form.objects.filter(pk=form.pk).update(closes_at=timezone.now())
                addresses[kind] = reverse(name, args=[form.code])
            return addresses
        for kind, fields in ended().items():
            if name == "measure_answer":
                made = WaveLink.objects.issue(wave=waves[0], place=places[0], **fields)
            else:
                purpose = name.replace("_", " ").replace("registered", "own page")
                person = places[0].caregiver
                made = PersonalLink.objects.issue(caregiver=person, cohort=cohort, purpose=purpose, **fields)
            addresses[kind] = reverse(name, args=[made[1]])
        return addresses

    return make


def asked(ask: Callable[..., Any], address: str) -> tuple[int, bytes, int, dict[str, str]]:
    service.current()  # read once a minute
    with CaptureQueriesContext(connection) as queries:
        answer = ask(address, {})
    return answer.status_code, answer.content, len(queries), dict(answer.headers)


@pytest.mark.parametrize("name", ["register", "registered", "own_page", "times", "measure_answer", "answer_form"])
def test_whatever_is_wrong_the_page_the_status_and_the_work_are_the_same(stranger, links, name):
    addresses = links(name)
    verbs = [stranger.get] if name in ("registered", "own_page") else [stranger.get, stranger.post]
    for ask in verbs:
        found = {kind: asked(ask, address) for kind, address in addresses.items()}
        assert set(map(str, found.values())) == {str(found["wrong"])}, ask
        assert found["wrong"][0] == 404 and found["wrong"][2] in (1, 2)


def test_it_is_one_page_for_all_of_them(stranger, links):
    names = ("register", "own_page", "measure_answer", "answer_form")
    assert len({stranger.get(reverse(name, args=[WRONG])).content for name in names}) == 1


def test_it_says_nothing_of_groups_nor_leads_to_what_does(stranger, cohort):
    text = stranger.get(reverse("register", args=[WRONG])).text
    for word in (cohort.name, cohort.programme.title, "group", "parent", "child", reverse("notice")):
        assert word not in text.split("<body")[1]
