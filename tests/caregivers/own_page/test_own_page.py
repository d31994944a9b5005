"""A caregiver's own page: the place kept for them, and what they agreed to, taken back by one press."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from caregivers.consents import actions as consents
from caregivers.links import actions as links
from caregivers.models import Consent, ConsentWording, Place
from caregivers.places import actions as places
from ppg.time_of_day import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(register):
    return register("Rosa Marsh", consents=("evaluation", "quotes")).caregiver


@pytest.fixture
def token(person, cohort, lead):
    return links.make_own_page(caregiver=person, cohort=cohort, by=lead)


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
    consents.agree(caregiver=person, kind=kind)
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


@pytest.mark.parametrize("version", ["9" * 5_000, "9" * 30, "²", "two", ""])
def test_what_is_no_version_counts_as_the_one_in_use(stranger, token, person, version):
    assert stranger.post(reverse("own_agree", args=[token, "chat"]), {"version": version}).status_code == 302
    assert person.consents.filter(kind="chat").last().wording == ConsentWording.objects.latest_of("chat")


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
    links.make_own_page(caregiver=person, cohort=cohort, by=lead)
    assert stranger.get(reverse("own_page", args=[token])).status_code == 404


def test_a_registration_link_opens_no_own_page(stranger, person, cohort, lead):
    token = links.invite(caregiver=person, cohort=cohort, by=lead)
    assert stranger.get(reverse("own_page", args=[token])).status_code == 404


# --- The place that is kept for them -------------------------------------------------------------------


@pytest.fixture
def offered(person, cohort, lead) -> Place:
    """They registered, left the group, and are offered a place again."""
    places.leave(cohort=cohort, caregiver=person, by=lead)
    return places.offer(cohort=cohort, caregiver=person, by=lead)


def answer(stranger, token, word):
    return stranger.post(reverse("own_place", args=[token]), {"answer": word}, follow=True)


def state_of(place):
    return Place.objects.get(pk=place.pk).state


def test_an_offered_place_is_shown_with_until_when(stranger, token, offered, cohort):
    page = stranger.get(reverse("own_page", args=[token])).text
    until = timezone.localtime(offered.offered_until)
    assert "A place is kept for you" in page and f"{clock(until)}" in page
    assert cohort.name not in page and "group" not in page.split("What you agreed to")[0].split("<h1")[1]


@pytest.mark.parametrize(
    ("word", "state", "sentence"), [("yes", "taken", "You have a place."), ("no", "left", "You have no place now.")]
)
def test_one_tap_takes_or_declines_it(stranger, token, offered, word, state, sentence):
    for _ in range(2):  # pressed twice
        page = answer(stranger, token, word)
        assert page.status_code == 200 and sentence in page.text
        assert state_of(offered) == state


def test_declining_on_an_old_page_gives_up_no_place_that_was_taken(stranger, token, offered):
    answer(stranger, token, "yes")
    page = answer(stranger, token, "no")
    assert page.status_code == 409 and "not kept for you any more" in page.text
    assert state_of(offered) == "taken"


def test_an_offer_that_ran_out_says_so_kindly_and_gives_nothing(stranger, token, offered):
    Place.objects.update(offered_until=timezone.now() - timedelta(minutes=1))
    page = stranger.get(reverse("own_page", args=[token])).text
    assert "was not taken in time" in page and "Yes, I’d like it" not in page
    page = answer(stranger, token, "yes")
    assert page.status_code == 409 and "If you would still like one, tell us" in page.text
    assert state_of(offered) != "taken"


def test_nobody_takes_a_place_that_was_not_offered(stranger, token, person, cohort, lead):
    places.leave(cohort=cohort, caregiver=person, by=lead)
    places.wait(cohort=cohort, caregiver=person, by=lead)
    assert answer(stranger, token, "yes").status_code == 409
    assert Place.objects.get().state == "waiting"


def test_a_refusal_for_staff_is_not_shown_to_them(stranger, token, offered, person, monkeypatch):
    """Nobody reads about the police check on a phone."""
    from caregivers.models import PoliceCheck

    PoliceCheck.objects.create(caregiver=person, outcome="concern", on=timezone.localdate())
    page = answer(stranger, token, "yes")
    assert (
        page.status_code == 409 and "police" not in page.text.lower() and "check" not in page.text.split("<h1")[1][:900]
    )
    assert state_of(offered) == "offered"


def test_what_is_no_answer_changes_nothing(stranger, token, offered):
    assert answer(stranger, token, "perhaps").status_code == 404
    assert stranger.get(reverse("own_place", args=[token])).status_code == 405
    assert stranger.post(reverse("own_place", args=["A" * 22]), {"answer": "yes"}).status_code == 404
    assert state_of(offered) == "offered"


# --- What the council says to everybody ----------------------------------------------------------------


@pytest.mark.parametrize(("name", "heading"), [("notice", "Who we are"), ("kept", "About you")])
def test_the_notice_and_what_is_kept_are_open_to_everybody(stranger, db, name, heading):
    page = stranger.get(reverse(name))
    assert page.status_code == 200 and heading in page.text
    assert '<mark class="blank"' not in page.text


def test_every_page_leads_to_both_without_losing_what_was_typed(stranger, token):
    page = stranger.get(reverse("own_page", args=[token])).text
    for name in ("notice", "kept"):
        assert f'href="{reverse(name)}" target="_blank"' in page
