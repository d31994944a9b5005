"""A flood through the open link leaves room for those who were asked."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from feedback import sealing
from feedback.answering import actions as answering
from feedback.answering import sending
from feedback.models import Form, SealedAnswer, SpentNonce
from ppg import limits, memory_counts
from tests.feedback.factories import GOOD, by_link, opened_form, url_of

pytestmark = pytest.mark.django_db


def opened(form):
    """What was sent, whatever the number of answers."""
    return [payload["answers"] for payload in sealing.open_box([form])]


@pytest.fixture
def form(cohort) -> Form:
    return opened_form(by_link(cohort))


def flood(form: Form, networks: int, sheets: int) -> None:
    """Each network sends so many, by turns."""
    for number in range(sheets):
        for network in range(networks):
            answering.receive(form=form, answers={"today": 0}, nonce=f"{network} {number}", from_here=number + 1)


def test_a_flood_from_three_networks_leaves_room_for_the_real_ones(stranger, form):
    flood(form, networks=3, sheets=200)
    assert SealedAnswer.objects.count() == 60
    for who in range(8):  # in one room, on its wifi
        sent = stranger.post(url_of(form), {**GOOD, "q-different": f"word {who}"})
        assert sent.url == reverse("answer_thanks", args=[form.code])
    assert {f"word {who}" for who in range(8)} <= {sheet.get("different") for sheet in opened(form)}


@pytest.mark.parametrize(("networks", "of_a_room", "at_home"), [(1, 8, 1), (12, 8, 1), (40, 5, 1), (300, 1, 1)])
def test_the_more_networks_flood_the_fewer_of_one_room_find_room(networks, of_a_room, at_home):
    """By the rule itself, with as many rounds as there are: whoever answers from a network of their own always does."""
    full, number = 0, 1
    while full < answering.room_for(number):
        full += min(networks, answering.room_for(number) - full)
        number += 1
    kept = sum(full + who < answering.room_for(who + 1) for who in range(8))
    assert kept >= of_a_room and full < answering.room_for(at_home)


def test_whether_a_sheet_was_kept_is_not_told(stranger, form, monkeypatch):
    """The same page, after the same statements in the database, so that it takes as long."""

    def send() -> tuple[int, str, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            sent = stranger.post(url_of(form), GOOD)
        verbs = [query["sql"].split()[0] for query in queries if "nonce" in query["sql"] or "sealed" in query["sql"]]
        return sent.status_code, sent.url, [verb for verb in verbs if verb != "DELETE"]

    kept = send()
    monkeypatch.setattr(answering, "MOST_ANSWERS", 1)
    assert send() == kept
    assert (SealedAnswer.objects.count(), SpentNonce.objects.count()) == (1, 1)


def test_when_nobody_looks_any_more_is_left_to_chance(stranger, form, monkeypatch):
    """Else whoever sends on one wifi until the answers come sooner would know how many others had sent there."""
    monkeypatch.setattr(sending, "MOST_LOOKED_AT", 2)
    for chance, looked_at in ((0, 2), (3, 5)):
        memory_counts.forget()
        looks: list[int] = []
        monkeypatch.setattr(answering, "receive", lambda *, from_here, looks=looks, **sheet: looks.append(from_here))
        monkeypatch.setattr(sending, "count_in_memory", with_chance(chance))
        assert {stranger.post(url_of(form), GOOD).status_code for _ in range(7)} == {302}
        assert len(looks) == looked_at


def with_chance(chance: int):
    return lambda *said, **window: replace(limits.count_in_memory(*said, **window), chance=chance)


def test_each_form_and_each_network_is_counted_by_itself(stranger, form, other_cohort, monkeypatch):
    seen: list[int] = []
    monkeypatch.setattr(answering, "receive", lambda *, from_here, **sheet: seen.append(from_here))
    another = opened_form(by_link(other_cohort))
    for url, address in ((form, "192.0.2.1"), (form, "192.0.2.1"), (form, "192.0.2.2"), (another, "192.0.2.1")):
        stranger.post(url_of(url), GOOD, REMOTE_ADDR=address)
    assert seen == [1, 2, 1, 1]
