"""Held back means that it cannot be worked out either. The reader knows the rules, the totals and this code."""

import itertools
from collections import defaultdict
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.disclosure.sources import split
from evaluation.disclosure.spread import bands
from evaluation.disclosure.suppression import SHARED, TEAM, hold_back, outside
from evaluation.figures.rows import QuestionSpec, SessionRow, SheetRow
from evaluation.figures.shapes import Band
from tests.evaluation.figures.test_figures import ALL, SESSIONS, of, person, rows

QUESTION = [QuestionSpec("q", "Was it useful?", ("No", "A bit", "Yes"))]

counts = st.lists(st.integers(0, 12), min_size=4, max_size=4).map(lambda row: tuple(sorted(row, reverse=True)))
tables = st.dictionaries(st.sampled_from("abcdef"), counts, max_size=6)


def group(n, **kwargs):
    return [person(before=k % 4, after=(k + 1) % 4, **kwargs) for k in range(n)]


# --- By source -------------------------------------------------------------------------------------


@given(tables, st.integers(3, 10))
def test_no_small_number_is_told_by_source_nor_by_difference(table, threshold):
    parts = split(table, threshold)
    for _, row in parts:
        shown = [count for count in row if count is not None]
        for n in [*shown, *(left - right for left, right in itertools.pairwise(shown))]:
            assert n == 0 or n >= threshold
    for column in range(4):
        values = [row[column] for _, row in parts]
        assert None not in values or set(values) == {None}, "a column is told whole or not at all"


@given(tables, st.integers(3, 10))
def test_what_is_told_by_source_adds_up_to_the_totals(table, threshold):
    parts = split(table, threshold)
    for column in range(4):
        values = [row[column] for _, row in parts]
        if values and None not in values:
            assert sum(values) == sum(row[column] for row in table.values())


@given(tables, st.integers(3, 10))
@settings(max_examples=300)
def test_a_column_not_split_leaves_each_part_two_possible_numbers(table, threshold):
    """Every way of filling the hidden column that fits its total and the columns told beside it, by brute force."""
    parts = split(table, threshold)
    if len(parts) < 2:
        return  # the totals, which may always be told, are its own numbers
    totals = [sum(row[column] for row in table.values()) for column in range(4)]
    shown = [column for column in range(4) if parts[0][1][column] is not None]
    for hidden in set(range(4)) - set(shown):
        left = max(column for column in shown if column < hidden)
        right = min((column for column in shown if column > hidden), default=None)
        most = [row[left] for _, row in parts]
        least = [0 if right is None else row[right] for _, row in parts]
        if totals[hidden] in (sum(most), sum(least)):
            continue  # everybody or nobody: the totals say so by themselves
        for position in range(len(parts)):
            if least[position] == most[position]:
                continue  # the same number stands on both sides of it: nobody came or went
            others = {0}
            for other in set(range(len(parts))) - {position}:
                others = {n + k for n in others for k in range(least[other], most[other] + 1)}
            possible = [n for n in range(least[position], most[position] + 1) if totals[hidden] - n in others]
            assert len(possible) >= 2, (parts, totals, hidden)


def test_sources_put_together_cannot_be_told_apart_by_somebody_who_knows_the_rule():
    """All tables of three sources with up to 7 people: those that look alike leave each unnamed source two sizes."""
    alike = defaultdict(list)
    for sizes in itertools.product(range(8), repeat=3):
        table = {name: (n,) for name, n in zip("abc", sizes, strict=True)}
        parts = split(table, 3)
        alike[(sum(sizes), tuple(parts))].append(sizes)
    checked = 0
    for (total, parts), inputs in alike.items():
        named = {source for source, _ in parts if source}
        if not parts or total == 0:
            continue
        for position, name in enumerate("abc"):
            if name not in named and any(source == "" for source, _ in parts):
                checked += 1
                assert len({sizes[position] for sizes in inputs}) >= 2, (parts, inputs)
    assert checked > 50


def test_small_sources_are_put_together_and_named_no_more():
    parts = split({"hub": (6, 6), "community": (2, 2), "caseload": (3, 3)}, 5)
    assert parts == [("hub", (6, 6)), ("", (5, 5))]


