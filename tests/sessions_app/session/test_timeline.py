from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from sessions_app.session.timeline import at_times

START = datetime(2027, 1, 12, 18, 0, tzinfo=UTC)


@dataclass
class Item:
    title: str
    minutes: int
    counted: bool = True
    left_out: bool = False


def times(items, minutes=90):
    return [
        (f"{slot.start:%H:%M}", f"{slot.end:%H:%M}", slot.item.title if slot.item else None)
        for slot in at_times(START, minutes, items)
    ]


def test_set_up_lies_before_the_start_and_clearing_up_after_the_whole_length():
    items = [
        Item("Set up", 30, counted=False),
        Item("Welcome", 10),
        Item("Film", 80),
        Item("Clear up", 15, counted=False),
    ]
    assert times(items) == [
        ("17:30", "18:00", "Set up"),
        ("18:00", "18:10", "Welcome"),
        ("18:10", "19:30", "Film"),
        ("19:30", "19:45", "Clear up"),
    ]


def test_time_the_plan_leaves_open_is_a_slot_of_its_own():
    items = [Item("Welcome", 80), Item("Clear up", 15, counted=False)]
    assert times(items) == [("18:00", "19:20", "Welcome"), ("19:20", "19:30", None), ("19:30", "19:45", "Clear up")]


def test_a_plan_that_runs_over_pushes_what_comes_after_it():
    items = [Item("Welcome", 100), Item("Clear up", 15, counted=False)]
    assert times(items) == [("18:00", "19:40", "Welcome"), ("19:40", "19:55", "Clear up")]


def test_two_things_before_the_start_end_with_it():
    items = [Item("Unlock", 10, counted=False), Item("Set up", 20, counted=False), Item("Welcome", 90)]
    assert times(items)[:2] == [("17:30", "17:40", "Unlock"), ("17:40", "18:00", "Set up")]


def test_an_uncounted_item_in_the_middle_is_kept_for_afterwards():
    items = [Item("Welcome", 45), Item("Photo", 5, counted=False), Item("Close", 45)]
    assert times(items) == [("18:00", "18:45", "Welcome"), ("18:45", "19:30", "Close"), ("19:30", "19:35", "Photo")]


def test_nothing_planned_is_nothing_shown():
    assert times([]) == []


@given(st.lists(st.builds(Item, st.just("x"), st.integers(0, 120), st.booleans())), st.integers(1, 240))
def test_every_item_is_shown_once_at_its_length_and_none_overlap(items, minutes):
    slots = at_times(START, minutes, items)
    shown = [slot for slot in slots if slot.item]
    assert sorted(map(id, items)) == sorted(id(slot.item) for slot in shown)
    assert all(slot.end - slot.start == timedelta(minutes=slot.item.minutes) for slot in shown)
    assert all(one.end <= other.start for one, other in pairwise(slots))
    counted = [slot for slot in shown if slot.item.counted]
    assert not counted or counted[0].start == START
