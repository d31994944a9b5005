"""The public page of before and after: one link, one answer."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.consents.actions import withdraw
from evaluation.models import Response, WaveLink
from evaluation.rounds import actions
from evaluation.rounds.reminding import answered
from feedback.models import SealedAnswer
from ppg.models import AuditEntry
from ppg.service_details import service
from tests.evaluation.conftest import answers

pytestmark = pytest.mark.django_db


@pytest.fixture
def url(waves, places):
    return reverse("measure_answer", args=[actions.make_link(wave=waves[0], place=places[0], by=None)])


def sent(level=2):
    return {f"q-{slug}": value for slug, value in answers(level).items()}


def test_answering_says_thank_you_and_seals_one_answer(stranger, url, waves, places):
    page = stranger.get(url)
    assert page.status_code == 200 and "I know whom to call when I am worried" in page.content.decode()
    answer = stranger.post(url, sent())
    assert answer.status_code == 302 and answer.headers["Location"].endswith("/thanks/")
    assert stranger.get(answer.headers["Location"]).status_code == 200
    assert SealedAnswer.objects.count() == 1 and Response.objects.count() == 0
    assert answered(waves[0]) == {places[0].pk}


def test_sent_twice_is_one_answer_and_thanks_both_times(stranger, url):
    sheet = {"nonce": re.search(r'name="nonce" value="([^"]+)"', stranger.get(url).text)[1]}
    first, second = stranger.post(url, sent(1) | sheet), stranger.post(url, sent(4) | sheet)
    assert first.headers["Location"] == second.headers["Location"]
    assert SealedAnswer.objects.count() == 1
    assert stranger.get(first.headers["Location"]).status_code == 200


def test_pressing_too_often_on_one_link_stops_nobody_else_on_the_same_wifi(stranger, url, waves, places, monkeypatch):
    monkeypatch.setattr("feedback.answering.sending.MOST_SENDS", 0)
    page = stranger.post(url, sent())
    assert page.status_code == 429 and "Wait ten minutes" in page.text
    monkeypatch.setattr("feedback.answering.sending.MOST_SENDS", 1)
    another = reverse("measure_answer", args=[actions.make_link(wave=waves[0], place=places[1], by=None)])
    assert stranger.post(url, sent()).status_code == 429
    assert stranger.post(another, sent()).status_code == 302


def test_who_has_the_used_link_and_not_the_sheet_learns_nothing(stranger, url):
    stranger.post(url, sent(1))
    made_up = reverse("measure_answer", args=["A" * 22])
    for ask in (stranger.get, lambda address: stranger.post(address, sent(4))):
        assert (ask(url).status_code, ask(url).content) == (404, ask(made_up).content)
    assert SealedAnswer.objects.count() == 1


def test_opening_the_link_changes_nothing(stranger, url, waves):
    stranger.get(url)
    stranger.head(url)
    assert answered(waves[0]) == set() and AuditEntry.objects.filter(verb="saw").count() == 0


def test_a_mistake_keeps_what_was_typed(stranger, url):
    page = stranger.post(url, sent() | {"q-goal": "eleven"})
    body = page.content.decode()
    assert page.status_code == 422
    assert len(re.findall(r"checked", body)) == 10
    assert SealedAnswer.objects.count() == 0


def test_an_empty_sheet_is_not_an_answer(stranger, url):
    page = stranger.post(url, {})
    assert page.status_code == 422 and "Answer at least one question" in page.content.decode()


def test_a_second_link_of_the_same_person_is_used_up_too(stranger, waves, places):
    tokens = [WaveLink.objects.issue(wave=waves[0], place=places[0])[1] for _ in range(2)]
    urls = [reverse("measure_answer", args=[token]) for token in tokens]
    stranger.post(urls[0], sent())
    assert stranger.post(urls[1], sent()).status_code == 404
    assert SealedAnswer.objects.count() == 1


def test_making_a_link_stops_the_one_before(stranger, url, waves, places):
    actions.make_link(wave=waves[0], place=places[0], by=None)
    assert stranger.get(url).status_code == 404
    assert "was not kept" in stranger.post(url, sent()).text


def test_a_made_up_link_is_not_found(stranger, url):
    made_up = reverse("measure_answer", args=["A" * 22])
    assert stranger.get(made_up).status_code == 404


def test_the_thank_you_page_is_the_same_for_every_link(stranger, django_assert_num_queries):
    service.current()
    with django_assert_num_queries(0):
        assert stranger.get(reverse("measure_thanks", args=["A" * 22])).status_code == 200


def test_an_expired_link_takes_nothing(stranger, url):
    WaveLink.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, sent()).status_code == 404
    assert SealedAnswer.objects.count() == 0


def test_a_closed_round_takes_nothing(stranger, url, waves):
    actions.close_wave(wave=waves[0], by=None)
    assert stranger.post(url, sent()).status_code == 404
    assert Response.objects.count() == 0


def test_whoever_withdrew_is_not_asked_any_more(stranger, url, places):
    withdraw(caregiver=places[0].caregiver, kind="evaluation")
    assert stranger.get(url).status_code == 404
    assert stranger.post(url, sent()).status_code == 404
    assert SealedAnswer.objects.count() == 0


def test_no_audit_row_says_what_or_when_somebody_answered(stranger, url):
    before = AuditEntry.objects.count()
    stranger.post(url, sent())
    assert AuditEntry.objects.count() == before
    assert timezone.localtime(WaveLink.objects.get().used_at).strftime("%H:%M:%S") == "00:00:00"


def test_the_page_names_nobody_and_its_title_is_neutral(stranger, url, places, cohort):
    body = stranger.get(url).content.decode()
    title = re.search(r"<title>(.*?)</title>", body, re.S)[1]
    assert title.strip().startswith("A few questions")
    for word in (cohort.name, cohort.programme.title, places[0].caregiver.name, "Peer Parent"):
        assert word not in body
    assert "set-cookie" not in {name.lower() for name in stranger.get(url).headers}


def test_every_answer_is_as_long_as_every_other(waves, places, give):
    give(waves[0], places[0], 0)
    actions.receive(wave=waves[0], place=places[1], answers={"goal": 3}, nonce="n" * 20)
    assert len({len(sealed.envelope) for sealed in SealedAnswer.objects.all()}) == 1


def test_wrong_verb(stranger, url):
    assert stranger.put(url).status_code == 405
