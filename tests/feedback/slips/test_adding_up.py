"""What opens a box, as pure arithmetic: only what whoever reads the results cannot make counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedback.slips.adding_up import Box, Slips, opened_together

LEAST = 5


@pytest.mark.parametrize(
    ("made", "left", "people", "here", "used", "adds_up"),
    [
        (10, 2, 8, 8, 8, True),
        (10, 2, 8, 8, 3, True),  # five drew one and would rather not answer
        (10, 2, 8, 8, 9, False),  # used more than were drawn
        (10, 2, 7, 8, 7, False),  # drawn more than there were people: somebody took two, or the team did
        (10, 0, 9, 9, 9, False),
        (10, 2, 9, 7, 8, False),  # used more than the register knows of
        (10, 2, 9, 8, 8, True),  # somebody came late and drew none
        (10, 10, 0, 0, 0, True),
        (10, 11, 0, 0, 0, False),
    ],
)
def test_slips_add_up_where_used_drawn_and_people_go_together(made, left, people, here, used, adds_up):
    assert Slips(made=made, left=left, people=people, here=here).add_up(used) == adds_up


def slips(key: int, used: int, *, sheets: int | None = None, adds_up: bool = True, counted: bool = True) -> Box:
    sheets = used if sheets is None else sheets
    return Box(key, by_slips=True, sheets=sheets, with_slip=used, counted=counted, adds_up=adds_up and counted)


def link(key: int, sheets: int, here: int = 8) -> Box:
    return Box(key, by_slips=False, sheets=sheets, here=here)


def test_five_slips_open_a_box_and_four_do_not():
    assert opened_together([slips(1, 5)], 1, LEAST) == [1]
    assert opened_together([slips(1, 4)], 1, LEAST) == []


def test_a_sheet_without_a_slip_comes_along_and_counts_for_nothing():
    assert opened_together([slips(1, 1, sheets=60)], 1, LEAST) == []
    assert opened_together([slips(1, 5, sheets=9)], 1, LEAST) == [1]


def test_what_did_not_add_up_adds_nothing_and_opens_nothing():
    assert opened_together([slips(1, 60, adds_up=False)], 1, LEAST) == []
    assert opened_together([slips(1, 60, adds_up=False), slips(2, 4)], 2, LEAST) == []
    assert opened_together([slips(1, 3), slips(2, 60, adds_up=False)], 2, LEAST) == [], "it brings nothing"
    assert opened_together([slips(1, 60, adds_up=False), slips(2, 5)], 2, LEAST) == [1, 2]


def test_a_form_whose_slips_are_to_be_counted_waits():
    boxes = [slips(1, 4, counted=False), slips(2, 5)]
    assert opened_together(boxes, 1, LEAST) == []
    assert opened_together(boxes, 2, LEAST) == [2]


def on_paper(key: int, used: int, typed: int, *, sheets: int | None = None) -> Box:
    """Of the slips that were used so many lay in paper sheets."""
    sheets = used if sheets is None else sheets
    numbers = {"with_slip": used, "typed_with_slip": typed, "typed": typed + sheets - used}
    return Box(key, by_slips=True, sheets=sheets, counted=True, adds_up=True, **numbers)


def test_whoever_types_in_paper_is_not_left_with_the_few_who_answered_by_themselves():
    """Of four on paper and one on a phone, the fifth is plain to the typist."""
    assert opened_together([on_paper(1, 5, typed=4)], 1, LEAST) == []
    assert opened_together([on_paper(1, 9, typed=5)], 1, LEAST) == []
    assert opened_together([on_paper(1, 9, typed=4)], 1, LEAST) == [1]
    assert opened_together([on_paper(1, 4, typed=3), on_paper(2, 4, typed=0)], 2, LEAST) == [1, 2]


def test_where_everything_came_on_paper_the_typist_learns_nothing_more():
    assert opened_together([on_paper(1, 5, typed=5, sheets=7)], 1, LEAST) == [1]
    assert opened_together([on_paper(1, 4, typed=4)], 1, LEAST) == []
    assert opened_together([link(1, 1), on_paper(2, 5, typed=5)], 2, LEAST) == [2], "the one by link waits on"
    assert opened_together([slips(1, 1, adds_up=False), on_paper(2, 5, typed=5)], 2, LEAST) == []


def test_links_open_with_another_session_and_never_alone():
    assert opened_together([link(1, 8)], 1, LEAST) == []
    assert opened_together([link(1, 8), link(2, 0)], 1, LEAST) == [], "nobody answered in the other one"
    assert opened_together([link(1, 3), link(2, 2)], 2, LEAST) == [1, 2]
    assert opened_together([link(1, 3), link(2, 1)], 2, LEAST) == []


def test_more_sheets_by_link_than_people_count_for_none():
    assert opened_together([link(1, 9, here=8), link(2, 1)], 2, LEAST) == []
    assert opened_together([link(1, 4), link(2, 9, here=8)], 2, LEAST) == [], "it brings nothing"


def test_links_never_open_slips_and_do_not_count_beside_them():
    """Somebody who drew a slip was promised five slips."""
    assert opened_together([link(1, 4), slips(2, 1)], 2, LEAST) == []
    assert opened_together([slips(1, 1), link(2, 3), link(3, 3)], 3, LEAST) == [2, 3]
    assert opened_together([link(1, 4), slips(2, 5)], 2, LEAST) == [2, 1]


BOXES = st.lists(
    st.builds(
        Box,
        key=st.integers(1, 6),
        by_slips=st.booleans(),
        sheets=st.integers(0, 9),
        with_slip=st.integers(0, 9),
        counted=st.booleans(),
        adds_up=st.booleans(),
        here=st.integers(0, 9),
    ),
    max_size=6,
    unique_by=lambda box: box.key,
)


@given(BOXES, st.integers(1, 6))
def test_whoever_answered_is_opened_among_enough_that_nobody_could_make(boxes, key):
    opened = [box for box in boxes if box.key in opened_together(boxes, key, LEAST)]
    if any(box.by_slips for box in opened):
        assert sum(box.with_slip for box in opened if box.by_slips and box.adds_up) >= LEAST
    elif opened:
        assert sum(box.sheets for box in opened if box.sheets <= box.here) >= LEAST and len(opened) > 1
