"""What groups changed in a guide's agenda, gathered part by part: plans in, findings out. No database, no page."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from programmes.agenda.changes import Change, Part, What, changes, key_before


@dataclass(frozen=True)
class Reason:
    """Why a plan was changed; `key` is the part's, "" where it is about the whole agenda."""

    key: str
    why: str
    by_group: bool
    fields: frozenset[str] = frozenset()  # what the change was about, where that is known


@dataclass(frozen=True)
class Copied:
    """One group's session beside the version of the guide it was copied from."""

    session: str  # its code
    group: str  # the cohort's name; "" for a group that the reader does not see
    planned: Sequence[Part]
    agenda: Sequence[Part]
    reasons: Sequence[Reason] = ()


@dataclass(frozen=True)
class Occurrence:
    """One change in one group."""

    change: Change
    session: str
    group: str
    reasons: Sequence[Reason] = ()


@dataclass
class Finding:
    """One way in which groups changed one part: "shortened in 2 of 3 groups"."""

    what: What
    groups: int  # that had the part; for one that was added, all
    seen: list[Occurrence] = field(default_factory=list)  # in groups the reader sees
    unseen: int = 0  # in others: counted only, since what was typed there may name somebody

    @property
    def count(self) -> int:
        return len(self.seen) + self.unseen


@dataclass
class PartLearned:
    """A part and everything that groups changed about it."""

    key: str
    title: str
    findings: list[Finding] = field(default_factory=list)


# What a change is about, in the names that a reason's `fields` use.
ABOUT = {
    What.SHORTER: "minutes",
    What.LONGER: "minutes",
    What.LEFT_OUT: "left_out",
    What.MOVED: "position",
    What.TITLE: "title",
    What.LEAD: "lead",
    What.PROMPTS: "prompts",
    What.SPEAKERS: "speakers",
    What.KIND: "kind",
    What.COUNTED: "counted",
    What.USES: "uses",
}


def learned(copies: Sequence[Copied], guide: Sequence[Part]) -> list[PartLearned]:
    """Part by part, in the order of the guide as it is now; parts that only groups or older versions have, after it.

    A group counts once for each way it changed a part. A part that only a group unseen by the reader added is not
    listed: its title is that group's own words.
    """
    by_key: dict[str, PartLearned] = {part.key: PartLearned(part.key, part.title) for part in guide}
    had: dict[str, int] = {}
    for copy in copies:
        for part in copy.planned:
            had[part.key] = had.get(part.key, 0) + 1
    for copy in copies:
        for change in changes(copy.planned, copy.agenda):
            if change.what is What.ADDED and not copy.group:
                continue
            about = by_key.setdefault(change.key, PartLearned(change.key, change.title))
            finding = finding_of(about, change.what, had.get(change.key, len(copies)))
            if copy.group:
                occurrence = Occurrence(change, copy.session, copy.group, reasons_for(change, copy.reasons))
                finding.seen.append(occurrence)
            else:
                finding.unseen += 1
    return [part for part in by_key.values() if part.findings]


def finding_of(part: PartLearned, what: What, groups: int) -> Finding:
    match = next((finding for finding in part.findings if finding.what is what), None)
    if match is None:
        match = Finding(what, groups)
        part.findings.append(match)
    return match


def reasons_for(change: Change, reasons: Iterable[Reason]) -> list[Reason]:
    """Those given for this very change; else those for the part; else, where parts come and go or move, those
    for the whole agenda."""
    reasons = list(reasons)
    of_part = [reason for reason in reasons if reason.key == change.key]
    exact = [reason for reason in of_part if ABOUT.get(change.what) in reason.fields]
    if exact or of_part:
        return exact or of_part
    whole = change.what in (What.MOVED, What.ADDED, What.LEFT_OUT)
    return [reason for reason in reasons if not reason.key] if whole else []


def taken(change: Change, agenda: Sequence[Part], guide: Sequence[Part]) -> bool:
    """Whether the guide (or its draft) is already as the group has it in this respect."""
    there = {part.key: part for part in guide}
    if change.what is What.LEFT_OUT:
        return change.key not in there
    if change.key not in there:
        return False
    if change.what is What.ADDED:
        return True
    if change.what is What.MOVED:
        return predecessor(agenda, change.key, there) == key_before(guide, change.key)
    theirs = next(part for part in agenda if part.key == change.key)
    name = ABOUT[change.what]
    return getattr(theirs, name) == getattr(there[change.key], name)


def predecessor(agenda: Sequence[Part], key: str, known: Iterable[str]) -> str:
    """The nearest part before this one in the group's agenda that the guide knows; "" at the start."""
    known = set(known)
    before = ""
    for part in agenda:
        if part.key == key:
            return before
        if part.key in known:
            before = part.key
    return before


def unseen_additions(copies: Iterable[Copied]) -> int:
    """In how many groups that the reader does not see something was added."""
    others = [copy for copy in copies if not copy.group]
    return sum(any(change.what is What.ADDED for change in changes(copy.planned, copy.agenda)) for copy in others)
