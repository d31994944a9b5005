"""docs/hooks.md says what the code says, and a hook is filled where apps say what they add, nowhere else."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from ppg import hooks
from ppg.hooks import Hook
from ppg.management.commands.hooks import table
from tests.hooks import also

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def apart(monkeypatch):
    """Hooks made from here on are in no list."""
    monkeypatch.setattr(hooks, "HOOKS", [])


def test_the_page_shows_the_hooks_as_they_are():
    shown = re.search(r"<!-- hooks:.*?-->\n(.*?)<!-- end -->", (ROOT / "docs/hooks.md").read_text(), re.S)
    assert shown and shown.group(1).strip() == table(), "Run `manage.py paste`: docs/hooks.md is older."


def test_every_hook_is_filled_and_only_where_apps_say_what_they_add():
    assert [hook.name for hook in hooks.every() if not hook.added_by] == [], "Nobody adds to it: take it away."
    elsewhere = {
        hook.name: module for hook in hooks.every() for module in hook.added_by if not module.endswith(".apps")
    }
    assert not elsewhere, f"{elsewhere}: add to a hook in AppConfig.ready()."


def test_every_hook_in_the_source_is_in_the_list():
    """One that nobody imports while the apps are made ready would be missing."""
    made = sum(
        len(re.findall(r"= Hook\(", path.read_text()))
        for app in settings.OUR_APPS
        for path in (ROOT / app).rglob("*.py")
    )
    assert made == len(hooks.every()) + 1  # and the example in ppg/hooks.py


def test_a_hook_keeps_its_order_and_each_thing_once(apart):
    words: Hook[str] = Hook("Words.", order=len)
    words.add("three", "one", "two", "one")
    words.add("two")
    assert list(words) == ["one", "two", "three"] and len(words) == 3 and "two" in words
    assert words.added_by == [words.owner] == [__name__]


def test_a_key_stands_for_one_thing(apart, monkeypatch):
    numbers: Hook[tuple[str, int]] = Hook("Numbers by name.", key=lambda one: one[0])
    numbers.add(("a", 1), ("a", 1))
    with pytest.raises(ValueError, match="are called a"):
        numbers.add(("a", 2))
    assert numbers["a"] == ("a", 1) and numbers.get("b") is None
    also(monkeypatch, numbers, ("a", 2))
    assert list(numbers) == [("a", 2)]
