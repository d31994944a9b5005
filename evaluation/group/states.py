"""How a page of a group stands, in a few words beside its name. In a constant number of queries."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from caregivers.models import Poster, Slot, SlotAnswer
from evaluation.reports.queries import last_published
from feedback.checklist import asked
from feedback.checklist import final_form as form_after
from feedback.comments.queries import without_theme
from feedback.models import Quote, Suggestion
from programmes.checklist import queries as checklists
from programmes.models import Cohort


def people(cohort: Cohort) -> str:
    """Of a cohort from `with_taken`."""
    return _("%(n)s of %(of)s places taken") % {"n": cohort.taken, "of": cohort.places}  # type: ignore[attr-defined]


def size(cohort: Cohort) -> str:
    return ngettext("%(n)s place", "%(n)s places", cohort.places) % {"n": cohort.places}


def follow_ups(cohort: Cohort) -> str:
    return to_do(cohort.follow_ups.due().count())


def times(cohort: Cohort) -> str:
    if not Slot.objects.filter(cohort=cohort).exists():
        return _("Not asked")
    answered = SlotAnswer.objects.filter(slot__cohort=cohort).values("caregiver").distinct().count()
    return ngettext("%(n)s answer", "%(n)s answers", answered) % {"n": answered}


def poster(cohort: Cohort) -> str:
    return _("On") if Poster.objects.filter(cohort=cohort, closed_at=None).exists() else _("Off")


def team(cohort: Cohort) -> str:
    n = cohort.team.filter(left_on=None).count()
    return ngettext("%(n)s person", "%(n)s people", n) % {"n": n}


def suggestions(cohort: Cohort) -> str:
    n = Suggestion.objects.filter(cohort=cohort).owed().count()
    return _("%(n)s to answer") % {"n": n} if n else _("None to answer")


def final_form(cohort: Cohort) -> str:
    return asked(form_after(cohort)).sentence


def comments(cohort: Cohort) -> str:
    n = without_theme(cohort)
    return _("%(n)s without a theme") % {"n": n} if n else _("None to sort")


def quotes(cohort: Cohort) -> str:
    n = Quote.objects.filter(cohort=cohort).to_sign().count()
    return _("%(n)s to sign off") % {"n": n} if n else _("None to sign off")


def report(cohort: Cohort) -> str:
    version = last_published([cohort]).get(cohort.pk)
    return _("Version %(number)s") % {"number": version.number} if version else _("Not published yet")


def checklist(cohort: Cohort) -> str:
    done, of = checklists.finished(checklists.rows(cohort).values())
    return _("%(done)s of %(of)s done") % {"done": done, "of": of}


def to_do(n: int) -> str:
    return _("%(n)s to do") % {"n": n} if n else _("Nothing to do")
