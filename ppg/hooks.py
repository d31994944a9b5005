"""Where a lower app shows or does what only a higher one knows: it owns a hook, and apps add to it.

    lines: Hook[Line] = Hook("What is to be done for a group, line by line.", key=lambda line: line.slug)

and in the `AppConfig.ready()` of whoever knows:

    lines.add(*LINES)

All of them stand in docs/hooks.md, which `manage.py hooks` prints.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")

HOOKS: list[Hook[Any]] = []


class Hook(Generic[T]):
    """What apps add to a list that a lower one owns, by `order` where it is given, and as it was added.

    use    one sentence: what the owner does with the things
    key    what makes a thing itself: added twice it is there once, and another under its key is refused
    order  sorts what comes from several apps
    """

    def __init__(
        self, use: str, *, key: Callable[[T], Hashable] | None = None, order: Callable[[T], int] | None = None
    ) -> None:
        self.use = use
        self.owner = _module_of_caller()
        self._key, self._order = key, order
        self._things: dict[Any, T] = {}
        self._added_by: dict[Any, str] = {}
        HOOKS.append(self)

    @property
    def name(self) -> str:
        """Where it stands: "programmes.checklist.lines.lines"."""
        names = [name for name, value in vars(sys.modules[self.owner]).items() if value is self]
        return ".".join([self.owner, *names])

    def add(self, *things: T) -> None:
        """Call it in `AppConfig.ready()`."""
        module = _module_of_caller()
        for thing in things:
            key = self.key_of(thing)
            if key in self._things and self._things[key] != thing:
                raise ValueError(f"Two things in {self.name} are called {key}.")
            self._things[key] = thing
            self._added_by[key] = module

    def key_of(self, thing: T) -> Any:
        return self._key(thing) if self._key else thing

    @property
    def added_by(self) -> list[str]:
        """The modules that have added something, each once."""
        return list(dict.fromkeys(self._added_by.values()))

    def __iter__(self) -> Iterator[T]:
        found = list(self._things.values())
        return iter(sorted(found, key=self._order) if self._order else found)

    def __len__(self) -> int:
        return len(self._things)

    def __contains__(self, key: object) -> bool:
        return key in self._things

    def __getitem__(self, key: Hashable) -> T:
        return self._things[key]

    def get(self, key: Hashable) -> T | None:
        return self._things.get(key)


def _module_of_caller() -> str:
    """That of whoever makes a hook or adds to it."""
    return str(sys._getframe(2).f_globals["__name__"])


def every() -> list[Hook[Any]]:
    """All hooks that somebody has imported, by name: once the apps are ready, each that is filled."""
    return sorted(HOOKS, key=lambda hook: hook.name)
