"""The checklist's lines that the team and its support fill."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ppg.access.permissions import P
from programmes.checklist.lines import Line, Missing, Phase, Progress
from programmes.models import Cohort, TeamMember
from programmes.support.queries import add_url
from programmes.support.rules import Job, Kind


def team_facts(cohort: Cohort) -> Sequence[TeamMember]:
    """Everybody who is or was in the team, each with how often support of each kind was offered. One query."""
    counts = {kind.value: Count("support", filter=Q(support__kind=kind)) for kind in Kind}
    held = Count("support", filter=Q(support__kind=Kind.REFLECTIVE, support__held_on__isnull=False))
    found = list(cohort.team.select_related("user").annotate(**counts, reflective_held=held).order_by("id"))
    for row in found:
        row.cohort = cohort  # their addresses carry its code
    return found


def now_as(team: Sequence[TeamMember], *jobs: str) -> list[TeamMember]:
    return [one for one in team if one.job in jobs and not one.left_on]


def join_link(team: Sequence[TeamMember], job: str, label: str) -> tuple[Missing, ...]:
    """Where somebody for the job is added; the lead is always in the team, so that the group is known from it."""
    if not team:
        return ()
    address = reverse("programmes:team_add", args=[team[0].cohort.code])
    return (Missing(label, f"{address}?job={job}", P.TEAM_EDIT, action=True),)


def offered(team: Sequence[TeamMember], people: Sequence[TeamMember], kind: str) -> Progress:
    """To how many of these people this support was offered."""
    if not people:
        sentence = _("No parent with lived experience is in the team yet.")
        return Progress(0, 0, sentence, missing=join_link(team, Job.PARENT, _("Add them to the team")))
    open_for = [one for one in people if not getattr(one, kind)]
    done = len(people) - len(open_for)
    words = {"done": done, "of": len(people)}
    missing = [Missing(one.user.name, add_url(one.cohort, kind, one.user), P.TEAM_SUPPORT) for one in open_for]
    return Progress(done, len(people), _("Offered to %(done)s of %(of)s") % words, missing=tuple(missing))


def clinical(team: Sequence[TeamMember]) -> Progress:
    return offered(team, now_as(team, Job.PARENT), Kind.CLINICAL)


def support_after(team: Sequence[TeamMember]) -> Progress:
    """Whoever was the parent in the team has it, also when they have left."""
    return offered(team, [one for one in team if one.job == Job.PARENT], Kind.AFTER)


def reflective(team: Sequence[TeamMember], people: Sequence[TeamMember]) -> Progress:
    """As often as they need: the line tells how often it was offered and held, and when last."""
    progress = offered(team, people, Kind.REFLECTIVE)
    times = sum(one.reflective for one in people)  # type: ignore[attr-defined]
    if not times:
        return progress
    words = {"n": times, "held": sum(one.reflective_held for one in people)}  # type: ignore[attr-defined]
    sentence = ngettext("Offered %(n)s time, held %(held)s", "Offered %(n)s times, held %(held)s", times) % words
    return Progress(progress.done, progress.of, sentence, missing=progress.missing)


def reflective_parent(team: Sequence[TeamMember]) -> Progress:
    return reflective(team, now_as(team, Job.PARENT))


def reflective_facilitator(team: Sequence[TeamMember]) -> Progress:
    """A lead who runs the sessions alone has the facilitator's."""
    return reflective(team, now_as(team, Job.FACILITATOR) or now_as(team, Job.LEAD))


def evaluation(team: Sequence[TeamMember]) -> Progress:
    evaluators = now_as(team, Job.EVALUATION)
    if evaluators:
        return Progress(1, 1, ", ".join(one.user.name for one in evaluators))
    sentence = _("Nobody in the team supports the evaluation yet.")
    return Progress(0, 1, sentence, missing=join_link(team, Job.EVALUATION, _("Add somebody to the team")))


PARENT = gettext_lazy("Reflective support offered to the parent with lived experience")
LINES = [
    Line(
        Phase.BEFORE,
        "clinical-session",
        gettext_lazy("Clinical session offered to the parent with lived experience (psychologist or equivalent)"),
        facts=team_facts,
        rule=clinical,
        enough=gettext_lazy("Tick: not needed in this group"),
    ),
    Line(
        Phase.BEFORE,
        "evaluation-support",
        gettext_lazy("Evaluation support found"),
        facts=team_facts,
        rule=evaluation,
        enough=gettext_lazy("Tick: somebody who does not sign in"),
    ),
    Line(Phase.DURING, "support-parent", PARENT, facts=team_facts, rule=reflective_parent, order=2),
    Line(
        Phase.DURING,
        "support-facilitator",
        gettext_lazy("Reflective support offered to the facilitator"),
        facts=team_facts,
        rule=reflective_facilitator,
        order=2,
    ),
    Line(
        Phase.AFTER,
        "support-after",
        gettext_lazy("Support offered to the parent with lived experience after the programme"),
        facts=team_facts,
        rule=support_after,
        order=3,
    ),
]
