"""What a group's overview says by phase: where it stands, the one thing to do next, and the tasks of the phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from evaluation.group import states
from ppg.access.permissions import P, can
from ppg.models import User
from ppg.time_of_day import day_and_clock
from programmes.checklist import queries as checklists
from programmes.checklist.lines import Phase
from programmes.checklist.queries import ChecklistRow
from programmes.checklist.readiness import Dates, phase_at
from programmes.models import Cohort
from sessions_app.due import lacking_files
from sessions_app.models import Session, Speaker
from sessions_app.session.next import Next, next_of_group
from sessions_app.session.steps import Step, attendance, main_step, steps, with_steps

A_WEEK_AHEAD = timedelta(days=7)  # before that the group is still being put together
LINGERS = timedelta(days=3)  # so long the session that has been is this week's: its form and its packs are on the way


@dataclass(frozen=True)
class Doing:
    """The one thing to do next: a sentence, and the press."""

    sentence: str
    label: str = ""
    url: str = ""


@dataclass(frozen=True)
class PhaseTask:
    """A task of the phase, as it stands."""

    label: Any
    state: str  # how far it is, in words
    done: bool
    url: str = ""


@dataclass(frozen=True)
class Standing:
    """A group in time. `sessions` are all it has, in their order, from `with_steps`."""

    sessions: Sequence[Session]
    now: datetime

    @property
    def planned(self) -> list[Session]:
        """The programme's own that take place; where it has none, whatever takes place."""
        there = [session for session in self.sessions if not session.cancelled_at]
        return [session for session in there if not session.extra] or there

    @property
    def phase(self) -> str:
        rows = self.planned
        return phase_at(Dates(rows[0].starts_at, rows[-1].ends_at) if rows else Dates(), self.now)

    @property
    def words(self) -> str:
        """ "Starts on 6 January", "Week 3 of 6", "Finished on 10 February"."""
        rows = self.planned
        if not rows:
            return _("No dates yet")
        if self.phase == Phase.BEFORE:
            return _("Starts on %(day)s") % {"day": self._day(rows[0].starts_at)}
        if self.phase == Phase.AFTER:
            return _("Finished on %(day)s") % {"day": self._day(rows[-1].starts_at)}
        been = sum(session.ends_at <= self.now for session in rows)
        return _("Week %(n)s of %(of)s") % {"n": min(been + 1, len(rows)), "of": len(rows)}

    @property
    def next_at(self) -> datetime | None:
        coming = [one.starts_at for one in self.sessions if not one.cancelled_at and one.ends_at > self.now]
        return min(coming, default=None)

    def _day(self, at: datetime) -> str:
        day = timezone.localdate(at)
        return date_format(day, "j F" if day.year == timezone.localdate(self.now).year else "j F Y")


@dataclass(frozen=True)
class Line:
    """A session among the others: when, who came, and how it stands."""

    session: Session
    attendance: str
    words: str
    colour: str


@dataclass(frozen=True)
class Overview:
    standing: Standing
    doing: Doing | None
    week: Session | None
    steps: Sequence[Step]
    others: Sequence[Line]
    tasks: Sequence[PhaseTask]


def sessions_of(cohort: Cohort) -> list[Session]:
    found = with_steps(cohort.sessions.all()).order_by("starts_at", "pk")
    for session in (rows := list(found)):
        session.cohort = cohort
    return rows


def overview(cohort: Cohort, user: User, now: datetime) -> Overview:
    """In a constant number of queries."""
    standing = Standing(sessions_of(cohort), now)
    following, during = next_of_group(standing.sessions, user, now), standing.phase == Phase.DURING
    rows = checklists.rows(cohort, user, [standing.phase]) if can(user, P.CHECKLIST) and not during else {}
    lines = {row.line.slug: row for part in rows.values() for row in part}
    tasks = phase_tasks(standing.phase, lines, cohort, user)
    week = this_week(standing, following) if can(user, P.SESSION_SEE) else None
    return Overview(
        standing,
        doing(standing, following, tasks, lines, user),
        week,
        steps(week, user, now) if week else [],
        [line(session, user, now) for session in standing.sessions if session != week],
        tasks,
    )


def this_week(standing: Standing, following: Next | None) -> Session | None:
    """The session that is at hand: the one that comes next, or has just been, once the group has begun to meet."""
    if standing.phase == Phase.BEFORE:
        return None
    by_key = {session.pk: session for session in standing.sessions}
    coming = by_key.get(following.session.pk) if following else None
    if following and (following.is_today or following.over):
        return coming
    been = [one for one in standing.sessions if one.starts_at <= standing.now and not one.cancelled_at]
    if been and been[-1].ends_at > standing.now - LINGERS:
        return been[-1]
    return coming


def line(session: Any, user: User, now: datetime) -> Line:
    there = attendance(session) if can(user, P.REGISTER_SEE) else ""
    if session.cancelled_at:
        return Line(session, there, _("Cancelled"), "red")
    if session.closed_at and can(user, P.SESSION_RUN):
        return Line(session, there, _("Closed"), "green")
    if session.ends_at > now:
        return Line(session, there, _("To come"), "grey")
    return Line(session, there, *((_("To close"), "yellow") if can(user, P.SESSION_RUN) else (_("Over"), "grey")))


# --- The one thing to do next -------------------------------------------------------------------------------


