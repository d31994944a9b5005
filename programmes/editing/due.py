"""What is due about guides: drafts that somebody began and has not published."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from ppg.access.permissions import P
from programmes.due.sources import Asked, Source
from programmes.models import Guide


def begun(asked: Asked) -> QuerySet[Guide]:
    """By this person, or handed over to them."""
    mine = Q(owner=asked.user) | Q(owner=None, changed_by=asked.user)
    return Guide.versions.filter(mine, state=Guide.State.DRAFT)


DRAFTS = Source(
    "drafts",
    P.GUIDE_EDIT,
    rows=begun,
    words=lambda task: _("Publish or discard the draft of “%(guide)s”") % {"guide": task.detail},
    url=lambda task: reverse("programmes:edit", args=[task.code]),
    cohort=None,
    detail="title",
)
