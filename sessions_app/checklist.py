"""The checklist's lines for the time of the programme: what sessions, follow-ups and packs tell by themselves."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import FollowUp
from programmes.checklist.lines import Line, Phase, Progress
from programmes.checklist.readiness import Dates
from programmes.models import Cohort
from sessions_app.models import Adaptation, Delivery, Pack, RegisterMark, Session

ON_THE_WAY = [state for state in Delivery.State if state not in (Delivery.State.SENT, Delivery.State.HANDED)]


def sessions_of(cohort: Cohort) -> list[Session]:
    """The programme's own sessions that are not cancelled, in one query. `held`: closed, or somebody was there.
    `offered`: somebody was offered time to talk afterwards, or was called about it; a call that an absence raised
    counts once it is made. `sent`: its pack has reached everybody it is for."""
    there = RegisterMark.objects.filter(session=OuterRef("pk")).attended()
    talks = FollowUp.objects.filter(cohort=OuterRef("cohort"), session_number=OuterRef("number"))
    open_still = Delivery.objects.filter(pack=OuterRef("pk"), state__in=ON_THE_WAY)
    planned = Session.objects.filter(cohort=cohort, cancelled_at=None, extra=False)
    return list(
        planned.annotate(
            held=ExpressionWrapper(Exists(there) | Q(closed_at__isnull=False), BooleanField()),
            offered=Exists(talks.filter(Q(kind=FollowUp.Kind.AFTER) | Q(done_at__isnull=False))),
            sent=Exists(Pack.objects.filter(~Exists(open_still), session=OuterRef("pk"))),
        ).only("number")
    )


def first_and_last(cohort: Cohort) -> Dates:
    """When the group begins and when it is over."""
    planned = Session.objects.filter(cohort=cohort, cancelled_at=None, extra=False)
    rows = list(planned.order_by("starts_at").only("starts_at", "minutes"))
    return Dates(rows[0].starts_at, rows[-1].ends_at) if rows else Dates()


def progress(sessions: Sequence[Session], is_so: str) -> Progress:
    """How many sessions there are, how many were held, and of how many this is true."""
    count = sum(getattr(session, is_so) for session in sessions)
    words = {"done": count, "of": len(sessions)}
    sentence = ngettext("%(done)s of %(of)s session", "%(done)s of %(of)s sessions", len(sessions)) % words
    due = sum(session.held for session in sessions)  # type: ignore[attr-defined]
    return Progress(done=count, of=len(sessions), sentence=sentence, due=due)


def delivered(sessions: Sequence[Session]) -> Progress:
    return progress(sessions, "held")


def time_offered(sessions: Sequence[Session]) -> Progress:
    return progress(sessions, "offered")


def packs_sent(sessions: Sequence[Session]) -> Progress:
    return progress(sessions, "sent")


def changes_asked_for(cohort: Cohort) -> str:
    """For the line on going through the material with the group, which feedback adds; or nothing."""
    changes = Adaptation.objects.filter(session__cohort=cohort, by_group=True).count()
    if not changes:
        return ""
    return ngettext(
        "The group asked for %(n)s change so far, and got it.",
        "The group asked for %(n)s changes so far, and got them.",
        changes,
    ) % {"n": changes}


def follow_ups_of(cohort: Cohort) -> str:
    return reverse("caregivers:follow_ups", args=[cohort.code])


LINES = [
    Line(Phase.DURING, "session-delivered", gettext_lazy("Session delivered"), facts=sessions_of, rule=delivered),
    Line(
        Phase.DURING,
        "time-after",
        gettext_lazy("Time afterwards or a call offered"),
        facts=sessions_of,
        rule=time_offered,
        url=follow_ups_of,
    ),
    Line(Phase.DURING, "pack-sent", gettext_lazy("Pack sent"), facts=sessions_of, rule=packs_sent, order=1),
]
