"""The guides on the screen and on paper."""

from __future__ import annotations

import pytest
from django.urls import reverse

from programmes.models import Guide
from programmes.shipped.actions import load_shipped
from tests.factories import AgendaItemFactory, GuideFactory, ProgrammeFactory
from tests.markup import on_one_line

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db):
    return load_shipped()[0]


def text(answer) -> str:
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_index_lists_the_programmes_with_their_size(browser_of, parent, group):
    page = text(browser_of(parent).get(reverse("programmes:index")))
    assert "6 sessions of 90 minutes, up to 8 people" in page
    assert "1 session of 120 minutes, up to 18 people" in page


def test_the_index_says_when_there_is_nothing(browser_of, lead):
    assert "No programmes yet" in text(browser_of(lead).get(reverse("programmes:index")))


def test_a_programme_shows_the_sum_of_each_session(browser_of, facilitator, group):
    page = text(browser_of(facilitator).get(group.get_absolute_url()))
    assert page.count("90 of 90 minutes") == 4
    assert "80 of 90 minutes, 10 unplanned" in page
    assert "85 of 90 minutes, 5 unplanned" in page
    assert "Finding your way through services" in page


def test_only_a_lead_is_offered_to_set_up_a_group(browser_of, lead, facilitator, group):
    url = f"{reverse('sessions:set_up')}?programme={group.code}"
    assert url in text(browser_of(lead).get(group.get_absolute_url()))
    assert url not in text(browser_of(facilitator).get(group.get_absolute_url()))


@pytest.mark.parametrize("name", ["programmes:guide", "programmes:print"])
def test_a_guide_shows_all_that_a_facilitator_needs(browser_of, facilitator, group, name):
    guide = group.guides.get(number=1)
    page = text(browser_of(facilitator).get(reverse(name, args=[guide.code])))
    for words in [
        "Anyone who suspects exploitation knows what to do",
        "Flipchart paper and pens",
        "Film: 5 Big Questions",
        "start at 2:20",
        "What does the group make of each of the five questions?",
        "Parent with lived experience",
        "Where to go for support",
        "Write your name, role and contact details on the flipchart",
    ]:
        assert words in page, words
    assert "ink needed" in page


def test_a_guide_shows_prompts_in_two_levels_links_and_speakers(browser_of, facilitator, group):
    client = browser_of(facilitator)
    second = on_one_line(text(client.get(group.guides.get(number=2).get_absolute_url())))
    assert '<li>Why children are vulnerable<ul class="govuk-list govuk-list--bullet"><li>They are wired' in second
    assert 'href="https://www.suffolksp.org.uk/' in second
    assert "Speakers: Education, Police" in text(client.get(group.guides.get(number=4).get_absolute_url()))
    assert "a printed copy for everyone" in text(client.get(group.guides.get(number=5).get_absolute_url()))


def test_the_printed_guide_says_what_is_unplanned(browser_of, lead, group):
    page = text(browser_of(lead).get(reverse("programmes:print", args=[group.guides.get(number=3).code])))
    assert "80 of 90 minutes, 10 minutes unplanned" in page
    assert page.count("Facilitator leads") == 7  # of 8 items; nobody leads a break


@pytest.mark.parametrize("name", ["programmes:index", "programmes:programme", "programmes:guide", "programmes:print"])
def test_reading_is_all_that_can_be_done(browser_of, lead, stranger, group, name):
    codes = {"programmes:index": [], "programmes:programme": [group.code]}
    url = reverse(name, args=codes.get(name, [group.guides.first().code]))
    assert browser_of(lead).post(url).status_code == 405
    assert stranger.get(url).status_code == 302


def test_the_index_costs_the_same_with_many_programmes(browser_of, lead, same_queries):
    ProgrammeFactory()
    same_queries(browser_of(lead), reverse("programmes:index"), lambda: ProgrammeFactory.create_batch(3))


def test_a_programme_costs_the_same_with_many_guides(browser_of, lead, same_queries):
    programme = ProgrammeFactory()
    AgendaItemFactory(guide__programme=programme)
    same_queries(
        browser_of(lead),
        programme.get_absolute_url(),
        lambda: AgendaItemFactory.create_batch(30, guide=GuideFactory(programme=programme)),
    )


def test_a_guide_costs_the_same_with_many_items(browser_of, lead, group, same_queries, django_assert_max_num_queries):
    guide = Guide.objects.get(programme=group, number=5)
    client = browser_of(lead)
    same_queries(
        client, guide.get_absolute_url(), lambda: [AgendaItemFactory(guide=guide, position=n) for n in range(100, 130)]
    )
    with django_assert_max_num_queries(8):
        client.get(guide.get_absolute_url())


def test_a_programme_without_guides_can_be_read_but_not_set_up(browser_of, lead):
    empty = ProgrammeFactory()
    assert "Set up a group" not in text(browser_of(lead).get(empty.get_absolute_url()))
