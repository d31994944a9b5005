"""What is due by the sessions of a group, which groups go on, and which need somebody to look at them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from caregivers.due import unchecked
from caregivers.models import Place, Referral
from ppg.access.permissions import P
from ppg.database.counts import how_many
from programmes.due.sources import Asked, Source, Task, Whole
from programmes.models import Cohort, Resource
from sessions_app.models import (
    RegisterMark,
    Session,
    SessionHandout,
    SessionItemResource,
    Speaker,
    register_taken,
)
from sessions_app.retention import queries as retention

LATELY = timedelta(weeks=4)  # what a group leaves behind is put in order by then
FILES_BY, SPEAKERS_BY = timedelta(days=7), timedelta(days=14)  # before the session
STARTING = timedelta(days=14)
LOOKED_AT = timedelta(days=7)  # after the session that few came to
FEW = 2  # so many fewer than the time before is falling, and so is less than half of the group

NUMBER = Case(When(extra=True, then=Value(0)), default=F("number"), output_field=IntegerField())


def going_on(cohorts: QuerySet[Cohort], now: datetime) -> QuerySet[Cohort]:
    """Those that have a session to come or had their last one not long ago, and those that have none yet."""
    sessions = Session.objects.filter(cohort=OuterRef("pk"), cancelled_at=None)
    return cohorts.filter(Exists(sessions.filter(starts_at__gte=now - LATELY)) | ~Exists(sessions))


def first_session(path: str = "cohort") -> Subquery:
    sessions = Session.objects.filter(cohort=OuterRef(path), cancelled_at=None, extra=False)
    return Subquery(sessions.order_by("starts_at").values("starts_at")[:1])


def of_session(task: Task, what: str) -> str:
    """ "Close session 3"."""
    which = _("session %(number)s") % {"number": task.number} if task.number else _("the extra session")
    return what % {"session": which}


# --- Before a session --------------------------------------------------------------------------------------


def checks(asked: Asked) -> QuerySet[Referral]:
    """Without an answer; due when the group meets for the first time."""
    return unchecked(asked).annotate(begins=first_session())


def coming(asked: Asked, ahead: timedelta) -> QuerySet[Session]:
    there = Session.objects.filter(asked.within(), starts_at__gt=asked.now, starts_at__lte=asked.now + ahead)
    return there.taking_place()


def without_files(asked: Asked) -> QuerySet[Session]:
    return lacking_files(coming(asked, FILES_BY))


def lacking_files(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Those with something that is shown or taken home and that nobody can open or print yet."""
    empty = Q(resource__url="") & (Q(resource__kind__in=LINKED) | Q(resource__file="") & ~Q(resource__kind=GIVEN))
    shown = SessionItemResource.objects.filter(empty, item__session=OuterRef("pk"), item__left_out=False)
    taken_home = SessionHandout.objects.filter(empty, session=OuterRef("pk"))
    return sessions.filter(Exists(shown) | Exists(taken_home))


LINKED, GIVEN = (Resource.Kind.FILM, Resource.Kind.WEBSITE), Resource.Kind.ITEM


def not_confirmed(asked: Asked) -> QuerySet[Speaker]:
    there = Speaker.objects.filter(asked.within("item__session__cohort"), confirmed_on=None, item__left_out=False)
    near = Q(item__session__starts_at__gt=asked.now, item__session__starts_at__lte=asked.now + SPEAKERS_BY)
    return there.filter(near, item__session__cancelled_at=None)


# --- After it ----------------------------------------------------------------------------------------------


def ended(asked: Asked) -> QuerySet[Session]:
    """Those whose time is over and that nobody has closed, of groups that go on."""
    there = Session.objects.filter(cohort__in=asked.going_on, closed_at=None, starts_at__lte=asked.now)
    return there.taking_place().annotate(over_at=OVER).filter(over_at__lte=asked.now)


LENGTH = ExpressionWrapper(Cast("minutes", IntegerField()) * Value(timedelta(minutes=1)), DurationField())
OVER = ExpressionWrapper(F("starts_at") + LENGTH, DateTimeField())


def unticked(asked: Asked) -> QuerySet[Session]:
    """Nobody has ticked who was there, and there is somebody to tick."""
    people = Place.objects.filter(cohort=OuterRef("cohort")).in_group()
    return ended(asked).filter(~register_taken(), Exists(people))


# --- How groups stand, for who sees all of them -----------------------------------------------------------


def starting_small(asked: Asked) -> QuerySet[Session]:
    """Groups that meet for the first time within two weeks, with fewer than half of their places registered. The rows
    are their first sessions, so that the day finds them."""
    earlier = Session.objects.filter(cohort=OuterRef("cohort"), cancelled_at=None, starts_at__lt=OuterRef("starts_at"))
    first = coming(asked, STARTING).filter(~Exists(earlier))
    there = Place.objects.filter(cohort=OuterRef("cohort"), caregiver__registered_at__isnull=False)
    return first.annotate(registered=how_many(there.seated(), "cohort")).filter(
        registered__lt=F("cohort__places") / 2.0
    )


