"""The times of a group with who can come, and who has answered."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from caregivers import safe
from caregivers.models import Referral, Slot
from caregivers.names import called
from caregivers.times import ranking
from caregivers.times.words import spoken
from programmes.models import Cohort


@dataclass(frozen=True)
class Result:
    """A time as the page shows it."""

    tally: ranking.Tally
    best: bool

    @property
    def slot(self) -> Slot:
        return self.tally.slot

    @property
    def when(self) -> str:
        return spoken(self.slot)

    @property
    def sentence(self) -> str:
        """ "6 of 8 can, 1 if need be, 1 cannot: Ann"."""
        tally = self.tally
        parts = [_("%(n)s of %(people)s can") % {"n": len(tally.yes), "people": tally.people}]
        if tally.maybe:
            parts.append(_("%(n)s if need be") % {"n": len(tally.maybe)} + ": " + ", ".join(tally.maybe))
        if tally.no:
            parts.append(_("%(n)s cannot") % {"n": len(tally.no)} + ": " + ", ".join(tally.no))
        if tally.silent:
            parts.append(_("%(n)s not answered") % {"n": len(tally.silent)})
        return "; ".join(parts)


@dataclass(frozen=True)
class AnswerLine:
    """One person who counts, and to how many of the times they have answered."""

    referral: Referral
    name: str
    answered: int


def read(cohort: Cohort) -> tuple[list[Result], list[AnswerLine]]:
    """The times, best first, and the people who count, those who have not answered first; three queries."""
    said = {
        slot: {one.caregiver_id: one.can for one in slot.answers.all()}
        for slot in cohort.slots.prefetch_related("answers")
    }
    referrals = list(safe.counted(cohort))
    names = called(row.caregiver for row in referrals)
    people = {row.caregiver_id: names[row.caregiver_id] for row in referrals}
    ranked = ranking.ranked(ranking.tally(slot, people, answers) for slot, answers in said.items())
    best = ranking.best(ranked)
    lines = [
        AnswerLine(row, names[row.caregiver_id], sum(row.caregiver_id in answers for answers in said.values()))
        for row in referrals
    ]
    lines.sort(key=lambda line: (line.answered > 0, line.name.casefold()))
    return [Result(one, one is best) for one in ranked], lines