def test_small_sources_take_the_smallest_large_one_with_them():
    parts = split({"hub": (9, 9), "community": (2, 2), "caseload": (5, 5)}, 5)
    assert parts == [("hub", (9, 9)), ("", (7, 7))]


def test_one_group_of_eight_from_three_sources_is_not_split():
    assert split({"hub": (3, 3), "community": (2, 2), "caseload": (3, 2)}, 5) == []


def test_one_source_alone_is_named():
    assert split({"hub": (8, 8, 7)}, 5) == [("hub", (8, 8, None))]
    assert split({"hub": (4, 4, 4)}, 5) == []


def test_one_who_left_is_not_told_by_source():
    parts = split({"hub": (12, 12, 12, 11), "community": (8, 8, 8, 8)}, 5)
    assert parts == [("community", (8, 8, 8, None)), ("hub", (12, 12, 12, None))]


def test_a_hidden_step_between_two_told_ones_that_could_be_worked_out_takes_the_later_ones_with_it():
    """a: 6, 6, 6. b: 11, 9, 5: its 9 is the total less a's 6, and two people would be told."""
    parts = split({"a": (6, 6, 6), "b": (11, 9, 5)}, 5)
    assert parts == [("a", (6, None, None)), ("b", (11, None, None))]


# --- How many, always ------------------------------------------------------------------------------


@given(rows, st.integers(3, 10))
def test_how_many_were_invited_started_and_completed_may_always_be_told(people, threshold):
    before = of(people, sessions=SESSIONS).reach
    after = hold_back(of(people, sessions=SESSIONS), threshold).reach
    for step in ("referred", "offered", "started", "completed"):
        assert getattr(after, step) == getattr(before, step)


# --- Attendance ------------------------------------------------------------------------------------


@given(rows, st.integers(3, 10))
def test_no_session_tells_of_a_few_people(people, threshold):
    held_back = hold_back(of(people, sessions=SESSIONS), threshold)
    for session in held_back.sessions:
        assert session.expected is None or session.expected == 0 or session.expected >= threshold
        assert session.present is None or session.present == 0 or session.present >= threshold
        if session.present is None and session.expected is not None:
            assert min(session.expected, threshold - 1) >= 2, "one or more, fewer than the threshold: two at least"
    if any(session.present is None for session in held_back.sessions):
        assert held_back.dose.median is None


def test_attendance_is_told_where_enough_came():
    people = [person(attended=ALL) for _ in range(6)] + [person(attended={1, 2})] * 2
    held_back = hold_back(of(people, sessions=[SessionRow(1, "One", 90, True), SessionRow(3, "Three", 90, True)]), TEAM)
    assert [(session.present, session.expected) for session in held_back.sessions] == [(8, 8), (6, 8)]
    assert held_back.dose.median == 6


def test_attendance_is_held_back_where_few_came_and_the_dose_with_it():
    people = [person(attended={1, 2, 3, 4})] * 5 + [person(attended={1, 6})] * 3
    held_back = hold_back(of(people, sessions=[SessionRow(1, "One", 90, True), SessionRow(6, "Six", 90, True)]), TEAM)
    assert [(session.present, session.expected) for session in held_back.sessions] == [(8, 8), (None, 8)]
    assert held_back.dose == type(held_back.dose)(people=8)


@pytest.mark.parametrize(("twice", "five_times", "enough"), [(1, 1, True), (0, 1, False), (2, 1, False)])
def test_bands_are_told_where_all_attendances_leave_more_than_a_few_ways_of_filling_them(twice, five_times, enough):
    """Five came once or twice, five came five or six times. The sessions tell how many attendances there were; near
    the least or the most that could be, that number would say of few people how often they came."""
    spread = (Band(1, 1, 5 - twice), Band(2, 2, twice), Band(5, 5, five_times), Band(6, 6, 5 - five_times))
    people = [person(attended=ALL)] * 5 + [person(attended={1})] * 5
    figures = of(people, sessions=SESSIONS)
    figures = replace(figures, dose=replace(figures.dose, spread=spread))
    assert figures.reach.completed == 5
    assert bands(figures, TEAM) == ((Band(1, 2, 5), Band(5, 6, 5)) if enough else ())


# --- Feedback --------------------------------------------------------------------------------------


