"""Before and after, for the team."""

import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from caregivers.models import Place
from evaluation.models import Response, Wave, WaveLink
from evaluation.rounds import actions
from feedback.models import SealedAnswer, SpentNonce, Submission
from ppg.access.refusals import Refused
from ppg.models import AuditEntry
from tests.evaluation.conftest import agree, answers
from tests.factories import PlaceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(cohort):
    return reverse("evaluation:waves", args=[cohort.code])


def test_opening_a_round_and_pressing_twice(browser_of, lead, cohort, page):
    url = reverse("evaluation:open_wave", args=[cohort.code])
    for _ in range(2):
        assert browser_of(lead).post(url, {"point": "before"}).headers["Location"] == page
    assert Wave.objects.count() == 1
    assert AuditEntry.objects.filter(what="wave", verb="created").count() == 1


def test_an_unknown_point_is_refused_with_a_sentence(browser_of, lead, cohort):
    answer = browser_of(lead).post(reverse("evaluation:open_wave", args=[cohort.code]), {"point": "never"})
    assert answer.status_code == 409 and "before or after" in answer.content.decode()
    assert Wave.objects.count() == 0


def test_the_page_says_who_has_answered_and_never_what(browser_of, facilitator, page, waves, places, give):
    give(waves[0], places[0], 4, goal=9)
    body = browser_of(facilitator).get(page).content.decode()
    assert "1 of 8" in body and "0 of 8" in body
    assert body.count("Not yet") == 15
    assert "Completely true" not in body and not re.search(r"[A-Za-z0-9_-]{100,}", body)


def test_somebody_who_did_not_agree_is_not_asked(browser_of, lead, page, cohort, places, waves):
    person = PlaceFactory(cohort=cohort, seat=9)
    body = browser_of(lead).get(page).content.decode()
    assert body.count("Has not agreed to the evaluation") == 2
    url = reverse("evaluation:link", args=[waves[0].code, person.code])
    assert browser_of(lead).post(url).status_code == 409
    assert WaveLink.objects.count() == 0


def test_a_link_is_shown_once_and_the_same_press_shows_the_same(browser_of, lead, waves, places):
    url = reverse("evaluation:link", args=[waves[0].code, places[0].code])
    key = {"effect_key": "3f1d1c1e-58a1-4c11-9a51-111111111111"}
    shown = [re.findall(r"/m/([\w-]{22})/", browser_of(lead).post(url, key).content.decode())[0] for _ in range(2)]
    assert shown[0] == shown[1] and WaveLink.objects.count() == 1
    assert browser_of(lead).get(url).status_code == 405
    another = browser_of(lead).post(url, {"effect_key": "3f1d1c1e-58a1-4c11-9a51-222222222222"}).content.decode()
    assert shown[0] not in another
    assert WaveLink.objects.live(timezone.now()).count() == 1
    assert shown[0] not in str(list(WaveLink.objects.values())), "only its hash is kept"


def test_links_go_by_email_to_those_who_said_that_it_is_safe(
    browser_of, lead, waves, places, give, django_capture_on_commit_callbacks
):
    for place, ways in zip(places, [["email"], ["text"], ["email"], ["email"]], strict=False):
        person = place.caregiver
        person.email, person.safe_ways = f"{place.seat}@example.org", ways
        person.save()
    give(waves[0], places[2], 1)
    with django_capture_on_commit_callbacks(execute=True):
        browser_of(lead).post(reverse("evaluation:send", args=[waves[0].code]))
    assert sorted(message.to for message in mail.outbox) == [["1@example.org"], ["4@example.org"]]
    assert {message.subject for message in mail.outbox} == {"A few questions"}
    for word in ("parent", "group", "child", "evaluation", waves[0].cohort.name.lower()):
        assert word not in mail.outbox[0].body.lower().split("http")[0]
    token = re.search(r"/m/([\w-]{22})/", mail.outbox[0].body)[1]
    assert WaveLink.objects.opened_by(token, timezone.now()).exists()


def test_answers_from_paper_are_written_down_with_the_way_they_came(browser_of, facilitator, waves, places):
    url = reverse("evaluation:enter", args=[waves[0].code, places[0].code])
    assert browser_of(facilitator).get(url).status_code == 200
    sent = {f"q-{slug}": value for slug, value in answers(3).items()}
    wrong = browser_of(facilitator).post(url, sent)
    assert wrong.status_code == 422 and wrong.content.decode().count(" checked") == 11
    assert browser_of(facilitator).post(url, sent | {"way": "paper"}).status_code == 302
    assert browser_of(facilitator).post(url, sent | {"way": "spoken"}).status_code == 302, "says that they had answered"
    actions.close_wave(wave=waves[0], by=None)
    assert [submission.way for submission in Submission.objects.all()] == ["paper"]
    entry = AuditEntry.objects.get(what="wave", fields=["answers"])
    assert entry.user == facilitator and entry.person == places[0].caregiver.code


def test_closing_opens_the_box_destroys_it_and_is_done_once(browser_of, lead, waves, places, give):
    for place in places[:6]:
        give(waves[0], place, 2)
    url = reverse("evaluation:close_wave", args=[waves[0].code])
    for _ in range(2):
        assert browser_of(lead).post(url).status_code == 302
    assert Response.objects.count() == 6
    assert SealedAnswer.objects.count() == SpentNonce.objects.count() == 0
    waves[0].form.refresh_from_db()
    assert waves[0].form.key == ""
    with pytest.raises(Refused):
        give(waves[0], places[7], 2)


def test_after_is_asked_with_the_questions_of_before(waves):
    assert waves[0].measure == waves[1].measure


def test_somebody_who_left_can_still_be_asked(waves, places, give):
    Place.objects.filter(pk=places[0].pk).update(state="left", seat=None, left_on=timezone.localdate())
    assert give(waves[1], places[0], 2)


def test_somebody_of_another_group_is_not_found(browser_of, lead, waves, other_cohort):
    foreign = PlaceFactory(cohort=other_cohort)
    agree(foreign)
    for name in ("evaluation:link", "evaluation:enter"):
        url = reverse(name, args=[waves[0].code, foreign.code])
        assert browser_of(lead).post(url, {}).status_code == 404


def test_who_may(browser_of, parent, manager, other_facilitator, lead, page, waves, places, stranger):
    code = waves[0].code
    for name in ("evaluation:close_wave", "evaluation:send"):
        url = reverse(name, args=[code])
        assert browser_of(other_facilitator).post(url).status_code == 404
        assert browser_of(parent).post(url).status_code == 403
        assert browser_of(manager).post(url).status_code == 403
    assert browser_of(lead).get(reverse("evaluation:close_wave", args=[code])).status_code == 405
    assert browser_of(lead).put(reverse("evaluation:send", args=[code])).status_code == 405
    assert browser_of(other_facilitator).get(page).status_code == 404
    assert browser_of(manager).get(page).status_code == 403
    assert stranger.get(page).status_code == 302


def test_the_page_costs_the_same_for_many(browser_of, lead, page, cohort, waves, places, same_queries):
    same_queries(browser_of(lead), page, lambda: [agree(PlaceFactory(cohort=cohort, seat=n)) for n in range(20, 30)])
