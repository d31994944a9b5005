"""What stands in a hook while a test runs."""

from __future__ import annotations

from typing import Any

import pytest

from ppg.hooks import Hook


def only(monkeypatch: pytest.MonkeyPatch, hook: Hook[Any], *things: Any) -> None:
    """These, and nothing that the apps added."""
    monkeypatch.setattr(hook, "_things", {})
    monkeypatch.setattr(hook, "_added_by", {})
    hook.add(*things)


def also(monkeypatch: pytest.MonkeyPatch, hook: Hook[Any], *things: Any) -> None:
    """These too, each instead of what has its key."""
    keys = {hook.key_of(thing) for thing in things}
    only(monkeypatch, hook, *(thing for thing in hook if hook.key_of(thing) not in keys), *things)
