"""What feedback tells the checklist: lines for the time after the programme, and what became of the group’s wishes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from caregivers.models import Place
from feedback.models import FocusGroup, Form
from ppg.access.permissions import P
from programmes.checklist.lines import Line, Missing, Phase, Progress
from programmes.models import Cohort
from sessions_app.checklist import changes_asked_for


def after_page(cohort: Cohort) -> str:
    return reverse("feedback:after", args=[cohort.code])


def final_form(cohort: Cohort) -> tuple[Cohort, Form | None]:
    """The form with how many answered it (`n`, of opened answers alone) and how many are in the group (`of`)."""
    there = Place.objects.filter(cohort=OuterRef("cohort")).in_group().order_by().values("cohort")
    forms = Form.objects.filter(cohort=cohort).final()
    counted = forms.annotate(
        n=Count("submissions"), of=Coalesce(Subquery(there.annotate(count=Count("id")).values("count")), 0)
    )
    return cohort, counted.first()


def asked(facts: tuple[Cohort, Any], now: datetime | None = None) -> Progress:
    """Asked, closed, answered. How many is told only where the answers are shown: before that, it would tell."""
    cohort, form = facts
    if form is None:
        missing = Missing(_("Open the form"), after_page(cohort), P.FEEDBACK_SEE, action=True)
        return Progress(0, 1, _("Not asked yet"), missing=(missing,))
    if form.opened_with_id:
        people = max(form.of, form.n)
        told = ngettext("%(n)s of %(of)s person answered", "%(n)s of %(of)s people answered", people)
        return Progress(1, 1, told % {"n": form.n, "of": people})
    if form.closed_at or not form.is_open(now or timezone.now()):
        return Progress(1, 1, _("Asked, and closed"))
    return Progress(0, 1, _("Asked: open until %(day)s") % {"day": date_format(timezone.localdate(form.closes_at))})


def focus_groups(cohort: Cohort) -> tuple[Cohort, FocusGroup | None]:
    return cohort, FocusGroup.objects.filter(cohort=cohort).defer("notes").first()


def held(facts: tuple[Cohort, FocusGroup | None]) -> Progress:
    cohort, last = facts
    if last is None:
        write = reverse("feedback:focus_group_add", args=[cohort.code])
        missing = Missing(_("Write down the focus group"), write, P.FEEDBACK_SEE, action=True)
        return Progress(0, 1, _("Not held yet"), missing=(missing,))
    words = {"day": date_format(last.held_on), "n": last.people}
    told = ngettext("Held on %(day)s with %(n)s person", "Held on %(day)s with %(n)s people", last.people)
    return Progress(1, 1, told % words)


def answered_of(cohort: Cohort) -> str:
    count = cohort.suggestions.answered().count()
    if not count:
        return ""
    return ngettext("%(n)s suggestion of theirs was answered.", "%(n)s suggestions of theirs were answered.", count) % {
        "n": count
    }


def reviewed(cohort: Cohort) -> str:
    """What the data knows of going through the material with the group."""
    return " ".join(filter(None, (changes_asked_for(cohort), answered_of(cohort))))


LINES = [
    Line(
        Phase.DURING,
        "material-reviewed",
        gettext_lazy("Material and topics reviewed with the group"),
        note=reviewed,
    ),
    Line(
        Phase.AFTER,
        "feedback-after",
        gettext_lazy("Feedback after the programme"),
        facts=final_form,
        rule=asked,
        url=after_page,
        order=1,
    ),
    Line(
        Phase.AFTER,
        "focus-group",
        gettext_lazy("Focus group with caregivers"),
        facts=focus_groups,
        rule=held,
        enough=gettext_lazy("Tick: the group did not want one"),
        url=after_page,
        order=2,
    ),
]