def falling(asked: Asked) -> QuerySet[Session]:
    """The newest register of the last two weeks has two people fewer than the one before, or less than half of the
    group."""
    lately = Session.objects.filter(asked.within(), starts_at__lte=asked.now, starts_at__gt=asked.now - STARTING)
    others = Session.objects.filter(cohort=OuterRef("cohort"), cancelled_at=None).filter(register_taken())
    newer = others.filter(starts_at__gt=OuterRef("starts_at"))
    older = others.filter(starts_at__lt=OuterRef("starts_at"))
    group = Place.objects.filter(cohort=OuterRef("cohort")).in_group()
    found = lately.taking_place().filter(register_taken(), ~Exists(newer))
    found = found.annotate(
        before=Subquery(older.order_by("-starts_at").values("pk")[:1]),
        there=how_many(RegisterMark.objects.filter(session=OuterRef("pk")).attended(), "session"),
        people=how_many(group, "cohort"),
    ).annotate(there_before=how_many(RegisterMark.objects.filter(session=OuterRef("before")).attended(), "session"))
    return found.filter(Q(there__lte=F("there_before") - FEW) | Q(there__lt=F("people") / 2.0))


SOURCES = [
    Source(
        "checks",
        P.CHECK_RECORD,
        rows=checks,
        words=lambda task: _("Record the police check"),
        url=lambda task: reverse("caregivers:check", args=[task.code]),
        code="caregiver__code",
        due=TruncDate("begins"),
        person="caregiver",
    ),
    Source(
        "files",
        P.GUIDE_EDIT,
        rows=without_files,
        words=lambda task: of_session(task, _("Add the files and links that %(session)s needs")),
        url=lambda task: reverse("sessions:prepare", args=[task.code]),
        due=TruncDate("starts_at"),
        number=NUMBER,
    ),
    Source(
        "speakers",
        P.SESSION_PLAN,
        rows=not_confirmed,
        words=lambda task: of_session(task, _("Confirm the speaker for %(session)s")) + ": " + task.detail,
        url=lambda task: reverse("sessions:speaker", args=[task.code, task.part]),
        code="item__session__code",
        cohort="item__session__cohort",
        due=TruncDate("item__session__starts_at"),
        number=Case(
            When(item__session__extra=True, then=Value(0)),
            default=F("item__session__number"),
            output_field=IntegerField(),
        ),
        detail="service",
        part="code",
    ),
    Source(
        "registers",
        P.REGISTER_MARK,
        rows=unticked,
        words=lambda task: of_session(task, _("Tick who was at %(session)s")),
        url=lambda task: reverse("sessions:register", args=[task.code]),
        due=TruncDate("starts_at"),
        number=NUMBER,
    ),
    Source(
        "closing",
        P.SESSION_RUN,
        rows=ended,
        words=lambda task: of_session(task, _("Close %(session)s")),
        url=lambda task: reverse("sessions:close", args=[task.code]),
        due=TruncDate("starts_at"),
        number=NUMBER,
    ),
    Source(
        "starting-small",
        P.ACROSS,
        rows=starting_small,
        words=lambda task: _("Few people are registered, and the group starts soon"),
        url=lambda task: reverse("cohort", args=[task.code]),
        code="cohort__code",
        due=TruncDate("starts_at"),
        found_by="starts_at",
        watched=True,
    ),
    Source(
        "falling",
        P.ACROSS,
        rows=falling,
        words=lambda task: of_session(task, _("Fewer people came to %(session)s")),
        url=lambda task: reverse("cohort", args=[task.code]),
        code="cohort__code",
        due=TruncDate("starts_at"),
        within=LOOKED_AT,
        found_by="starts_at",
        number=NUMBER,
        watched=True,
    ),
]


# --- In the whole service ----------------------------------------------------------------------------------


def retention_over(asked: Asked) -> Iterable[Task]:
    """What is deleted by itself, with the day; whoever wants it kept says so before."""
    for group in retention.going_soon(asked.today):
        day = group.goes_on(asked.today)
        if day:
            hint = _("On %(day)s, unless you keep them longer") % {"day": date_format(day, "l j F Y")}
        else:
            hint = _("14 days after the warning, which is sent at 8am")
        url = f"{reverse('sessions:retention_group')}?group={group.cohort.code}"
        words = _("Details of %(group)s are deleted automatically") % {"group": group.cohort.name}
        yield Task(None, "retention", day or asked.today, sentence=words, address=url, hint=hint)


RETENTION = Whole("retention", P.RETENTION, retention_over)