def test_a_question_with_four_answers_is_held_back_and_says_how_many_there_were():
    sheets = [SheetRow({"q": 1})] * 4 + [SheetRow({})] * 3
    held_back = hold_back(of([], sheets=sheets, questions=QUESTION, asked=8), TEAM).feedback
    assert (held_back.sheets, held_back.asked) == (7, 8)
    assert (held_back.questions[0].n, held_back.questions[0].counts, held_back.questions[0].median) == (4, None, None)


def test_five_answers_are_told():
    held_back = hold_back(of([], sheets=[SheetRow({"q": 2})] * 5, questions=QUESTION), TEAM).feedback
    assert held_back.questions[0].counts == (0, 0, 5)


def test_one_on_paper_is_not_told_apart():
    sheets = [SheetRow({"q": 2})] * 7 + [SheetRow({"q": 0}, way="paper")]
    held_back = hold_back(of([], sheets=sheets, questions=QUESTION), TEAM).feedback
    assert [(way.way, way.n) for way in held_back.ways] == [("online", None), ("paper", None)]


def test_sheets_held_back_outside_are_not_called_none():
    few = of([person(attended=ALL)] * 9, sheets=[SheetRow({"q": 2})] * 47, questions=QUESTION, asked=54)
    feedback = outside(few, SHARED).feedback
    assert (feedback.sheets, feedback.asked, feedback.questions) == (None, None, ())
    nobody = outside(of([person(attended=ALL)] * 9, questions=QUESTION, asked=9), SHARED).feedback
    assert (nobody.sheets, nobody.asked) == (0, None)


# --- Change ----------------------------------------------------------------------------------------


def test_change_is_told_from_five_pairs():
    four, five = (hold_back(of(group(n)), TEAM).domains[0] for n in (4, 5))
    assert (four.change, four.held, four.pairs) == (None, "few", 4)
    assert five.change is not None and five.held == ""


def test_no_pair_at_all_is_not_called_held_back():
    domain = hold_back(of([person()]), TEAM).domains[0]
    assert (domain.pairs, domain.change, domain.held) == (0, None, "")


def test_after_a_withdrawal_the_change_is_held_back_for_the_difference_would_be_that_person():
    people = group(7)
    published = hold_back(of(people), TEAM)
    people[3] = person()  # withdrawn: in the group still, their answers gone
    domain = hold_back(of(people), TEAM, earlier=[published]).domains[0]
    assert (domain.pairs, domain.change, domain.held) == (6, None, "differs")


def test_published_again_with_nothing_changed_is_told_again():
    published = hold_back(of(group(7)), TEAM)
    assert hold_back(of(group(7)), TEAM, earlier=[published]) == published


def test_a_change_among_many_more_people_is_told():
    published = hold_back(of(group(6)), TEAM)
    assert hold_back(of(group(12)), TEAM, earlier=[published]).domains[0].change is not None


def test_one_in_and_one_out_is_held_back_too():
    people = group(7)
    published = hold_back(of(people), TEAM)
    people[0] = person(before=0, after=4)
    assert hold_back(of(people), TEAM, earlier=[published]).domains[0].held == "differs"


@given(rows, st.integers(3, 10))
def test_those_who_left_are_compared_only_where_both_are_enough(people, threshold):
    start = hold_back(of(people), threshold).domains[0].at_start
    assert start is None or min(start.completed, start.others) >= threshold


@given(rows, st.integers(3, 10))
def test_a_higher_threshold_tells_no_more(people, threshold):
    figures = of(people, sessions=SESSIONS)
    once, stricter = hold_back(figures, threshold), hold_back(figures, threshold + 1)
    for loose, strict in zip(once.domains, stricter.domains, strict=True):
        assert strict.change is None or loose.change is not None
    for was, now in zip(once.sessions, stricter.sessions, strict=True):
        assert now.present in (None, 0) or was.present is not None


def test_what_was_held_back_cannot_be_the_source_of_another_edition():
    with pytest.raises(ValueError, match="held back already"):
        hold_back(hold_back(of([]), TEAM), TEAM)


def test_the_floor_is_three():
    with pytest.raises(ValueError, match="at least 3"):
        hold_back(of([]), 2)
