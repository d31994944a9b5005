"""Answering by a sealed card: nothing ties it to a person, and one card's answers before and after are put together."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from evaluation.cards import actions as cards_actions
from evaluation.models import Card, Response
from evaluation.rounds import actions as rounds
from feedback import sealing
from feedback.answering.forms import new_nonce
from feedback.models import Answer, SealedAnswer
from ppg import memory_counts
from ppg.access.refusals import Refused
from ppg.links import typed_codes as cards
from ppg.models import Limit
from tests.evaluation.carded import page, sent

pytestmark = pytest.mark.django_db


# --- Answering -----------------------------------------------------------------------------------------


def test_the_code_leads_to_the_questions_and_to_thanks(stranger, before, codes):
    typed = f" {codes[0][:4].lower()} {codes[0][4:].lower()} "
    answer = stranger.post(reverse("card"), {"code": typed})
    assert answer.headers["Location"] == page(codes[0])
    assert "By sending you agree" in stranger.get(page(codes[0])).text
    answer = stranger.post(page(codes[0]), sent())
    assert answer.headers["Location"] == reverse("card_thanks")
    assert stranger.get(reverse("card_thanks")).status_code == 200
    assert SealedAnswer.objects.count() == 1 and Response.objects.count() == 0


def test_one_wrong_sign_or_a_swap_is_refused_with_a_helpful_sentence(stranger, before, codes):
    code = next(code for code in codes if code[0] != code[1])
    wrong = cards.ALPHABET[cards.ALPHABET.index(code[4]) - 1]
    for typed in (code[:4] + wrong + code[5:], code[1] + code[0] + code[2:]):
        answer = stranger.post(reverse("card"), {"code": typed})
        assert answer.status_code == 422 and typed in answer.text
        assert "That is not a card of ours. Look at it once more: letters and numbers as printed." in answer.text
        assert stranger.get(page(typed)).status_code == 404


def test_a_code_that_nobody_made_gives_the_same_page_as_a_wrong_one(stranger, before, codes):
    made_up = next(code for n in range(20) if (code := cards.code_of(n)) not in codes)
    wrong = made_up[:-1] + cards.ALPHABET[cards.ALPHABET.index(made_up[-1]) - 1]
    found = [stranger.get(page(code)) for code in (made_up, wrong)]
    assert [answer.status_code for answer in found] == [404, 404]
    assert found[0].text.replace(cards.printed(made_up), "") == found[1].text.replace(cards.printed(wrong), "")


def test_the_first_answers_of_a_card_count_and_the_second_time_looks_the_same(stranger, before, codes):
    first, second = stranger.post(page(codes[0]), sent(1)), stranger.post(page(codes[0]), sent(4))
    assert (first.status_code, first.headers["Location"]) == (second.status_code, second.headers["Location"])
    assert SealedAnswer.objects.count() == 1
    used, unused = stranger.get(page(codes[0])).text, stranger.get(page(codes[1])).text
    nonce = re.compile(r'name="nonce" value="[^"]+"')
    assert nonce.sub("", used).replace(codes[0][:5], "") == nonce.sub("", unused).replace(codes[1][:5], "")
    rounds.close_wave(wave=before, by=None)
    assert set(Answer.objects.filter(question__slug="trust").values_list("number", flat=True)) == {1}


def test_a_mistake_keeps_what_was_typed_and_an_empty_sheet_is_no_answer(stranger, before, codes):
    answer = stranger.post(page(codes[0]), sent() | {"q-goal": "eleven"})
    assert answer.status_code == 422 and len(re.findall("checked", answer.text)) == 10
    assert stranger.post(page(codes[0]), {}).status_code == 422
    assert SealedAnswer.objects.count() == 0


def test_a_sheet_on_which_nothing_is_seen_is_no_answer(before, codes):
    with pytest.raises(Refused, match="at least one question"):
        cards_actions.receive_by_card(wave=before, code=codes[0], answers={"words": "\u200b"}, nonce=new_nonce())
    sheets = [(codes[0], {"words": "\ufffc"}), (codes[1], {"trust": 2, "words": "\u3164"})]
    cards_actions.receive_sheets(wave=before, sheets=sheets)
    assert [payload["answers"] for payload in sealing.open_box([before.form])] == [{"trust": 2}]


def test_a_card_between_two_rounds_is_told_to_be_kept(stranger, before, codes):
    rounds.close_wave(wave=before, by=None)
    answer = stranger.get(page(codes[0]))
    assert answer.status_code == 200 and "There is nothing to answer just now" in answer.text
    assert stranger.post(page(codes[0]), sent()).status_code == 200 and SealedAnswer.objects.count() == 0


def test_a_round_that_closes_while_somebody_writes(before, codes, use):
    rounds.close_wave(wave=before, by=None)
    with pytest.raises(Refused):
        use(before, codes[0], 2)


def test_a_card_of_another_group_opens_nothing_here(before, codes, other_cohort, lead, use):
    rounds.choose_plan(cohort=other_cohort, mode="coded", measure=None, by=lead)
    foreign = cards_actions.make_cards(cohort=other_cohort, by=lead)[0]
    assert foreign not in codes
    with pytest.raises(Refused):
        use(before, foreign, 2)


def test_many_codes_from_one_address_have_to_wait(stranger, before, codes, monkeypatch):
    monkeypatch.setattr("feedback.slips.tries.MOST_CODES", 3)
    found = [stranger.post(reverse("card"), {"code": "22222-22222"}).status_code for _ in range(5)]
    assert found[:3] != [429] * 3 and found[3:] == [429, 429]
    assert stranger.get(page(codes[0])).status_code == 429
    late = stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    assert late.status_code == 429 and "Wait ten minutes" in late.text and not Card.objects.filter(withdrawn=True)


def test_a_code_that_is_used_too_often_uses_up_nobody_elses(stranger, before, codes, monkeypatch):
    monkeypatch.setattr("feedback.slips.tries.MOST_CODES", 1)
    assert [stranger.get(page(codes[0])).status_code for _ in range(2)] == [200, 429]
    assert stranger.get(page(codes[1])).status_code == 200


def test_a_good_code_leaves_no_count_in_the_database_and_wrong_ones_are_counted_there(stranger, before, codes):
    stranger.post(reverse("card"), {"code": codes[0]})
    stranger.post(page(codes[0]), sent())
    stranger.post(reverse("card_withdraw"), {"code": codes[0]})
    assert not Limit.objects.exists()
    for number, ask in enumerate((stranger.post, stranger.post, stranger.get), 1):
        url = [reverse("card"), reverse("card_withdraw"), page("22222-22222")][number - 1]
        ask(url, {"code": "22222-22222"})
        assert Limit.objects.get().count == number


def test_wrong_codes_are_counted_over_all_machines(stranger, before, codes, monkeypatch):
    monkeypatch.setattr("feedback.slips.tries.MOST_CODES", 2)
    for expected in (422, 422, 429):
        memory_counts.forget()  # as another machine would find it
        assert stranger.post(reverse("card"), {"code": "22222-22222"}).status_code == expected
    memory_counts.forget()
    assert stranger.get(page(codes[0])).status_code == 429


@pytest.mark.parametrize("name", ["card", "card_withdraw", "card_thanks"])
def test_public_pages_are_neutral_and_set_no_cookie(stranger, name):
    answer = stranger.get(reverse(name))
    title = re.search("<title>(.*?)</title>", answer.text, re.S)[1]
    assert answer.status_code == 200 and not answer.cookies
    assert not re.search("card|parent|group|child", title.lower()) and "csrf" not in answer.text
    assert stranger.put(reverse(name)).status_code == 405
