"""What changed between two agendas: parts in, changes out. Knows nothing of guides, sessions or the database."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy as _

Key = TypeVar("Key", str, int)  # what a part is known by in both agendas


class What(Enum):
    """How a part differs; the value finishes the sentence "… in 2 of 3 groups"."""

    SHORTER = _("Shortened")
    LONGER = _("Made longer")
    LEFT_OUT = _("Left out")
    ADDED = _("Added")
    MOVED = _("Moved")
    TITLE = _("Given another title")
    LEAD = _("Led by somebody else")
    PROMPTS = _("Prompts changed")
    SPEAKERS = _("Speakers changed")
    KIND = _("Made another kind of part")
    COUNTED = _("Counted differently")
    USES = _("Films or documents changed")


# Field of a part → what it is called when it differs. Minutes, which have two names, are looked at by themselves.
FIELDS = {
    "title": What.TITLE,
    "lead": What.LEAD,
    "prompts": What.PROMPTS,
    "speakers": What.SPEAKERS,
    "kind": What.KIND,
    "counted": What.COUNTED,
    "uses": What.USES,
}


@dataclass(frozen=True)
class Part:
    """An agenda item, by the key it keeps from version to version and in the sessions copied from it."""

    key: str
    title: str
    kind: str
    minutes: int
    counted: bool
    lead: str
    prompts: Sequence[Any] = ()
    speakers: Sequence[str] = ()
    uses: Sequence[int] = ()  # ids of resources, in order

    @classmethod
    def of(cls, item: Any, key: str) -> Part:
        """A guide's or a session's item, with `uses_in_order` fetched."""
        return cls(
            key=key,
            title=item.title,
            kind=item.kind,
            minutes=item.minutes,
            counted=item.counted,
            lead=item.lead,
            prompts=item.prompts,
            speakers=item.speakers,
            uses=[use.resource_id for use in item.uses_in_order.all()],
        )


@dataclass(frozen=True)
class Change:
    """One difference. `was` and `now` are the field's values, or for a moved part the titles it came after
    ("" at the start)."""

    key: str
    title: str
    what: What
    was: Any = None
    now: Any = None


def changes(before: Sequence[Part], after: Sequence[Part]) -> list[Change]:
    """Every difference, in the order of `after`; what was left out comes last.

    A part counts as moved when it is not in the longest row of parts that kept their order, so that one part moved
    over five others is one change and not six.
    """
    old, new = {part.key: part for part in before}, {part.key: part for part in after}
    moved = out_of_order([part.key for part in before], [part.key for part in after])
    differences: list[Change] = []
    for part in after:
        was = old.get(part.key)
        if was is None:
            differences.append(Change(part.key, part.title, What.ADDED, None, part.minutes))
            continue
        if part.minutes != was.minutes:
            what = What.SHORTER if part.minutes < was.minutes else What.LONGER
            differences.append(Change(part.key, was.title, what, was.minutes, part.minutes))
        for name, what in FIELDS.items():
            if (value := getattr(part, name)) != (earlier := getattr(was, name)):
                differences.append(Change(part.key, was.title, what, earlier, value))
        if part.key in moved:
            differences.append(
                Change(part.key, was.title, What.MOVED, title_before(before, part.key), title_before(after, part.key))
            )
    differences += [Change(p.key, p.title, What.LEFT_OUT, p.minutes) for p in before if p.key not in new]
    return differences


def out_of_order(before: Sequence[Key], after: Sequence[Key]) -> set[Key]:
    """The fewest keys to move so that those in both lists come in the same order."""
    place = {key: index for index, key in enumerate(before)}
    both = [key for key in after if key in place]
    # The longest increasing row of old places (patience sorting), remembered by each key's predecessor in it.
    ends: list[int] = []
    keys: list[Key] = []
    earlier: dict[Key, Key | None] = {}
    for key in both:
        at = bisect_left(ends, place[key])
        earlier[key] = keys[at - 1] if at else None
        ends[at : at + 1] = [place[key]]
        keys[at : at + 1] = [key]
    stayed = set()
    last = keys[-1] if keys else None
    while last is not None:
        stayed.add(last)
        last = earlier[last]
    return set(both) - stayed


def key_before(parts: Sequence[Part], key: str) -> str:
    """The key of the part before this one; "" at the start."""
    keys = [part.key for part in parts]
    index = keys.index(key)
    return keys[index - 1] if index else ""


def title_before(parts: Sequence[Part], key: str) -> str:
    before = key_before(parts, key)
    return next((part.title for part in parts if part.key == before), "")
