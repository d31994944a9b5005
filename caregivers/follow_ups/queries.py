"""Calls and other time for one caregiver as the pages show them: what is due, what became of it, what is not safe."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from caregivers.models import Caregiver, FollowUp, FollowUpQuerySet, SafeWay
from caregivers.names import called
from caregivers.safe import Reach, reach
from ppg.models import User
from programmes.models import Cohort

# What reaching them by a kind needs. A visit and a talk are agreed with them beforehand.
NEEDS = {FollowUp.Kind.CALL: SafeWay.CALL, FollowUp.Kind.EMAIL: SafeWay.EMAIL}


def why_not(caregiver: Caregiver, kind: str) -> str:
    """A warning where this kind would reach them in a way they did not say is safe. Staff decide, knowing it."""
    needed = NEEDS.get(FollowUp.Kind(kind))
    if needed is None or needed in caregiver.safe_ways:
        return ""
    words = {"way": needed.label}
    if not reach(caregiver).asked:
        return _("%(way)s: we have not asked yet whether this is safe.") % words
    return _("%(way)s: they did not say that this is safe. Use another way.") % words


@dataclass(frozen=True)
class FollowUpRow:
    """A follow-up as the pages show it."""

    follow_up: FollowUp
    name: str  # what they are called, told apart from others on the page
    reach: Reach
    warning: str  # where its kind is not safe for them

    @property
    def why(self) -> str:
        """Why it is there, in words."""
        follow_up = self.follow_up
        if follow_up.follows and follow_up.follows.next_step:
            return follow_up.follows.next_step
        if follow_up.session_number and follow_up.reason == FollowUp.Reason.MISSED:
            return _("Missed session %(number)s") % {"number": follow_up.session_number}
        if follow_up.session_number and follow_up.kind == FollowUp.Kind.AFTER:
            return _("Session %(number)s") % {"number": follow_up.session_number}
        return follow_up.get_reason_display()

    @property
    def may_call(self) -> bool:
        """Whether their number is one tap away. Before they were asked it is, for the first call."""
        return self._may(SafeWay.CALL)

    @property
    def may_write(self) -> bool:
        return self._may(SafeWay.EMAIL)

    def _may(self, way: SafeWay) -> bool:
        return not self.reach.asked or way in self.follow_up.caregiver.safe_ways


def on_list(cohort: Cohort, user: User) -> FollowUpQuerySet:
    """Those of a group that the list shows: not who went home after a session without staying to talk."""
    went_home = {"kind": FollowUp.Kind.AFTER, "outcome": FollowUp.Outcome.NOT_WANTED}
    return FollowUp.objects.visible_to(user).filter(cohort=cohort).exclude(**went_home).with_people()


def rows(follow_ups: Iterable[FollowUp]) -> list[FollowUpRow]:
    """Those to be done first, the most pressing of them first and those without a date last; then those done, the
    last one first. No query more."""
    follow_ups = list(follow_ups)
    names = called(one.caregiver for one in follow_ups)
    due = [one for one in follow_ups if not one.done_at]
    done = [one for one in follow_ups if one.done_at]
    due.sort(key=lambda one: (one.due_on is None, one.due_on or one.offered_on, one.pk))
    done.sort(key=lambda one: (one.done_at, one.pk), reverse=True)
    return [
        FollowUpRow(one, names[one.caregiver_id], reach(one.caregiver), why_not(one.caregiver, one.kind))
        for one in (*due, *done)
    ]


def next_of(follow_up: FollowUp) -> FollowUp | None:
    """The follow-up that this one led to."""
    return FollowUp.objects.filter(follows=follow_up).first()


def written_down(follow_up: FollowUp) -> dict[str, object]:
    """What the form starts with when it is put right."""
    following = next_of(follow_up) if follow_up.done_at else None
    return {
        "outcome": follow_up.outcome,
        "minutes": follow_up.minutes,
        "next_step": follow_up.next_step,
        "next_due": following.due_on if following else None,
        "next_kind": following.kind if following else "",
    }
