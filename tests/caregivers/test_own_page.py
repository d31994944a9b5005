"""A caregiver's own page: what they agreed to, taken back by one press."""

import pytest
from django.urls import reverse

from caregivers import actions
from caregivers.models import Consent

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(register):
    return register("Rosa Marsh", consents=("evaluation", "quotes")).caregiver


@pytest.fixture
def token(person, cohort, lead):
    return actions.make_own_page(caregiver=person, cohort=cohort, by=lead)


def test_it_shows_choices_and_nothing_else(stranger, token, cohort):
    page = stranger.get(reverse("own_page", args=[token]))
    assert page.status_code == 200
    assert page.text.count("You said yes") == 2 and page.text.count("You said no") == 2
    for private in ("Rosa", "Marsh", cohort.name, cohort.programme.title):
        assert private not in page.text


def test_opening_it_changes_nothing(stranger, token, person):
    stranger.get(reverse("own_page", args=[token]))
    stranger.get(reverse("own_receipt", args=[token, "quotes"]))
    assert person.consents.count() == 4


def test_one_press_takes_back_and_gives_a_receipt(stranger, token, person):
    page = stranger.post(reverse("own_withdraw", args=[token, "evaluation"]), follow=True)
    assert page.status_code == 200
    assert "Taken back" in page.text and "What we cannot call back" in page.text
    assert "Answers you gave without your name" in page.text
    assert not Consent.objects.standing("evaluation").exists()
    assert Consent.objects.standing("quotes").count() == 1
    row = person.consents.last()
    assert (row.how, row.recorded_by) == ("online", None)


@pytest.mark.parametrize("kind", ["evaluation", "quotes", "chat", "after"])
def test_each_receipt_says_what_cannot_be_called_back(stranger, token, person, kind):
    actions.agree(caregiver=person, kind=kind)
    page = stranger.post(reverse("own_withdraw", args=[token, kind]), follow=True)
    assert page.text.split("What we cannot call back")[1].count("<li>") >= 1


def test_pressed_twice_it_is_taken_back_once(stranger, token, person):
    url = reverse("own_withdraw", args=[token, "quotes"])
    assert [stranger.post(url).status_code, stranger.post(url).status_code] == [302, 302]
    assert person.consents.filter(kind="quotes").count() == 2


def test_there_is_no_receipt_for_what_was_not_taken_back(stranger, token):
    answer = stranger.get(reverse("own_receipt", args=[token, "quotes"]))
    assert answer.status_code == 302


def test_saying_yes_later_adds_a_row(stranger, token, person):
    stranger.post(reverse("own_agree", args=[token, "chat"]), {"version": "1"})
    assert list(person.consents.filter(kind="chat").values_list("given", flat=True)) == [False, True]


@pytest.mark.parametrize("name", ["own_withdraw", "own_agree"])
def test_only_a_press_of_a_button_changes_anything(stranger, token, name):
    assert stranger.get(reverse(name, args=[token, "quotes"])).status_code == 405


@pytest.mark.parametrize("name", ["own_withdraw", "own_agree", "own_receipt"])
def test_an_unknown_kind_or_link_is_the_neutral_page(stranger, token, name):
    ask = stranger.get if name == "own_receipt" else stranger.post
    pages = [ask(reverse(name, args=[token, "soul"])), ask(reverse(name, args=["A" * 22, "quotes"]))]
    assert [page.status_code for page in pages] == [404, 404]
    assert pages[0].content == pages[1].content


def test_a_new_link_ends_the_earlier_ones(stranger, token, person, cohort, lead):
    actions.make_own_page(caregiver=person, cohort=cohort, by=lead)
    assert stranger.get(reverse("own_page", args=[token])).status_code == 404


def test_a_registration_link_opens_no_own_page(stranger, person, cohort, lead):
    token = actions.invite(caregiver=person, cohort=cohort, by=lead)
    assert stranger.get(reverse("own_page", args=[token])).status_code == 404