def doing(
    standing: Standing,
    following: Next | None,
    tasks: Sequence[PhaseTask],
    lines: dict[str, ChecklistRow],
    user: User,
) -> Doing | None:
    far = following is None or following.session.starts_at > standing.now + A_WEEK_AHEAD
    if standing.phase == Phase.BEFORE and far:
        open_ones = [task for task in tasks if task.url and not task.done]
        if open_ones:
            first = open_ones[0]
            return Doing(f"{first.label}: {first.state}", str(first.label), first.url)
    if following:
        return with_session(following, standing, user)
    if standing.phase == Phase.AFTER:
        return afterwards(lines)
    return None


def with_session(following: Next, standing: Standing, user: User) -> Doing:
    session = next(one for one in standing.sessions if one.pk == following.session.pk)
    words = {"which": session.which, "when": day_and_clock(session.starts_at, "l j F")}
    if following.over:
        sentence = _("%(which)s of %(when)s is over and not closed yet.") % words
    elif following.begun:
        sentence = _("%(which)s is on now.") % words
    elif following.is_today:
        sentence = _("%(which)s is today: %(when)s.") % words
    else:
        sentence = _("%(which)s is next: %(when)s.") % words
    step = main_step(steps(session, user, standing.now), session, standing.now)
    if step:
        return Doing(sentence, step.label, step.url)
    return Doing(sentence, _("See the plan"), session.get_absolute_url())


def afterwards(lines: dict[str, ChecklistRow]) -> Doing | None:
    """The first thing of those that follow a programme which is still open and can be pressed: form, focus group,
    report."""
    for slug in AFTER:
        row = lines.get(slug)
        if row and not row.done and row.progress:
            for missing in row.missing:
                if missing.url:
                    return Doing(f"{AFTER[slug]}: {row.progress.sentence}", missing.label, missing.url)
    return None


# --- The tasks of a phase -----------------------------------------------------------------------------------

# The checklist's lines that the overview shows, in fewer words, with the page where each is done.
BEFORE = {
    "caregivers-identified": (gettext_lazy("People referred"), "caregivers:people"),
    "caregivers-contacted": (gettext_lazy("First contact"), "caregivers:people"),
    "police-checks": (gettext_lazy("Police checks"), "caregivers:people"),
    "times-asked": (gettext_lazy("Best time"), "caregivers:times"),
    "needs-asked": (gettext_lazy("Registrations"), "caregivers:people"),
}
AFTER = {
    "feedback-after": gettext_lazy("Final form"),
    "focus-group": gettext_lazy("Focus group"),
    "evaluation-report": gettext_lazy("Report"),
}


def phase_tasks(phase: str, lines: dict[str, ChecklistRow], cohort: Cohort, user: User) -> list[PhaseTask]:
    """For who sees the checklist: its lines say how far each is, and what the checklist does not count stands with
    them."""
    if not lines or phase == Phase.DURING:
        return []
    made = before_tasks(lines, cohort, user) if phase == Phase.BEFORE else after_tasks(lines, cohort, user)
    done, of = checklists.finished([[row for row in lines.values() if row.line.phase == phase]])
    words = _("%(done)s of %(of)s done") % {"done": done, "of": of}
    checklist = reverse("programmes:checklist", args=[cohort.code])
    return [*made, PhaseTask(_("Checklist"), words, done == of, checklist)]


def before_tasks(lines: dict[str, ChecklistRow], cohort: Cohort, user: User) -> list[PhaseTask]:
    made = []
    for slug, (label, page) in BEFORE.items():
        row = lines[slug]
        made.append(PhaseTask(label, sentence_of(row), row.done, reverse(page, args=[cohort.code])))
    return [*made, *sessions_ready(cohort), poster(cohort)]


def sessions_ready(cohort: Cohort) -> list[PhaseTask]:
    """Speakers and files, over all sessions to come. Two queries."""
    speakers = Speaker.objects.filter(
        item__session__cohort=cohort, item__session__cancelled_at=None, item__left_out=False
    ).aggregate(of=Count("pk"), done=Count("pk", filter=Q(confirmed_on__isnull=False)))
    lacking = lacking_files(Session.objects.filter(cohort=cohort, closed_at=None).taking_place()).count()
    page = reverse("group_sessions", args=[cohort.code])
    made = []
    if speakers["of"]:
        words = _("%(done)s of %(of)s confirmed") % speakers
        made.append(PhaseTask(_("Speakers"), words, speakers["done"] == speakers["of"], page))
    words = _("Missing in %(n)s sessions") % {"n": lacking} if lacking else _("None missing")
    return [*made, PhaseTask(_("Files and links"), words, not lacking, page)]


def poster(cohort: Cohort) -> PhaseTask:
    words = states.poster(cohort)
    return PhaseTask(_("Poster"), words, True, reverse("caregivers:poster", args=[cohort.code]))


def after_tasks(lines: dict[str, ChecklistRow], cohort: Cohort, user: User) -> list[PhaseTask]:
    pages = {
        "feedback-after": reverse("feedback:after", args=[cohort.code]),
        "focus-group": reverse("feedback:after", args=[cohort.code]),
    }
    if can(user, P.REPORT_WRITE):
        pages["evaluation-report"] = reverse("evaluation:report", args=[cohort.code])
    made = [
        PhaseTask(label, sentence_of(lines[slug]), lines[slug].done, pages.get(slug, ""))
        for slug, label in AFTER.items()
    ]
    comments = states.without_theme(cohort)
    words = _("%(n)s without a theme") % {"n": comments} if comments else _("None to sort")
    sort = PhaseTask(_("Comments"), words, not comments, reverse("feedback:comments", args=[cohort.code]))
    return [*made[:-1], sort, made[-1]]


def sentence_of(row: ChecklistRow) -> str:
    return row.progress.sentence if row.progress else row.note
