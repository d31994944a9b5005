"""Who of one's own groups is meant by a few letters or figures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from caregivers.models import Caregiver, Referral
from caregivers.names import begins, fits
from caregivers.people.stages import COLOURS, Stage, in_order, with_stage
from ppg.models import User
from ppg.typed import figures_typed, phone_spellings, search_words

COMPARED = ("code", "name", "liked_name", "phone")


def find(user: User, typed: str) -> list[str]:
    """The codes of those it may mean, the likeliest first. Names and numbers are encrypted, so those of one's own
    groups are all read, and compared here."""
    people = Caregiver.objects.visible_to(user).only(*COMPARED).iterator()
    if figures := figures_typed(typed):
        matches = [one for one in people if any(figures in number for number in phone_spellings(one.phone))]
        return [one.code for one in sorted(matches, key=_name)]
    words = search_words(typed)
    matches = [one for one in people if fits(words, one)]
    return [one.code for one in sorted(matches, key=lambda one: (not begins(words, one), _name(one)))]


def _name(person: Caregiver) -> str:
    return person.name.casefold()


@dataclass(frozen=True)
class Match:
    """Somebody who was found, and where they are in each of the groups."""

    caregiver: Caregiver
    referrals: Sequence[Referral]

    @property
    def liked_name(self) -> str:
        """Only where their name does not say it already."""
        own, liked = (set(search_words(text)) for text in (self.caregiver.name, self.caregiver.liked_name))
        return "" if liked <= own else self.caregiver.liked_name

    @property
    def places(self) -> list[tuple[Referral, str, str]]:
        """Each referral with where they are, in words and by its colour."""
        stages = [(one, Stage(one.stage)) for one in self.referrals]  # type: ignore[attr-defined]
        return [(one, str(stage.short), COLOURS[stage]) for one, stage in stages]


def shown(user: User, codes: Iterable[str], now: datetime) -> list[Match]:
    """These people in this order, as far as the user may see them; one query."""
    codes = list(codes)
    referrals = with_stage(Referral.objects.visible_to(user).filter(caregiver__code__in=codes), now)
    rows = in_order(referrals).select_related("cohort", "caregiver")
    of_code: dict[str, list[Referral]] = {}
    for row in rows.only(*ROW, *(f"caregiver__{name}" for name in COMPARED)):
        of_code.setdefault(row.caregiver.code, []).append(row)
    return [Match(of_code[code][0].caregiver, of_code[code]) for code in dict.fromkeys(codes) if code in of_code]


ROW = ("code", "received_on", "cohort__code", "cohort__name")
