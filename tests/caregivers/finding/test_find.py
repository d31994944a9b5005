"""Finding a person by a name or a number, from any page."""

from datetime import date

import pytest
from django.urls import reverse

from caregivers.finding import views
from caregivers.models import Referral
from ppg.models import AuditEntry
from tests.factories import CaregiverFactory, CohortFactory

pytestmark = pytest.mark.django_db
URL = reverse("caregivers:find")


@pytest.fixture
def person(cohort):
    def make(name="Beth Khan", group=cohort, **fields):
        return CaregiverFactory(cohort=group, name=name, **fields)

    return make


@pytest.fixture
def look_for(browser_of, lead):
    """The names that are shown for what was typed, in their order."""

    def look(typed, user=lead):
        page = browser_of(user).post(URL, {"who": typed}, follow=True)
        return [one.caregiver.name for one in page.context["people"]]

    return look


@pytest.mark.parametrize(
    "typed", ["Zoë O’Neil", "zoe oneil", "ZOE", "neil", "o'n", "neil zoe", "Zo", "Zippy", "zippy neil"]
)
def test_any_name_or_a_part_of_it_finds_somebody(person, look_for, typed):
    person("Zoë O’Neil", liked_name="Zippy")
    person("Ann Moss")
    assert look_for(typed) == ["Zoë O’Neil"]


@pytest.mark.parametrize(
    "typed", ["07700 900982", "900982", "982", "+44 7700 900982", "+44 (0)7700 900", "0044 7700 900982", "٩٠٠٩٨٢"]
)
@pytest.mark.parametrize("kept", ["07700 900 982", "+44 7700 900982"])
def test_a_number_or_a_part_of_it_finds_somebody(person, look_for, typed, kept):
    person("Beth Khan", phone=kept)
    person("Ann Moss", phone="07700 800111")
    person("No Phone", phone="")
    assert look_for(typed) == ["Beth Khan"]


def test_a_number_given_abroad_is_found_as_it_is_dialled(person, look_for):
    person("Ola Nowak", phone="+48 512 345 678")
    assert look_for("512345") == look_for("0048 512 345 678") == ["Ola Nowak"]


def test_who_is_called_so_comes_before_whose_name_holds_it(person, look_for):
    for name in ("Hannah Abe", "Joanne Bell", "Zed Annan", "Ann Young"):
        person(name)
    assert look_for("ann") == ["Ann Young", "Zed Annan", "Hannah Abe", "Joanne Bell"]


def test_one_or_two_letters_begin_a_name(person, look_for):
    for name in ("Beth Khan", "Abe Moss"):
        person(name)
    assert look_for("be") == ["Beth Khan"]


def test_only_people_of_ones_own_groups_are_found(person, look_for, other_cohort, other_facilitator, facilitator):
    person("Beth Khan")
    person("Beth Foreign", group=other_cohort)
    assert look_for("beth", facilitator) == ["Beth Khan"]
    assert look_for("beth", other_facilitator) == ["Beth Foreign"]


def test_a_code_in_the_address_shows_nobody_of_another_group(browser_of, lead, person, other_cohort):
    foreign = person("Beth Foreign", group=other_cohort)
    assert "Foreign" not in browser_of(lead).get(URL, {"person": foreign.code}).text


def test_who_was_erased_is_not_found(person, look_for, now):
    person("Beth Khan")
    gone = person("Beth Gone")
    gone.name, gone.erased_at = "", now
    gone.save()
    assert look_for("beth") == ["Beth Khan"]


def test_what_was_typed_stands_in_no_address(browser_of, lead, person):
    beth = person()
    answer = browser_of(lead).post(URL, {"who": "beth"})
    assert answer.headers["Location"] == f"{URL}?person={beth.code}"


def test_somebody_of_two_groups_is_shown_once_with_both(browser_of, lead, person, cohort):
    beth, autumn = person(), CohortFactory(name="Ipswich autumn", team=[lead])
    Referral.objects.create(caregiver=beth, cohort=autumn, source="caseload", received_on=date(2026, 3, 2))
    page = browser_of(lead).post(URL, {"who": "beth"}, follow=True)
    assert len(page.context["people"]) == 1
    assert "Ipswich spring" in page.text and "Ipswich autumn" in page.text and "1 person" in page.text


def test_nobody_found_says_so_and_keeps_what_was_typed(browser_of, lead, person):
    person()
    page = browser_of(lead).post(URL, {"who": "Betsy"})
    assert page.status_code == 200
    assert "Nobody in your groups has this name or number" in page.text and 'value="Betsy"' in page.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Type a name or part of a phone number"),
        ("…", "Type a name or part of a phone number"),
        ("07", "Type at least 3 figures of the number"),
    ],
)
def test_what_cannot_be_looked_for_is_said(browser_of, lead, person, typed, said):
    person()
    page = browser_of(lead).post(URL, {"who": typed})
    assert page.status_code == 422 and said in page.text


def test_of_many_the_first_are_shown_and_more_letters_asked_for(browser_of, lead, person, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    for name in ("Beth Ace", "Beth Bee", "Beth Cee"):
        person(name)
    page = browser_of(lead).post(URL, {"who": "beth"}, follow=True)
    assert [one.caregiver.name for one in page.context["people"]] == ["Beth Ace", "Beth Bee"]
    assert "There are more" in page.text


def test_that_somebody_looked_is_in_the_trail_without_what_they_typed(browser_of, lead, person):
    beth, _ann = person(), person("Ann Moss")
    browser_of(lead).post(URL, {"who": "beth"}, follow=True)
    looked, shown = AuditEntry.objects.filter(user=lead).exclude(verb="signed in").order_by("id")
    assert (looked.what, looked.person, looked.fields) == ("caregiver", "", ["looked_for_somebody"])
    assert (shown.verb, shown.person, shown.page) == ("saw", beth.code, "caregivers:find")


def test_a_search_that_finds_nobody_is_in_the_trail_too(browser_of, lead, cohort):
    browser_of(lead).post(URL, {"who": "beth"})
    assert AuditEntry.objects.filter(user=lead, fields=["looked_for_somebody"]).count() == 1


def test_it_is_on_every_page_of_who_may_see_people(browser_of, lead, facilitator, cohort):
    for user in (lead, facilitator):
        for url in (reverse("home"), reverse("account"), cohort.get_absolute_url()):
            assert f'action="{URL}" role="search"' in browser_of(user).get(url).text


def test_who_may_not_see_people_has_none(browser_of, manager, parent, administrator):
    for user in (manager, parent, administrator):
        assert 'role="search"' not in browser_of(user).get(reverse("home")).text
        assert browser_of(user).post(URL, {"who": "beth"}).status_code == 403
