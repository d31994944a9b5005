"""What is due about what people say: forms, slips, suggestions, quotes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from feedback.models import Form, Quote, SlipCount, SlipSheet, Suggestion
from feedback.slips.queries import sessions_to_print_for, still_to_count
from ppg.access.permissions import P, can
from programmes.due.sources import Asked, Source, Task
from sessions_app.due import LATELY, NUMBER, of_session
from sessions_app.models import ON_THE_DAY, RegisterMark, Session

AHEAD = timedelta(days=14)  # slips are printed so long before the evening
LINGERS = timedelta(days=7)  # what people thought of a session is asked while they remember it


def to_open(asked: Asked) -> QuerySet[Session]:
    """Sessions that have begun without a form, until they are too long ago or the next one begins."""
    lately = Session.objects.filter(asked.within(), starts_at__lte=asked.now, starts_at__gt=asked.now - LINGERS)
    later = Session.objects.filter(
        cohort=OuterRef("cohort"), cancelled_at=None, starts_at__gt=OuterRef("starts_at"), starts_at__lte=asked.now
    )
    return lately.taking_place().filter(~Exists(later), feedback_form=None)


def final_to_open(asked: Asked) -> QuerySet[Session]:
    """Last sessions of groups whose form after the programme is not there. The rows are sessions, so that the day finds
    them."""
    final = Form.objects.final().filter(cohort=OuterRef("cohort"))
    return last_sessions(asked, LATELY).filter(~Exists(final))


def last_sessions(asked: Asked, since: timedelta) -> QuerySet[Session]:
    """Of groups that have met for the last time, not longer ago than that."""
    there = Session.objects.filter(asked.within(), starts_at__lte=asked.now, starts_at__gt=asked.now - since)
    later = Session.objects.filter(cohort=OuterRef("cohort"), cancelled_at=None, starts_at__gt=OuterRef("starts_at"))
    return there.taking_place().filter(~Exists(later))


def to_close(asked: Asked) -> QuerySet[Form]:
    """Somebody asked that it is closed before its time; whoever opened it, asked or ticked in the room cannot."""
    ticked = RegisterMark.objects.filter(session=OuterRef("session"), recorded_by=asked.user, state__in=ON_THE_DAY)
    waiting = Form.objects.filter(asked.within(), ~Exists(ticked), closed_at=None, asked_to_close_by__isnull=False)
    others = Q(opened_by=None) | ~Q(opened_by=asked.user)
    return waiting.open(asked.now).filter(others).exclude(asked_to_close_by=asked.user)


def slips_to_print(asked: Asked) -> QuerySet[Session]:
    """For who prints for the teams they are in, of sessions that come soon; an administrator looks when asked."""
    near = sessions_to_print_for(asked.user).filter(asked.within(), starts_at__gte=asked.now)
    near = near.filter(starts_at__lte=asked.now + AHEAD, cohort__open_link=None)
    near = near.exclude(feedback_form__closed_at__isnull=False).exclude(feedback_form__slips=False)
    printed = SlipSheet.objects.filter(session=OuterRef("pk"))
    return near.filter(~Exists(printed)) if can(asked.user, P.SLIPS_COUNT) else near.none()


def slips_to_count(asked: Asked) -> QuerySet[Form]:
    """Closed, with slips that were printed, and not counted by this person alone: the second one is to count now."""
    of_session = Q(sheet__session=OuterRef("session"))
    after = Q(sheet__session=None, sheet__cohort=OuterRef("cohort"))
    alone = _alone(of_session, asked) | Q(_alone(after, asked), session=None)
    return still_to_count(asked.user).filter(asked.within()).exclude(alone)


def _alone(sheet: Q, asked: Asked) -> Q:
    counts = SlipCount.objects.filter(sheet)
    return Q(Exists(counts.filter(by=asked.user))) & ~Q(Exists(counts.exclude(by=asked.user)))


def owed(asked: Asked) -> QuerySet[Suggestion]:
    """Not answered yet: due at the next recap, or whenever the group meets again."""
    return Suggestion.objects.owed().filter(asked.within())


def to_sign(asked: Asked) -> QuerySet[Quote]:
    """Chosen by somebody else."""
    return Quote.objects.to_sign().filter(asked.within()).exclude(chosen_by=asked.user)


def which(task: Task, what: str) -> str:
    return what % {"session": _("after the programme")} if task.number is None else of_session(task, what)


OF_ITS_SESSION = Case(
    When(session__extra=True, then=Value(0)), default=F("session__number"), output_field=IntegerField()
)

SOURCES = [
    Source(
        "forms-to-open",
        P.FEEDBACK_SEE,
        rows=to_open,
        words=lambda task: of_session(task, _("Open the feedback form: %(session)s")),
        url=lambda task: reverse("feedback:session", args=[task.code]),
        due=TruncDate("starts_at"),
        number=NUMBER,
    ),
    Source(
        "final-form",
        P.FEEDBACK_SEE,
        rows=final_to_open,
        words=lambda task: _("Open the feedback form after the programme"),
        url=lambda task: reverse("feedback:after", args=[task.code]),
        code="cohort__code",
        due=TruncDate("starts_at"),
        within=timedelta(days=7),
    ),
    Source(
        "forms-to-close",
        P.FEEDBACK_SEE,
        rows=to_close,
        words=lambda task: which(task, _("Close the feedback form: %(session)s")),
        url=lambda task: reverse("feedback:close_early", args=[task.code]),
        number=OF_ITS_SESSION,
    ),
    Source(
        "slips-to-print",
        P.SLIPS_PRINT,
        rows=slips_to_print,
        words=lambda task: of_session(task, _("Print the slips: %(session)s")),
        url=lambda task: reverse("feedback:slips"),
        due=TruncDate("starts_at"),
        number=NUMBER,
    ),
    Source(
        "slips-to-count",
        P.SLIPS_COUNT,
        rows=slips_to_count,
        words=lambda task: which(task, _("Count the slips: %(session)s")),
        url=lambda task: reverse("feedback:count", args=[task.code]),
        number=OF_ITS_SESSION,
    ),
    Source(
        "suggestions",
        P.SUGGESTIONS,
        rows=owed,
        words=lambda task: _("Answer a suggestion of the group"),
        url=lambda task: reverse("feedback:suggestion", args=[task.code]),
        due=TruncDate("recap__starts_at"),
    ),
    Source(
        "quotes",
        P.FEEDBACK_SEE,
        rows=to_sign,
        words=lambda task: _("Read a quote and sign it off"),
        url=lambda task: reverse("feedback:quote_sign", args=[task.code]),
    ),
]
