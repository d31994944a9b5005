"""What the data says in sentences: right, and nothing in them that may not leave the team."""

from __future__ import annotations

import re
from dataclasses import replace

from evaluation.disclosure.suppression import SHARED, TEAM, hold_back, shared
from evaluation.figures.shapes import Delivery, Suggestions
from evaluation.reports.sections import ALL
from evaluation.reports.sentences import by_section, suggested
from tests.evaluation import samples
from tests.evaluation.figures.test_figures import of, person


def to_share(**changes: object):
    whole = replace(samples.whole(), **changes)
    return shared(whole, SHARED, team=hold_back(whole, TEAM))


def sentences(**changes: object) -> dict[str, str]:
    return {row.key: row.text for row in suggested(to_share(**changes), is_over=True)}


def test_who_came_is_told_in_numbers_and_benefit_of_a_small_group_in_words():
    texts = sentences()
    assert texts["started"] == "8 of 8 people who were offered a place came at least once."
    assert texts["completed"] == "6 of 8 people who started came to at least two thirds of the sessions."
    assert texts["held"] == "6 of 6 planned sessions were held."
    assert texts["change-wellbeing"] == (
        "Most people who answered before and after gave better answers afterwards on “Emotional support and wellbeing”."
    )


def test_benefit_is_told_in_numbers_where_there_are_enough_people_for_them():
    whole = of([person(before=1, after=2)] * 12 + [person(before=1, after=1)] * 13)
    texts = {row.key: row.text for row in suggested(shared(whole, SHARED, team=hold_back(whole, TEAM)), is_over=True)}
    assert texts["change-wellbeing"] == (
        "12 of 25 (48%) people who answered before and after gave better answers afterwards on “Wellbeing”."
    )


def test_no_number_of_a_few_people_is_in_any_sentence():
    """In the sample 6 answered both times: how many of them got better is told to the team only."""
    for row in suggested(to_share(), is_over=True):
        if row.section == "learned":
            assert not re.search(r"\d", row.text), row.text


def test_what_was_delivered_is_told_by_sessions_and_items():
    texts = sentences(delivery=Delivery(run=6, done=20, shortened=2, added=1, by_group=1))
    assert texts["not-as-planned"] == "3 parts of sessions were not done as planned."
    assert texts["asked-for"] == "1 change was made because the group asked for it."


def test_suggestions_are_told_where_there_are_enough_of_them():
    assert sentences(suggestions=Suggestions(12, 9))["suggestions"] == (
        "9 of 12 (75%) suggestions that the group made got an answer."
    )
    assert "suggestions" not in sentences(suggestions=Suggestions(4, 3))


def test_a_group_of_which_nothing_is_known_says_nothing():
    empty = samples.whole(people=[], sessions=[], sheets=[], asked=0)
    assert suggested(shared(empty, SHARED, team=hold_back(empty, TEAM)), is_over=True) == []


def test_while_a_group_goes_on_nothing_is_said_that_only_its_end_can_tell():
    running = {row.key for row in suggested(to_share(), is_over=False)}
    assert set(sentences()) - running == {"completed", "held"} and "started" in running


def test_before_the_first_session_nobody_is_said_to_have_stayed_away():
    ahead = [replace(one, held=0, present=None, expected=None) for one in samples.whole().sessions]
    assert "started" not in sentences(sessions=tuple(ahead))


def test_each_sentence_belongs_to_a_section_and_has_a_name_of_its_own():
    found = suggested(to_share(), is_over=True)
    assert set(by_section(found)) <= {section.key for section in ALL}
    assert len({row.key for row in found}) == len(found)
