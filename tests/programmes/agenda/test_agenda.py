from dataclasses import dataclass

from programmes.agenda.minutes import counted_minutes, unplanned_minutes
from programmes.agenda.prompts import prompt_lines


@dataclass
class Item:
    minutes: int
    counted: bool = True


ITEMS = [Item(30, counted=False), Item(10), Item(45), Item(15, counted=False)]


def test_only_counted_items_count():
    assert counted_minutes(ITEMS) == 55
    assert counted_minutes([]) == 0


def test_unplanned_is_what_is_left_and_never_less_than_nothing():
    assert unplanned_minutes(ITEMS, 90) == 35
    assert unplanned_minutes(ITEMS, 55) == 0
    assert unplanned_minutes(ITEMS, 50) == 0


def test_prompts_become_lines_with_what_is_under_them():
    assert prompt_lines(["One", {"Two": ["a", "b"]}]) == [("One", []), ("Two", ["a", "b"])]
