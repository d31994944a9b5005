"""The checklist's lines for the time of the programme: what sessions, follow-ups and packs tell by themselves."""

from __future__ import annotations

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import FollowUp
from programmes.checklist import Line, Phase, Progress
from programmes.models import Cohort
from sessions_app.models import Adaptation, Delivery, Pack, RegisterMark, Session, SessionQuerySet

ON_THE_WAY = [state for state in Delivery.State if state not in (Delivery.State.SENT, Delivery.State.HANDED)]


def planned(cohort: Cohort) -> SessionQuerySet:
    """The programme's own sessions that are not cancelled, with `held`: closed, or somebody was there."""
    there = RegisterMark.objects.filter(session=OuterRef("pk")).attended()
    own = Session.objects.filter(cohort=cohort, cancelled_at=None, extra=False)
    return own.annotate(held=Exists(there) | Q(closed_at__isnull=False))


def progress(cohort: Cohort, done: Q | Exists) -> Progress:
    """One query: how many sessions there are, how many were held, and of how many this is true."""
    rows = list(planned(cohort).annotate(filled=ExpressionWrapper(done, BooleanField())).values_list("held", "filled"))
    count = sum(bool(filled) for _held, filled in rows)
    words = {"done": count, "of": len(rows)}
    told = ngettext("%(done)s of %(of)s session", "%(done)s of %(of)s sessions", len(rows)) % words
    return Progress(done=count, of=len(rows), told=told, due=sum(bool(held) for held, _filled in rows))


def delivered(cohort: Cohort) -> Progress:
    return progress(cohort, Q(held=True))


def time_offered(cohort: Cohort) -> Progress:
    """Sessions after which somebody was offered time to talk, or was called about it. A call that an absence raised
    counts once it is made."""
    offered = FollowUp.objects.filter(cohort=OuterRef("cohort"), session_number=OuterRef("number"))
    return progress(cohort, Exists(offered.filter(Q(kind=FollowUp.Kind.AFTER) | Q(done_at__isnull=False))))


def packs_sent(cohort: Cohort) -> Progress:
    """Sessions whose pack has reached everybody it is for."""
    open_still = Delivery.objects.filter(pack=OuterRef("pk"), state__in=ON_THE_WAY)
    return progress(cohort, Exists(Pack.objects.filter(~Exists(open_still), session=OuterRef("pk"))))


def asked_for(cohort: Cohort) -> str:
    """What the data knows of going through the material with the group."""
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
    Line(Phase.DURING, "session-delivered", gettext_lazy("Session delivered"), rule=delivered),
    Line(
        Phase.DURING,
        "time-after",
        gettext_lazy("Time afterwards or a call offered"),
        rule=time_offered,
        url=follow_ups_of,
    ),
    Line(
        Phase.DURING,
        "material-reviewed",
        gettext_lazy("Material and topics reviewed with the group"),
        note=asked_for,
    ),
    Line(Phase.DURING, "pack-sent", gettext_lazy("Pack sent"), rule=packs_sent),
    Line(
        Phase.DURING,
        "support-parent",
        gettext_lazy("Reflective support offered to the parent with lived experience"),
    ),
    Line(Phase.DURING, "support-facilitator", gettext_lazy("Reflective support offered to the facilitator")),
]
