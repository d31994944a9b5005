"""What is to be done before, during and after a programme, and how far each group is.

This module owns the list. A line is registered by the app whose data fills it, in its `AppConfig.ready()`:

    checklist.add(Line(Phase.DURING, "sessions", _("Sessions delivered"), rule=delivered))

Where there is a rule the line ticks itself. The others are ticked by hand, by whom and when is kept.
What several lines read is read once: they name the same `facts`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ppg import audit
from ppg.models import User
from ppg.permissions import P, can
from ppg.refusals import Refused
from programmes import team
from programmes.models import ChecklistLine, Cohort

Phase = ChecklistLine.Phase


@dataclass(frozen=True)
class Missing:
    """For whom or for what a line is still open, and where that is done.

    The address is a link for those who hold `needs`. A caregiver's name (`person` is whose) is shown to those
    who may see the people of a group, to nobody else. `action` says that the label is no name but what to press.
    """

    label: str
    url: str = ""
    needs: P | None = None
    person: Any = None
    action: bool = False


@dataclass(frozen=True)
class Progress:
    """How far it is: `done` of `of`, told in words ("3 of 6 sessions"). `due` is how many should be done by now."""

    done: int
    of: int
    told: str
    due: int = 0
    missing: tuple[Missing, ...] = ()

    @property
    def complete(self) -> bool:
        return self.of > 0 and self.done >= self.of

    @property
    def waiting(self) -> int:
        """How many could be done by now and are not."""
        return max(self.due - self.done, 0)


def itself(cohort: Cohort) -> Cohort:
    return cohort


@dataclass(frozen=True)
class Line:
    """One line of every group's checklist. `facts` reads what is known (one query at most), `rule` tells from it how
    far the line is. Without a rule it is ticked by hand, and `note` may say what is known of it. Where `enough` says
    something, the line may be ticked by hand before it ticks itself, and these words stand on the button.
    `url` leads to where it is done; `order` sorts a phase whose lines come from several apps."""

    phase: str
    slug: str
    words: Any
    facts: Callable[[Cohort], Any] = itself
    rule: Callable[[Any], Progress] | None = None
    note: Callable[[Any], str] | None = None
    url: Callable[[Cohort], str] | None = None
    enough: Any = ""
    order: int = 0

    @property
    def by_hand(self) -> bool:
        return self.rule is None or bool(self.enough)


lines: dict[str, Line] = {}


def add(line: Line) -> None:
    """Lines stand by `order`, then in the order they are added, phase by phase. A slug stands for its line for ever."""
    if line.slug in lines:
        raise ValueError(f"Two lines of the checklist are called {line.slug}.")
    lines[line.slug] = line


# --- Reading ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line as it stands for one group, for one reader."""

    line: Line
    progress: Progress | None  # of a line that ticks itself
    kept: ChecklistLine | None  # who does it, until when, who ticked it
    note: str = ""
    url: str = ""
    missing: tuple[Missing, ...] = ()  # as this reader sees them: an address only where they may do it

    @property
    def ticked(self) -> bool:
        return bool(self.line.by_hand and self.kept and self.kept.ticked_at)

    @property
    def complete(self) -> bool:
        return bool(self.progress and self.progress.complete)

    @property
    def may_tick(self) -> bool:
        """By hand, or back."""
        return self.line.by_hand and not self.complete

    @property
    def done(self) -> bool:
        return self.complete or self.ticked


def rows(cohort: Cohort, user: User | None = None) -> dict[str, list[Row]]:
    """Every phase that has lines, in order, by the phase's name. Names are shown to `user` as far as they may."""
    kept = {row.slug: row for row in cohort.checklist.select_related("owner", "ticked_by")}
    known: dict[Callable[[Cohort], Any], Any] = {}
    found: dict[str, list[Row]] = {}
    for phase in Phase:
        for line in sorted((one for one in lines.values() if one.phase == phase), key=lambda one: one.order):
            if (line.rule or line.note) and line.facts not in known:
                known[line.facts] = line.facts(cohort)
            row = _row(line, cohort, known.get(line.facts), kept.get(line.slug), user)
            found.setdefault(str(phase.label), []).append(row)
    return found


def _row(line: Line, cohort: Cohort, facts: Any, kept: ChecklistLine | None, user: User | None) -> Row:
    progress = line.rule(facts) if line.rule else None
    return Row(
        line,
        progress=progress,
        kept=kept,
        note=line.note(facts) if line.note else "",
        url=line.url(cohort) if line.url else "",
        missing=tuple(_shown(progress, user)) if progress and user else (),
    )


def _shown(progress: Progress, user: User) -> Iterable[Missing]:
    for one in progress.missing:
        may = one.needs is None or can(user, one.needs)
        if (may or not one.action) and (not one.person or can(user, P.PEOPLE_SEE)):
            yield one if may else replace(one, url="")


def finished(found: Iterable[Iterable[Row]]) -> tuple[int, int]:
    """How many lines are done, of how many."""
    every = [row.done for part in found for row in part]
    return sum(every), len(every)


def team_who_may(cohort: Cohort, permission: P) -> list[User]:
    """Those who work with the group now and whose role allows it."""
    members = cohort.team.filter(left_on=None).select_related("user").order_by("user__name")
    return [member.user for member in members if can(member.user, permission)]


# --- Doing -----------------------------------------------------------------------------------------------


@transaction.atomic
def tick(*, cohort: Cohort, line: Line, done: bool, by: User, at: datetime | None = None) -> ChecklistLine:
    """Ticked or not, whatever it was before: who was first to tick it stays."""
    if not line.by_hand:
        raise Refused(_("This line ticks itself."))
    row = _held(cohort, line)
    if done == bool(row.ticked_at):
        return row
    row.ticked_at, row.ticked_by = (at or timezone.now(), by) if done else (None, None)
    row.save(update_fields=["ticked_at", "ticked_by"])
    audit.record(by, audit.Verb.CHANGED, row, cohort=cohort, fields=["ticked" if done else "unticked"])
    return row


@transaction.atomic
def plan(*, cohort: Cohort, line: Line, owner: User | None, due_on: date | None, by: User) -> ChecklistLine:
    """Who does it, and by when."""
    team.hold(cohort, owner)
    row = _held(cohort, line)
    told = {"owner": owner, "due_on": due_on}
    changed = [name for name, value in told.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, told[name])
        row.save(update_fields=changed)
        audit.record(by, audit.Verb.CHANGED, row, cohort=cohort, fields=changed)
    return row


def _held(cohort: Cohort, line: Line) -> ChecklistLine:
    row, _new = ChecklistLine.objects.get_or_create(cohort=cohort, phase=line.phase, slug=line.slug)
    return ChecklistLine.objects.select_for_update(of=("self",)).get(pk=row.pk)
